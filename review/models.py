"""What the rooms hold, gathered where Django looks for it; code imports from the rooms."""

from review.agenda.models import Agenda, AgendaItem, Dossier
from review.criteria.models import Criterion
from review.decision.models import Decision, DecisionDraft
from review.formality.models import FormalAnswer, FormalCheck
from review.funding.models import FunderConsent
from review.meeting.models import Attendance, Recusal
from review.qualification.models import CoSignature, Qualification, ReplyWording, Statement
from review.recommendation.models import Recommendation, RecommendationPoint, RecommendedAmount

__all__ = [
    "Agenda",
    "AgendaItem",
    "Attendance",
    "CoSignature",
    "Criterion",
    "Decision",
    "DecisionDraft",
    "Dossier",
    "FormalAnswer",
    "FormalCheck",
    "FunderConsent",
    "Qualification",
    "Recommendation",
    "RecommendationPoint",
    "RecommendedAmount",
    "Recusal",
    "ReplyWording",
    "Statement",
]

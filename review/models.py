"""What the rooms hold, gathered where Django looks for it; code imports from the rooms."""

from review.agenda.models import Agenda, AgendaItem, Dossier
from review.criteria.models import Criterion
from review.decision.models import Decision, DecisionDraft
from review.dgo_desk.models import SavedView
from review.formality.models import FormalAnswer, FormalCheck
from review.funding.models import FunderConsent
from review.meeting.models import Attendance, Recusal
from review.qualification.models import (
    Assignment,
    CoSignature,
    Distribution,
    Holder,
    Qualification,
    ReplyWording,
    Statement,
)
from review.recommendation.models import Recommendation, RecommendationPoint, RecommendedAmount

__all__ = [
    "Agenda",
    "AgendaItem",
    "Assignment",
    "Attendance",
    "CoSignature",
    "Criterion",
    "Decision",
    "DecisionDraft",
    "Distribution",
    "Dossier",
    "FormalAnswer",
    "FormalCheck",
    "FunderConsent",
    "Holder",
    "Qualification",
    "Recommendation",
    "RecommendationPoint",
    "RecommendedAmount",
    "Recusal",
    "ReplyWording",
    "SavedView",
    "Statement",
]

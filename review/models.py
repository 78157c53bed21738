"""What the rooms hold, gathered where Django looks for it; code imports from the rooms."""

from review.agenda.models import Addendum, Agenda, AgendaItem, Dossier, MeetingMove
from review.criteria.models import Criterion
from review.decision.models import (
    Condition,
    DecidedAmount,
    Decision,
    DecisionDraft,
    DraftAmount,
)
from review.dgo_desk.models import SavedView
from review.formality.models import FormalAnswer, FormalCheck
from review.funding.models import ConsentStage, FunderConsent
from review.meeting.models import Attendance, MinutesApproval, Recusal
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
    "Addendum",
    "Agenda",
    "AgendaItem",
    "Assignment",
    "Attendance",
    "CoSignature",
    "Condition",
    "ConsentStage",
    "Criterion",
    "DecidedAmount",
    "Decision",
    "DecisionDraft",
    "Distribution",
    "Dossier",
    "DraftAmount",
    "FormalAnswer",
    "FormalCheck",
    "FunderConsent",
    "Holder",
    "MeetingMove",
    "MinutesApproval",
    "Qualification",
    "Recommendation",
    "RecommendationPoint",
    "RecommendedAmount",
    "Recusal",
    "ReplyWording",
    "SavedView",
    "Statement",
]

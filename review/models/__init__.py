"""What people do at each stop of the nomination procedure ("indstillingsforløbet"), split by stop."""

from review.models.agenda import Agenda, AgendaItem, ItemKind
from review.models.decision import Attendance, Decision, DecisionOutcome, Presence, Recusal
from review.models.dossier import Dossier
from review.models.formality import FormalAnswer, FormalCheck
from review.models.funding import ConsentAnswer, FunderConsent
from review.models.qualification import Criterion, Outcome, Qualification, Statement
from review.models.recommendation import (
    Direction,
    Recommendation,
    RecommendationPoint,
    RecommendedAmount,
    at_point,
)

__all__ = [
    "Agenda",
    "AgendaItem",
    "Attendance",
    "ConsentAnswer",
    "Criterion",
    "Decision",
    "DecisionOutcome",
    "Direction",
    "Dossier",
    "FormalAnswer",
    "FormalCheck",
    "FunderConsent",
    "ItemKind",
    "Outcome",
    "Presence",
    "Qualification",
    "Recommendation",
    "RecommendationPoint",
    "RecommendedAmount",
    "Recusal",
    "Statement",
    "at_point",
]

"""
What people type before a step is taken, split by stop. A form checks what was typed; whether it may be done is the
step's business.
"""

from review.forms.agenda import AddProposalForm, AgendaForm, ItemForm, MeetingForm, round_dates
from review.forms.decision import DecisionForm, PresenceForm, PresenceRows, Presences
from review.forms.formality import FormalityForm, SettleForm
from review.forms.funding import PDF_LIMIT, ConsentForm, EnteredConsentForm
from review.forms.listing import SORTS, ProposalFilter
from review.forms.qualification import AssignForm, QualificationForm, ReplyForm, StepInForm
from review.forms.recommendation import PointForm, PointRows, Points, RecommendationForm
from review.forms.steps import CorrectForm, PressForm, ReasonForm, ReturnForm, StepForm

__all__ = [
    "PDF_LIMIT",
    "SORTS",
    "AddProposalForm",
    "AgendaForm",
    "AssignForm",
    "ConsentForm",
    "CorrectForm",
    "DecisionForm",
    "EnteredConsentForm",
    "FormalityForm",
    "ItemForm",
    "MeetingForm",
    "PointForm",
    "PointRows",
    "Points",
    "PresenceForm",
    "PresenceRows",
    "Presences",
    "PressForm",
    "ProposalFilter",
    "QualificationForm",
    "ReasonForm",
    "RecommendationForm",
    "ReplyForm",
    "ReturnForm",
    "SettleForm",
    "StepForm",
    "StepInForm",
    "round_dates",
]

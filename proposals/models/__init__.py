"""
The proposal ("forslag") and what belongs to its people: rounds, access, participants, economy, attachments,
frozen versions, sparring, habilitet and the history.
"""

from proposals.models.access import (
    CONFIDENTIAL_FUNCTIONS,
    IMPARTIAL_FUNCTIONS,
    PARTY_FUNCTIONS,
    WRITER_FUNCTIONS,
    Access,
    Function,
    Group,
    ProposalInvitation,
)
from proposals.models.advice import Advice
from proposals.models.attachments import Attachment, ScanState
from proposals.models.constraints import pair
from proposals.models.economy import BudgetCategory, BudgetLine, Financing, FinancingStatus
from proposals.models.history import Event, ReturnReason, Version, VersionPaper
from proposals.models.impartiality import Impartiality
from proposals.models.participants import Commitment, Participant, ParticipantRole
from proposals.models.proposal import FieldVersion, IllegalTransition, Proposal, Stale
from proposals.models.rounds import Dispensation, Round

__all__ = [
    "CONFIDENTIAL_FUNCTIONS",
    "IMPARTIAL_FUNCTIONS",
    "PARTY_FUNCTIONS",
    "WRITER_FUNCTIONS",
    "Access",
    "Advice",
    "Attachment",
    "BudgetCategory",
    "BudgetLine",
    "Commitment",
    "Dispensation",
    "Event",
    "FieldVersion",
    "Financing",
    "FinancingStatus",
    "Function",
    "Group",
    "IllegalTransition",
    "Impartiality",
    "Participant",
    "ParticipantRole",
    "Proposal",
    "ProposalInvitation",
    "ReturnReason",
    "Round",
    "ScanState",
    "Stale",
    "Version",
    "VersionPaper",
    "pair",
]

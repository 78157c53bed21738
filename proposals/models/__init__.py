"""
The proposal ("forslag") and what belongs to its people: rounds, access, participants, economy, attachments,
frozen versions, sparring, habilitet and the history.
"""

from proposals.models.access import (
    IMPARTIAL_FUNCTIONS,
    PARTY_FUNCTIONS,
    WRITER_FUNCTIONS,
    Access,
    Function,
    Group,
)
from proposals.models.advice import Advice
from proposals.models.attachments import Attachment
from proposals.models.constraints import pair
from proposals.models.economy import Financing, FinancingStatus
from proposals.models.history import Event, ReturnReason, Version, VersionPaper
from proposals.models.impartiality import Impartiality
from proposals.models.participants import Participant, ParticipantRole
from proposals.models.proposal import IllegalTransition, Proposal, Stale
from proposals.models.rounds import Dispensation, Round

__all__ = [
    "IMPARTIAL_FUNCTIONS",
    "PARTY_FUNCTIONS",
    "WRITER_FUNCTIONS",
    "Access",
    "Advice",
    "Attachment",
    "Dispensation",
    "Event",
    "Financing",
    "FinancingStatus",
    "Function",
    "Group",
    "IllegalTransition",
    "Impartiality",
    "Participant",
    "ParticipantRole",
    "Proposal",
    "ReturnReason",
    "Round",
    "Stale",
    "Version",
    "VersionPaper",
    "pair",
]

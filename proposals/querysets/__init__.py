"""
Every question asked about proposals and what belongs to them.

Whatever shows, counts, searches, exports, mails or prints starts at `visible_to`.
"""

from proposals.querysets.access import (
    AccessQuerySet,
    ImpartialityQuerySet,
    ProposalInvitationQuerySet,
)
from proposals.querysets.content import (
    AttachmentQuerySet,
    BudgetLineQuerySet,
    CommitmentQuerySet,
    FieldVersionQuerySet,
    FinancingQuerySet,
    ParticipantQuerySet,
)
from proposals.querysets.history import AdviceQuerySet, DispensationQuerySet, EventQuerySet
from proposals.querysets.proposals import WRITERS, ProposalQuerySet
from proposals.querysets.rounds import RoundQuerySet
from proposals.querysets.versions import VersionPaperQuerySet, VersionQuerySet

__all__ = [
    "WRITERS",
    "AccessQuerySet",
    "AdviceQuerySet",
    "AttachmentQuerySet",
    "BudgetLineQuerySet",
    "CommitmentQuerySet",
    "DispensationQuerySet",
    "EventQuerySet",
    "FieldVersionQuerySet",
    "FinancingQuerySet",
    "ImpartialityQuerySet",
    "ParticipantQuerySet",
    "ProposalInvitationQuerySet",
    "ProposalQuerySet",
    "RoundQuerySet",
    "VersionPaperQuerySet",
    "VersionQuerySet",
]

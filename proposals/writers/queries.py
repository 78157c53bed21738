"""Questions about who holds a proposal in what capacity, and who is partial ("inhabil") about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.participants.models import Participant
    from proposals.writers.models import ProposalInvitation


class ProposalInvitationQuerySet(QuerySet["ProposalInvitation"]):
    def unanswered(self) -> Self:
        """Narrow to what is neither accepted nor withdrawn, expired or not."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open(self, *, at: datetime) -> Self:
        return self.unanswered().filter(expires_at__gt=at)

    def to_address(self, email: str) -> Self:
        return self.filter(email__iexact=email)

    def answering_for(self, participant: Participant | None) -> Self:
        """Narrow to those to answer for the participant, or for nobody but oneself."""
        return self.filter(participant=participant)

    def to_read(self) -> Self:
        """Narrow to those that ask for no answer: the reading of who took them stands by itself."""
        return self.filter(function="read", participant=None, withdrawn_at=None)

    def accepted_by(self, user: User) -> Self:
        return self.filter(accepted_by=user)

    def sent_by(self, user: User) -> Self:
        return self.filter(sent_by=user)

    def sent_since(self, at: datetime) -> Self:
        return self.filter(sent_at__gt=at)

    def withdraw(self, *, by: User, at: datetime) -> None:
        """Take back what is unanswered among these."""
        self.unanswered().update(withdrawn_at=at, withdrawn_by=by)

    def detach(self, *, by: User, at: datetime) -> None:
        """Keep these, taken back, when their participant goes: they count among those sent today."""
        self.filter(withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)
        self.update(participant=None)

    def with_people(self) -> Self:
        return self.select_related(
            "sent_by", "accepted_by", "proposal__owner", "participant__organization"
        )

    def newest_first(self) -> Self:
        return self.order_by("-sent_at", "-pk")

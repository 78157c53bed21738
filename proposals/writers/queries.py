"""Questions about who is invited to a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from klimaspor.accounts.querysets import InvitationByLinkQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.participants.models import Participant
    from proposals.writers.models import ProposalInvitation


class ProposalInvitationQuerySet(InvitationByLinkQuerySet["ProposalInvitation"]):
    def answering_for(self, participant: Participant | None) -> Self:
        """Narrow to those to answer for the participant, or for nobody but oneself."""
        return self.filter(participant=participant)

    def last_of(
        self, participants: Iterable[Participant]
    ) -> dict[tuple[int | None, str], ProposalInvitation]:
        """Give the last to answer for each participant, by its key and the address: one query."""
        rows = self.filter(participant__in=list(participants)).order_by("sent_at", "pk")
        return {(row.participant_id, row.email.lower()): row for row in rows}

    def to_read(self) -> Self:
        """Narrow to those that ask for no answer: the reading of who took them stands by itself."""
        return self.filter(function="read", participant=None, withdrawn_at=None)

    def detach(self, *, by: User, at: datetime) -> None:
        """Keep these, taken back, when their participant goes: they count among those sent today."""
        self.filter(withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)
        self.update(participant=None)

    def with_people(self) -> Self:
        return self.select_related(
            "sent_by", "accepted_by", "wanted_by", "proposal__owner", "participant__organization"
        )

"""Questions about who holds a proposal in what capacity, and who is partial ("inhabil") about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import Duties, User
    from proposals.models import Access, Impartiality, Participant, ProposalInvitation

PARTY = ("own", "write", "read")
"""Values of `models.Function`, which this module cannot import."""


def through_function(duties: Duties) -> Q:
    """Say of accesses that the duties open them; no duty opens nothing."""
    reach = Q(pk__in=[])
    if duties.dgo_ids:
        reach |= Q(dgo_id__in=duties.dgo_ids)
    if duties.funder_ids:
        reach |= Q(organization_id__in=duties.funder_ids)
    if duties.is_secretariat:
        reach |= Q(group="secretariat")
    if duties.is_committee:
        reach |= Q(group="committee")
    return reach


class AccessQuerySet(QuerySet["Access"]):
    def grant(  # one of user, dgo, organization, group
        self, proposal: Any, function: str, *, by: User, at: datetime, **holder: Any
    ) -> None:
        """Open the proposal to a holder in a capacity; already open stays as it is."""
        if not self.filter(proposal=proposal, function=function, until_at=None, **holder).exists():
            self.create(proposal=proposal, function=function, since_at=at, since_by=by, **holder)

    def end(self, *, at: datetime) -> None:
        """Close what is open among these."""
        self.filter(until_at=None).update(until_at=at)

    def current(self, *, at: datetime) -> Self:
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), since_at__lte=at)

    def through_function(self, duties: Duties) -> Self:
        return self.filter(through_function(duties))

    def of_user(self, user: User) -> Self:
        return self.filter(user=user)

    def of_parties(self) -> Self:
        """Narrow to people who own, write or read it of their own right."""
        return self.filter(function__in=PARTY).exclude(user=None)

    def of_functions(self, functions: Iterable[str]) -> Self:
        return self.filter(function__in=list(functions))

    def with_holders(self) -> Self:
        return self.select_related("user", "dgo", "organization")


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


class ImpartialityQuerySet(QuerySet["Impartiality"]):
    def partial(self) -> Self:
        """Narrow to those found partial ("inhabil")."""
        return self.filter(is_impartial=False)

    def unsettled(self) -> Self:
        return self.filter(settled_at=None)

    def cleared(self) -> Self:
        return self.filter(is_impartial=True)

    def about(self, proposals: Any) -> Self:
        return self.filter(proposal__in=proposals)

    def of_user(self, user: User) -> Self:
        return self.filter(user=user)

    def with_people(self) -> Self:
        return self.select_related("user", "declared_by", "settled_by", "proposal")

    def oldest_first(self) -> Self:
        return self.order_by("declared_at", "pk")

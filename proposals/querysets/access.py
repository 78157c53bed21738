"""Questions about who holds a proposal in what capacity, and who is partial ("inhabil") about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import Duties, User
    from proposals.models import Access, Impartiality, ProposalInvitation


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
        """Narrow to what the duties open; no duty opens nothing."""
        reach = Q(pk__in=[])
        if duties.dgo_ids:
            reach |= Q(dgo_id__in=duties.dgo_ids)
        if duties.funder_ids:
            reach |= Q(organization_id__in=duties.funder_ids)
        if duties.is_secretariat:
            reach |= Q(group="secretariat")
        if duties.is_committee:
            reach |= Q(group="committee")
        return self.filter(reach)

    def of_user(self, user: User) -> Self:
        return self.filter(user=user)

    def of_functions(self, functions: Iterable[str]) -> Self:
        return self.filter(function__in=list(functions))

    def with_holders(self) -> Self:
        return self.select_related("user", "dgo", "organization")


class ProposalInvitationQuerySet(QuerySet["ProposalInvitation"]):
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

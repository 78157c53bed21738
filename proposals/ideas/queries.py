"""Questions about ideas: who reads them, where they stand, and which wait for a DGO's answer."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User

_OPEN = Q(sent_at__isnull=False, closed_at=None, proposal=None)
STATES = {
    "kladde": Q(sent_at=None),
    # Nothing is no answer, and a comparison with nothing is not true.
    "venter": _OPEN & (Q(is_answered=None) | Q(is_answered=False)),
    "besvaret": _OPEN & Q(is_answered=True),
    "afsluttet": Q(closed_at__isnull=False) | Q(proposal__isnull=False),
}
"""How ideas stand, by the word for it in addresses; what is answered comes of `with_row`."""


class IdeaQuerySet(QuerySet[Any]):
    def visible_to(self, user: User, *, at: datetime) -> Self:
        """
        Narrow to those somebody may read: one's own, and what is sent to one's DGO; the secretariat reads all that is sent.

        Everything that shows, counts or changes an idea starts here.
        """
        return self.filter(Q(owner=user) | _read_at_the_desk(user, at))

    def received_by(self, user: User, *, at: datetime) -> Self:
        """Narrow to what is sent to somebody's DGO, or to any when it is the secretariat that asks."""
        return self.filter(_read_at_the_desk(user, at))

    def sent_to_dgos_of(self, user: User, *, at: datetime) -> Self:
        """Narrow to what is sent to the DGOs somebody advises in."""
        return self.filter(sent_at__isnull=False, dgo__in=user.duties_at(at).dgo_ids)

    def of_owner(self, user: User) -> Self:
        return self.filter(owner=user)

    def of_proposal(self, pk: int) -> Self:
        return self.filter(proposal=pk)

    def with_row(self) -> Self:
        """Join what a list shows, and say whether the last word is the DGO's: nothing where none has said any since it got it."""
        last = self._replies().since_moved().order_by("-at", "-pk").values("is_adviser")[:1]
        joined = self.select_related("owner", "organization", "dgo")
        return joined.annotate(is_answered=Subquery(last))

    def waiting(self) -> Self:
        """Narrow to those whose owner is to have a word from the DGO; comes after `with_row`."""
        return self.filter(STATES["venter"])

    def in_state(self, state: str) -> Self:
        """Narrow to those that stand so, of `STATES`; comes after `with_row`."""
        return self.filter(STATES[state])

    def matching(self, text: str) -> Self:
        """Narrow to those with the text in their words, or in the names of who has them."""
        names = ("title", "what", "who", "plan", "owner__name", "organization__name", "dgo__name")
        asked = [Q(**{f"{name}__icontains": text}) for name in names]
        return self.filter(reduce(or_, asked))

    def longest_waiting_first(self) -> Self:
        return self.order_by("sent_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-edited_at", "-pk")

    def waiting_first(self) -> Self:
        """Put what waits for an answer first, then what was sent last; comes after `with_row`."""
        waits = Case(When(STATES["venter"], then=Value(value=True)), default=Value(value=False))
        return self.annotate(waits=waits).order_by("-waits", "-sent_at", "-pk")

    def locked_or_none(self, pk: int) -> Any:
        """Read one, where it is still there, and hold its row until the transaction ends."""
        joined = self.select_related("owner", "organization", "dgo", "proposal")
        return joined.select_for_update(of=("self",)).filter(pk=pk).first()

    def _replies(self) -> Any:
        replies: Any = self.model._meta.get_field("replies").related_model
        return replies.objects.filter(idea=OuterRef("pk"))


class IdeaReplyQuerySet(QuerySet[Any]):
    def oldest_first(self) -> Self:
        return self.order_by("at", "pk")

    def with_people(self) -> Self:
        return self.select_related("by")

    def since_moved(self) -> Self:
        """Narrow to what was said since the DGO that has the idea got it."""
        return self.filter(Q(idea__moved_at=None) | Q(at__gt=F("idea__moved_at")))

    def of_advisers(self) -> Self:
        return self.filter(is_adviser=True)


def _read_at_the_desk(user: User, at: datetime) -> Q:
    duties = user.duties_at(at)
    if duties.is_secretariat:
        return Q(sent_at__isnull=False)
    return Q(sent_at__isnull=False, dgo__in=duties.dgo_ids)

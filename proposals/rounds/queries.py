"""Questions about rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proposals.rounds.models import Round


class RoundQuerySet(QuerySet["Round"]):
    def open(self, *, at: datetime) -> Self:
        """Narrow to rounds that a draft can still be sent into."""
        return self.filter(is_history=False, opens_at__lte=at, approval_deadline_at__gte=at)

    def upcoming(self, *, at: datetime) -> Self:
        """Narrow to rounds whose first deadline is ahead, opened or not."""
        return self.filter(is_history=False, qualification_deadline_at__gte=at)

    def next_gate(self, *, at: datetime) -> Round | None:
        """Give the round that takes proposals in now, or else the one that comes next."""
        return self.upcoming(at=at).soonest_first().first()

    def current(self, *, at: datetime) -> Self:
        return self.filter(is_history=False)

    def among(self, pks: Iterable[int]) -> Self:
        return self.filter(pk__in=list(pks))

    def named(self, name: str) -> Self:
        return self.filter(name__iexact=name)

    def locked(self, pk: int) -> Round:
        """Read one round and hold its row until the transaction ends."""
        return self.select_for_update().get(pk=pk)

    def soonest_first(self) -> Self:
        return self.order_by("qualification_deadline_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-qualification_deadline_at", "-pk")

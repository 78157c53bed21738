"""Questions about decisions."""

from __future__ import annotations

from typing import Any, Self

from django.db.models import QuerySet


class DecisionQuerySet(QuerySet[Any]):
    def of_proposal(self, proposal: Any) -> Self:
        return self.filter(item__proposal=proposal).select_related("item__agenda", "back_to_round")

    def released(self) -> Self:
        return self.exclude(released_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-recorded_at", "-pk")

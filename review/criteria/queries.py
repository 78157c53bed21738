"""Questions about criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Exists, OuterRef, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable


class CriterionQuerySet(QuerySet[Any]):
    def of_round(self, round_: Any) -> Self:
        return self.filter(round=round_)

    def of_rounds(self, rounds: Iterable[Any]) -> Self:
        return self.filter(round__in=list(rounds))

    def among(self, pks: Iterable[int]) -> Self:
        return self.filter(pk__in=list(pks))

    def listed(self) -> Self:
        return self.order_by("position", "pk")

    def with_round(self) -> Self:
        return self.select_related("round")

    def with_use(self) -> Self:
        """Add `is_used`: whether somebody has written about it, which keeps it where it is."""
        statements = self.model._meta.apps.get_model("review", "Statement").objects
        return self.annotate(is_used=Exists(statements.filter(criterion=OuterRef("pk"))))

    def count_by_round(self) -> dict[int, int]:
        """Count the criteria of each round that has any, by the round's id."""
        return dict(self.order_by().values_list("round").annotate(number=Count("pk")))

    def codes(self) -> frozenset[str]:
        return frozenset(self.values_list("code", flat=True))

    def locked(self, pk: int) -> Any:
        """Read one and hold its row until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

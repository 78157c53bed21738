"""Questions about criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable


class CriterionQuerySet(QuerySet[Any]):
    def of_round(self, round_: Any) -> Self:
        return self.filter(round=round_)

    def of_rounds(self, rounds: Iterable[Any]) -> Self:
        return self.filter(round__in=list(rounds))

    def asked(self, written_about: Iterable[int] = ()) -> Self:
        """Narrow to those that no other has replaced, and those of these ids."""
        return self.filter(Q(replaced_by=None) | Q(pk__in=list(written_about)))

    def among(self, pks: Iterable[int]) -> Self:
        return self.filter(pk__in=list(pks))

    def listed(self) -> Self:
        return self.order_by("position", "pk")

    def with_round(self) -> Self:
        return self.select_related("round")

    def with_use(self) -> Self:
        """Add `is_used`: whether somebody has written about it, which keeps it where it is; `is_judged`: and has given it."""
        statements = self.model._meta.apps.get_model("review", "Statement").objects
        about = statements.filter(criterion=OuterRef("pk"))
        given = about.filter(qualification__completed_at__isnull=False)
        return self.select_related("replaced_by").annotate(
            is_used=Exists(about), is_judged=Exists(given)
        )

    def count_by_round(self) -> dict[int, int]:
        """Count the criteria of each round that has any, by the round's id."""
        return dict(self.order_by().values_list("round").annotate(number=Count("pk")))

    def codes(self) -> frozenset[str]:
        return frozenset(self.values_list("code", flat=True))

    def locked(self, pk: int) -> Any:
        """Read one and hold its row until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

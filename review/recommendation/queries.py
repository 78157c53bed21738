"""Questions about recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Prefetch, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable


class RecommendationQuerySet(QuerySet[Any]):
    def of_proposals(self, proposal_ids: Iterable[int]) -> Self:
        return self.filter(proposal__in=list(proposal_ids))

    def oldest_first(self) -> Self:
        return self.order_by("pk")

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def made(self) -> Self:
        return self.exclude(recommended_at=None)

    def with_points(self) -> Self:
        amounts: Any = self.model._meta.get_field("amounts").related_model
        points: Any = self.model._meta.get_field("points").related_model
        return self.select_related("recommended_by", "version").prefetch_related(
            Prefetch("points", points.objects.order_by("position", "pk")),
            Prefetch(
                "amounts",
                amounts.objects.select_related("funder").order_by("funder__sort_key", "pk"),
            ),
        )

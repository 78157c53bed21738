"""Questions about formal checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, OuterRef, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable


class FormalCheckQuerySet(QuerySet[Any]):
    def of_versions(self, versions: Iterable[Any]) -> Self:
        return self.filter(version__in=list(versions))

    def done_for_latest(self) -> Self:
        """Narrow to those a person has finished, of what was sent to approval last."""
        versions = self.model._meta.get_field("version").related_model.objects
        newer = versions.at_gate("approval").filter(
            proposal=OuterRef("proposal"), number__gt=OuterRef("version__number")
        )
        return self.filter(~Exists(newer)).exclude(checked_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def with_answers(self) -> Self:
        return self.select_related("version", "checked_by").prefetch_related("answers")

"""Questions about what happened, what was advised, and what was let in late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    from proposals.line.standing import Standing
    from proposals.sparring.models import Advice


class AdviceQuerySet(QuerySet["Advice"]):
    def readable_by(self, standing: Standing) -> Self:
        """Narrow to what a person reads of what was said about one proposal."""
        return self if standing.takes_part else self.none()

    def threads(self) -> Self:
        return self.filter(parent=None)

    def open(self) -> Self:
        return self.filter(parent=None, resolved_at=None)

    def in_section(self, slug: str) -> Self:
        return self.filter(section=slug)

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "pk")

    def with_answers(self) -> Self:
        return self.select_related("created_by", "resolved_by").prefetch_related(
            "answers__created_by"
        )

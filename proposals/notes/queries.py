"""Questions about notes."""

from __future__ import annotations

from typing import Any, Self

from django.db.models import Prefetch

from proposals.sparring.queries import OfCircles


class NoteQuerySet(OfCircles):
    def newest_first(self) -> Self:
        return self.order_by("-held_date", "-pk")

    def with_wordings(self) -> Self:
        """Join who wrote each, and what it said before, the latest first."""
        before: Any = self.model._meta.get_field("wordings").related_model
        rows = before.objects.select_related("by").order_by("-at", "-pk")
        wordings = Prefetch("wordings", rows)
        return self.select_related("created_by", "edited_by").prefetch_related(wordings)

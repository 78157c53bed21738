"""Questions about notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Prefetch, QuerySet

from proposals.sparring.models import Circle

if TYPE_CHECKING:
    from proposals.line.standing import Standing
    from proposals.notes.models import Note


class NoteQuerySet(QuerySet["Note"]):
    def read_by(self, standing: Standing) -> Self:
        """Narrow to what somebody of that standing reads: the conversation's own people, and of inner notes its advisers."""
        if standing.is_among_advisers:
            return self
        return self.filter(circle=Circle.EVERYBODY) if standing.takes_part else self.none()

    def newest_first(self) -> Self:
        return self.order_by("-held_date", "-pk")

    def with_wordings(self) -> Self:
        """Join who wrote each, and what it said before, the latest first."""
        before: Any = self.model._meta.get_field("wordings").related_model
        rows = before.objects.select_related("by").order_by("-at", "-pk")
        wordings = Prefetch("wordings", rows)
        return self.select_related("created_by", "edited_by").prefetch_related(wordings)

"""Questions about the codes that were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from proposals.commitments.models import AnswerCode


class AnswerCodeQuerySet(QuerySet["AnswerCode"]):
    def sent_since(self, at: datetime) -> Self:
        return self.filter(sent_at__gt=at)

    def sent_until(self, at: datetime) -> Self:
        return self.filter(sent_at__lte=at)

    def standing(self) -> Self:
        """Narrow to those that no use and no newer one has ended; they may have run out."""
        return self.filter(ended_at=None)

    def end(self, *, at: datetime) -> None:
        self.standing().update(ended_at=at)

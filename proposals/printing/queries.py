"""Questions about what was sent, and the papers made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from klimaspor.mail.models import OutgoingMail

if TYPE_CHECKING:
    from proposals.printing.models import VersionPaper


class VersionPaperQuerySet(QuerySet["VersionPaper"]):
    def of(self, proposal: Any, number: int) -> Self:
        return self.filter(version__proposal=proposal, version__number=number)

    def unbuilt(self) -> Self:
        return self.filter(built_at=None)

    def built(self) -> Self:
        return self.exclude(built_at=None)

    def holding_letters(self) -> Self:
        """Narrow to those built or given up while letters in the outbox still wait for them."""
        waits_for = Concat(Value("version:"), Cast(OuterRef("version_id"), CharField()))
        return self.filter(
            ~Q(built_at=None) | ~Q(failed_at=None),
            Exists(OutgoingMail.objects.unreleased().filter(waits_for=waits_for)),
        )

    def with_version(self) -> Self:
        return self.select_related("version__proposal")

    def oldest_first(self) -> Self:
        return self.order_by("pk")

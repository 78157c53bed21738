"""Questions about the files that go with a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

from proposals.answers.content import AttachmentRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.attachments.models import Attachment


class AttachmentQuerySet(QuerySet["Attachment"]):
    def rows(self) -> tuple[AttachmentRow, ...]:
        """Read them as pages and papers show them."""
        return tuple(
            AttachmentRow(
                one.pk,
                one.title,
                one.file_name,
                one.size,
                one.sha256,
                one.is_confidential,
                one.confidential_reason,
                one.content_type,
            )
            for one in self
        )

    def among(self, pks: Iterable[int]) -> Self:
        return self.filter(pk__in=list(pks))

    def present(self) -> Self:
        return self.filter(removed_at=None)

    def not_infected(self) -> Self:
        return self.exclude(scan_state="infected")

    def withheld(self) -> Self:
        """Narrow to those that nobody may open: not scanned yet, or found to hold a virus."""
        return self.filter(scan_state__in=("pending", "infected"))

    def with_content(self, sha256: str) -> Self:
        return self.filter(sha256=sha256)

    def unscanned(self) -> Self:
        """Narrow to those that wait for the virus scanner, the oldest first."""
        return self.filter(scan_state="pending").order_by("uploaded_at", "pk")

    def stored_as(self, names: Iterable[str]) -> Self:
        return self.filter(file__in=list(names))

    def with_people(self) -> Self:
        return self.select_related("proposal__owner", "uploaded_by")

    def listed(self) -> Self:
        return self.order_by("position", "pk")

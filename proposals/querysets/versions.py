"""Questions about what was sent, and the papers made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from klimaspor.mail.models import OutgoingMail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.lifecycle import Gate
    from proposals.models import Version, VersionPaper


class VersionQuerySet(QuerySet["Version"]):
    def at_gate(self, gate: Gate) -> Self:
        return self.filter(gate=gate)

    def newest_first(self) -> Self:
        return self.order_by("-number", "-pk")

    def oldest_first(self) -> Self:
        return self.order_by("number", "pk")

    def among(self, pks: Iterable[int]) -> Self:
        return self.filter(pk__in=list(pks))

    def participants_of(self) -> dict[int, list[str]]:
        """Name who took part in each, without reading the rest of it: one query."""
        rows: Any = self.values_list("pk", "content__participants")
        return {pk: [row["name"] for row in participants] for pk, participants in rows}

    def sent_in(self, round_: Any) -> Self:
        return self.filter(round=round_)

    def with_people(self) -> Self:
        return self.select_related("frozen_by", "round", "paper")

    def with_attachment(self, pk: int) -> Self:
        """Narrow to those that were sent with the file."""
        return self.filter(content__attachments__contains=[{"pk": pk}])


class VersionPaperQuerySet(QuerySet["VersionPaper"]):
    def unbuilt(self) -> Self:
        return self.filter(built_at=None)

    def holding_letters(self) -> Self:
        """Narrow to those built or given up while letters in the outbox still wait for them."""
        waits_for = Concat(Value("version:"), Cast(OuterRef("version_id"), CharField()))
        return self.filter(
            ~Q(built_at=None) | ~Q(failed_at=None),
            Exists(OutgoingMail.objects.held().filter(waits_for=waits_for)),
        )

    def with_version(self) -> Self:
        return self.select_related("version__proposal")

    def oldest_first(self) -> Self:
        return self.order_by("pk")

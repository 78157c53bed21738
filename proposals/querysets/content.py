"""Questions about what a proposal is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.models import (
        Attachment,
        BudgetLine,
        Commitment,
        FieldVersion,
        Financing,
        Participant,
    )


class FieldVersionQuerySet(QuerySet["FieldVersion"]):
    def of_fields(self, names: Iterable[str]) -> Self:
        return self.filter(name__in=names)

    def with_people(self) -> Self:
        return self.select_related("edited_by")


class CommitmentQuerySet(QuerySet["Commitment"]):
    def with_frame(self) -> Self:
        return self.select_related("participant__organization", "contact")


class ParticipantQuerySet(QuerySet["Participant"]):
    def listed(self) -> Self:
        """Join and order: problem owners first, then as Danes sort."""
        return self.select_related("organization__successor", "commitment").order_by(
            Case(When(role="problem_owner", then=Value(0)), default=Value(1)),
            Coalesce("organization__sort_key", "typed_name"),
            "pk",
        )

    def authorities(self) -> Self:
        """Narrow to kommuner and regioner; `eligibility` counts legal entities among them."""
        return self.filter(organization__kind__in=("municipality", "region"))


class BudgetLineQuerySet(QuerySet["BudgetLine"]):
    def listed(self) -> Self:
        return self.select_related("recipient__organization").order_by("position", "pk")


class FinancingQuerySet(QuerySet["Financing"]):
    def listed(self) -> Self:
        return self.order_by("year", "position", "pk")


class AttachmentQuerySet(QuerySet["Attachment"]):
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

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

    def names_of(self, proposals: Iterable[int]) -> dict[int, list[str]]:
        """Name the organizations from the list that take part in each of the proposals: one query."""
        rows = self.filter(proposal__in=list(proposals), organization__isnull=False)
        names: dict[int, list[str]] = {}
        for pk, name in rows.order_by("pk").values_list("proposal_id", "organization__name"):
            names.setdefault(pk, []).append(name)
        return names

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

    def listed(self) -> Self:
        return self.order_by("position", "pk")

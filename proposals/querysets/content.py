"""Questions about what a proposal is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.models import Attachment, Financing, Participant


class ParticipantQuerySet(QuerySet["Participant"]):
    def listed(self) -> Self:
        """Join and order: problem owners first, then as Danes sort."""
        return self.select_related("organization__successor").order_by(
            Case(When(role="problem_owner", then=Value(0)), default=Value(1)),
            Coalesce("organization__sort_key", "typed_name"),
            "pk",
        )

    def authorities(self) -> Self:
        """Narrow to kommuner and regioner; `eligibility` counts legal entities among them."""
        return self.filter(organization__kind__in=("municipality", "region"))


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

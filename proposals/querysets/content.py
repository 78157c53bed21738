"""Questions about what a proposal is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klimaspor.accounts.models import User
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
    def answered_for(self) -> Self:
        """Narrow to those that somebody answers for."""
        return self.exclude(contact=None)

    def of_proposal(self, proposal: Any) -> Self:
        return self.filter(participant__proposal=proposal)

    def of_proposals(self, proposal_ids: Iterable[int]) -> Self:
        return self.filter(participant__proposal__in=list(proposal_ids))

    def of_contact(self, user: User) -> Self:
        return self.filter(contact=user)

    def unanswered(self) -> Self:
        return self.filter(is_confirmed=None)

    def confirmed(self) -> Self:
        return self.filter(is_confirmed=True)

    def listed(self) -> Self:
        return self.order_by("participant__proposal", "participant")

    def with_frame(self) -> Self:
        return self.select_related("participant__organization", "participant__proposal", "contact")


class ParticipantQuerySet(QuerySet["Participant"]):
    def listed(self) -> Self:
        """Join and order: problem owners first, then as Danes sort."""
        return self.select_related("organization__successor", "commitment__contact").order_by(
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

    def listed(self) -> Self:
        return self.order_by("position", "pk")

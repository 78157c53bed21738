"""Questions about what a proposal is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import connection
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.models import (
        Attachment,
        BudgetLine,
        Commitment,
        FieldVersion,
        Financing,
        Participant,
        Proposal,
    )


class FieldVersionQuerySet(QuerySet["FieldVersion"]):
    def of_proposal(self, number: str) -> Self:
        return self.filter(proposal__number=number)

    def of_fields(self, names: Iterable[str]) -> Self:
        return self.filter(name__in=names)

    def with_people(self) -> Self:
        return self.select_related("edited_by")

    def claim(
        self, proposal: Proposal, seen: Mapping[str, int], *, by: User, at: datetime
    ) -> set[str]:
        """Give answers their next version, each only where the version that was seen still stands; return which."""
        if not seen:
            return set()
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO proposals_fieldversion AS stood
                    (proposal_id, name, number, edited_at, edited_by_id)
                SELECT %s, seen.name, seen.number + 1, %s, %s
                FROM unnest(%s::text[], %s::int[]) AS seen (name, number)
                ON CONFLICT (proposal_id, name) DO UPDATE
                    SET number = EXCLUDED.number, edited_at = EXCLUDED.edited_at,
                        edited_by_id = EXCLUDED.edited_by_id
                    WHERE stood.number = EXCLUDED.number - 1
                RETURNING name
                """,
                [proposal.pk, at, by.pk, list(seen), list(seen.values())],
            )
            return {name for (name,) in cursor.fetchall()}


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

    def typed_as(self, name: str) -> Self:
        """Narrow to those that were typed in with the name, in whatever case."""
        return self.filter(typed_name__iexact=name)

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

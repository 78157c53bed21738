"""Questions about what happened, what was advised, and what was let in late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.lifecycle import Gate
    from proposals.models import Advice, Dispensation, Event


class EventQuerySet(QuerySet["Event"]):
    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")

    def told(self) -> Self:
        """Join what the history shows."""
        return self.select_related("by", "version").prefetch_related("reasons")

    def left_by(self, user: User, number: str) -> Self:
        """Narrow to where the person gave up their part in the proposal of that number."""
        return self.filter(transition="left", by=user, proposal__number=number)

    def of_transition(self, *ids: str) -> Self:
        return self.filter(transition__in=ids)


class AdviceQuerySet(QuerySet["Advice"]):
    def threads(self) -> Self:
        return self.filter(parent=None)

    def open(self) -> Self:
        return self.filter(parent=None, resolved_at=None)

    def in_section(self, slug: str) -> Self:
        return self.filter(section=slug)

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "pk")

    def with_answers(self) -> Self:
        return self.select_related("created_by", "resolved_by").prefetch_related(
            "answers__created_by"
        )


class DispensationQuerySet(QuerySet["Dispensation"]):
    def in_force(self, gate: Gate, *, at: datetime) -> Self:
        """Narrow to those that let the gate take the proposal in at `at` (whole seconds)."""
        return self.standing().filter(gate=gate, until_at__gte=at.replace(microsecond=0))

    def standing(self) -> Self:
        """Narrow to those that were not taken back; they may have run out."""
        return self.filter(withdrawn_at=None)

    def at_gate(self, gate: Gate) -> Self:
        return self.filter(gate=gate)

    def held_by(self, user: User) -> Self:
        return self.filter(granted_to=user)

    def oldest_first(self) -> Self:
        return self.order_by("granted_at", "pk")

    def longest_first(self) -> Self:
        return self.order_by("-until_at", "-pk")

    def with_people(self) -> Self:
        return self.select_related("granted_by", "granted_to", "withdrawn_by")

    def newest_first(self) -> Self:
        return self.order_by("-granted_at", "-pk")

"""Questions about what happened, what was advised, and what was let in late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.gates.models import Dispensation
    from proposals.rounds.models import Gate


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

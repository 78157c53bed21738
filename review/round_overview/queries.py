"""What the secretariat asks of a round."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Max, OuterRef

from proposals.gates.models import Dispensation
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from klimaspor.accounts.models import User
    from proposals.rounds.models import Round

BEFORE_GATES = (Status.DRAFT, Status.IN_QUALIFICATION, Status.QUALIFIED)
"""Where a proposal has a term to meet."""
GATE_OF = {Status.DRAFT: Gate.QUALIFICATION, Status.QUALIFIED: Gate.APPROVAL}
"""The gate that a proposal waits to go through."""


def proposals_of(
    user: User,
    round_: Round,
    *,
    at: datetime,
    status: str = "",
    dgo: int | None = None,
    has_dgo: bool = True,
    is_late: bool = False,
) -> QuerySet[Proposal]:
    """Give what the person may see of the round with `due_at` and the title they read: the line's order, then numbers."""
    found: Any = Proposal.objects.visible_to(user, at=at).in_round(round_)
    if status:
        found = found.filter(status=status)
    if not has_dgo:
        found = found.filter(lead_dgo=None)
    elif dgo is not None:
        found = found.of_dgo([dgo])
    found = found.with_reading(user, at=at).with_due()
    if is_late:
        found = found.filter(status__in=BEFORE_GATES, due_at__lt=at)
        for waits, gate in GATE_OF.items():
            leave = Dispensation.objects.in_force(gate, at=at).filter(proposal=OuterRef("pk"))
            found = found.exclude(Exists(leave), status=waits)
    listed: QuerySet[Proposal] = found.with_row().sorted_by("status")
    return listed


@dataclass
class DgoCount:
    """How many of the round's proposals lie with a DGO, by where they stand."""

    pk: int | None
    name: str
    by_status: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


def counts_by_dgo(user: User, round_: Round, *, at: datetime) -> list[DgoCount]:
    """Count what the person may see of the round, the DGO with the most first: one question."""
    visible = Proposal.objects.visible_to(user, at=at).in_round(round_).order_by()
    rows: Any = visible.values_list("lead_dgo", "lead_dgo__name", "status").annotate(Count("pk"))
    found: dict[int | None, DgoCount] = {}
    for pk, name, status, count in rows:
        one = found.setdefault(pk, DgoCount(pk, name or "Ingen DGO endnu"))
        one.by_status[status] = count
    return sorted(found.values(), key=lambda one: (-one.total, one.name))


def longest_leave(
    proposals: Iterable[Proposal],
) -> dict[tuple[int, str], datetime]:
    """Give until when each proposal has leave from each gate, where it has: one question."""
    granted = Dispensation.objects.standing().filter(proposal__in=[p.pk for p in proposals])
    rows: Any = granted.order_by().values_list("proposal", "gate").annotate(Max("until_at"))
    return {(pk, gate): until_at for pk, gate, until_at in rows}

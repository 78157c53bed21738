"""A round's proposals as rows: where each stands, its term, and whether it reaches the second gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from klimaspor import danish
from proposals.line.lifecycle import Status
from proposals.line.pages import shown_title
from proposals.rounds.models import Gate
from review.round_overview.queries import BEFORE_GATES, GATE_OF, longest_leave

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

FEW_DAYS = 2
"""So few working days before the second gate an assessment that is not given is at risk."""
MISSED = "Når ikke anden frist"


@dataclass(frozen=True)
class Row:
    proposal: Any
    title: str
    term_at: datetime | None
    """The moment whoever's turn it is must have acted, with the longest leave anybody has."""
    remark: str
    tone: str
    """How the remark is shown: error, warning, or not at all."""

    @property
    def cells(self) -> tuple[str, ...]:
        """Give the row as texts, in the order of HEAD."""
        proposal = self.proposal
        return (
            proposal.number,
            self.title,
            proposal.on_behalf_text,
            proposal.lead_dgo.name if proposal.lead_dgo else "",
            capfirst(proposal.get_status_display()),
            danish.short_date(danish.day_of(proposal.status_since)),
            danish.short_datetime(self.term_at) if self.term_at else "",
            self.remark,
        )


HEAD = (
    "Nummer",
    "Titel",
    "På vegne af",
    "DGO",
    "Status",
    "Status siden",
    "Frist",
    "Bemærkning",
)
WIDTHS = (14, 50, 30, 24, 26, 14, 20, 34)


def rows(proposals: Iterable[Any], *, at: datetime) -> list[Row]:
    """Give each proposal its row; they come `with_reading` and `with_due`."""
    proposals = list(proposals)
    leave = longest_leave(proposals)
    return [_row(proposal, leave, at=at) for proposal in proposals]


def _row(proposal: Any, leave: Mapping[tuple[int, str], datetime], *, at: datetime) -> Row:
    gate = GATE_OF.get(proposal.status)
    term_at = _longest(proposal.due_at, leave.get((proposal.pk, gate)) if gate else None)
    second_at = _longest(
        proposal.round.approval_deadline_at, leave.get((proposal.pk, Gate.APPROVAL))
    )
    assert second_at is not None  # noqa: S101  # a round has its deadlines
    remark, tone = _remark(proposal, term_at, second_at, at=at)
    return Row(proposal, shown_title(proposal), term_at, remark, tone)


def _longest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _remark(
    proposal: Any, term_at: datetime | None, second_at: datetime, *, at: datetime
) -> tuple[str, str]:
    """Say what the secretariat should know of the term, and how grave it is."""
    if proposal.status not in BEFORE_GATES:
        return "", ""
    if second_at < at:
        return MISSED, "error"
    is_late = term_at is not None and term_at < at
    if proposal.status == Status.IN_QUALIFICATION:
        days = danish.working_days_between(danish.day_of(at), danish.day_of(second_at))
        if days <= FEW_DAYS:
            left = danish.count_text(days, "arbejdsdag", "arbejdsdage")
            return f"Mangler udtalelse, {left} til anden frist", "warning"
        return ("Udtalelsen er forsinket", "warning") if is_late else ("", "")
    if is_late:
        return (MISSED if proposal.status == Status.DRAFT else "Over fristen"), "error"
    return "", ""

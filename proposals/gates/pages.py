"""How pages show the gate ahead: when it closes, for whom, and the way to the meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proposals.answers.content import Content
from proposals.gates import deadlines, timeline
from proposals.line.lifecycle import BEFORE_DECISION, Status
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from datetime import datetime

    from proposals.gates.models import Dispensation
    from proposals.gates.timeline import Mark
    from proposals.line.models import Proposal
    from proposals.line.pages import ProposalPage


def gate_ahead(proposal: Proposal) -> Gate:
    """Give the gate the text is on its way to."""
    return Gate.QUALIFICATION if proposal.status == Status.DRAFT else Gate.APPROVAL


def due_at(proposal: Proposal) -> datetime:
    return deadlines.due_at(proposal, gate_ahead(proposal))


def clock(page: ProposalPage, closes_at: datetime) -> timeline.Clock | None:
    """Give the server's clock when the gate ahead, which closes then, closes for this person within a day."""
    gate = gate_ahead(page.proposal)
    if not deadlines.is_in_time(closes_at, at=page.at):
        mine = page.proposal.dispensations.in_force(gate, at=page.at).held_by(page.user)
        longest = mine.longest_first().first()
        closes_at = longest.until_at if longest else closes_at
    return timeline.clock(closes_at, at=page.at)


def way(
    proposal: Proposal,
    *,
    at: datetime,
    content: Content | None = None,
    leave: list[Dispensation] | None = None,
) -> tuple[Mark, ...]:
    """Give the way to the meeting; at most three queries, one fewer for each of text and leave that was read."""
    if proposal.status not in BEFORE_DECISION:
        return ()
    asks = proposal.status in timeline.WRITING
    content = content or (Content.of(proposal, at=at, rows=["participants"]) if asks else None)
    rows = content.participants if content else ()
    versions = proposal.versions.sent_in(proposal.round).oldest_first()
    # One that has never moved was never sent.
    sent = dict(versions.values_list("gate", "frozen_at")) if proposal.revision > 1 else {}
    if leave is None:
        leave = deadlines.leave_from(proposal)
    return timeline.marks(proposal, sent=sent, participants=rows, leave=leave, at=at)

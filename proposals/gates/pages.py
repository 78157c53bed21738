"""How pages show the gate ahead: when it closes, for whom, and the way to the meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proposals.answers.content import Content
from proposals.gates import deadlines, timeline
from proposals.line.lifecycle import BEFORE_DECISION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.gates.deadlines import Term
    from proposals.gates.models import Dispensation
    from proposals.gates.timeline import Mark
    from proposals.line.models import Proposal
    from proposals.line.pages import ProposalPage


def term(page: ProposalPage, leave: Iterable[Dispensation] | None = None) -> Term:
    """Give the term of this person at the gate ahead: one query, or none where the leave was read."""
    gate = deadlines.gate_ahead(page.proposal)
    if leave is None:
        leave = page.proposal.dispensations.standing().held_by(page.user)
    closes_at = deadlines.due_at(page.proposal, gate)
    return deadlines.own_term(closes_at, leave, gate, page.user)


def clock(page: ProposalPage) -> timeline.Clock | None:
    """Give the server's clock when the gate ahead closes for this person within a day."""
    closes_at = deadlines.due_at(page.proposal, deadlines.gate_ahead(page.proposal))
    if timeline.is_far(closes_at, at=page.at):
        return None
    # Near its end, or past it, a dispensation may have moved it.
    return timeline.clock(term(page).at, at=page.at)


def way(
    proposal: Proposal,
    *,
    reader: User,
    at: datetime,
    content: Content | None = None,
    leave: list[Dispensation] | None = None,
) -> tuple[Mark, ...]:
    """Give the reader's way to the meeting; at most three queries, one fewer for each of text and leave that was read."""
    if proposal.status not in BEFORE_DECISION:
        return ()
    asks = proposal.status in timeline.WRITING
    content = content or (Content.of(proposal, at=at, rows=["participants"]) if asks else None)
    rows = content.participants if content else ()
    versions = proposal.versions.standing().sent_in(proposal.round).oldest_first()
    # One that has never moved was never sent.
    sent = dict(versions.values_list("gate", "frozen_at")) if proposal.revision > 1 else {}
    if leave is None:
        leave = deadlines.leave_from(proposal)
    return timeline.marks(proposal, sent=sent, participants=rows, leave=leave, reader=reader, at=at)

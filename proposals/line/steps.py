"""What every step of the procedure begins with: the row held, the page not stale, the press not a second one."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.refusals import AlreadyDone
from proposals.line.lifecycle import EDITABLE, Status, Transition
from proposals.line.models import IllegalTransition, Proposal, Stale

if TYPE_CHECKING:
    from datetime import date

    from proposals.line.models import Event


class TakenBack(IllegalTransition):
    """The proposer came first and took back what somebody was about to begin on."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(
            f"Forslagsstilleren har taget {proposal.number} tilbage for at rette det. "
            "I får besked, når det bliver sendt igen."
        )


LAST_MINUTE = time(23, 59)
"""A term is a date, and the whole day counts."""


def hold(proposal_pk: int, transition: Transition, *, revision: int) -> Proposal:
    """
    Lock the proposal for a transition, as the page that asks for it saw it.

    :raises AlreadyDone: that page has asked before, and was heard.
    :raises Stale: something else happened since.
    :raises IllegalTransition: the arrow does not start where the proposal stands.
    """
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    if proposal.revision != revision:
        last = _last_move(proposal)
        if proposal.revision == revision + 1 and last and last.transition == transition.id:
            raise AlreadyDone(f"{proposal.number} er allerede {transition.event}.")
        if proposal.status in EDITABLE and _is_taken_back(last):
            raise TakenBack(proposal)
        raise Stale(proposal)
    require_status(proposal, *transition.sources, act=transition.text)
    return proposal


def require_status(proposal: Proposal, *statuses: Status, act: str) -> None:
    """
    Refuse what does not belong where the proposal stands.

    :raises IllegalTransition:
    """
    if proposal.status not in statuses:
        if proposal.status in EDITABLE and _is_taken_back(_last_move(proposal)):
            raise TakenBack(proposal)
        raise IllegalTransition(
            f"{proposal.number} {Status(proposal.status).state} og kan ikke: {act}."
        )


def _last_move(proposal: Proposal) -> Event | None:
    last: Event | None = proposal.events.moves().newest_first().first()
    return last


def _is_taken_back(last: Event | None) -> bool:
    return last is not None and last.transition == Transition.TAKE_BACK.id


def day_end(day: date) -> datetime:
    """Give the last moment of a Danish day that is still in time."""
    return danish.wall(day, LAST_MINUTE)


def term(answer_date: date | None, *, latest_at: datetime) -> datetime | None:
    """Give the end of the day that is set, or `latest_at` when that is earlier on it; None for a later day."""
    if answer_date is None or answer_date > danish.day_of(latest_at):
        return None
    return min(day_end(answer_date), latest_at)

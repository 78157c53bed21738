"""What waits for a person ("Det venter på dig"): the duties that stand, said with the words of the buttons."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor import danish
from proposals.line.duties import Kind
from review.next_steps import queries
from review.next_steps.buttons import PLAIN, primary, steps
from review.next_steps.facts import read_facts
from review.next_steps.line import turn_texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal
    from review.next_steps.buttons import OpenStep

MOST_ROWS = 10
"""How many a person is shown at once; the rest is counted."""
MOST_COUNTED = queries.MOST
"""So many things are as good as any number: "99+"."""


@dataclass(frozen=True)
class Thing:
    """One thing that waits: a proposal, or a meeting with all that stands on its agenda."""

    kind: str
    subject: str
    proposal_id: int
    """One of a meeting's."""
    due_at: datetime
    is_late: bool
    """One's own, and too late to do in time."""


@dataclass(frozen=True)
class WaitingRow:
    """One line of "Det venter på dig": a proposal, or a meeting with the proposals on it."""

    label: str
    title: str
    number: str
    """The proposal's; empty for a meeting."""
    organization: str
    due_at: datetime | None
    view: str
    args: tuple[object, ...]
    text: str
    is_leave: bool = False
    """Whether the date is the person's own, by a dispensation."""
    count: int = 1
    """How many proposals the row is about."""

    @property
    def url(self) -> str:
        return reverse(self.view, args=self.args)


@dataclass(frozen=True)
class Waiting:
    rows: tuple[WaitingRow, ...]
    """At most ten, most urgent first."""
    count: int
    """How many there are in all, or `MOST_COUNTED` when there are more."""
    following: tuple[WaitingRow, ...]
    """What others are doing with proposals the person sees."""

    @property
    def count_text(self) -> str:
        if self.count >= MOST_COUNTED:
            return f"Mere end {MOST_COUNTED - 1} opgaver"
        return (
            "Én opgave" if self.count == 1 else danish.count_text(self.count, "opgave", "opgaver")
        )


_ORDER = {kind.value: place for place, kind in enumerate(Kind)}


def things(user: User, *, at: datetime) -> list[Thing]:
    """Give what waits for the person, most urgent first: one question, and no more than `MOST_COUNTED` of each capacity."""
    found = [Thing(*row) for row in queries.waiting(user, at=at)]
    # Who has several duties with one thing does first what comes first in the line.
    found.sort(key=lambda thing: _ORDER[thing.kind])
    once = {thing.subject: thing for thing in reversed(found)}
    return sorted(once.values(), key=lambda thing: (thing.is_late, thing.due_at, thing.subject))


def waiting_count(user: User, *, at: datetime) -> int:
    """Count what waits, as `waiting_for` does: a meeting counts once."""
    return min(len(things(user, at=at)), MOST_COUNTED)


def waiting_for(user: User, *, at: datetime) -> Waiting:
    """Give what waits for the person, most urgent first, and what others are doing: a constant number of queries."""
    waiting = things(user, at=at)
    first = waiting[:MOST_ROWS]
    followed = list(queries.others(user, at=at))
    proposals = _proposals(first, followed, user, at=at)
    return Waiting(
        rows=_rows(first, proposals, user, at=at),
        count=min(len(waiting), MOST_COUNTED),
        following=_following([proposals[pk] for pk in followed if pk in proposals], at=at),
    )


def _proposals(
    waiting: Sequence[Thing], followed: Sequence[int], user: User, *, at: datetime
) -> dict[int, Proposal]:
    """Read those that are shown: what is being written whole, since it is looked through for what is missing."""
    whole = _whole(waiting)
    rest = {t.proposal_id for t in waiting if t.kind in PLAIN}.union(followed) - whole
    found: dict[int, Proposal] = {}
    if rest:
        found |= {p.pk: p for p in queries.shown(user, at=at, keys=sorted(rest))}
    if whole:
        found |= {p.pk: p for p in queries.shown_whole(user, at=at, keys=sorted(whole))}
    return found


def _whole(waiting: Sequence[Thing]) -> set[int]:
    return {t.proposal_id for t in waiting if t.kind not in PLAIN and t.kind not in _MEETINGS}


def _rows(
    waiting: Sequence[Thing], proposals: dict[int, Proposal], user: User, *, at: datetime
) -> tuple[WaitingRow, ...]:
    meetings = _meeting_rows([thing for thing in waiting if thing.kind in _MEETINGS], user, at=at)
    whole = _whole(waiting)
    facts = read_facts([p for p in proposals.values() if p.pk in whole], user, at=at)
    rows = []
    for thing in waiting:
        proposal = proposals.get(thing.proposal_id)
        if thing.kind in _MEETINGS:
            rows.append(meetings[thing.subject])
        elif proposal:
            kind = Kind(thing.kind)
            step = PLAIN[kind](proposal) if kind in PLAIN else primary(steps(proposal, facts))
            rows += [_proposal_row(proposal, step)] if step else []
    return tuple(rows)


def _proposal_row(proposal: Any, step: OpenStep) -> WaitingRow:
    return WaitingRow(
        label=step.label,
        title=proposal.shown_title or "Uden titel",
        number=proposal.number,
        organization=proposal.on_behalf_text,
        due_at=step.due_at,
        is_leave=step.is_leave,
        view=step.view,
        args=step.args,
        text=step.text,
    )


def _meeting_rows(waiting: Sequence[Thing], user: User, *, at: datetime) -> dict[str, WaitingRow]:
    """Say of each meeting what comes first, with all that waits for the person on its agenda."""
    if not waiting:
        return {}
    kinds, proposals = defaultdict(set), defaultdict(set)
    days = [thing.subject for thing in waiting]
    for subject, kind, proposal in queries.on_meetings(user, at=at, subjects=days):
        kinds[subject].add(kind)
        proposals[subject].add(proposal)
    return {
        thing.subject: _meeting_row(
            thing, min(kinds[thing.subject], key=_ORDER.__getitem__), len(proposals[thing.subject])
        )
        for thing in waiting
    }


def _meeting_row(thing: Thing, kind: str, count: int) -> WaitingRow:
    label, text, view = _MEETINGS[kind]
    return WaitingRow(
        label=label,
        title=f"Mødet {danish.date_text(date.fromisoformat(thing.subject))}",
        number="",
        organization="",
        due_at=thing.due_at,
        view=view,
        args=(thing.subject,),
        text=f"{text} {danish.count_text(count, 'forslag', 'forslag')} på dagsordenen.",
        count=count,
    )


_MEETINGS: dict[str, tuple[str, str, str]] = {
    Kind.PUBLISH: ("Gør dagsordenen færdig", "Dagsordenen er ikke udsendt.", "review:agenda"),
    Kind.DECIDE: ("Skriv beslutninger", "Mødets beslutninger mangler.", "review:decisions"),
    Kind.RELEASE: ("Frigiv beslutninger", "Beslutningerne er skrevet.", "review:release"),
    Kind.PREPARE: ("Læs dagsordenen", "Dagsordenen er udsendt.", "review:meeting"),
}
"""What is done for a whole meeting: the button, how it stands, and where it is done."""


def _following(proposals: Sequence[Any], *, at: datetime) -> tuple[WaitingRow, ...]:
    said = turn_texts(proposals, at=at)
    return tuple(
        WaitingRow(
            label="Se forslaget",
            title=proposal.shown_title or "Uden titel",
            number=proposal.number,
            organization=proposal.on_behalf_text,
            due_at=None,
            view="review:proposal",
            args=(proposal.number,),
            text=said[proposal.pk],
        )
        for proposal in proposals
    )

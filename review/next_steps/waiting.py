"""What waits for a person ("Det venter på dig"), asked in SQL and said with the words of the buttons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor import counts, danish
from klimaspor.accounts.anybody import Question, day_of
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from review.agenda.models import Agenda
from review.next_steps import queries as querysets
from review.next_steps.buttons import primary, steps
from review.next_steps.facts import read_facts
from review.next_steps.line import turn_texts

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Q, QuerySet

    from klimaspor.accounts.models import User
    from proposals.line.queries import ProposalQuerySet
    from review.agenda.queries import AgendaQuerySet
    from review.next_steps.buttons import OpenStep

MOST_ROWS = 10
"""How many a person is shown at once; the rest is counted."""
MOST_FOLLOWED = 5


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
    """How many there are in all."""
    following: tuple[WaitingRow, ...]
    """What others are doing with proposals the person sees."""


def awaiting(user: User, *, at: datetime) -> ProposalQuerySet:
    """Give the proposals that wait for an act of this person: those with a primary step."""
    mine: ProposalQuerySet = Proposal.objects.unended().filter(_is_mine(user, at=at))
    return mine


def _is_mine(user: User, *, at: datetime) -> Q:
    found = querysets.awaiting(user, user.duties_at(at), at=at, day=day_of(at))
    return reduce(or_, found.values())


def waiting_count(user: User, *, at: datetime) -> int:
    """Count what waits, as `waiting_for` does: a meeting counts once."""
    return counts.kept(f"counts:waiting:{user.pk}", _things(user, at=at).count, at=at)


@Question
def _things(user: User, *, at: datetime) -> QuerySet[Any]:
    return querysets.what_waits(awaiting(user, at=at))


def waiting_for(user: User, *, at: datetime) -> Waiting:
    """Give what waits for the person, most urgent first, and what others are doing: a constant number of queries."""
    agendas = list(_agendas(user, at=at))[:MOST_ROWS]
    proposals = _alone(user, at=at)[:MOST_ROWS]
    first = Proposal.objects.with_frame().in_bulk([agenda.first_pk for agenda in agendas])
    facts = read_facts([*proposals, *first.values()], user, at=at)
    rows = [_proposal_row(p, primary(steps(p, facts))) for p in proposals]
    rows += [_meeting_row(a, primary(steps(first[a.first_pk], facts))) for a in agendas]
    found = sorted((row for row in rows if row is not None), key=lambda row: _urgency(row, at))
    is_all = len(proposals) < MOST_ROWS and len(agendas) < MOST_ROWS
    return Waiting(
        rows=tuple(found[:MOST_ROWS]),
        count=len(found) if is_all else waiting_count(user, at=at),
        following=_following(user, at=at),
    )


@Question
def _agendas(user: User, *, at: datetime) -> QuerySet[Agenda]:
    mine = awaiting(user, at=at)
    found: AgendaQuerySet = Agenda.objects.unreleased().with_first(
        mine.in_status(Status.RECOMMENDED, Status.ON_AGENDA)
    )
    return found.soonest_first()


@Question
def _alone(user: User, *, at: datetime) -> QuerySet[Proposal]:
    """Give what waits, but for what stands on an agenda."""
    mine = awaiting(user, at=at).exclude(querysets.on_coming_agenda())
    return querysets.most_urgent_first(
        mine.with_frame().with_reading(user, at=at).with_due(), at=at
    )


@Question
def _others(user: User, *, at: datetime) -> QuerySet[Proposal]:
    """Give what the person sees and others must act on."""
    # Asked of each in turn rather than as a set: the few newest are found before most are looked at.
    others = Proposal.objects.visible_to(user, at=at).unended().exclude(_is_mine(user, at=at))
    shown = others.with_frame().with_reading(user, at=at)
    return shown.order_by("-status_since", "-pk")


def _proposal_row(proposal: Any, step: OpenStep | None) -> WaitingRow | None:
    if step is None:
        return None
    return WaitingRow(
        label=step.label,
        title=proposal.shown_title or "Uden titel",
        number=proposal.number,
        organization=proposal.organization.name if proposal.organization else "",
        due_at=step.due_at,
        view=step.view,
        args=step.args,
        text=step.text,
    )


def _meeting_row(agenda: Any, step: OpenStep | None) -> WaitingRow | None:
    if step is None:
        return None
    label, text = _MEETING_WORDS.get(step.id, ("Frigiv beslutninger", "Beslutningerne er skrevet."))
    return WaitingRow(
        label=label,
        title=f"Mødet {danish.date_text(agenda.meeting_date)}",
        number="",
        organization="",
        due_at=step.due_at,
        view=step.view,
        args=step.args,
        text=f"{text} {danish.count_text(agenda.waiting, 'forslag', 'forslag')} på dagsordenen.",
        count=agenda.waiting,
    )


_MEETING_WORDS = {
    "publish": ("Gør dagsordenen færdig", "Dagsordenen er ikke udsendt."),
    "prepare": ("Læs dagsordenen", "Dagsordenen er udsendt."),
    "decide": ("Skriv beslutninger", "Mødets beslutninger mangler."),
}


def _urgency(row: WaitingRow, at: datetime) -> tuple[bool, datetime]:
    return row.due_at is None, row.due_at or at


def _following(user: User, *, at: datetime) -> tuple[WaitingRow, ...]:
    proposals = _others(user, at=at)[:MOST_FOLLOWED]
    said = turn_texts(proposals, at=at)
    return tuple(
        WaitingRow(
            label="Se forslaget",
            title=proposal.shown_title or "Uden titel",
            number=proposal.number,
            organization=proposal.organization.name if proposal.organization else "",
            due_at=None,
            view="review:proposal",
            args=(proposal.number,),
            text=said[proposal.pk],
        )
        for proposal in proposals
    )

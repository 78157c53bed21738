"""
Who is reminded of what, when: objects whose letters are due inside a span and not yet in the outbox.

A span ends where the next begins, so only the latest that is due is sent; a moved deadline makes a new key. Which are
due and not written is one question to the database for each reminder, and they are written together.

A participant's contact is reminded ten, five and two working days before the second gate, once they have accepted;
before that they get nothing more, since the link is in one letter only. In a spring round ten days lie before the
first gate: a draft that misses it reminds nobody. Reconsider if contacts find three letters too many.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from klimaspor import danish
from klimaspor.mail import outbox
from klimaspor.mail.querysets import MomentText, key_of
from proposals.commitments import mails as commitments_mails
from proposals.drafting import mails
from proposals.line.duties import Kind
from proposals.line.lifecycle import Status
from proposals.line.models import Duty
from proposals.participants.models import Commitment
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

MORNING = time(8, 0)
HORIZON = timedelta(days=40)
"""No reminder is due earlier than this before its deadline, holidays and all."""
MOST_AT_ONCE = 10_000
"""Of each reminder in one visit; what is left comes with the next."""


Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Span:
    """The terms of which one reminder is due now: from one moment, and before another."""

    offset: int
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Reminder:
    """A reminder so many working days before a term."""

    id: str
    offsets: tuple[int, ...]
    """Working days before the term, longest first."""

    def moments(self, due_at: datetime) -> tuple[tuple[int, datetime], ...]:
        """Give (offset, when it becomes due): 8.00 Danish time on a working day."""
        day = danish.day_of(due_at)
        return tuple(
            (offset, danish.wall(danish.add_working_days(day, -offset), MORNING))
            for offset in self.offsets
        )

    def due_offset(self, due_at: datetime, *, at: datetime) -> int | None:
        """Give the latest offset whose moment has come and whose span has not ended."""
        moments = self.moments(due_at)
        if not moments[0][1] <= at <= due_at or not danish.is_working_day(danish.day_of(at)):
            return None
        return [offset for offset, moment in moments if moment <= at][-1]

    def spans(self, *, at: datetime) -> tuple[Span, ...]:
        """Say the same as `due_offset` of every day a term may fall on."""
        found: list[Span] = []
        day = danish.day_of(at)
        for _ in range(HORIZON.days + 1):
            since, until = danish.wall(day, time()), danish.wall(day + timedelta(days=1), time())
            offset = self.due_offset(until - timedelta(seconds=1), at=at)
            if offset is not None and found and found[-1].offset == offset:
                found[-1] = Span(offset, found[-1].since, until)
            elif offset is not None:
                found.append(Span(offset, since, until))
            day += timedelta(days=1)
        return tuple(found)

    def due(self, rows: Rows, name: str, *, about: str, to: str, at: datetime) -> Rows:
        """
        Narrow rows that have `due_at` to those whose letter is due now and not written; adds its `letter_key`.

        `name` is the letter's; `about` and `to` are the columns of what it tells of and of whom it is to.
        """
        spans = self.spans(at=at)
        if not spans:
            return rows.none()
        offset = Case(
            *(
                When(due_at__gte=span.since, due_at__lt=span.until, then=Value(span.offset))
                for span in spans
            ),
            output_field=SmallIntegerField(),
        )
        within = rows.filter(due_at__gte=at, due_at__lt=spans[-1].until)
        within = within.alias(offset=offset).filter(offset__isnull=False)
        which = Concat(Value(f"{self.id}-"), Cast("offset", CharField()))
        return outbox.unwritten(within, key_of(name, which, F(about), MomentText("due_at"), F(to)))


@dataclass(frozen=True)
class GateReminder(Reminder):
    """A reminder to proposers before a gate closes."""

    gate: Gate
    kind: Kind


# The second gate is spoken of only to those who have passed the first.
DRAFTS = GateReminder("draft", (10, 5, 1), Gate.QUALIFICATION, Kind.SUBMIT)
QUALIFIED = GateReminder("qualified", (5, 2, 1), Gate.APPROVAL, Kind.SUBMIT_FOR_APPROVAL)
REMINDERS = (DRAFTS, QUALIFIED)
CONTACTS = Reminder("contact", (10, 5, 2))
"""To whoever answers for a participant and has not, before the second gate."""

Guard = Callable[[object], AbstractContextManager[object]]
"""Stands around each of many, so that one that fails stops none of the others."""
Asked = tuple[str, Callable[[], "outbox.Letter | None"]]
"""A letter that is due, by its key, and what writes it; nothing when it is not for them after all."""


def send_due(*, at: datetime, guard: Guard = nullcontext) -> int:
    """Write the letters that are due now; return how many there were."""
    letters = written((_to_writers, _to_contacts), at=at, guard=guard)
    return outbox.put_all(letters, at=at, guard=guard)


def written(
    kinds: Iterable[Callable[..., Iterator[Asked]]], *, at: datetime, guard: Guard
) -> list[outbox.Letter]:
    """Give the letters of each kind; a kind or a letter that fails stops none of the others."""
    letters: list[outbox.Letter] = []
    for kind in kinds:
        with guard(kind.__name__):
            for key, write in kind(at=at):
                with guard(key):
                    letters += filter(None, [write()])
    return letters


def _to_writers(*, at: datetime) -> Iterator[Asked]:
    for reminder in REMINDERS:
        writers = Duty.objects.open(at=at).of_kind(reminder.kind).of_people()
        due: Any = reminder.due(writers, "draft_reminder", about="proposal_id", to="user_id", at=at)
        for duty in due.with_letter_frame()[:MOST_AT_ONCE]:
            yield (
                duty.letter_key,
                partial(
                    mails.draft_reminder,
                    duty.proposal,
                    duty.user,
                    key=duty.letter_key,
                    gate=reminder.gate,
                    due_at=duty.due_at,
                    at=at,
                ),
            )


def _to_contacts(*, at: datetime) -> Iterator[Asked]:
    """Who was asked and has not accepted gets nothing: the link is in the one letter."""
    # Of a draft that can no longer pass the first gate nobody is to answer anything.
    in_time = Duty.objects.undone().of_kind(Kind.SUBMIT).filter(due_at__gte=at)
    may_go_on = ~Q(participant__proposal__status=Status.DRAFT) | Exists(
        in_time.filter(proposal=OuterRef("participant__proposal"))
    )
    asked = Commitment.objects.unanswered().with_duty(at=at).filter(may_go_on)
    due: Any = CONTACTS.due(
        asked, "commitment_reminder", about="participant_id", to="contact_id", at=at
    )
    for commitment in due.with_frame().listed()[:MOST_AT_ONCE]:
        yield (
            commitment.letter_key,
            partial(
                commitments_mails.commitment_reminder,
                commitment,
                commitment.contact,
                key=commitment.letter_key,
                due_at=commitment.due_at,
                at=at,
            ),
        )

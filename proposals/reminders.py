"""
Who is reminded of what, when: objects whose letters are due inside a span and not yet in the outbox.

A span ends where the next begins, so only the latest that is due is sent; a moved deadline makes a new key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.accounts.models import User
from proposals.commitments import mails as commitments_mails
from proposals.drafting import mails
from proposals.gates import deadlines
from proposals.line.functions import WRITER_FUNCTIONS
from proposals.line.lifecycle import ANSWERED_IN, Status
from proposals.line.models import Access, Proposal
from proposals.participants.models import Commitment
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MORNING = time(8, 0)


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


@dataclass(frozen=True)
class GateReminder(Reminder):
    """A reminder to proposers before a gate closes."""

    gate: Gate
    status: Status


DRAFTS = GateReminder("draft", (10, 5, 1), Gate.QUALIFICATION, Status.DRAFT)
QUALIFIED = GateReminder("qualified", (5, 2, 1), Gate.APPROVAL, Status.QUALIFIED)
REMINDERS = (DRAFTS, QUALIFIED)
CONTACTS = Reminder("contact", (10, 5, 2))
"""To whoever answers for a participant and has not, before the second gate."""

HORIZON = timedelta(days=40)
"""No reminder is due earlier than this before its deadline, holidays and all."""


def send_due(*, at: datetime) -> int:
    """Write the letters that are due now; return how many were considered."""
    count = 0
    for proposal, reminder, due_at, offset in _due(at=at):
        writers = Access.objects.current(at=at).filter(
            proposal=proposal, function__in=WRITER_FUNCTIONS
        )
        people = User.objects.active().filter(pk__in=writers.values("user_id"))
        mails.draft_reminder(
            proposal,
            people,
            key=f"{reminder.id}-{offset}",
            gate=reminder.gate,
            due_at=due_at,
            at=at,
        )
        count += 1
    return count + _remind_contacts(at=at)


def _remind_contacts(*, at: datetime) -> int:
    """Who was asked and has not accepted gets nothing: the link is in the one letter."""
    candidates = Proposal.objects.in_status(*ANSWERED_IN).closing_within(
        Gate.APPROVAL, HORIZON, at=at
    )
    due = {}
    for proposal in candidates.with_frame().by_number():
        due_at = _answer_by(proposal, at=at)
        offset = CONTACTS.due_offset(due_at, at=at) if due_at else None
        if due_at and offset is not None:
            due[proposal.pk] = (due_at, offset)
    asked = Commitment.objects.of_proposals(due).unanswered().answered_for().with_frame().listed()
    reminded = [c for c in asked if c.contact and c.contact.is_active]
    for commitment in reminded:
        due_at, offset = due[commitment.participant.proposal_id]
        commitments_mails.commitment_reminder(
            commitment, key=f"{CONTACTS.id}-{offset}", due_at=due_at, at=at
        )
    return len(reminded)


def _answer_by(proposal: Proposal, *, at: datetime) -> datetime | None:
    """Give when the second gate closes; None for a draft that can no longer pass the first."""
    if proposal.status == Status.QUALIFIED:
        return deadlines.due_at(proposal, Gate.APPROVAL)
    gate = Gate.QUALIFICATION
    if proposal.status == Status.DRAFT and not (
        deadlines.is_in_time(deadlines.due_at(proposal, gate), at=at)
        or deadlines.granted(proposal, gate, at=at)
    ):
        return None
    return proposal.round.approval_deadline_at


def _due(*, at: datetime) -> Iterator[tuple[Proposal, GateReminder, datetime, int]]:
    for reminder in REMINDERS:
        # The second gate is spoken of only to those who have passed the first.
        candidates = Proposal.objects.in_status(reminder.status).closing_within(
            reminder.gate, HORIZON, at=at
        )
        for proposal in candidates.with_frame().by_number():
            due_at = deadlines.due_at(proposal, reminder.gate)
            offset = reminder.due_offset(due_at, at=at)
            if offset is not None:
                yield proposal, reminder, due_at, offset

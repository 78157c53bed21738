"""
Who is reminded in the procedure: DGO advisers of an unanswered qualification, the committee of its meeting.

As for proposers: due inside a span and not yet in the outbox, at 8.00 on working days; only the latest is sent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.accounts.models import Role, User
from proposals.line import mails as line_mails
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.reminders import HORIZON, Reminder
from proposals.rounds.models import Gate
from review.agenda import mails
from review.agenda.models import Agenda
from review.qualification import mails as qualification_mails

if TYPE_CHECKING:
    from datetime import datetime

QUALIFICATIONS = Reminder("qualification", (5, 2, 1))
MEETINGS = Reminder("meeting", (5, 1))
REMINDERS = (QUALIFICATIONS, MEETINGS)


def send_due(*, at: datetime) -> int:
    """Write the letters that are due now; return how many proposals and meetings were considered."""
    return _of_qualifications(at=at) + _of_meetings(at=at)


def due_offset(
    reminder: Reminder, due_at: datetime, *, since_at: datetime, at: datetime
) -> int | None:
    """Give the offset that is due, unless its moment came before there was anything to be reminded of."""
    offset = reminder.due_offset(due_at, at=at)
    if offset is None or dict(reminder.moments(due_at))[offset] < since_at:
        return None
    return offset


def _of_qualifications(*, at: datetime) -> int:
    """Of the second deadline, and never before the first has passed."""
    count = 0
    lying = Proposal.objects.in_status(Status.IN_QUALIFICATION)
    for proposal in lying.closing_within(Gate.APPROVAL, HORIZON, at=at).with_frame().by_number():
        due_at = proposal.round.approval_deadline_at
        since_at = max(proposal.status_since, proposal.round.qualification_deadline_at)
        offset = due_offset(QUALIFICATIONS, due_at, since_at=since_at, at=at)
        if offset is None:
            continue
        qualification_mails.qualification_reminder(
            proposal,
            line_mails.advisers(proposal, at=at),
            key=f"{QUALIFICATIONS.id}-{offset}",
            due_at=due_at,
            at=at,
        )
        count += 1
    return count


def _of_meetings(*, at: datetime) -> int:
    count = 0
    members = User.objects.holding(Role.COMMITTEE, at=at).by_name()
    coming = Agenda.objects.published().unreleased().upcoming(danish.day_of(at))
    last_day = danish.day_of(at) + timedelta(days=HORIZON.days)
    for agenda in coming.filter(meeting_date__lte=last_day).soonest_first():
        due_at = mails.meeting_at(agenda)
        offset = due_offset(MEETINGS, due_at, since_at=agenda.published_at, at=at)
        if offset is None:
            continue
        mails.meeting_reminder(agenda, members, key=f"{MEETINGS.id}-{offset}", at=at)
        count += 1
    return count

"""
Who is reminded in the procedure: DGO advisers of an unanswered qualification, the committee of its meeting.

As for proposers: due inside a span and not yet in the outbox, at 8.00 on working days; only the latest is sent.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef

from klimaspor import danish
from klimaspor.accounts.models import Membership, Role, User
from klimaspor.mail import outbox
from klimaspor.mail.querysets import key_of
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Proposal
from proposals.reminders import HORIZON, MOST_AT_ONCE, Asked, Guard, Reminder, written
from proposals.rounds.models import Round
from review.agenda import mails
from review.agenda.models import Agenda
from review.qualification import mails as qualification_mails

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

QUALIFICATIONS = Reminder("qualification", (5, 2, 1))
MEETINGS = Reminder("meeting", (5, 1))
REMINDERS = (QUALIFICATIONS, MEETINGS)


def send_due(*, at: datetime, guard: Guard = nullcontext) -> int:
    """Write the letters that are due now; return how many there were."""
    letters = written((_of_qualifications, _of_meetings), at=at, guard=guard)
    return outbox.put_all(letters, at=at, guard=guard)


def due_offset(
    reminder: Reminder, due_at: datetime, *, since_at: datetime, at: datetime
) -> int | None:
    """Give the offset that is due, unless its moment came before there was anything to be reminded of."""
    offset = reminder.due_offset(due_at, at=at)
    if offset is None or dict(reminder.moments(due_at))[offset] < since_at:
        return None
    return offset


def _of_qualifications(*, at: datetime) -> Iterator[Asked]:
    """Of the DGO's own term, and never before the first deadline has passed; to advisers the proposal is open to who may act."""
    for round_ in Round.objects.filter(dgo_deadline_at__range=(at, at + HORIZON)):
        due_at = round_.dgo_deadline_at
        first_at = round_.qualification_deadline_at
        offset = due_offset(QUALIFICATIONS, due_at, since_at=first_at, at=at)
        if offset is None:
            continue
        moment = dict(QUALIFICATIONS.moments(due_at))[offset]
        which = f"{QUALIFICATIONS.id}-{offset}"
        advisers = Membership.objects.current(at).confirmed().holding(Role.DGO_ADVISER)
        # One call: the proposals of the DGO that are all of this, and the same that are named after.
        lying = advisers.unrefused(at).filter(
            dgo__proposals__round=round_,
            dgo__proposals__status=Status.IN_QUALIFICATION,
            dgo__proposals__status_since__lte=moment,
        )
        opened = Access.objects.current(at=at).filter(
            proposal=OuterRef("dgo__proposals"), dgo=OuterRef("dgo")
        )
        key = key_of(
            "qualification_reminder", which, F("dgo__proposals"), due_at.isoformat(), F("user_id")
        )
        unwritten = outbox.unwritten(lying.filter(Exists(opened)), key)
        found = unwritten.values_list("dgo__proposals", "user_id", "letter_key")
        rows = list(found.order_by("dgo__proposals", "user_id")[:MOST_AT_ONCE])
        proposals = Proposal.objects.with_frame().in_bulk({pk for pk, _, _ in rows})
        people = User.objects.in_bulk({pk for _, pk, _ in rows})
        for proposal_pk, user_pk, letter_key in rows:
            proposal, person = proposals[proposal_pk], people[user_pk]
            yield (
                letter_key,
                partial(_of_one, proposal, person, key=letter_key, due_at=due_at, at=at),
            )


def _of_one(
    proposal: Proposal, person: User, *, key: str, due_at: datetime, at: datetime
) -> outbox.Letter | None:
    if not impartiality.impartial([person], proposal, at=at):
        return None
    return qualification_mails.qualification_reminder(
        proposal, person, key=key, due_at=due_at, at=at
    )


def _of_meetings(*, at: datetime) -> Iterator[Asked]:
    members = list(User.objects.holding(Role.COMMITTEE, at=at).by_name())
    coming = Agenda.objects.published().unreleased().upcoming(danish.day_of(at))
    last_day = danish.day_of(at) + timedelta(days=HORIZON.days)
    for agenda in coming.filter(meeting_date__lte=last_day).soonest_first():
        due_at = mails.meeting_at(agenda)
        offset = due_offset(MEETINGS, due_at, since_at=agenda.published_at, at=at)
        if offset is None:
            continue
        key = f"{MEETINGS.id}-{offset}"
        for person in members:
            yield (
                f"{key}:{person.pk}",
                partial(mails.meeting_reminder, agenda, person, key=key, at=at),
            )

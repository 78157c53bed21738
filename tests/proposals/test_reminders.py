"""Reminders: working days, Danish mornings, once for each deadline."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import F

import pytest

from klimaspor import danish
from klimaspor.mail import letters
from klimaspor.mail.models import OutgoingMail
from klimaspor.mail.querysets import MomentText, key_of
from klimaspor.models import SweepRecord
from proposals import reminders, tasks
from proposals.gates import steps as gates
from proposals.gates.deadlines import due_at
from proposals.line.lifecycle import Transition
from proposals.line.models import Duty, Proposal
from proposals.rounds.models import Gate
from proposals.submission import steps as submission
from tests.factories.intake import NOW, a_cast, a_ready_draft, a_round

pytestmark = pytest.mark.django_db


def sent() -> list[str]:
    keys = OutgoingMail.objects.filter(name="draft_reminder").order_by("pk")
    return [key.split(":")[1] for key in keys.values_list("key", flat=True)]


def morning(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return danish.wall(date(year, month, day), time(hour, minute))


def test_reminders_of_a_draft_come_ten_five_and_one_working_days_before() -> None:
    # Monday 12 April 2027 9.00: ten working days before is Wednesday 24 March, Easter lies between.
    cast, round_ = a_cast(), a_round()
    a_ready_draft(cast, round_)

    for at, expected in (
        (morning(2027, 3, 24, 7, 59), []),
        (morning(2027, 3, 24), ["draft-10"]),
        (morning(2027, 3, 24, 8, 10), ["draft-10"]),
        (morning(2027, 3, 27), ["draft-10"]),
        (morning(2027, 4, 5), ["draft-10", "draft-5"]),
        (morning(2027, 4, 11), ["draft-10", "draft-5"]),
        (morning(2027, 4, 12), ["draft-10", "draft-5", "draft-1"]),
        (morning(2027, 4, 12, 9, 1), ["draft-10", "draft-5", "draft-1"]),
    ):
        reminders.send_due(at=at)
        assert sent() == expected, at


def test_only_the_latest_due_is_sent_when_the_clock_was_stopped() -> None:
    cast, round_ = a_cast(), a_round()
    a_ready_draft(cast, round_)

    reminders.send_due(at=morning(2027, 4, 9))

    assert sent() == ["draft-1"]


def test_nothing_after_the_work_is_done() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=morning(2027, 3, 1))

    reminders.send_due(at=morning(2027, 4, 9))

    assert sent() == []


def test_a_moved_deadline_is_reminded_of_anew() -> None:
    cast, round_ = a_cast(), a_round()
    a_ready_draft(cast, round_)
    reminders.send_due(at=morning(2027, 4, 9))

    round_.qualification_deadline_at += timedelta(days=2)
    gates.save_round(round=round_, by=cast.secretariat, at=morning(2027, 4, 10))
    reminders.send_due(at=morning(2027, 4, 13))

    assert sent() == ["draft-1", "draft-1"]


def test_morning_is_danish_across_the_clock_change() -> None:
    # Summer time begins on Sunday 28 March 2027: Wednesday 8.00 is 7.00 UTC, Monday 8.00 is 6.00 UTC.
    moments = dict(reminders.DRAFTS.moments(danish.wall(date(2027, 4, 12), time(9))))

    assert [danish.local(moments[n]).strftime("%d.%m. %H.%M") for n in (10, 5, 1)] == [
        "24.03. 08.00",
        "05.04. 08.00",
        "09.04. 08.00",
    ]


DUE = danish.wall(date(2027, 4, 12), time(9))


@pytest.mark.parametrize("reminder", (reminders.DRAFTS, reminders.QUALIFIED, reminders.CONTACTS))
def test_the_spans_say_of_every_term_what_is_due(reminder: reminders.Reminder) -> None:
    """Through weekends, Easter and the change of the clock, and at the ends of days."""
    at = morning(2027, 3, 18, 7, 59)
    while at < morning(2027, 4, 14):
        spans = reminder.spans(at=at)
        for day in range(45):
            for clock in (time(0, 0), time(9, 0), time(23, 59)):
                due_at = danish.wall(danish.day_of(at) + timedelta(days=day), clock)
                if due_at < at:
                    continue
                found = [span.offset for span in spans if span.since <= due_at < span.until]
                expected = reminder.due_offset(due_at, at=at)
                assert found == ([] if expected is None else [expected]), (at, due_at)
        at += timedelta(hours=11, minutes=1)


@pytest.mark.parametrize("moment", (DUE, DUE.replace(microsecond=120), morning(2027, 1, 1)))
def test_a_moment_is_written_in_sql_as_keys_have_it(moment: datetime) -> None:
    proposal = a_ready_draft(a_cast(), a_round())
    Proposal.objects.update(answer_due_at=moment)

    key = key_of("draft", F("pk"), MomentText("answer_due_at"))
    (found,) = Proposal.objects.annotate(found=key).values_list("found", flat=True)

    proposal.refresh_from_db()
    assert proposal.answer_due_at is not None
    assert found == f"draft:{proposal.pk}:{proposal.answer_due_at.isoformat()}"


def test_letters_from_before_are_known_by_their_keys() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    reminders.send_due(at=morning(2027, 4, 9))

    due_at = round_.qualification_deadline_at.astimezone(UTC).isoformat()
    assert OutgoingMail.objects.get().key == (
        f"draft_reminder:draft-1:{proposal.pk}:{due_at}:{cast.owner.pk}"
    )


def test_what_came_back_without_a_term_is_reminded_of_the_second_deadline() -> None:
    """As `deadlines.due_at` has it: a draft that was sent in its round, and corrected."""
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=morning(2027, 3, 1))
    proposal = Proposal.objects.get(pk=proposal.pk)
    proposal.move(Transition.CORRECT, by=cast.secretariat, at=morning(2027, 3, 2))

    reminders.send_due(at=morning(2027, 4, 9))
    assert sent() == []
    reminders.send_due(at=morning(2027, 4, 28))
    assert sent() == ["draft-1"]
    found = Proposal.objects.get()
    assert due_at(found, Gate.QUALIFICATION) == round_.approval_deadline_at


def test_a_letter_that_cannot_be_written_stops_none_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast, round_ = a_cast(), a_round()
    first, second = a_ready_draft(cast, round_), a_ready_draft(cast, round_)
    write = letters.write

    def fail_one(name: str, context: Any) -> Any:
        if context["proposal"] == first:
            raise ValueError("Kan ikke skrives")
        return write(name, context)

    monkeypatch.setattr(letters, "write", fail_one)

    assert tasks.remind(at=morning(2027, 4, 9), by_clock=True) == 1

    assert OutgoingMail.objects.get().key.split(":")[2] == str(second.pk)
    record = SweepRecord.objects.get(name=tasks.REMIND)
    assert (record.error, record.is_failing) == ("ValueError: Kan ikke skrives", True)


@pytest.mark.parametrize("who", ("mails", "_to_writers"))
def test_a_reminder_that_cannot_even_be_thought_of_stops_none_after_it(
    monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    cast, round_ = a_cast(), a_round()
    first, second = a_ready_draft(cast, round_), a_ready_draft(cast, round_)
    ask, make = vars(reminders)["_to_writers"], reminders.mails.draft_reminder

    def fail_last(*, at: datetime) -> Any:
        yield from ask(at=at)
        raise ValueError("Kan ikke spørges")

    def fail_one(proposal: Proposal, *args: Any, **kwargs: Any) -> Any:
        if proposal == first:
            raise ValueError("Kan ikke skrives")
        return make(proposal, *args, **kwargs)

    monkeypatch.setattr(reminders, "_to_writers", fail_last)
    if who == "mails":
        monkeypatch.setattr(reminders.mails, "draft_reminder", fail_one)

    assert tasks.remind(at=morning(2027, 4, 9), by_clock=True) == (1 if who == "mails" else 2)

    assert str(second.pk) in {mail.key.split(":")[2] for mail in OutgoingMail.objects.all()}
    assert SweepRecord.objects.get(name=tasks.REMIND).is_failing


def test_the_number_of_queries_does_not_grow_with_proposals_out_of_reach(
    django_assert_num_queries: object,
) -> None:
    cast, round_ = a_cast(), a_round()
    for _ in range(3):
        a_ready_draft(cast, round_)
    Proposal.objects.update(status="completed")
    Duty.objects.settle(*Proposal.objects.values_list("pk", flat=True), by=cast.owner, at=NOW)

    with django_assert_num_queries(3):  # type: ignore[operator]  # a fixture without types
        reminders.send_due(at=morning(2027, 4, 9))


def test_what_is_written_already_costs_no_more_than_a_look(
    django_assert_num_queries: object,
) -> None:
    cast, round_ = a_cast(), a_round()
    for _ in range(3):
        a_ready_draft(cast, round_)
    assert reminders.send_due(at=morning(2027, 4, 9)) == 3

    with django_assert_num_queries(3):  # type: ignore[operator]  # a fixture without types
        assert reminders.send_due(at=morning(2027, 4, 9, 9)) == 0

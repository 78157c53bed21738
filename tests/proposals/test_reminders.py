"""Reminders: working days, Danish mornings, once for each deadline."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from klimaspor import danish
from klimaspor.mail.models import OutgoingMail
from proposals import reminders
from proposals.line.models import Proposal
from proposals.rounds.models import Round
from proposals.submission import steps as submission
from tests.factories.intake import a_cast, a_ready_draft, a_round

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

    Round.objects.update(
        qualification_deadline_at=round_.qualification_deadline_at + timedelta(days=2)
    )
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


def test_the_number_of_queries_does_not_grow_with_proposals_out_of_reach(
    django_assert_num_queries: object,
) -> None:
    cast, round_ = a_cast(), a_round()
    for _ in range(3):
        a_ready_draft(cast, round_)
    Proposal.objects.update(status="completed")

    with django_assert_num_queries(3):  # type: ignore[operator]  # a fixture without types
        reminders.send_due(at=morning(2027, 4, 9))

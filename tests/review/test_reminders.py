"""Reminders of the procedure: on the working day, at eight, once, and only to who must act."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Role
from klimaspor.mail.models import OutgoingMail
from proposals.line.lifecycle import Status
from proposals.rounds.models import Round
from review import reminders
from tests.factories import walk
from tests.factories.intake import give_role, person
from tests.factories.walk import World, a_world, day, proposal_at

pytestmark = pytest.mark.django_db


def morning(month: int, number: int, clock: time = time(8, 0)) -> datetime:
    return danish.wall(date(2027, month, number), clock)


def sent() -> list[tuple[str, str]]:
    mails = OutgoingMail.objects.filter(name__endswith="_reminder").order_by("pk")
    return [(mail.key.split(":")[1], mail.recipient) for mail in mails]


def visit_every_quarter(first: datetime, last: datetime) -> None:
    at = first
    while at <= last:
        reminders.send_due(at=at)
        at += timedelta(hours=6)


def test_advisers_are_reminded_five_two_and_one_working_days_before_the_dgo_answers() -> None:
    world = a_world()
    proposal_at(Status.IN_QUALIFICATION, world)
    who = world.cast.adviser.email

    # The DGO's own term is Monday 26 April 9.00, three working days before the second deadline.
    for at, found in (
        (morning(4, 8), []),
        (morning(4, 19, time(7, 59)), []),
        (morning(4, 19), [("qualification-5", who)]),
        (morning(4, 21), [("qualification-5", who)]),
        (morning(4, 22), [("qualification-5", who), ("qualification-2", who)]),
        (morning(4, 22, time(23, 0)), [("qualification-5", who), ("qualification-2", who)]),
    ):
        reminders.send_due(at=at)
        assert sent() == found
    visit_every_quarter(morning(4, 22), morning(5, 3))
    assert sent() == [("qualification-5", who), ("qualification-2", who), ("qualification-1", who)]
    said = OutgoingMail.objects.latest("pk").body
    assert "Afgiv udtalelsen senest mandag den 26. april 2027 kl. 9.00" in said
    assert "godkendelsesforløbet torsdag den 29. april 2027 kl. 9.00" in said


def test_a_sweep_that_was_away_sends_the_latest_only() -> None:
    world = a_world()
    proposal_at(Status.IN_QUALIFICATION, world)

    reminders.send_due(at=morning(4, 23))

    assert sent() == [("qualification-1", world.cast.adviser.email)]


def test_nobody_is_reminded_of_what_is_done() -> None:
    world = a_world()
    proposal_at(Status.QUALIFIED, world)
    visit_every_quarter(morning(4, 20), morning(4, 30))
    assert sent() == []


def test_nobody_is_reminded_of_the_answer_before_the_first_deadline() -> None:
    world = a_world()
    proposal_at(Status.IN_QUALIFICATION, world)
    Round.objects.filter(pk=world.round.pk).update(
        qualification_deadline_at=morning(4, 26, time(9, 0)),
        dgo_deadline_at=morning(4, 28, time(9, 0)),
    )

    reminders.send_due(at=morning(4, 21))
    assert sent() == []
    # T-2 is the morning of the first deadline itself.
    reminders.send_due(at=morning(4, 26))
    assert sent() == []
    reminders.send_due(at=morning(4, 27))
    assert sent() == [("qualification-1", world.cast.adviser.email)]


def test_a_moved_deadline_is_reminded_of_anew() -> None:
    world = a_world()
    proposal_at(Status.IN_QUALIFICATION, world)
    reminders.send_due(at=morning(4, 23))

    Round.objects.filter(pk=world.round.pk).update(dgo_deadline_at=morning(4, 28, time(9, 0)))
    reminders.send_due(at=morning(4, 27))

    assert [key for key, _ in sent()] == ["qualification-1", "qualification-1"]


def test_only_advisers_who_may_act_are_reminded() -> None:
    world = a_world()
    tied = person("Tina Tilknyttet")
    give_role(tied, Role.DGO_ADVISER, dgo=world.cast.dgo)
    give_role(tied, Role.MEMBER, organization=world.cast.municipalities[1])
    proposal_at(Status.IN_QUALIFICATION, world)

    reminders.send_due(at=morning(4, 23))

    assert sent() == [("qualification-1", world.cast.adviser.email)]


def published(world: World) -> None:
    proposal = proposal_at(Status.RECOMMENDED, world)
    walk.publish(walk.an_agenda(world, proposal), world)


def test_the_committee_is_reminded_five_and_one_working_days_before_the_meeting() -> None:
    world = a_world()
    published(world)
    who = world.cast.committee.email

    # The meeting is Thursday 27 May without a time; Whit Monday is the 17th.
    visit_every_quarter(morning(5, 1), morning(6, 1))

    assert sent() == [("meeting-5", who), ("meeting-1", who)]
    first, last = OutgoingMail.objects.filter(name="meeting_reminder").order_by("pk")
    assert (danish.day_of(first.created_at), danish.day_of(last.created_at)) == (
        date(2027, 5, 20),
        date(2027, 5, 26),
    )
    assert "torsdag den 27. maj 2027 i Weidekampsgade 10, i morgen." in last.body


def test_an_agenda_that_came_late_is_not_followed_by_a_reminder_at_once() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    walk.publish(walk.an_agenda(world, proposal), world, at=morning(5, 21))

    visit_every_quarter(morning(5, 21), morning(6, 1))

    assert sent() == [("meeting-1", world.cast.committee.email)]


def test_a_meeting_whose_agenda_is_not_out_is_nobodys_business() -> None:
    world = a_world()
    walk.an_agenda(world, proposal_at(Status.RECOMMENDED, world))
    visit_every_quarter(morning(5, 20), morning(5, 28))
    assert sent() == []


def test_reminders_come_at_eight_by_the_clock_on_the_wall_across_summer_time() -> None:
    due_at = danish.wall(date(2027, 3, 30), time(9, 0))
    moments = dict(reminders.QUALIFICATIONS.moments(due_at))
    # Easter 2027: Maundy Thursday 25 March to Easter Monday 29 March; clocks change on 28 March.
    assert {offset: danish.datetime_text(at) for offset, at in moments.items()} == {
        5: "torsdag den\xa018.\xa0marts\xa02027 kl.\xa08.00",
        2: "tirsdag den\xa023.\xa0marts\xa02027 kl.\xa08.00",
        1: "onsdag den\xa024.\xa0marts\xa02027 kl.\xa08.00",
    }
    assert moments[1].utcoffset() == timedelta(hours=1)
    assert day(0).utcoffset() == timedelta(hours=1)

"""The way to the meeting, counted back from the deadlines; and the server's clock near one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Role
from proposals.answers.content import Content, ParticipantRow
from proposals.gates import timeline
from proposals.participants.models import Commitment
from proposals.sparring import steps as advice
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round, give_role
from tests.factories.walk import Status, a_world, proposal_at

if TYPE_CHECKING:
    from proposals.line.models import Proposal
    from proposals.rounds.models import Round
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NINE = time(9)


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def spring() -> Round:
    return a_round()


@pytest.fixture
def ready(cast: Cast, spring: Round) -> Proposal:
    return a_ready_draft(cast, spring)


def drawn(proposal: Proposal, *, at: Any = NOW, sent: Any = None) -> list[tuple[str, str, str]]:
    rows = Content.of(proposal, at=at, rows=["participants"]).participants
    found = timeline.marks(proposal, sent=sent or {}, participants=rows, at=at)
    return [(mark.state, mark.text, mark.when) for mark in found]


def test_a_draft_sees_the_way_counted_back_in_danish_working_days(ready: Proposal) -> None:
    # Ten working days before Monday 12 April, with Easter between: 25, 26 and 29 March are closed.
    assert drawn(ready) == [
        (
            "next",
            "Åbn for sparring, hvis I vil have kommentarer fra DGO Midtjylland med før fristen",
            "onsdag den\xa024.\xa0marts\xa02027 kl.\xa09.00",
        ),
        (
            "ahead",
            "Send til faglig kvalificering",
            "mandag den\xa012.\xa0april\xa02027 kl.\xa09.00",
        ),
        ("ahead", "Send til godkendelsesforløb", "torsdag den\xa029.\xa0april\xa02027 kl.\xa09.00"),
        ("ahead", "Møde i forretningsudvalget", "torsdag den\xa027.\xa0maj\xa02027"),
    ]


def test_the_working_days_for_advice_are_the_rounds(ready: Proposal) -> None:
    ready.round.advice_days = 1
    mark = timeline.marks(ready, sent={}, participants=(), at=NOW)[0]

    assert mark.when == "fredag den\xa09.\xa0april\xa02027 kl.\xa09.00"
    assert mark.note == "Vi regner med 1 arbejdsdag til sparring og rettelser."


@pytest.mark.parametrize(
    ("due", "days", "latest"),
    (
        # Across the change to summer time, and back: always 9.00 on the clock.
        (date(2027, 3, 30), 2, date(2027, 3, 23)),
        (date(2027, 11, 1), 1, date(2027, 10, 29)),
    ),
)
def test_advice_is_counted_in_wall_time(due: date, days: int, latest: date) -> None:
    found = timeline.advice_by(danish.wall(due, NINE), days)

    assert danish.datetime_text(found) == danish.datetime_text(danish.wall(latest, NINE))


@pytest.mark.parametrize(("seconds", "state"), ((0, "next"), (0.9, "next"), (1, "passed")))
def test_a_deadline_has_passed_a_second_after_nine(
    ready: Proposal, seconds: float, state: str
) -> None:
    at = ready.round.qualification_deadline_at + timedelta(seconds=seconds)
    first = next(row for row in drawn(ready, at=at) if row[1] == "Send til faglig kvalificering")

    assert first[0] == state


def test_opened_for_advice_is_done(cast: Cast, ready: Proposal) -> None:
    advice.open_sparring(proposal_pk=ready.pk, by=cast.owner, at=NOW)
    ready.refresh_from_db()

    assert drawn(ready)[0][:2] == ("done", "Åbnet for sparring hos DGO Midtjylland")


def test_missing_commitments_are_named(ready: Proposal) -> None:
    first = ready.participants.listed()[0]
    ready.round.requires_commitments = True
    give_role(ready.owner, Role.MEMBER, organization=first.organization)
    Commitment.objects.create(
        participant=first, is_confirmed=True, answered_at=NOW, answered_by=ready.owner
    )
    rows = Content.of(ready, at=NOW, rows=["participants"]).participants
    mark = next(
        m for m in timeline.marks(ready, sent={}, participants=rows, at=NOW) if "Tilsagn" in m.text
    )

    assert mark.text == "Tilsagn fra deltagerne: 1 af 4"
    assert mark.note == (
        "Mangler: Solrød Kommune, Vandværket ApS og Aarhus Kommune. "
        "Kun kommuner og regioner med tilsagn tæller med ved fristen."
    )
    assert mark.when == "torsdag den\xa029.\xa0april\xa02027 kl.\xa09.00"


def test_commitments_are_told_of_when_the_round_asks_or_somebody_has_answered() -> None:
    silent = ParticipantRow("A", "", "", False, "1", True, "")
    confirmed = replace(silent, name="B", answer="confirmed")
    declined = replace(silent, name="C", answer="declined")

    def said(*rows: ParticipantRow, is_required: bool = False) -> Any:
        return timeline.commitments_text(rows, is_required=is_required)

    assert said(silent) is None
    assert said(silent, is_required=True)[0] == "Tilsagn fra deltagerne: 0 af 1"
    assert said(silent, confirmed, declined) == (
        "Tilsagn fra deltagerne: 1 af 2",
        "Mangler: A.",
        False,
    )
    assert said(confirmed) == ("Tilsagn fra deltagerne: 1 af 1", "", True)


def test_every_status_has_a_way_or_none() -> None:
    world = a_world()
    lengths = {}
    for status in (Status.IN_QUALIFICATION, Status.QUALIFIED, Status.IN_APPROVAL, Status.ACTIVE):
        proposal = proposal_at(status, world)
        sent = dict(proposal.versions.oldest_first().values_list("gate", "frozen_at"))
        lengths[status] = [row[:2] for row in drawn(proposal, sent=sent)]

    assert lengths == {
        Status.IN_QUALIFICATION: [
            ("done", "Sendt til faglig kvalificering"),
            ("next", "Udtalelse fra DGO Midtjylland ventes senest"),
            ("ahead", "Send til godkendelsesforløb"),
            ("ahead", "Møde i forretningsudvalget"),
        ],
        Status.QUALIFIED: [
            ("done", "Sendt til faglig kvalificering"),
            ("next", "Send til godkendelsesforløb"),
            ("ahead", "Møde i forretningsudvalget"),
        ],
        Status.IN_APPROVAL: [
            ("done", "Sendt til faglig kvalificering"),
            ("done", "Sendt til godkendelsesforløb"),
            ("next", "Møde i forretningsudvalget"),
        ],
        Status.ACTIVE: [],
    }


# The clock


DUE = danish.wall(date(2027, 4, 12), NINE)


@pytest.mark.parametrize(
    ("before", "left"),
    (
        (timedelta(hours=24), "24 timer og 0 minutter"),
        (timedelta(hours=24, seconds=1), None),
        (timedelta(minutes=1, seconds=48), "1 minut og 48 sekunder"),
        (timedelta(seconds=1), "1 sekund"),
        (timedelta(0), "0 sekunder"),
        (timedelta(seconds=-0.9), "0 sekunder"),
        (timedelta(seconds=-1), None),
    ),
)
def test_the_clock_is_there_in_the_last_day(before: timedelta, left: str | None) -> None:
    clock = timeline.clock(DUE, at=DUE - before)

    assert (clock and clock.left) == left


def test_the_clock_shows_danish_time_to_the_second() -> None:
    clock = timeline.clock(DUE, at=danish.wall(date(2027, 4, 12), time(8, 58, 12)))

    assert clock
    assert clock.now == "8.58.12"
    assert (clock.due_ms - clock.now_ms) == 108_000


def test_what_is_left_is_right_across_the_clock_change() -> None:
    # Clocks go forward at 2 on Sunday 28 March: from 10.00 on Saturday there are 22 hours, not 23.
    spring = timeline.clock(
        danish.wall(date(2027, 3, 28), NINE), at=danish.wall(date(2027, 3, 27), time(10))
    )
    autumn = timeline.clock(
        danish.wall(date(2027, 10, 31), NINE), at=danish.wall(date(2027, 10, 30), time(10))
    )

    assert spring
    assert autumn
    assert spring.left == "22 timer og 0 minutter"
    assert autumn.left == "24 timer og 0 minutter"


def test_the_pages_show_way_and_clock(pages: Pages, cast: Cast, ready: Proposal, now: Any) -> None:
    pages.as_(cast.owner)
    number = f"/forslag/{ready.number}/"
    for rest in ("afsnit/", ""):
        assert "Vejen til mødet" in pages.get(number + rest).text
    assert "Serverens ur" not in pages.get(f"{number}afsnit/").text

    now.move_to(ready.round.qualification_deadline_at - timedelta(minutes=1, seconds=48))
    pages.as_(cast.owner)
    for rest in ("afsnit/", "afsnit/effekt/", "tjek/"):
        shown = pages.get(number + rest).text
        assert "Serverens ur: 8.58.12 . Der er 1 minut og 48 sekunder til fristen." in shown, rest

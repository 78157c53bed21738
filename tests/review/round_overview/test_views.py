"""A round as the secretariat follows it: where everything stands, what is late, and as a file that holds no formula."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from klimaspor.excel import reading
from proposals.gates import steps as dispensation
from proposals.line.lifecycle import Status
from proposals.rounds.models import Gate
from proposals.sparring import steps as advice
from tests.factories import walk
from tests.factories.intake import NOW, a_ready_draft

if TYPE_CHECKING:
    from datetime import datetime

    import time_machine

    from proposals.line.models import Proposal
    from tests.factories.walk import World
    from tests.pages import Pages

pytestmark = pytest.mark.django_db

TITLE = "=1+1"


@pytest.fixture
def drafts(world: World) -> tuple[Proposal, Proposal]:
    """One that is open to its DGO, and one that its writers keep to themselves."""
    opened = a_ready_draft(world.cast, world.round, title=TITLE)
    advice.open_sparring(proposal_pk=opened.pk, by=world.cast.owner, at=NOW)
    return opened, a_ready_draft(world.cast, world.round, title="Lukket")


def address(world: World, rest: str = "") -> str:
    return f"/sekretariat/runder/{world.round.pk}/{rest}"


def remarks(
    pages: Pages, world: World, now: time_machine.Traveller, at: datetime
) -> dict[str, str]:
    now.move_to(at)
    pages.as_(world.cast.secretariat)
    body = pages.get(address(world, "hent/csv/"), status=200).body.decode("utf-8-sig")
    return {row[0]: row[-1] for row in list(csv.reader(io.StringIO(body), delimiter=";"))[1:]}


def test_what_is_opened_or_sent_is_listed_and_counted(
    pages: Pages, world: World, drafts: tuple[Proposal, Proposal]
) -> None:
    opened, closed = drafts
    sent = walk.proposal_at(Status.IN_QUALIFICATION, world, title="Sendt")
    pages.as_(world.cast.secretariat)

    page = pages.get(address(world))

    assert opened.number in page.text
    assert sent.number in page.text
    assert closed.number not in page.text
    drawn = pages.get(address(world, "?status=draft"))
    assert (opened.number in drawn.text, sent.number in drawn.text) == (True, False)
    assert "Vælg en status fra listen" in pages.get(address(world, "?status=x")).problems
    assert opened.number in pages.get(address(world, "hele/")).text


def test_what_will_not_make_the_second_gate_says_so(
    pages: Pages,
    world: World,
    now: time_machine.Traveller,
    drafts: tuple[Proposal, Proposal],
) -> None:
    opened, _ = drafts
    sent = walk.proposal_at(Status.IN_QUALIFICATION, world, title="Sendt")
    first, second = world.round.qualification_deadline_at, world.round.approval_deadline_at
    hour = timedelta(hours=1)

    assert remarks(pages, world, now, first - hour) == {opened.number: "", sent.number: ""}
    assert remarks(pages, world, now, first + hour)[opened.number] == "Når ikke anden frist"
    assert "til anden frist" in remarks(pages, world, now, second - hour)[sent.number]
    assert remarks(pages, world, now, second + hour)[sent.number] == "Når ikke anden frist"
    dispensation.grant(
        proposal_pk=opened.pk,
        gate=Gate.QUALIFICATION,
        granted_to=world.cast.owner,
        until_at=first + 3 * hour,
        reason="Sygdom",
        by=world.cast.secretariat,
        at=NOW,
    )
    assert remarks(pages, world, now, first + hour)[opened.number] == ""
    # What has leave is not over its term.
    assert opened.number not in pages.get(address(world, "?frist=forsinket")).text


def test_a_file_holds_texts_and_no_formulas(
    pages: Pages, world: World, drafts: tuple[Proposal, Proposal]
) -> None:
    pages.as_(world.cast.secretariat)

    as_text = pages.get(address(world, "hent/csv/")).body.decode("utf-8-sig")
    as_sheet = pages.get(address(world, "hent/xlsx/")).body
    [sheet] = reading.read(io.BytesIO(as_sheet), len(as_sheet))

    [_, row] = csv.reader(io.StringIO(as_text), delimiter=";")
    assert row[1] == f"'{TITLE}"
    assert sheet.rows[1][1] == TITLE
    assert sheet.reckoned == 0
    pages.get(address(world, "hent/pdf/"), status=404)


@pytest.mark.parametrize("count", (1, 3))
def test_a_round_asks_the_same_however_many_there_are(
    pages: Pages, world: World, count: int, django_assert_num_queries: object
) -> None:
    for _ in range(count):
        walk.proposal_at(Status.IN_QUALIFICATION, world)
    pages.as_(world.cast.secretariat).get(address(world))

    with django_assert_num_queries(8):  # type: ignore[operator]  # pytest-django's
        pages.get(address(world))

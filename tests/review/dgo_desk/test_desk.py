"""The DGO's desk: narrowed and sorted by the address, marked with what is new, and as dear however many lie there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from klimaspor.accounts.models import Role
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.reading.models import ReadMark
from proposals.sparring import steps as advice
from review.criteria import steps as criteria
from review.dgo_desk import queries
from review.dgo_desk.forms import SORTS
from review.qualification import holding
from review.qualification import steps as qualification
from review.qualification.seen import Words
from tests.factories.intake import NOW, give_role, person
from tests.factories.walk import AFTER, DAY, a_round, day, proposal_at, qualify, submit

if TYPE_CHECKING:
    import time_machine

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal
    from tests.factories.walk import World
    from tests.pages import Page, Pages

DESK = "/kvalificering/"


def rows(page: Page) -> list[str]:
    body = next(iter(page.root.iter("tbody")), None)
    return [" ".join(" ".join(tr.itertext()).split()) for tr in body.iter("tr")] if body else []


def titles(page: Page) -> list[str]:
    heads = [th for th in page.root.iter("th") if th.get("scope") == "row"]
    return [" ".join(next(th.iter("a")).itertext()) for th in heads]


@pytest.fixture
def colleague(world: World) -> User:
    """Another adviser of the same DGO."""
    other = person("Åse Anden")
    give_role(other, Role.DGO_ADVISER, dgo=world.cast.dgo)
    return other


def opened(world: World, title: str) -> Proposal:
    proposal = proposal_at(Status.DRAFT, world, title=title)
    advice.open_sparring(proposal_pk=proposal.pk, by=world.cast.owner, at=NOW)
    proposal.refresh_from_db()
    return proposal


def returned(world: World, proposal: Proposal) -> Proposal:
    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Mere"},
        answer_date=day(40).date(),
        by=world.cast.adviser,
        at=DAY[1],
    )
    proposal.refresh_from_db()
    return proposal


@pytest.fixture
def desk(world: World, colleague: User) -> dict[str, Proposal]:
    """One of each that may lie there, and what lies with others."""
    found = {
        "Ældst": proposal_at(Status.IN_QUALIFICATION, world, title="Ældst"),
        "Igen": submit(
            returned(world, proposal_at(Status.IN_QUALIFICATION, world, title="Igen")),
            world,
            at=DAY[2],
        ),
        "Kladde": opened(world, "Kladde"),
        "Videre": proposal_at(Status.QUALIFIED, world, title="Videre"),
    }
    proposal_at(Status.DRAFT, world, title="Hemmelig")
    proposal_at(Status.IN_APPROVAL, world, title="Længere fremme")
    return found


def test_all_that_lies_with_the_dgo_comes_by_whose_turn_it_is(
    pages: Pages, world: World, desk: dict[str, Proposal]
) -> None:
    page = pages.as_(world.cast.adviser).get(DESK)
    assert titles(page) == ["Ældst", "Igen", "Kladde", "Videre"]
    assert ["Sendt igen" in row for row in rows(page)] == [False, True, False, False]
    assert ["0 af 3 kriterier" in row for row in rows(page)] == [True, True, False, False]


NARROWED = {
    "tilstand=draft": ["Kladde"],
    "tilstand=in_qualification": ["Ældst", "Igen"],
    "tilstand=qualified": ["Videre"],
    "hvem=mig": ["Igen"],
    "hvem={colleague}": ["Kladde"],
    "hvem=ingen": ["Ældst"],
    "kun=igen": ["Igen"],
    "kun=ny": ["Ældst", "Kladde"],
    "kun=sen": [],
    "q=kladde": ["Kladde"],
    "q=hemmelig": [],
    "runde={round}": ["Ældst", "Igen", "Kladde", "Videre"],
    "runde={later}": [],
    "hvem=mig&kun=igen&tilstand=in_qualification&q=igen": ["Igen"],
    "sort=titel": ["Igen", "Kladde", "Videre", "Ældst"],
    "sort=-titel": ["Ældst", "Videre", "Kladde", "Igen"],
    "sort=nummer": ["Ældst", "Igen", "Kladde", "Videre"],
    "sort=frist&tilstand=in_qualification": ["Ældst", "Igen"],
    "kun=ny&sort=-nummer": ["Kladde", "Ældst"],
}


@pytest.mark.slow("asks the desk for everything there is")
def test_the_address_narrows_and_sorts(
    pages: Pages, world: World, colleague: User, desk: dict[str, Proposal]
) -> None:
    adviser = world.cast.adviser
    # Whoever returned a proposal has it.
    holding.take(proposal_pk=desk["Kladde"].pk, by=colleague, at=AFTER)
    ReadMark.objects.update_or_create(
        proposal=desk["Igen"],
        user=adviser,
        defaults={"read_at": AFTER, "version": desk["Igen"].versions.newest_first()[0]},
    )
    known = {"colleague": colleague.pk, "round": world.round.pk, "later": world.later.pk}
    pages.as_(adviser)

    found = {asked: pages.get(f"{DESK}?{asked.format(**known)}") for asked in NARROWED}

    assert {asked: titles(page) for asked, page in found.items()} == NARROWED
    assert "Ingen forslag hos jer svarer til det" in found["kun=sen"].text
    # Every order shows the same.
    for sort in SORTS:
        assert sorted(titles(pages.get(f"{DESK}?sort={sort}"))) == NARROWED["sort=titel"], sort
    for asked in ("tilstand=x", "hvem=x", "hvem=9999", "kun=x", "runde=x"):
        page = pages.get(f"{DESK}?{asked}")
        assert (len(page.problems), titles(page)) == (1, []), asked


def test_what_is_late_says_so_and_how_long_it_is_taken_in(
    pages: Pages, world: World, desk: dict[str, Proposal], now: time_machine.Traveller
) -> None:
    now.move_to(world.round.dgo_deadline_at + timedelta(seconds=1))
    page = pages.as_(world.cast.adviser).get(f"{DESK}?kun=sen&tilstand=in_qualification")
    assert titles(page) == ["Ældst", "Igen"]
    assert all(
        "Fristen er overskredet , i dag I kan svare indtil 29.4.2027 kl. 9.00" in row
        for row in rows(page)
    )
    # It is, until the second gate.
    written = qualify(desk["Ældst"], world, at=world.round.approval_deadline_at)
    assert written.status == Status.QUALIFIED


def test_what_changed_since_it_was_read_is_named(
    pages: Pages, world: World, desk: dict[str, Proposal], now: time_machine.Traveller
) -> None:
    draft, adviser = desk["Kladde"], world.cast.adviser
    address = f"{DESK}?tilstand=draft"
    assert "Ikke læst af dig" in rows(pages.as_(adviser).get(address))[0]
    version = desk["Ældst"].versions.newest_first()[0]
    ReadMark.objects.create(proposal=desk["Ældst"], user=adviser, read_at=AFTER, version=version)
    assert "læst af dig" not in rows(pages.get(f"{DESK}?q=ældst"))[0]
    assert titles(pages.get(f"{DESK}?kun=ny&q=ældst")) == []
    assert draft.pk


def test_a_tied_adviser_finds_and_counts_nothing_of_it(
    pages: Pages, world: World, colleague: User, desk: dict[str, Proposal]
) -> None:
    hidden = desk["Kladde"]
    holding.take(proposal_pk=hidden.pk, by=colleague, at=AFTER)
    row = impartiality.declare(
        proposal_pk=hidden.pk,
        user=world.cast.adviser,
        reason="Nabo",
        by=world.cast.adviser,
        at=AFTER,
    )
    impartiality.settle(
        impartiality_pk=row.pk, is_impartial=False, note="", by=world.cast.secretariat, at=AFTER
    )

    for asked in ("", "?q=kladde", "?sort=nummer", f"?hvem={colleague.pk}", "?kun=ny"):
        page = pages.as_(world.cast.adviser).get(f"{DESK}{asked}")
        assert hidden.number not in page.text
    assert "Åse Anden: 0" in page.text


def test_how_many_each_has_is_a_way_to_them(
    pages: Pages, world: World, colleague: User, desk: dict[str, Proposal]
) -> None:
    holding.take(proposal_pk=desk["Ældst"].pk, by=colleague, at=AFTER)
    holding.take(proposal_pk=desk["Kladde"].pk, by=colleague, at=AFTER)
    qualification.begin(proposal_pk=desk["Ældst"].pk, by=colleague, at=AFTER)

    page = pages.as_(world.cast.adviser).get(DESK)

    assert "Dig: 1 Åse Anden: 2" in page.text
    assert f"{DESK}?hvem={colleague.pk}" in page.links
    assert titles(pages.get(f"{DESK}?hvem={colleague.pk}")) == ["Ældst", "Kladde"]


def test_no_more_are_counted_than_are_shown(
    pages: Pages, world: World, desk: dict[str, Proposal], monkeypatch: pytest.MonkeyPatch
) -> None:
    adviser = world.cast.adviser
    for title in ("Ældst", "Kladde"):
        holding.take(proposal_pk=desk[title].pk, by=adviser, at=AFTER)
    monkeypatch.setattr(queries, "MOST", 2)
    page = pages.as_(adviser).get(DESK)
    assert "Dig: 99+" in page.text


def test_what_was_given_is_no_load(world: World, pages: Pages) -> None:
    adviser = world.cast.adviser
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    holding.take(proposal_pk=proposal.pk, by=adviser, at=AFTER)
    qualify(proposal, world)
    assert queries.load(adviser, [adviser.pk], at=AFTER) == {}


def test_what_is_written_is_counted_of_the_criteria_that_stand(pages: Pages, world: World) -> None:
    adviser, (first, second, third) = world.cast.adviser, world.criteria
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=adviser, at=AFTER)
    words = Words(statements={first.pk: "Godt", second.pk: "Mere"}, judgments={third.pk: "met"})
    qualification.save(qualification_pk=begun.pk, words=words, by=adviser, at=AFTER)
    assert "3 af 3 kriterier" in rows(pages.as_(adviser).get(DESK))[0]

    criteria.replace(
        criterion_pk=first.pk,
        code="V20",
        title="Nyt",
        text="",
        is_placeholder=False,
        by=world.cast.secretariat,
    )

    assert "2 af 3 kriterier" in rows(pages.get(DESK))[0]


@pytest.mark.slow("walks three proposals to the desk, and loads it several times")
@pytest.mark.parametrize(
    ("asked", "questions"), (("", 10), ("?q=spor&hvem=mig&kun=ny&sort=titel", 9))
)
@pytest.mark.parametrize("count", (1, 3))
def test_the_desk_asks_the_same_however_many_there_are(
    pages: Pages, world: World, count: int, asked: str, questions: int
) -> None:
    adviser = world.cast.adviser
    for _ in range(count):
        begun = proposal_at(Status.IN_QUALIFICATION, world, title="Et spor")
        qualification.begin(proposal_pk=begun.pk, by=adviser, at=AFTER)
        read = proposal_at(Status.IN_QUALIFICATION, world, title="Et spor")
        version = read.versions.newest_first()[0]
        ReadMark.objects.create(proposal=read, user=adviser, read_at=NOW, version=version)
        for proposal in (read, opened(world, "Et spor i kladde")):
            holding.take(proposal_pk=proposal.pk, by=adviser, at=AFTER)
        proposal_at(Status.QUALIFIED, world, title="Et spor")
    # How a word is looked for is asked once, and remembered.
    pages.as_(adviser).get(f"{DESK}{asked}")

    with CaptureQueriesContext(connection) as asked_for:
        page = pages.get(f"{DESK}{asked}")

    assert rows(page)
    assert len(asked_for) == questions, [
        str(query["sql"])[:200] for query in asked_for.captured_queries
    ]


def test_another_round_is_chosen_among_those_there_are(pages: Pages, world: World) -> None:
    a_round(name="Vinter <script>")
    page = pages.as_(world.cast.adviser).get(DESK)
    assert "Vinter <script>" in page.text

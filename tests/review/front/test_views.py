"""The front page for strangers and for those who are signed in, the requirements, and the main menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klimaspor.accounts.models import Role
from proposals.line.lifecycle import Status
from tests.factories.intake import give_role
from tests.factories.walk import proposal_at

if TYPE_CHECKING:
    from tests.factories.walk import World
    from tests.pages import Page, Pages


def test_a_stranger_reads_what_it_is_when_it_closes_and_how_to_begin(
    pages: Pages, world: World
) -> None:
    front = pages.get("/")

    assert front.heading == "Stil forslag til et klimaudviklingsspor"
    assert "mandag den 12. april 2027 kl. 9.00, om 13 arbejdsdage" in front.text
    assert "torsdag den 29. april 2027 kl. 9.00" in front.text
    assert "torsdag den 27. maj 2027" in front.text
    assert "Mindst tre kommuner eller regioner deltager" in front.text
    assert "Midtjylland: Karla Prøve, telefon 12 34 56 78" in front.text
    assert front.primary == ["Nyt forslag"]
    assert {"/forslag/nyt/", "/konto/log-paa/", "/krav/", "/runder/"} <= set(front.links)


def test_a_stranger_finds_no_proposal(pages: Pages, world: World) -> None:
    proposal_at(Status.ON_AGENDA, world, title="Hemmeligt spor")

    assert "Hemmeligt" not in pages.get("/").text


def test_the_front_page_stands_without_a_round(pages: Pages, db: None) -> None:
    assert "Næste runde er ikke meldt ud endnu." in pages.get("/").text


def test_requirements_say_where_they_come_from_and_which_criteria_are_a_placeholder(
    pages: Pages, world: World
) -> None:
    first = world.criteria[0]
    first.is_placeholder = True
    first.save(update_fields=["is_placeholder"])

    page = pages.get("/krav/")

    assert [f"K{n}" in page.text for n in range(1, 10)] == [True] * 9
    assert "Kilde: Klimaudviklingsspor i Klimaalliancen (flyer): Hvem kan være med?" in page.text
    assert "V1 Klimaeffekt foreløbigt V2 Nyhedsværdi" in page.text
    assert "De gælder i runden Forår 2027." in page.text


def test_what_waits_says_what_which_and_until_when(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    page = pages.as_(world.cast.adviser).get("/")

    assert page.heading == "Det venter på dig"
    assert f"{proposal.number} · Aarhus Kommune" in page.text
    assert "Senest mandag den 26. april 2027 kl. 9.00" in page.text
    assert page.primary == [f"Kvalificér forslaget : {proposal.number}"]
    assert f"/kvalificering/{proposal.number}/" in page.links


def test_what_others_do_is_to_be_followed(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    page = pages.as_(world.cast.owner).get("/")

    assert "Intet venter på dig lige nu." in page.text
    assert "Følg med" in page.text
    assert "Nu: DGO Midtjylland kvalificerer." in page.text
    assert f"/forslag/{proposal.number}/" in page.links


def test_nothing_waits_is_a_good_page_too(pages: Pages, world: World) -> None:
    proposal_at(Status.IN_APPROVAL, world, title="Hemmeligt spor")

    page = pages.as_(world.cast.stranger).get("/")

    assert "Intet venter på dig." in page.text
    assert "Hemmeligt" not in page.text
    assert page.primary == ["Nyt forslag"]


@pytest.mark.parametrize(
    ("role", "ways"),
    (
        ("owner", []),
        ("adviser", ["Kvalificering"]),
        ("secretariat", ["Sekretariat", "Møder", "Administration"]),
        ("committee", ["Møder"]),
        ("funder", ["Bevillinger"]),
        ("administrator", ["Administration"]),
    ),
)
def test_the_menu_is_by_role(pages: Pages, world: World, role: str, ways: list[str]) -> None:
    page = pages.as_(getattr(world.cast, role)).get("/")

    expected = ["Det venter på dig", "Forslag", *ways, "Krav og kriterier", "Runder og frister"]
    assert menu(page) == expected


def test_the_menu_counts_only_where_something_waits(pages: Pages, world: World) -> None:
    assert menu(pages.as_(world.cast.adviser).get("/"))[0] == "Det venter på dig"

    proposal_at(Status.IN_QUALIFICATION, world)

    assert menu(pages.get("/"))[0] == "Det venter på dig 1 venter"


def test_one_who_is_two_has_both_ways(pages: Pages, world: World) -> None:
    give_role(world.cast.adviser, Role.COMMITTEE)

    shown = menu(pages.as_(world.cast.adviser).get("/"))

    assert shown == [
        "Det venter på dig",
        "Forslag",
        "Kvalificering",
        "Møder",
        "Krav og kriterier",
        "Runder og frister",
    ]


@pytest.mark.parametrize("count", (1, 3))
def test_the_front_page_asks_the_same_however_much_waits(
    pages: Pages, world: World, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        proposal_at(Status.IN_QUALIFICATION, world)
    pages.as_(world.cast.adviser)

    with django_assert_num_queries(7):
        pages.get("/")


def menu(page: Page) -> list[str]:
    nav = next(e for e in page.root.iter("nav") if e.get("aria-label") == "Hovedmenu")
    return [" ".join(" ".join(a.itertext()).split()) for a in nav.iter("a")]

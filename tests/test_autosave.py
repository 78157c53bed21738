"""Every form that is saved while its writer goes on: a unit comes alone, is saved as by the button, and tells nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import resolve

import pytest

from klimaspor.mail.models import OutgoingMail
from klimaspor.pages import FormPage
from proposals.economy.views import Grid
from proposals.line.models import Event
from review.decision.views import Decisions
from tests.review.test_seen import MINE, THEIRS
from tests.test_pages import PAGES
from tests.test_seen import FIELDWISE, Place, world

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories.walk import World
    from tests.pages import Page, Pages

__all__ = ["world"]  # a fixture


def page_of(place: Place) -> Any:
    return resolve(place.url).func.view_class  # type: ignore[attr-defined]  # a page's


AUTOSAVED = tuple(
    make
    for make in FIELDWISE
    if make.__name__
    in (
        "at_an_idea",
        "at_an_assessment",
        "at_the_check",
        "at_the_recommendation",
        "at_an_item",
        "at_a_decision",
    )
)


@pytest.mark.slow("opens every shared form there is")
def test_every_form_that_saves_itself_is_tried(world: World) -> None:
    there = {page for page in PAGES if issubclass(page, FormPage) and page.is_autosaved}

    # Rows are tried in tests/review/test_attendance.py and tests/proposals/economy/test_grid.py.
    assert {page_of(make(world)) for make in AUTOSAVED} == there - {Decisions, Grid}


def unit_of(place: Place, page: Page) -> str:
    """Give what is saved together with what is typed elsewhere."""
    assert place.elsewhere
    units = [name.removeprefix("base-") for name in page.sent if name.startswith("base-")]
    named = place.elsewhere(MINE)
    [unit] = {u for u in units for n in named if n == u or n.startswith((f"{u}_", f"{u}-"))}
    return unit


def alone(place: Place, page: Page, text: str) -> dict[str, Any]:
    """What the script sends of what is typed elsewhere."""
    assert place.elsewhere
    unit = unit_of(place, page)
    base = f"base-{unit}"
    rest = {name: page.sent[name] for name in ("unsent-slip",)}
    return {"unit": unit, base: page.sent[base], **rest, **place.elsewhere(text)}


def send(pages: Pages, place: Place, data: dict[str, Any]) -> dict[str, Any]:
    answer = pages.client.post(place.url, data, headers={"accept": "application/json"})
    return {"status": answer.status_code, **answer.json()}


@pytest.mark.parametrize("make", AUTOSAVED)
def test_what_comes_alone_is_saved_and_the_rest_left_alone(
    pages: Pages, world: World, make: Callable[[World], Place]
) -> None:
    place = make(world)
    shown = pages.as_(place.first).get(place.url)
    told = (OutgoingMail.objects.count(), Event.objects.count())

    first = send(pages, place, alone(place, shown, THEIRS))
    # A colleague's page, opened before: another field.
    pages.as_(place.second).post(
        place.url, shown.sent | pages.get(place.url).sent | place.typed(MINE)
    )
    again = alone(place, shown, MINE) | {f"base-{unit_of(place, shown)}": first["token"]}
    second = send(pages.as_(place.first), place, again)

    assert (first["state"], second["state"], second["errors"]) == ("saved", "saved", [])
    assert first["said"].startswith("Gemt kl.\xa0")
    assert place.stands_elsewhere() == MINE
    assert place.stands() == MINE
    assert (OutgoingMail.objects.count(), Event.objects.count()) == told
    assert pages.seen(place.url)[f"base-{unit_of(place, shown)}"] == second["token"]


@pytest.mark.parametrize("make", AUTOSAVED)
@pytest.mark.parametrize(("kept", "stands"), (("mine:", MINE), ("theirs:", THEIRS)))
def test_two_who_write_the_same_choose_between_both_texts(
    pages: Pages, world: World, make: Callable[[World], Place], kept: str, stands: str
) -> None:
    place = make(world)
    assert place.elsewhere
    mine = pages.as_(place.second).get(place.url)
    theirs = pages.as_(place.first).get(place.url)
    assert send(pages, place, alone(place, theirs, THEIRS))["state"] == "saved"

    answer = send(pages.as_(place.second), place, alone(place, mine, MINE))

    assert answer["state"] == "conflict"
    assert THEIRS in answer["conflict"]
    assert MINE in answer["conflict"]
    assert place.stands_elsewhere() == THEIRS
    refused = pages.post(place.url, mine.sent | place.elsewhere(MINE), status=409)
    buttons = [b.get("value", "") for b in refused.root.iter("button")]
    [choice] = [value for value in buttons if value.startswith(kept)]
    pages.post(place.url, refused.sent | {"do": choice})
    assert place.stands_elsewhere() == stands


@pytest.mark.parametrize("make", AUTOSAVED)
def test_what_cannot_be_read_is_said_and_nothing_is_saved(
    pages: Pages, world: World, make: Callable[[World], Place]
) -> None:
    place = make(world)
    shown = pages.as_(place.first).get(place.url)
    unit = unit_of(place, shown)
    long = {name: "x" * 30_000 for name in alone(place, shown, MINE) if name.startswith(unit)}

    answer = send(pages, place, alone(place, shown, MINE) | long)

    assert (answer["state"], answer["status"]) == ("invalid", 200)
    assert len(answer["errors"]) == 1
    assert send(pages, place, {"unit": "andet"})["status"] == 400

"""
Two advisers who write one assessment in a real Chromium, and one without JavaScript.

With SCREENS=1 each state is kept as a picture in tests/screens/.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from klimaspor.accounts.models import Role
from proposals.line.lifecycle import Status
from review.qualification import steps as qualification
from tests.factories.intake import NOW, give_role, person
from tests.factories.walk import AFTER, a_world, day, proposal_at
from tests.proposals.drafting.test_browser import look, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import time_machine

    from klimaspor.accounts.models import User
    from review.qualification.models import Qualification
    from tests.factories.walk import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"^Gemt kl\.\s\d+\.\d\d$")


@pytest.fixture
def world(now: time_machine.Traveller) -> World:
    now.move_to(AFTER)
    return a_world()


@pytest.fixture
def draft(world: World) -> Qualification:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    return qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))


@pytest.fixture
def colleague(world: World) -> User:
    found = person("Ronja Rådgiver")
    give_role(found, Role.DGO_ADVISER, dgo=world.cast.dgo, at=NOW)
    return found


@pytest.fixture
def page_of(
    browser: Browser, live_server: Any, draft: Qualification
) -> Iterator[Callable[..., Page]]:
    contexts = []

    def make(user: User, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        sign_in(page, live_server, user)
        page.goto(f"{live_server}/kvalificering/{draft.proposal.number}/")
        return page

    yield make
    for context in contexts:
        context.close()


def box(page: Page, name: str) -> Any:
    return page.locator(f"textarea[name={name}]")


def state(page: Page) -> Any:
    return expect(page.locator("[data-save-state]"))


@pytest.mark.slow("two browsers")
def test_two_advisers_write_in_one_assessment_while_it_saves_itself(
    page_of: Callable[..., Page], world: World, colleague: User, draft: Qualification
) -> None:
    first, second = (f"statement_{criterion.pk}" for criterion in world.criteria[:2])
    his, hers = page_of(world.cast.adviser), page_of(colleague)

    box(his, first).fill("Runes ord om effekten")
    box(his, first).blur()
    state(his).to_have_text(SAVED)
    box(hers, second).fill("Ronjas ord om nyhed")
    box(hers, second).blur()
    state(hers).to_have_text(SAVED)
    assert sorted(s.text for s in draft.statements.all()) == [
        "Ronjas ord om nyhed",
        "Runes ord om effekten",
    ]

    box(hers, first).fill("Ronja ser det anderledes")
    box(hers, first).blur()
    state(hers).to_contain_text("Ikke gemt: det er også ændret et andet sted")
    panel = hers.locator(".conflict")
    expect(panel).to_contain_text("Runes ord om effekten")
    look(hers, "qualification-conflict")
    panel.get_by_role("button", name="Gem min udgave").click()
    expect(hers.locator(".messages")).to_contain_text("Kladden er gemt")
    assert draft.statements.get(criterion=world.criteria[0]).text == "Ronja ser det anderledes"
    assert draft.statements.get(criterion=world.criteria[1]).text == "Ronjas ord om nyhed"


@pytest.mark.slow("a browser")
def test_what_is_typed_is_saved_by_a_press_for_something_else(
    page_of: Callable[..., Page], world: World, draft: Qualification
) -> None:
    page = page_of(world.cast.adviser)

    box(page, "summary").fill("Næsten færdig")
    page.get_by_role("button", name="Gem, hvem der har det").click()

    expect(page.locator(".messages")).to_contain_text("Rune Rådgiver har nu forslaget")
    expect(box(page, "summary")).to_have_value("Næsten færdig")
    expect(page.get_by_text("ikke gemt endnu")).to_have_count(0)
    draft.refresh_from_db()
    assert draft.summary == "Næsten færdig"


def test_what_is_typed_stays_without_javascript(
    page_of: Callable[..., Page], world: World, draft: Qualification
) -> None:
    page = page_of(world.cast.adviser, java_script_enabled=False)

    box(page, "summary").fill("Næsten færdig")
    page.get_by_role("button", name="Gem, hvem der har det").click()

    expect(page.locator(".messages")).to_contain_text("Rune Rådgiver har nu forslaget")
    expect(box(page, "summary")).to_have_value("Næsten færdig")
    expect(page.get_by_text("Det, du skrev, er ikke gemt endnu")).to_be_visible()
    page.get_by_role("button", name="Gem kladde").click()
    draft.refresh_from_db()
    assert draft.summary == "Næsten færdig"

"""An agenda put in order by somebody with a keyboard, with JavaScript and without: one goes on where one was, and hears what happened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from proposals.line.lifecycle import Status
from tests.factories.walk import AFTER, a_world, an_agenda, proposal_at
from tests.proposals.drafting.test_browser import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    import time_machine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=(True, False), ids=("with scripts", "without"))
def page(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server: Any,
    now: time_machine.Traveller,
) -> Iterator[Page]:
    now.move_to(AFTER)
    world = a_world()
    agenda = an_agenda(world, proposal_at(Status.RECOMMENDED, world))
    context = browser.new_context(java_script_enabled=request.param)
    page = context.new_page()
    sign_in(page, live_server, world.cast.secretariat)
    page.goto(f"{live_server}/moeder/{agenda.meeting_date.isoformat()}/dagsorden/")
    yield page
    context.close()


def presses(page: Page, button: str) -> None:
    # What only screen readers get stands in a box of its own, and the browser puts a space before it.
    name = re.compile(button.replace(":", r"\s*:"))
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def is_said(page: Page, sentence: str) -> None:
    expect(page.locator(".messages")).to_have_text(sentence)
    if page.locator("html.js").count():
        expect(page.locator("[data-announcer]")).to_have_text(sentence)


def goes_on_at(page: Page, title: str) -> None:
    """Hold the next thing that the tab key comes to, to be in that row."""
    page.keyboard.press("Tab")
    focused = page.locator("tr:has(:focus) th")
    expect(focused).to_contain_text(title)


def test_focus_follows_what_is_moved_and_goes_on_after_what_is_taken_off(page: Page) -> None:
    presses(page, "Ned: Lavbundsjord")
    is_said(page, "Lavbundsjord er flyttet ned. Punktet er nu nr. 3 af 3.")
    goes_on_at(page, "Lavbundsjord")

    presses(page, "Op: Lavbundsjord")
    is_said(page, "Lavbundsjord er flyttet op. Punktet er nu nr. 2 af 3.")
    goes_on_at(page, "Lavbundsjord")

    presses(page, "Fjern: Lavbundsjord")
    is_said(page, "Lavbundsjord er taget af dagsordenen.")
    goes_on_at(page, "Eventuelt")

    presses(page, "Fjern: Eventuelt")
    is_said(page, "Eventuelt er taget af dagsordenen.")
    goes_on_at(page, "Godkendelse af dagsorden")

"""
The desk in a real Chromium: the keys of its list, and several given by one press with and without JavaScript.

With SCREENS=1 each state is kept as a picture in tests/screens/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from klimaspor.accounts.models import Role
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from review.qualification import holding
from tests.factories.intake import NOW, give_role, person
from tests.factories.walk import AFTER, a_world, proposal_at
from tests.proposals.drafting.test_browser import look, sign_in

if TYPE_CHECKING:
    import time_machine

    from tests.factories.walk import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(now: time_machine.Traveller) -> World:
    now.move_to(AFTER)
    made = a_world()
    give_role(person("Ronja Rådgiver"), Role.DGO_ADVISER, dgo=made.cast.dgo, at=NOW)
    for title in ("Fælles varmepumper", "Lavbundsjord", "Regnvand"):
        proposal_at(Status.IN_QUALIFICATION, made, title=title)
    return made


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText"))


@pytest.mark.slow("two ways of working at a desk in one browser")
def test_the_keys_work_in_the_list_alone_and_can_be_put_off(
    browser: Browser, live_server: Any, world: World
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sign_in(page, live_server, world.cast.adviser)
    here = f"{live_server}/kvalificering/"
    page.goto(here)
    look(page, "desk")
    page.set_viewport_size({"width": 1280, "height": 900})

    # Outside the list a letter is a letter.
    page.keyboard.press("j")
    assert focused(page) != "Fælles varmepumper"
    page.get_by_role("link", name="Fælles varmepumper").focus()
    page.keyboard.press("j")
    assert focused(page) == "Lavbundsjord"
    page.keyboard.press("k")
    assert focused(page) == "Fælles varmepumper"
    page.keyboard.press("x")
    expect(page.locator("[data-row] input:checked")).to_have_count(1)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Taster på listen")
    expect(dialog).to_contain_text("Gå til sparringen for at kommentere")
    look(page, "desk-keys")
    dialog.get_by_role("button", name="Slå tasterne fra").click()
    dialog.get_by_role("button", name="Luk").click()
    page.get_by_role("link", name="Fælles varmepumper").focus()
    page.keyboard.press("j")
    assert focused(page) == "Fælles varmepumper"
    page.get_by_role("button", name="Taster på listen").click()
    dialog.get_by_role("button", name="Slå tasterne til").click()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Lavbundsjord").focus()
    # Ctrl+C copies.
    page.keyboard.press("Control+c")
    assert page.url == here
    page.keyboard.press("c")
    page.wait_for_url("**/sparring/")
    page.go_back()
    page.get_by_role("link", name="Lavbundsjord").focus()
    page.keyboard.press("o")
    page.wait_for_url("**/kvalificering/KS-*/")
    context.close()


@pytest.mark.slow("a desk in a browser without JavaScript")
def test_several_are_given_and_taken_back_without_javascript(
    browser: Browser, live_server: Any, world: World
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, world.cast.adviser)
    page.goto(f"{live_server}/kvalificering/?sort=titel")
    for box in page.locator("[data-row] input[type=checkbox]").all()[:2]:
        box.check(force=True)
    page.get_by_label("Giv de valgte forslag til").select_option("Ronja Rådgiver")
    page.get_by_role("button", name="Giv de valgte").click()
    expect(page.locator(".messages")).to_contain_text("Ronja Rådgiver har nu KS-")
    assert page.url.endswith("/kvalificering/?sort=titel")
    page.get_by_role("button", name="Fortryd fordelingen").click()
    expect(page.locator(".messages")).to_contain_text("Fordelingen er fortrudt: KS-")
    page.get_by_role("button", name="Tag den").first.click()
    expect(page.locator(".messages")).to_contain_text("Du har nu KS-")
    mine = holding.with_holder(Proposal.objects)
    assert mine.filter(holder_id=world.cast.adviser.pk).count() == 1
    context.close()

"""The list on a phone, where its head with the links for sorting is not shown: the same orders are chosen in a list of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.factories.intake import a_ready_draft
from tests.factories.walk import AFTER, a_world
from tests.proposals.drafting.test_browser import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    import time_machine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLES = ("Ådale", "Bølgekraft", "Asfalt")


@pytest.fixture(params=(True, False), ids=("with scripts", "without"))
def page(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server: Any,
    now: time_machine.Traveller,
) -> Iterator[Page]:
    now.move_to(AFTER)
    world = a_world()
    for title in TITLES:
        a_ready_draft(world.cast, world.round, title=title)
    context = browser.new_context(java_script_enabled=request.param, viewport=PHONE)
    page = context.new_page()
    sign_in(page, live_server, world.cast.owner)
    page.goto(f"{live_server}/forslag/?status=draft")
    yield page
    context.close()


def test_another_order_is_chosen_and_the_filters_stay(page: Page) -> None:
    has_scripts = page.locator("html.js").count() == 1
    orders = page.get_by_label("Sortér efter")
    titles = page.locator("tbody th a")

    for order, sorted_titles in (
        ("Titel, fra A til Å", ["Asfalt", "Bølgekraft", "Ådale"]),
        ("Titel, fra Å til A", ["Ådale", "Bølgekraft", "Asfalt"]),
    ):
        orders.focus()
        orders.select_option(label=order)
        if not has_scripts:
            page.get_by_role("button", name="Sortér").click()
        expect(titles).to_have_text(sorted_titles)
        expect(orders.locator("option:checked")).to_have_text(order)
        expect(page.locator("#sort-said")).to_have_text(f"Sorteret efter: {order}")
        assert "status=draft" in page.url
        if has_scripts:
            expect(orders).to_be_focused()
    # As a link that is sent to somebody else says the same.
    page.reload()
    expect(titles).to_have_text(["Ådale", "Bølgekraft", "Asfalt"])

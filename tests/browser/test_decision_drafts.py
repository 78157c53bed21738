"""What the committee decides, and who was there, saved in a real browser while it is written."""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow("starts the portal with its demo")]

SHOTS = os.environ.get("SHOTS", "")
HALF = "Indstillingen blev fulgt, men"


def picture(page: Page, name: str) -> None:
    if not SHOTS:
        return
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def saves(page: Page, type_it: Callable[[], object]) -> None:
    """Type something, leave the field, and wait for the answer to just that."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        type_it()
        page.locator("h1").click()
    assert answer.value.json()["state"] == "saved"
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"Gemt kl\.\s"))


def test_a_decision_and_who_was_there_are_saved_while_they_are_written(browsers: Portal) -> None:
    page = browsers.as_("Birgitte Vesterholm")
    page.goto("/moeder/")
    page.locator("main a[href^='/moeder/20']").first.click()
    page.get_by_role("link", name="Skriv beslutninger").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Beslutninger")
    decisions = page.url

    # One line of three, and then another: the others are open meanwhile.
    for row, said in ((1, "present"), (1, "apologies"), (2, "present")):
        box = page.get_by_label(f"Fremmøde, Person {row}", exact=True)
        saves(page, partial(box.select_option, said))
        expect(page.locator(".form-error-message")).to_have_count(0)
    page.goto(decisions)
    for row, kept in ((1, "apologies"), (2, "present"), (3, "")):
        box = page.get_by_label(f"Fremmøde, Person {row}", exact=True)
        expect(box).to_have_value(kept)

    page.locator("main th a").nth(1).click()
    decide = page.url
    saves(page, partial(page.get_by_label("Beslutningens ordlyd").fill, HALF))
    saves(page, page.get_by_label("Godkendt med betingelser").check)
    page.goto(decide)
    expect(page.get_by_label("Beslutningens ordlyd")).to_have_value(HALF)
    expect(page.get_by_label("Godkendt med betingelser")).to_be_checked()
    picture(page, "decide")
    page.goto(decisions)
    expect(page.get_by_text("kladde, ikke gemt som beslutning")).to_be_visible()
    picture(page, "decisions")
    page.goto(decisions.replace("beslutninger/", "frigiv/"))
    picture(page, "release")

    page.goto(decide)
    page.get_by_role("link", name="Kassér kladden").click()
    expect(page.get_by_text(HALF)).to_be_visible()
    picture(page, "discard")
    page.get_by_role("button", name="Kassér kladden").click()
    expect(page.get_by_text("er kasseret")).to_be_visible()
    page.goto(decide)
    expect(page.get_by_label("Beslutningens ordlyd")).to_have_value("")

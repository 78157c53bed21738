"""A form of any kind is saved while one writes: it says by itself where to, under whose name, and what about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from playwright.sync_api import Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """<!doctype html><html lang="da"><title>Udtalelse</title><h1>Udtalelse</h1>
<form method="post" data-autosave="/udtalelse/gem/" data-writer="7" data-subject="KS-1/udtalelse"
 data-sign-in="/log-paa/" data-no-access="Det er ikke dit længere.">
<input type="hidden" name="csrfmiddlewaretoken" value="mærke"><input type="hidden" name="unsent-slip" value="seddel">
<div data-fetched role="status"><template><p class="alert-text"></p></template></div>
<div data-unit="reasons"><input type="hidden" name="base-reasons" value="1"><div class="form-group">
<label class="form-label" for="id_reasons">Begrundelse</label><input id="id_reasons" name="reasons"></div><div data-conflict></div></div>
<button name="do" value="save">Gem</button><p role="status" data-save-state></p></form>
<p id="count">0</p><script src="/static/js/klimaspor.js" defer></script><script src="/static/js/autosave.js" defer></script>"""


@pytest.fixture
def statement(page: Page, live_server: Any) -> Any:
    """Open the page at a server that answers what it is told to, and keeps what it got."""
    page.route(
        "**/udtalelse/",
        lambda route: route.fulfill(body=PAGE, content_type="text/html; charset=utf-8"),
    )
    got: list[dict[str, str]] = []
    answers: list[dict[str, Any] | int] = []

    def answer(route: Route) -> None:
        sent = parse_qs(route.request.post_data or "", keep_blank_values=True)
        got.append({name: values[0] for name, values in sent.items()})
        given = answers.pop(0)
        if isinstance(given, int):
            route.fulfill(status=given)
        else:
            route.fulfill(body=json.dumps(given), content_type="application/json")

    page.route("**/udtalelse/gem/", answer)
    page.goto(f"{live_server}/udtalelse/")
    return got, answers


def box(page: Page) -> Any:
    return page.get_by_label("Begrundelse")


def line(page: Page) -> Any:
    return expect(page.locator("[data-save-state]"))


def test_form_says_where_it_is_saved_and_what_goes_along(page: Page, statement: Any) -> None:
    got, answers = statement
    answers.append(
        {
            "state": "saved",
            "said": "Gemt kl. 9.00",
            "errors": [],
            "token": "2",
            "parts": {"count": '<p id="count">1</p>'},
        }
    )

    box(page).fill("Solidt")
    keys = page.evaluate("Object.keys(localStorage)")
    box(page).blur()

    line(page).to_have_text("Gemt kl. 9.00")
    assert [key.rpartition(":")[0] for key in keys] == ["klimaspor:7:KS-1/udtalelse:reasons"]
    assert got == [
        {
            "reasons": "Solidt",
            "unit": "reasons",
            "base-reasons": "1",
            "csrfmiddlewaretoken": "mærke",
            "unsent-slip": "seddel",
        }
    ]
    expect(page.locator("#count")).to_have_text("1")
    assert page.evaluate("localStorage.length") == 0
    assert page.locator("[name=base-reasons]").input_value() == "2"


def test_error_that_waited_is_forgotten_when_it_is_right(page: Page, statement: Any) -> None:
    _, answers = statement
    answers.append(
        {
            "state": "invalid",
            "said": "Ikke gemt endnu: der er noget at rette",
            "errors": ["Skriv mere"],
        }
    )
    answers.append({"state": "saved", "said": "Gemt kl. 9.01", "errors": [], "token": "2"})

    box(page).press_sequentially("So")
    line(page).to_have_text("Ikke gemt endnu: der er noget at rette")
    box(page).press_sequentially("lidt")
    line(page).to_have_text("Gemt kl. 9.01")
    box(page).blur()

    expect(page.locator(".form-error-message")).to_have_count(0)


def test_writer_who_may_no_longer_is_told_in_the_forms_own_words(
    page: Page, statement: Any
) -> None:
    _, answers = statement
    answers.append(404)

    box(page).fill("For sent")
    box(page).blur()

    line(page).to_have_text("Det er ikke dit længere.")

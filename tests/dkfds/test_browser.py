"""The face in a real Chromium: readable by everybody, whole on a phone, and of use without JavaScript."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.suite import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.usefixtures("gallery")]

PAGES = ("form", "fejl", "forslag", "liste", "bekraeft")

# Elements that reach beyond the window, the closed menu and what only screen readers meet apart.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('.mobile-drawer') && getComputedStyle(e).position !== 'absolute')
    .filter(e => e.getBoundingClientRect().width && e.getBoundingClientRect().right > width + 1)
    .map(e => e.outerHTML.slice(0, 80));
}"""


@pytest.fixture
def address(live_server: object) -> str:
    return f"{live_server}/galleri"


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    """Fail a test whose page broke a script or the content security policy."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda said: found.append(said.text) if said.type in ("error", "warning") else None,
    )
    yield found
    assert found == []


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Give a page in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", (1280, 390))
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_whole(page: Page, address: str, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/{name}/")

    assert axe.faults(page) == []
    assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_on_the_smallest_screen(page: Page, address: str, name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{address}/{name}/")

    assert page.evaluate(TOO_WIDE) == []


def test_open_menu_is_accessible_and_closes_with_escape(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/forslag/")
    page.get_by_role("button", name="Menu", exact=True).click()

    drawer = page.get_by_role("dialog", name="Menu")
    expect(drawer.get_by_role("link", name="Møder")).to_be_visible()
    expect(page.get_by_role("button", name="Luk menu")).to_be_focused()
    page.wait_for_timeout(400)
    assert axe.faults(page) == []
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_focused()


def test_next_step_comes_before_the_text_on_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/forslag/")

    tops = [
        page.locator(part).first.evaluate("e => e.getBoundingClientRect().top")
        for part in ("h1", ".line", ".box--next", ".page-content", ".meter")
    ]

    assert tops == sorted(tops)


def test_summary_takes_the_focus_and_its_links_lead_to_fields(page: Page, address: str) -> None:
    page.goto(f"{address}/fejl/")

    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="Vælg mindst ét verdensmål").click()
    expect(page.get_by_label("Klimaindsats")).to_be_focused()
    page.get_by_role("link", name="Indtast mødets dato og klokkeslæt").click()
    expect(page.get_by_label("Dato", exact=True)).to_be_focused()


def test_counter_counts_characters_as_the_server_does(page: Page, address: str) -> None:
    page.goto(f"{address}/form/")
    box = page.get_by_label("Overordnet formål")
    counter = page.locator("#id_purpose_limit")

    expect(counter).to_have_text("Du har 600 tegn tilbage")
    box.fill("Klima 🌍\nher")
    expect(counter).to_have_text("Du har 589 tegn tilbage")
    box.fill("x" * 601)
    expect(counter).to_have_text("Du har skrevet 1 tegn for meget")
    assert box.input_value() == "x" * 601


def test_counter_tidies_what_is_pasted_as_the_server_does(page: Page, address: str) -> None:
    page.goto(f"{address}/form/")
    box = page.get_by_label("Overordnet formål")
    counter = page.locator("#id_purpose_limit")
    cases = json.loads((Path(__file__).parents[1] / "lengths.json").read_text())

    said = {}
    for case in cases:
        # As a browser pastes: the box itself makes one of the two that end a line.
        box.evaluate(
            "(box, text) => { box.value = text; box.dispatchEvent(new Event('input')); }",
            case["text"],
        )
        said[case["case"]] = counter.inner_text()

    assert said == {case["case"]: f"Du har {600 - case['length']} tegn tilbage" for case in cases}


def test_rows_come_and_go_at_once(page: Page, address: str) -> None:
    page.goto(f"{address}/form/")
    rows = page.locator('[data-rows="oekonomi"] tbody [data-row]')

    page.get_by_role("button", name="Tilføj linje").click()
    expect(rows).to_have_count(3)
    expect(rows.nth(2).get_by_label("År, Linje 3")).to_be_focused()
    assert (
        rows.nth(2).get_by_label("Beløb i kr., Linje 3").get_attribute("name")
        == "oekonomi-2-amount"
    )
    rows.nth(0).get_by_role("button", name="Fjern linje 1 i Hvem betaler hvad", exact=True).click()
    expect(rows.nth(0)).to_be_hidden()
    # Focus goes on at the next, and what happened is said.
    expect(
        rows.nth(1).get_by_role("button", name="Fjern linje 1 i Hvem betaler hvad", exact=True)
    ).to_be_focused()
    expect(page.locator("[data-announcer]")).to_have_text("Linje 1 i Hvem betaler hvad er fjernet.")
    expect(page.get_by_role("textbox", name="År, Linje 1")).to_have_value("2028")
    assert page.locator('[name="oekonomi-TOTAL_FORMS"]').input_value() == "3"
    assert page.locator('[name="oekonomi-0-DELETE"]').is_checked()


def test_enter_in_a_field_saves_rather_than_adds_a_row(page: Page, address: str) -> None:
    page.goto(f"{address}/form/")
    sent = []
    page.on(
        "request",
        lambda request: sent.append(request.post_data or "") if request.method == "POST" else None,
    )

    page.get_by_label("Forslagets titel").press("Enter")
    page.wait_for_load_state()

    assert len(sent) == 1
    assert "add-row" not in sent[0]


def test_double_press_sends_once_and_a_later_press_again(page: Page, address: str) -> None:
    page.goto(f"{address}/forslag/")
    page.evaluate("""() => {
      window.sent = 0;
      document.addEventListener('submit', e => { if (!e.defaultPrevented) { window.sent += 1; e.preventDefault(); } });
    }""")
    button = page.get_by_role("button", name="Indsend til kvalificering")

    button.dblclick()
    assert page.evaluate("window.sent") == 1
    page.wait_for_timeout(1600)
    button.click()
    assert page.evaluate("window.sent") == 2


def test_message_is_announced(page: Page, address: str) -> None:
    page.goto(f"{address}/forslag/")

    expect(page.locator("[data-announcer]")).to_contain_text("Dit forslag er sendt.")


def test_menu_is_at_the_foot_of_the_page_without_javascript(plain: Page, address: str) -> None:
    plain.goto(f"{address}/forslag/")
    plain.get_by_role("link", name="Menu", exact=True).click()

    assert plain.url.endswith("#menu")
    expect(plain.get_by_role("navigation", name="Menu nederst på siden")).to_be_visible()


def test_a_row_more_without_javascript_keeps_what_was_typed(plain: Page, address: str) -> None:
    plain.goto(f"{address}/form/")
    plain.get_by_label("År, Linje 1").fill("2031")
    plain.get_by_role("button", name="Tilføj linje").click()

    expect(plain.get_by_label("År, Linje 3")).to_be_visible()
    expect(plain.get_by_label("År, Linje 1")).to_have_value("2031")
    expect(plain.locator(".form-error-message")).to_have_count(0)
    expect(plain.get_by_label("Fjern, Linje 3")).to_be_visible()

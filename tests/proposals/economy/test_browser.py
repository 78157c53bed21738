"""The grid of the economy in a real Chromium: by keyboard, by pasting, while it is saved, on a phone, and without JavaScript."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from proposals.economy import steps as economy
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round
from tests.proposals.drafting.test_browser import complaints, look, plain, sign_in
from tests.suite import axe

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from proposals.line.models import Proposal

__all__ = ["complaints", "plain"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now"),
]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    return a_ready_draft(cast, a_round())


def open_grid(page: Page, live_server: Any, cast: Cast, draft: Proposal) -> None:
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{draft.number}/afsnit/oekonomi/aar-for-aar/")


def cell(page: Page, row: int, year: int, table: str = "budget") -> Locator:
    return page.locator(f"#id_skema-{table}-{row}-y{year}")


def put_in(page: Page, where: Locator, text: str) -> None:
    """Paste what a spreadsheet has copied."""
    where.focus()
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData('text/plain', text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_the_grid_is_written_in_as_a_spreadsheet(
    page: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    open_grid(page, live_server, cast, draft)
    cell(page, 0, 2027).focus()
    page.keyboard.press("ArrowDown")
    expect(cell(page, 1, 2027)).to_be_focused()
    page.keyboard.type("1 mio.")
    page.keyboard.press("Enter")
    expect(cell(page, 1, 2027)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cell(page, 0, 2027)).to_be_focused()
    expect(page.locator("#skema-budget-1-total")).to_have_text("1.250.000,50")
    expect(page.locator("#skema-budget-sum-2027")).to_have_text("11.000.000")

    page.locator('button[value="skema-budget-1"]').click()
    expect(cell(page, 1, 2029)).to_have_value("1 mio.")
    expect(page.get_by_text("1 mio. er skrevet i de år, der var tomme")).to_be_visible()
    expect(page.locator("[data-save-state]")).to_contain_text("Gemt kl.")
    assert axe.faults(page) == []
    page.get_by_role("button", name="Gem", exact=True).last.click()
    expect(page.get_by_text("Budget og finansiering er gemt.")).to_be_visible()
    amounts = [line.amount for line in draft.budget_lines.listed() if line.category == "tests"]
    assert amounts == [Decimal(1_000_000), Decimal("250000.50"), Decimal(1_000_000)]


def test_amounts_are_pasted_in_place_and_all_else_is_shown_first(
    page: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    open_grid(page, live_server, cast, draft)
    put_in(page, cell(page, 1, 2028), "1.250.000\t-\r\n5 kr.\t6\r\n")
    expect(cell(page, 1, 2028)).to_have_value("1.250.000")
    expect(cell(page, 1, 2029)).to_have_value("")
    expect(cell(page, 2, 2028)).to_have_value("5 kr.")
    expect(page.get_by_text("2 rækker er sat ind")).to_be_visible()
    put_in(page, cell(page, 0, 2029), "1\t2\n")
    expect(page.get_by_text("Der er flere kolonner")).to_be_visible()
    expect(cell(page, 0, 2029)).to_have_value("")

    put_in(
        page, page.locator("#id_skema-budget-2-description"), "Post\t2027\nUdstyr\t7\nHokus\tx\n"
    )
    expect(page.get_by_role("heading", name="Det har vi læst. Intet er gemt endnu")).to_be_visible()
    expect(page.locator(".error-summary")).to_contain_text("beløbet skal være et tal")
    assert axe.faults(page) == []
    assert draft.budget_lines.filter(category="equipment").count() == 0
    look(page, "intake-oekonomi-indsat")


def test_a_new_line_goes_on_from_the_one_above(
    page: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{draft.number}/afsnit/oekonomi/")
    page.get_by_role("button", name="Tilføj en linje").click()
    rows = page.locator("#linjer_rows")
    expect(rows.get_by_label("År, linje 4")).to_have_value("2029")
    expect(rows.get_by_label("Kilde, linje 4")).to_have_value("Region Midtjylland")
    expect(rows.get_by_label("Status, linje 4")).to_have_value("expected")
    page.get_by_role("button", name="Gem", exact=True).last.click()
    expect(page.get_by_text("Økonomi og medfinansiering er gemt.")).to_be_visible()
    assert draft.financing.count() == 3


def test_the_grid_is_of_use_without_javascript_on_a_phone(
    plain: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    economy.save_budget(proposal_pk=draft.pk, lines=[], by=cast.owner, at=NOW)
    open_grid(plain, live_server, cast, draft)
    plain.get_by_text("Indsæt fra Excel: budget").click()
    plain.locator("#id_paste-budget").fill(
        "Post\t2027\t2028\nLøn og timer\t1.000\t2.000\nI alt\t1.000\t2.000"
    )
    plain.locator('button[value="paste:budget"]').click()
    expect(plain.get_by_text("Budget: 1 række", exact=True)).to_be_visible()
    plain.locator('button[value="skema-budget-0"]').click()
    expect(cell(plain, 0, 2029)).to_have_value("1.000")
    plain.get_by_role("button", name="Gem", exact=True).last.click()
    expect(plain.get_by_text("Budget og finansiering er gemt.")).to_be_visible()
    assert [int(line.amount) for line in draft.budget_lines.listed()] == [1000, 2000, 1000]
    assert plain.evaluate("document.documentElement.scrollWidth") == 390

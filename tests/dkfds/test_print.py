"""A page that is printed from the browser: tables keep their words whole and their width, and a sum stands once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.usefixtures("gallery")]

A4 = {"width": 720, "height": 1000}
TABLE = """() => {
  const row = (tag, ...cells) => `<tr>${cells.map(text => `<${tag}>${text}</${tag}>`).join('')}</tr>`;
  const many = 'Det tæller ikke med, fordi kun kommuner og regioner tæller. '.repeat(3);
  document.querySelector('main').innerHTML = `<table class="table"><tbody>${
    row('td', 'X'.repeat(120), '<span>virksomhed</span>', '<span>leverandør</span>', many, many)
  }</tbody><tfoot>${row('td', 'I alt')}</tfoot></table>`;
}"""


def test_a_printed_table_keeps_words_whole_and_its_width(page: Page, live_server: object) -> None:
    page.set_viewport_size(A4)  # type: ignore[arg-type]  # a size
    page.emulate_media(media="print")
    page.goto(f"{live_server}/galleri/forslag/")
    page.evaluate(TABLE)
    lines = page.locator("td span").evaluate_all("all => all.map(e => e.getClientRects().length)")
    assert lines == [1, 1]
    assert page.evaluate("document.documentElement.scrollWidth") == A4["width"]
    assert page.locator("tfoot").evaluate("e => getComputedStyle(e).display") == "table-row-group"

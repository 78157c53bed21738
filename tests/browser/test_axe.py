"""What only one of the widths shows is held to the rules too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.suite import axe

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="da"><title>Side</title><style>
  @media (max-width: 600px) {{ .wide {{ display: none }} .pale {{ color: #ccc }} }}
  @media (min-width: 601px) {{ .narrow {{ display: none }} }}
</style><main><h1>Overskrift</h1>{}</main>"""


@pytest.mark.parametrize(
    ("content", "wide", "narrow"),
    (
        ("<p>Tekst</p>", [], []),
        ("<div class='wide'><button></button></div>", ["button-name"], []),
        ("<div class='narrow'><button></button></div>", [], ["button-name"]),
        ("<p class='pale'>Tekst</p>", [], ["color-contrast"]),
        ("<img src='data:,'>", ["image-alt"], []),
    ),
    ids=("whole", "wide", "narrow", "pale", "both"),
)
def test_a_fault_is_found_at_the_width_that_shows_it(
    page: Page, content: str, wide: list[str], narrow: list[str]
) -> None:
    def found(size: ViewportSize) -> list[str]:
        page.set_viewport_size(size)
        return [rule for rule, _ in axe.faults(page)]

    page.set_content(PAGE.format(content))
    assert (found(DESKTOP), found(PHONE)) == (wide, narrow)  # type: ignore[arg-type]  # sizes


def test_a_page_that_is_only_seen_narrow_meets_all_rules(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a size
    page.set_content(PAGE.format("<img src='data:,'>"))

    assert [rule for rule, _ in axe.faults(page)] == ["image-alt"]

"""
Pages held to axe's rules.

A page that is looked at wide and then narrow meets all rules wide. Narrow it meets those that may come out otherwise there, and
all of them again for what a narrow page alone shows. A page that is only looked at narrow meets them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Axe().axe_script

BY_LAYOUT = [
    "color-contrast",
    "link-in-text-block",
    "scrollable-region-focusable",
    "target-size",
]
"""What depends on how wide the page is: what lies over what, and how large it is."""

RUN = """async byLayout => {
  const kind = {resultTypes: ['violations']};
  const shown = [...document.querySelectorAll('*')].filter(e => e.checkVisibility({visibilityProperty: true}));
  const found = async (where, options) => (await axe.run(where, {...kind, ...options})).violations;
  if (innerWidth >= 1000) {
    window.shownWide = new WeakSet(shown);
    return found(document, {});
  }
  if (!window.shownWide) return found(document, {});
  const more = new Set(shown.filter(e => !window.shownWide.has(e)));
  const include = [...more].filter(e => !more.has(e.parentElement));
  const wrong = await found(document, {runOnly: byLayout});
  return include.length ? [...wrong, ...await found({include}, {})] : wrong;
}"""


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """Give each rule the page breaks at the width it has, with the elements that do."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(SCRIPT)
    broken: list[dict[str, Any]] = page.evaluate(RUN, BY_LAYOUT)
    return [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in broken]

"""Lists that go on by themselves, in a real Chromium: by keys, by an input method, undone again, and saved while one writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.proposals.drafting.test_browser_autosave import (  # noqa: F401  # fixtures
    SAVED,
    browsers,
    cast,
    draft,
    effects,
    hers,
    section,
    state,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from proposals.line.models import Proposal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now"),
]


def test_a_list_goes_on_ends_and_is_undone(hers: Page, section: str, draft: Proposal) -> None:  # noqa: F811  # fixtures
    hers.goto(f"{section}/effekt/")
    box = effects(hers)
    box.fill("")
    box.press_sequentially("Vi vil:\n- et\nto\n\nSlut\nSlut")
    assert box.input_value() == "Vi vil:\n- et\n- to\nSlut\nSlut"

    # Undone by the browser's own keys, as anything typed is.
    box.fill("")
    box.press_sequentially("- et")
    box.press("Enter")
    assert box.input_value() == "- et\n- "
    box.press("Control+z")
    assert box.input_value() in ("- et", "")
    box.press("Control+Shift+z")
    assert box.input_value() == "- et\n- "

    box.fill("")
    box.press_sequentially("- et")
    box.press("Shift+Enter")
    box.press_sequentially("samme punkt")
    assert box.input_value() == "- et\nsamme punkt"

    # In the middle of a point, of one that lies under another, and before the dash.
    box.fill("  - en to")
    for _ in range(3):
        box.press("ArrowLeft")
    box.press("Enter")
    assert box.input_value() == "  - en\n  -  to"
    box.fill("- et")
    box.press("Home")
    box.press("Enter")
    assert box.input_value() == "\n- et"
    box.fill("-5 grader")
    box.press("Enter")
    assert box.input_value() == "-5 grader\n"

    box.fill("")
    box.press_sequentially("- gemt\nogså")
    expect(hers.locator("[data-save-state]")).to_have_text(SAVED, timeout=15_000)
    draft.refresh_from_db()
    assert draft.effects == "- gemt\n- også"


def test_what_an_input_method_puts_together_is_left_alone(hers: Page, section: str) -> None:  # noqa: F811  # fixtures
    hers.goto(f"{section}/effekt/")
    box = effects(hers)
    box.fill("- ")
    box.focus()
    keys = hers.context.new_cdp_session(hers)
    keys.send("Input.imeSetComposition", {"text": "be", "selectionStart": 2, "selectionEnd": 2})
    assert box.input_value() == "- be"
    keys.send("Input.insertText", {"text": "bedre"})
    assert box.input_value() == "- bedre"

    # As a phone sends it: no key is told.
    keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": "Unidentified", "text": "\r"})
    assert box.input_value() == "- bedre\n- "

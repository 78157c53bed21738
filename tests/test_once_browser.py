"""Two presses and an old page, in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from proposals.line.models import Proposal
from proposals.sparring import steps as sparring
from proposals.sparring.models import Advice
from tests.factories.intake import NOW, a_cast, a_ready_draft, a_round
from tests.proposals.drafting.test_browser import look, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now"),
]


def test_a_double_press_makes_one_copy(page: Page, live_server: Any) -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round())
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{proposal.number}/kopier/")

    page.get_by_role("button", name="Opret kopien").dblclick()

    expect(page.get_by_role("heading", level=1)).to_have_text("Dit forslag")
    assert Proposal.objects.count() == 2


def test_what_is_written_in_an_old_page_is_shown_and_kept(page: Page, live_server: Any) -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round())
    sparring.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    sign_in(page, live_server, cast.adviser)
    address = f"{live_server}/forslag/{proposal.number}/sparring/kommentar/"
    page.goto(address)
    key = page.locator("main input[name=once]").first.input_value()
    page.get_by_label("Din kommentar").fill("Hvad med vinden?")
    page.get_by_role("button", name="Send kommentar").click()
    expect(page.get_by_text("Det er sendt.")).to_be_visible()

    # As a browser that keeps its pages brings it back.
    page.goto(address)
    page.locator("main input[name=once]").first.evaluate("(e, key) => { e.value = key }", key)
    page.get_by_label("Din kommentar").fill("Hvad med solen?")
    page.get_by_role("button", name="Send kommentar").click()

    expect(page.get_by_label("Din kommentar")).to_have_value("Hvad med solen?")
    expect(page.locator(".error-summary, .alert-error").first).to_contain_text("er ikke gemt")
    look(page, "once")
    assert Advice.objects.count() == 1
    page.get_by_role("button", name="Send kommentar").click()
    expect(page.get_by_text("Det er sendt.")).to_be_visible()
    assert Advice.objects.count() == 2

"""Answering with a code, in a real Chromium: whole at both widths, accessible, and of use without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from proposals.commitments import steps as commitment
from proposals.participants.models import Commitment
from tests.factories.intake import NOW, a_cast, a_ready_draft, a_round
from tests.proposals.commitments.test_visits import code_in_letter
from tests.proposals.drafting.test_browser import look, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proposals.participants.models import Participant

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now"),
]

LONG = "birgitte.christensen-vestergaard.klimasekretariatet@en-meget-lang-kommune.example.org"


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Give a page in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.fixture
def solroed() -> Participant:
    proposal = a_ready_draft(a_cast(), a_round(), title="Fælles metode til lavbundsjord")
    found: Participant = proposal.participants.listed()[0]
    return found


def asked(participant: Participant) -> str:
    sent = commitment.ask(
        participant_pk=participant.pk,
        name="Birgitte Christensen-Vestergaard",
        email=LONG,
        by=participant.proposal.owner,
        at=NOW,
    )
    return f"/invitation/forslag/{sent.token}/"


def test_each_page_is_whole(page: Page, live_server: Any, solroed: Participant) -> None:
    link = asked(solroed)
    page.goto(f"{live_server}{link}")
    look(page, "visit-invitation")
    page.get_by_role("button", name="Send mig en kode").click()
    page.get_by_label("Kode").fill("12")
    page.get_by_role("button", name="Fortsæt").click()
    expect(page.get_by_label("Kode")).to_have_value("12")
    look(page, "visit-code")
    page.get_by_label("Kode").fill(code_in_letter())
    page.get_by_role("button", name="Fortsæt").click()
    look(page, "visit")
    page.get_by_label("Timer, I lægger i sporet").fill("120")
    page.get_by_role("button", name="Bekræft, at vi er med").click()
    expect(page.get_by_text("I har svaret, at")).to_be_visible()
    look(page, "visit-answered")
    page.get_by_role("button", name="Afslut").click()
    expect(page.get_by_text("Du har afsluttet.")).to_be_visible()

    sign_in(page, live_server, solroed.proposal.owner)
    page.goto(f"{live_server}/forslag/{solroed.proposal.number}/deltager/{solroed.pk}/")
    look(page, "visit-for-the-writers")


def test_without_javascript(plain: Page, live_server: Any, solroed: Participant) -> None:
    plain.goto(f"{live_server}{asked(solroed)}")
    plain.get_by_role("button", name="Send mig en kode").click()
    plain.get_by_role("button", name="Send en ny kode").click()
    plain.get_by_label("Kode").fill(code_in_letter())
    plain.get_by_role("button", name="Fortsæt").click()
    plain.get_by_role("button", name="Svar, at vi ikke er med").click()
    expect(plain.get_by_text("Skriv, hvorfor I ikke er med").first).to_be_visible()
    plain.get_by_label("Hvorfor er I ikke med?").fill("Ikke i år.")
    plain.get_by_role("button", name="Svar, at vi ikke er med").click()

    expect(plain.get_by_text("er ikke med. Forslagets ejer har fået besked")).to_be_visible()
    said = Commitment.objects.get(participant=solroed)
    assert (said.is_confirmed, said.reason) == (False, "Ikke i år.")

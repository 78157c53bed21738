"""A conversation in a real Chromium: what is written is kept until it is sent, and the pages are whole at both widths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from proposals.sparring import steps as advice
from proposals.sparring.models import Advice, AdviceKind, Circle
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round
from tests.proposals.drafting.test_browser import look, sign_in

if TYPE_CHECKING:
    from proposals.line.models import Proposal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now"),
]


def a_conversation() -> tuple[Cast, Proposal]:
    """A draft about which everything has been said that can be said."""
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round(), title="Fælles metode til udtagning af lavbundsjord")
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    about: dict[str, Any] = {"proposal_pk": proposal.pk, "by": cast.adviser, "at": NOW}
    first = advice.comment(
        **about, section="", text="Hvem er med?", mentioned=[cast.owner, cast.secretariat]
    )
    advice.answer(thread_pk=first.pk, text="Tre kommuner.", by=cast.owner, at=NOW)
    advice.edit(advice_pk=first.pk, text="Hvem er med fra begyndelsen?", by=cast.adviser, at=NOW)
    advice.comment(**about, section="effekt", text="Skriv tal på.", kind=AdviceKind.CHANGE)
    advice.comment(
        **about,
        section="effekt",
        name="effects",
        text="Den er kortere.",
        suggestion="Vi sparer 12.000 ton om året fra 2029.",
        kind=AdviceKind.WORDING,
    )
    advice.comment(**about, section="effekt", text="Er den moden?", circle=Circle.ADVISERS)
    done = advice.comment(**about, section="rus", text="Godt set.")
    advice.resolve(thread_pk=done.pk, by=cast.adviser, at=NOW)
    return cast, proposal


@pytest.mark.slow("looks at four pages at two widths")
def test_pages_are_accessible_and_whole(page: Page, live_server: Any) -> None:
    cast, proposal = a_conversation()
    here = f"{live_server}/forslag/{proposal.number}"
    sign_in(page, live_server, cast.adviser)
    page.goto(f"{here}/sparring/")
    page.get_by_text("Nævn nogen", exact=True).click()
    look(page, "traade-raadgiver")
    page.goto(f"{here}/sparring/ret/{Advice.objects.oldest_first()[0].pk}/")
    look(page, "traade-ret")
    sign_in(page, live_server, cast.owner)
    page.goto(f"{here}/sparring/")
    look(page, "traade-ejer")
    page.goto(f"{here}/afsnit/")
    look(page, "traade-opgaver")


def test_what_is_written_is_kept_until_it_is_sent(page: Page, live_server: Any) -> None:
    cast, proposal = a_conversation()
    here = f"{live_server}/forslag/{proposal.number}/sparring/"
    thread = Advice.objects.oldest_first()[0]
    sign_in(page, live_server, cast.adviser)
    page.goto(here)
    page.get_by_label("Din kommentar", exact=True).fill("Er det\n\n- dyrt?\n- muligt?")
    page.get_by_label("Kun DGO og sekretariat").check()
    page.locator(f"#kommentar-{thread.pk}").get_by_text("Svar", exact=True).click()
    page.locator(f"#id_svar{thread.pk}-text").fill("Et halvt svar")

    # The browser closes; the page is opened anew.
    page.goto("about:blank")
    page.goto(here)

    expect(page.get_by_text("Vi har hentet det, du skrev her og ikke fik sendt.")).to_be_visible()
    expect(page.get_by_label("Din kommentar", exact=True)).to_have_value(
        "Er det\n\n- dyrt?\n- muligt?"
    )
    # Whom it was meant for comes back with it.
    expect(page.get_by_label("Kun DGO og sekretariat")).to_be_checked()
    expect(page.locator(f"#id_svar{thread.pk}-text")).to_be_visible()
    expect(page.locator(f"#id_svar{thread.pk}-text")).to_have_value("Et halvt svar")

    page.get_by_role("button", name="Send kommentar").click()
    expect(page.get_by_text("Det er sendt.")).to_be_visible()
    # What else was typed is still there; what was sent is not put back.
    expect(page.locator(f"#id_svar{thread.pk}-text")).to_have_value("Et halvt svar")
    expect(page.get_by_label("Din kommentar", exact=True)).to_have_value("")
    page.goto(here)
    expect(page.get_by_label("Din kommentar", exact=True)).to_have_value("")
    expect(page.locator(f"#id_svar{thread.pk}-text")).to_have_value("Et halvt svar")
    assert Advice.objects.filter(circle=Circle.ADVISERS).count() == 2


def test_what_is_kept_is_its_writers_alone(page: Page, live_server: Any) -> None:
    cast, proposal = a_conversation()
    here = f"{live_server}/forslag/{proposal.number}/sparring/"
    sign_in(page, live_server, cast.adviser)
    page.goto(here)
    page.get_by_label("Din kommentar", exact=True).fill("Mellem os")

    sign_in(page, live_server, cast.owner)
    page.goto(here)

    expect(page.get_by_label("Din kommentar", exact=True)).to_have_value("")


def test_an_edit_is_kept_until_it_is_saved(page: Page, live_server: Any) -> None:
    cast, proposal = a_conversation()
    thread = Advice.objects.oldest_first()[0]
    here = f"{live_server}/forslag/{proposal.number}/sparring/ret/{thread.pk}/"
    sign_in(page, live_server, cast.adviser)
    page.goto(here)
    page.get_by_label("Din kommentar", exact=True).fill("Hvem er med til sidst?")
    page.goto("about:blank")
    page.goto(here)
    expect(page.get_by_label("Din kommentar", exact=True)).to_have_value("Hvem er med til sidst?")
    page.get_by_role("button", name="Gem rettelsen").click()
    expect(page.get_by_text("Rettelsen er gemt.")).to_be_visible()
    page.goto(here)
    expect(page.get_by_label("Din kommentar", exact=True)).to_have_value("Hvem er med til sidst?")
    expect(page.get_by_text("Vi har hentet")).to_have_count(0)


def test_what_was_sent_from_beside_the_text_is_not_put_back(page: Page, live_server: Any) -> None:
    cast, proposal = a_conversation()
    here = f"{live_server}/forslag/{proposal.number}"
    sign_in(page, live_server, cast.adviser)

    def opens(about: str) -> None:
        page.goto(f"{here}/sparring/kommentar/?om={about}&fra=indhold")

    def text() -> str:
        return page.get_by_label("Din kommentar", exact=True).input_value()

    # Begun beside one answer, and left.
    opens("effekt/risks")
    page.get_by_label("Din kommentar", exact=True).fill("Halvt skrevet")
    opens("effekt/effects")
    assert text() == ""
    page.get_by_label("Din kommentar", exact=True).fill("Skriv årstal på.")
    page.get_by_role("button", name="Send kommentar").click()
    expect(page.get_by_text("Det er sendt.").first).to_be_visible()
    expect(page.get_by_text("Skriv årstal på.")).to_be_visible()

    opens("effekt/effects")
    assert text() == ""
    opens("effekt/risks")
    assert text() == "Halvt skrevet"

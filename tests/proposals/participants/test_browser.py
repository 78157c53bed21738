"""Who takes part, in a real browser: Enter searches and the focus stays, with and without scripts; a list and its contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from proposals.commitments import steps as commitment
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_round
from tests.proposals.drafting.test_browser import full, look, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proposals.line.models import Proposal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now"),
]
SEARCH = "Find kommune, region eller anden organisation"


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    return a_draft(cast, a_round())


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Give a page in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_enter_searches_and_the_focus_and_the_word_stay(
    page: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    sign_in(page, live_server, cast.owner)
    posts: list[str] = []
    page.on("request", lambda asked: posts.append(asked.url) if asked.method == "POST" else None)
    page.goto(f"{live_server}/forslag/{draft.number}/afsnit/deltagere/")
    box = page.get_by_label(SEARCH)
    box.fill("sol")
    box.press("Enter")
    expect(page.get_by_role("button", name="Tilføj Solrød Kommune")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("sol")
    assert posts == []

    page.get_by_label("Solrød Kommune kommune").check(force=True)
    box.fill("ær")
    box.press("Enter")
    page.get_by_label("Ærø Kommune kommune").check(force=True)
    expect(page.get_by_label("Solrød Kommune kommune")).to_be_checked()
    look(page, "deltagere-valgt")
    page.get_by_role("button", name="Tilføj valgte").click()
    expect(
        page.get_by_text("2 deltagere er tilføjet: Solrød Kommune og Ærø Kommune.")
    ).to_be_visible()


def test_enter_searches_on_whose_behalf(
    page: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    sign_in(page, live_server, cast.owner)
    for path in ("nyt/", f"{draft.number}/paa-vegne-af/"):
        page.goto(f"{live_server}/forslag/{path}")
        box = page.get_by_label("Find en anden organisation")
        box.fill("ær")
        box.press("Enter")
        expect(page.get_by_label("Ærø Kommune")).to_be_visible()
        expect(box).to_be_focused()
        expect(box).to_have_value("ær")


def test_enter_searches_without_javascript(
    plain: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    sign_in(plain, live_server, cast.owner)
    for path, label in (
        (f"{draft.number}/afsnit/deltagere/", SEARCH),
        ("nyt/", "Find en anden organisation"),
    ):
        plain.goto(f"{live_server}/forslag/{path}")
        box = plain.get_by_label(label)
        box.fill("ær")
        box.press("Enter")
        expect(plain.get_by_text("Ærø Kommune").first).to_be_visible()
        expect(box).to_have_value("ær")
        expect(box).to_be_focused()


def test_a_list_is_pasted_looked_at_and_added(
    page: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{draft.number}/afsnit/deltagere/")
    page.get_by_role("button", name="Sæt listen ind på én gang").click()
    text = "Solrød\nbornholm\nAarhus\nRegion Midt\nForeningen Grønne Landsbyer på Sydfyn og Øerne"
    page.get_by_label("Listen over deltagere").fill(text)
    look(page, "liste")
    page.get_by_role("button", name="Find deltagerne").last.click()
    expect(page.get_by_role("heading", name="Det fandt vi")).to_be_focused()
    look(page, "liste-fundet")
    page.get_by_role("button", name="Tilføj de valgte").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "liste-fejl")
    page.get_by_label("Region Midt er").select_option(label="Region Midtjylland")
    page.get_by_role("button", name="Tilføj de valgte").click()
    expect(page.get_by_text("3 deltagere er tilføjet")).to_be_visible()


def test_contacts_for_all_are_accessible_and_whole(
    page: Page, live_server: Any, cast: Cast
) -> None:
    proposal = full(cast)
    first = proposal.participants.listed()[0]
    commitment.ask(
        participant_pk=first.pk, name="Sif Prøve", email="sif@example.org", by=cast.owner, at=NOW
    )
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{proposal.number}/deltager/kontakter/")
    look(page, "kontakter")
    page.get_by_label("Kontaktperson hos Solrød Kommune").fill("Ane Prøve")
    page.get_by_role("button", name="Gem og send brevene").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "kontakter-fejl")
    page.get_by_label("Mailadresse hos Solrød Kommune").fill("Ane Prøve <ane@example.org>")
    page.get_by_role("button", name="Gem og send brevene").click()
    expect(page.get_by_text("1 brev er sendt til Solrød Kommune.")).to_be_visible()

"""Who has access, in a real Chromium: whole at both widths, accessible, and of use without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from proposals.sparring import steps as advice
from proposals.submission import steps as submission
from proposals.writers import invitation
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round
from tests.factories.parties import let_in, proved
from tests.proposals.drafting.test_browser import look, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klimaspor.accounts.links import Sent
    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal

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


def asked(proposal: Proposal, email: str, *, days: int = 0, **more: Any) -> Sent:
    given = {"name": "", "function": "read", "by": proposal.owner}
    return invitation.invite(
        proposal_pk=proposal.pk, email=email, at=NOW - timedelta(days=days), **{**given, **more}
    )


def shared(cast: Cast) -> tuple[Proposal, User]:
    """A proposal with people in every capacity, and invitations in every state."""
    proposal = a_ready_draft(cast, a_round(), title="Fælles metode til udtagning af lavbundsjord")
    maja, rita = proved("Maja Holm"), proved("Rita Reader")
    let_in(proposal, maja)
    let_in(proposal, rita, "read")
    asked(proposal, "for.sent@example.org", days=20)
    gone = asked(proposal, "fortrudt@example.org", days=2)
    invitation.withdraw(invitation_pk=gone.invitation.pk, by=cast.owner, at=NOW)
    participant = proposal.participants.listed()[0]
    asked(proposal, LONG, name="Birgitte Christensen-Vestergaard", participant=participant)
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    return proposal, maja


def test_pages_are_accessible_and_whole(page: Page, live_server: Any) -> None:
    cast = a_cast()
    proposal, maja = shared(cast)
    here = f"{live_server}/forslag/{proposal.number}"
    sign_in(page, live_server, cast.owner)
    page.goto(f"{here}/adgang/")
    look(page, "adgang-ejer")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "adgang-fejl")
    page.get_by_role("link", name="Fjern adgangen for Maja Holm").click()
    look(page, "adgang-fjern")
    page.goto(f"{here}/overdrag/")
    look(page, "adgang-overdrag")
    page.goto(f"{here}/")
    look(page, "adgang-overblik")
    page.context.clear_cookies()
    sign_in(page, live_server, maja)
    page.goto(f"{here}/adgang/")
    look(page, "adgang-skribent")
    page.get_by_role("link", name="Forlad forslaget").click()
    look(page, "adgang-forlad")


def test_on_behalf_is_accessible_and_finds_as_one_types(page: Page, live_server: Any) -> None:
    cast = a_cast()
    draft = a_ready_draft(cast, a_round())
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{draft.number}/paa-vegne-af/")
    page.get_by_label("Find en anden organisation").fill("ær")
    page.get_by_label("Ærø Kommune").check()
    look(page, "adgang-paa-vegne-af")
    page.get_by_role("button", name="Gem").click()
    expect(page.locator("main").get_by_text("på vegne af Ærø Kommune").first).to_be_visible()


def test_the_invitation_is_accessible_to_everybody_it_may_meet(
    page: Page, live_server: Any
) -> None:
    cast = a_cast()
    draft = a_ready_draft(cast, a_round(), title="Fælles metode til udtagning af lavbundsjord")
    maja = proved("Maja Holm")
    sent = asked(draft, maja.email, function="write")
    url = f"{live_server}/invitation/forslag/{sent.token}/"
    page.goto(url)
    look(page, "invitation-ukendt")
    sign_in(page, live_server, cast.stranger)
    page.goto(url)
    look(page, "invitation-anden")
    page.context.clear_cookies()
    sign_in(page, live_server, maja)
    page.goto(url)
    look(page, "invitation-egen")
    page.get_by_role("button", name="Tag imod").click()
    expect(page.get_by_text(f"Du kan nu skrive i {draft.number}.")).to_be_visible()
    look(page, "invitation-taget-imod")


def test_inviting_and_accepting_need_no_javascript(plain: Page, live_server: Any) -> None:
    cast = a_cast()
    draft = a_ready_draft(cast, a_round())
    maja = proved("Maja Holm")
    sign_in(plain, live_server, cast.owner)
    plain.goto(f"{live_server}/forslag/{draft.number}/adgang/")
    plain.get_by_label("Mailadresse").fill(maja.email)
    plain.get_by_label("Skrive i alle afsnit og indsende").check()
    plain.get_by_role("button", name="Send invitation").click()
    expect(plain.get_by_text(f"Invitationen er sendt til {maja.email}.")).to_be_visible()
    plain.get_by_role("button", name="Send igen").click()
    expect(plain.get_by_text("Det gamle link virker ikke mere.")).to_be_visible()
    plain.get_by_role("button", name="Træk tilbage").click()
    expect(plain.get_by_text("er trukket tilbage. Linket virker ikke mere.")).to_be_visible()

    sent = asked(draft, maja.email, function="write")
    plain.context.clear_cookies()
    sign_in(plain, live_server, maja)
    plain.goto(f"{live_server}/invitation/forslag/{sent.token}/")
    plain.get_by_role("button", name="Tag imod").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Dit forslag")

"""
The pages of intake in a real Chromium: whole at both widths, accessible, and of use by keyboard and without JavaScript.

With SCREENS=1 each page is kept as a picture in tests/screens/.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client

import pytest
from playwright.sync_api import Browser, Page, expect

from proposals.attachments import steps as attachments
from proposals.drafting import steps as drafting
from proposals.line.models import Proposal
from proposals.participants import steps as participants
from proposals.sparring import steps as advice
from proposals.submission import steps as submission
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_ready_draft, a_round
from tests.suite import axe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klimaspor.accounts.models import User

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now"),
]

SCREENS = Path(__file__).parent.parent / "screens"

# Elements that reach beyond the window, the closed menu and what only screen readers meet apart.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('.mobile-drawer') && getComputedStyle(e).position !== 'absolute')
    .filter(e => e.getBoundingClientRect().width && e.getBoundingClientRect().right > width + 1)
    .map(e => e.outerHTML.slice(0, 80));
}"""


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    """Fail a test whose page broke a script or the content security policy."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda said: found.append(said.text) if said.type in ("error", "warning") else None,
    )
    yield found
    assert [said for said in found if "409 (Conflict)" not in said] == []


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    return a_draft(cast, a_round())


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Give a page in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def sign_in(page: Page, live_server: Any, user: User) -> None:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": str(live_server)}]
    )


def look(page: Page, name: str) -> None:
    """Hold what is on the screen to both widths and to the accessibility rules."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        if os.environ.get("SCREENS"):
            SCREENS.mkdir(exist_ok=True)
            page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)
        assert axe.faults(page) == [], f"{name} at {width}"
        assert page.evaluate(TOO_WIDE) == [], f"{name} at {width}"


def full(cast: Cast) -> Proposal:
    """A proposal as it looks in use: with rows, a file, a conversation, sent once and being changed."""
    proposal = a_ready_draft(cast, a_round(), title="Fælles metode til udtagning af lavbundsjord")
    attachments.add_attachment(
        proposal_pk=proposal.pk,
        title="Tilsagn fra Ærø Kommune",
        file=ContentFile(b"%PDF-1.7\n%%EOF\n" * 9000),
        file_name="tilsagn-aeroe-kommune.pdf",
        content_type="application/pdf",
        by=cast.owner,
        at=NOW,
    )
    participants.add_participant(
        proposal_pk=proposal.pk,
        typed_name="Foreningen Grønne Landsbyer på Sydfyn og Øerne",
        typed_kind="association",
        role="knowledge",
        by=cast.owner,
        at=NOW,
    )
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    thread = advice.comment(
        proposal_pk=proposal.pk,
        section="effekt",
        text="Kan I sige, hvor meget CO2 det drejer sig om?\n\n- pr. år\n- i alt",
        by=cast.adviser,
        at=NOW,
    )
    advice.answer(thread_pk=thread.pk, text="Ja, det skriver vi ind.", by=cast.owner, at=NOW)
    return proposal


PAGES = (
    "",
    "udfordringer/",
    "effekt/",
    "udviklingselement/",
    "klimahandlingsplaner/",
    "deltagere/?soeg=kommune",
    "oekonomi/",
    "periode/",
    "rus/",
    "bilag/",
)


@pytest.mark.parametrize("path", PAGES)
def test_section_is_accessible_and_whole(
    path: str, page: Page, live_server: Any, cast: Cast
) -> None:
    proposal = full(cast)
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{proposal.number}/afsnit/{path}")
    look(page, f"intake-afsnit-{path.partition('/')[0]}")


def test_check_and_receipt_are_accessible_and_whole(
    page: Page, live_server: Any, cast: Cast
) -> None:
    proposal = full(cast)
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{proposal.number}/tjek/")
    look(page, "intake-tjek")
    page.get_by_role("button", name="Indsend til faglig kvalificering").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vi har modtaget forslaget")
    look(page, "intake-kvittering")
    page.goto(f"{live_server}/forslag/{proposal.number}/versioner/1/")
    look(page, "intake-version")
    page.goto(f"{live_server}/forslag/{proposal.number}/traek-tilbage/")
    look(page, "intake-traek-tilbage")


@pytest.mark.parametrize("path", ("runder/", "dgo/?kommune=aar", "spor/"))
def test_public_page_is_accessible_and_whole(
    path: str, page: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    page.goto(f"{live_server}/{path}")
    look(page, f"intake-{path.partition('/')[0]}")


def test_new_proposal_is_accessible_and_whole(
    page: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    sign_in(page, live_server, cast.stranger)
    page.goto(f"{live_server}/forslag/nyt/")
    page.get_by_label("Find en anden organisation").fill("komm")
    expect(page.get_by_label("Ærø Kommune")).to_be_visible()
    look(page, "intake-nyt")
    page.get_by_role("button", name="Opret forslag").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "intake-nyt-fejl")


def test_errors_are_shown_at_the_fields(
    page: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{draft.number}/afsnit/oekonomi/")
    page.get_by_label("Beløb, I søger hos Klimaalliancen").fill("1.5")
    page.get_by_label("Kilde").first.fill("Realdania")
    page.get_by_role("button", name="Gem og fortsæt").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "intake-oekonomi-fejl")


def test_unready_check_says_what_is_missing(
    page: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{draft.number}/tjek/")
    look(page, "intake-tjek-mangler")


def test_late_press_says_what_to_do(page: Page, live_server: Any, cast: Cast, now: Any) -> None:
    proposal = full(cast)
    a_round(
        name="Efterår 2027",
        qualification_deadline_at=proposal.round.qualification_deadline_at.replace(month=10),
        approval_deadline_at=proposal.round.approval_deadline_at.replace(month=11),
        meeting_date=proposal.round.meeting_date.replace(month=12),
    )
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{proposal.number}/tjek/")
    now.move_to(proposal.round.approval_deadline_at)
    # The session of two months ago has ended.
    sign_in(page, live_server, cast.owner)
    page.get_by_role("button", name="Indsend til faglig kvalificering").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forslaget er ikke sendt")
    look(page, "intake-for-sent")
    page.get_by_role("link", name="Flyt til Efterår 2027").click()
    look(page, "intake-flyt")


def test_changes_since_the_sent_version(page: Page, live_server: Any, cast: Cast) -> None:
    proposal = full(cast)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    Proposal.objects.filter(pk=proposal.pk).update(status="qualified")
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="effekt",
        answers={"effects": "Kommunerne mangler en fælles metode.\n\n- Nyt punkt\n- Andet punkt"},
        by=cast.owner,
        at=NOW,
    )
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{proposal.number}/sammenlign/nu/")
    look(page, "intake-sammenlign")


def test_participant_is_found_and_added_by_keyboard(
    page: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{draft.number}/afsnit/deltagere/")
    page.get_by_label("Hvordan kan andre være med i sporet?").fill("Skriv til os")
    box = page.get_by_label("Find kommune, region eller anden organisation")
    box.press_sequentially("ær")
    add = page.get_by_role("button", name="Tilføj Ærø Kommune")
    expect(add).to_be_visible()
    box.press("Tab")
    expect(page.get_by_role("button", name="Søg", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Ærø Kommune kommune")).to_be_focused()
    page.keyboard.press("Tab")
    expect(add).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Fjern Ærø Kommune")).to_be_visible()
    expect(page.get_by_label("Hvordan kan andre være med i sporet?")).to_have_value("Skriv til os")


def test_sums_follow_the_lines_while_they_are_written(
    page: Page, live_server: Any, cast: Cast
) -> None:
    proposal = full(cast)
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{proposal.number}/afsnit/oekonomi/")
    said = page.get_by_role("region", name="Passer tallene sammen?").get_by_role("status")
    margin = page.get_by_role("region", name="Linjerne lagt sammen")
    budget = page.locator("#budgetlinjer_rows")
    expect(said).to_contain_text("Budgettet er 10.250.000,50 kr.")

    budget.get_by_label("Beløb i kr., budgetlinje 1").fill("1 mio.")
    expect(said).to_contain_text("Budgettet er 1.250.000,50 kr.")
    expect(margin).to_contain_text("1.250.000,50 kr.")
    expect(margin).to_contain_text("250.000,50 kr. til Vandværket ApS")
    budget.get_by_role("button", name="Fjern budgetlinje 2 i Budgetlinjer").click()
    expect(said).to_contain_text("Budgettet er 1.000.000 kr.")
    expect(margin).not_to_contain_text("statsstøtte")
    budget.get_by_label("Beløb i kr., budgetlinje 1").fill("1.5")
    expect(said).to_contain_text("1 linje mangler noget og er ikke regnet med endnu.")
    look(page, "intake-oekonomi-summer")

    budget.get_by_label("Beløb i kr., budgetlinje 1").fill("1.500")
    page.get_by_role("button", name="Gem", exact=True).last.click()
    expect(page.get_by_text("Økonomi og medfinansiering er gemt.")).to_be_visible()
    assert [line.amount for line in proposal.budget_lines.listed()] == [1500]


def test_sums_that_are_slow_end_with_what_was_written_last(
    page: Page, live_server: Any, cast: Cast
) -> None:
    """Writing on while sums are on their way is no error, not in the browser's console either."""
    proposal = full(cast)
    sign_in(page, live_server, cast.owner)
    page.goto(f"{live_server}/forslag/{proposal.number}/afsnit/oekonomi/")
    said = page.get_by_role("region", name="Passer tallene sammen?").get_by_role("status")
    amount = page.locator("#budgetlinjer_rows").get_by_label("Beløb i kr., budgetlinje 1")
    asked: list[Any] = []
    page.route(
        "**/summer/", lambda route: (asked.append(route), len(asked) > 1 and route.continue_())
    )

    amount.fill("1 mio.")
    page.wait_for_timeout(1000)
    amount.fill("2 mio.")
    page.wait_for_timeout(1000)
    assert len(asked) == 1
    asked[0].continue_()

    expect(said).to_contain_text("Budgettet er 2.250.000,50 kr.")
    assert len(asked) == 2


def test_main_job_without_javascript(
    plain: Page, live_server: Any, cast: Cast, draft: Proposal
) -> None:
    sign_in(plain, live_server, cast.owner)
    here = f"{live_server}/forslag/{draft.number}/afsnit"
    plain.goto(f"{here}/deltagere/")
    for name in ("Ærø", "Solrød"):
        plain.get_by_label("Find kommune, region eller anden organisation").fill(name)
        plain.get_by_role("button", name="Søg", exact=True).click()
        plain.get_by_role("button", name=f"Tilføj {name} Kommune").click()
        expect(plain.get_by_role("button", name=f"Fjern {name} Kommune")).to_be_visible()
    plain.goto(f"{here}/oekonomi/")
    plain.get_by_label("År, linje 1").fill("2027")
    plain.get_by_label("Kilde, linje 1").fill("Realdania")
    plain.get_by_label("Beløb i kr., linje 1").fill("1,5 mio.")
    plain.get_by_label("Status, linje 1").select_option("Søgt")
    plain.get_by_role("button", name="Tilføj en linje").click()
    plain.get_by_label("År, linje 2").fill("2028")
    plain.get_by_label("Kilde, linje 2").fill("Solrød Kommune")
    plain.get_by_label("Beløb i kr., linje 2").fill("0")
    plain.get_by_label("Status, linje 2").select_option("Egen tid")
    plain.get_by_label("Kilde, linje 2").press("Enter")
    expect(plain.get_by_text("Økonomi og medfinansiering er gemt.")).to_be_visible()
    assert draft.participants.count() == 3
    assert [line.source for line in draft.financing.listed()] == ["Realdania", "Solrød Kommune"]


def test_sparring_is_accessible_and_whole(page: Page, live_server: Any, cast: Cast) -> None:
    proposal = full(cast)
    sign_in(page, live_server, cast.adviser)
    page.goto(f"{live_server}/forslag/{proposal.number}/sparring/")
    look(page, "intake-sparring")
    page.get_by_role("button", name="Send kommentar").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "intake-kommentar-fejl")


def test_steps_are_accessible_and_whole(page: Page, live_server: Any, cast: Cast) -> None:
    proposal = full(cast)
    sign_in(page, live_server, cast.secretariat)
    for path, name in (
        (f"forslag/{proposal.number}/overdrag/", "overdrag"),
        (f"forslag/{proposal.number}/dgo/", "skift-dgo"),
        (f"forslag/{proposal.number}/habilitet/", "habilitet"),
        (f"administration/dispensation/{proposal.number}/", "dispensation"),
        ("administration/registrer/", "registrer"),
        ("administration/uden-ejer/", "uden-ejer"),
    ):
        page.goto(f"{live_server}/{path}")
        look(page, f"intake-{name}")

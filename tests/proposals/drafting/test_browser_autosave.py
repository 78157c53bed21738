"""
Writing in a real Chromium: saved while one writes, by two people at once, and over everything that breaks a connection.

With SCREENS=1 each state is kept as a picture in tests/screens/.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.models import Session

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Browser, BrowserContext, Page, expect

from proposals.drafting.models import FieldVersion
from proposals.line.functions import Function
from proposals.line.models import Access, Proposal
from proposals.submission import steps as submission
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_ready_draft, a_round
from tests.proposals.drafting.test_browser import look, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now"),
]

SAVED = re.compile(r"^Gemt kl\.\s\d+\.\d\d$")
OFFLINE = "Ikke gemt: ingen forbindelse, vi prøver igen"
PATIENCE = 15_000


@pytest.fixture
def cast() -> Cast:
    cast = a_cast()
    EmailAddress.objects.create(user=cast.owner, email=cast.owner.email, verified=True)
    return cast


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    proposal = a_draft(cast, a_round())
    Access.objects.grant(proposal, Function.WRITE, user=cast.stranger, by=cast.owner, at=NOW)
    return proposal


@pytest.fixture
def browsers(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Give browsers of their own, whose scripts must not break."""
    opened: list[BrowserContext] = []
    broken: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        context.on("weberror", lambda error: broken.append(str(error.error)))
        context.on(
            "console",
            lambda said: broken.append(said.text) if "Content Security" in said.text else None,
        )
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert broken == []


@pytest.fixture
def hers(browsers: Any, live_server: Any, cast: Cast) -> Page:
    page: Page = browsers().new_page()
    sign_in(page, live_server, cast.owner)
    return page


@pytest.fixture
def his(browsers: Any, live_server: Any, cast: Cast) -> Page:
    page: Page = browsers().new_page()
    sign_in(page, live_server, cast.stranger)
    return page


@pytest.fixture
def section(live_server: Any, draft: Proposal) -> str:
    return f"{live_server}/forslag/{draft.number}/afsnit"


def state(page: Page) -> Any:
    return expect(page.locator("[data-save-state]"))


def effects(page: Page) -> Any:
    return page.get_by_label("Effekt", exact=True)


def kept(page: Page) -> list[str]:
    keys: list[str] = page.evaluate(
        "Object.keys(localStorage).filter(k => k.startsWith('klimaspor:'))"
    )
    return keys


@contextmanager
def no_network(context: BrowserContext) -> Iterator[None]:
    """
    Let nothing through, also not what a page sends as it closes.

    What the browser's debugger holds back, offline or by a route, gets through when a closing page has lost its debugger.
    """
    for page in context.pages:
        page.evaluate(
            """() => {
              window.connected = window.fetch;
              window.fetch = async () => { throw new TypeError("no network"); };
            }"""
        )
    context.set_offline(True)
    yield
    for page in context.pages:
        page.evaluate("() => { window.fetch = window.connected; }")
    context.set_offline(False)


def settles(page: Page, count: int) -> None:
    """Wait until no more than so many answers are unsaved."""
    until = time.monotonic() + PATIENCE / 1000
    while len(kept(page)) != count:
        assert time.monotonic() < until, kept(page)
        page.wait_for_timeout(100)


def stored(draft: Proposal, name: str = "effects") -> Any:
    draft.refresh_from_db()
    return getattr(draft, name)


def test_answer_is_saved_when_it_is_left_and_while_typing_pauses(
    hers: Page, section: str, draft: Proposal
) -> None:
    hers.goto(f"{section}/effekt/")
    effects(hers).press_sequentially("Mindre CO2")
    assert kept(hers) != []
    state(hers).to_have_text(SAVED)
    assert stored(draft) == "Mindre CO2"
    effects(hers).press_sequentially(" og mere")
    hers.get_by_label("Tiltag og handlinger i projektet").focus()
    settles(hers, 0)
    assert stored(draft) == "Mindre CO2 og mere"
    look(hers, "autosave-gemt")
    # Nothing waits, so nothing is asked when the page is left.
    hers.goto(f"{section}/rus/")
    # The design system draws its own boxes over the browser's.
    hers.locator("#div_id_goals label", has_text="13. Klimaindsats").click()
    state(hers).to_have_text(SAVED)
    assert stored(draft, "goals") == [13]


def test_every_press_of_a_key_goes_in_order(hers: Page, section: str, draft: Proposal) -> None:
    hers.goto(f"{section}/effekt/")
    for name in ("Effekt", "Tiltag og handlinger i projektet", "Risici (frivilligt)") * 3:
        hers.get_by_label(name, exact=True).press_sequentially("ord ")
    hers.get_by_role("button", name="Gem", exact=True).last.click()
    expect(hers.get_by_text("Effekt og tiltag er gemt.")).to_be_visible()
    assert {stored(draft, n) for n in ("effects", "activities", "risks")} == {"ord ord ord"}
    assert kept(hers) == []


def test_different_answers_merge_and_the_other_is_hinted_at(
    hers: Page, his: Page, section: str, draft: Proposal
) -> None:
    hers.goto(f"{section}/effekt/")
    his.goto(f"{section}/effekt/")
    effects(hers).fill("Ellas")
    state(hers).to_have_text(SAVED)
    his.get_by_label("Tiltag og handlinger i projektet").fill("Fridas")
    state(his).to_have_text(SAVED)
    expect(his.locator("[data-others]")).to_have_text(
        "Ella Ejer skriver i Effekt og tiltag lige nu."
    )
    look(his, "autosave-en-anden-skriver")
    his.get_by_role("button", name="Gem", exact=True).last.click()
    expect(effects(his)).to_have_value("Ellas")
    assert (stored(draft), stored(draft, "activities")) == ("Ellas", "Fridas")


def test_the_same_answer_gives_a_panel_with_both_and_a_choice(
    hers: Page, his: Page, section: str, draft: Proposal
) -> None:
    for page in (hers, his):
        page.goto(f"{section}/effekt/")
    effects(hers).fill("Ellas tekst <img src=x>\n\n- Et punkt\n- To punkter")
    state(hers).to_have_text(SAVED)
    effects(his).fill("Fridas tekst")
    panel = his.locator(".conflict")
    expect(panel).to_contain_text("Ella Ejer har også ændret det")
    expect(panel).to_contain_text("[kun her: Ellas] tekst [kun her: <img src=x>")
    expect(panel).to_contain_text("[kun her: Fridas] tekst")
    look(his, "autosave-konflikt")
    # It is not saved behind anybody's back, however long he goes on.
    effects(his).press("End")
    effects(his).press_sequentially(" og Ellas")
    his.get_by_label("Risici").fill("Ny risiko")
    his.get_by_label("Risici").blur()
    settles(his, 1)
    assert (stored(draft, "risks"), stored(draft).startswith("Ellas")) == ("Ny risiko", True)

    his.get_by_role("button", name="Gem min udgave").click()
    expect(his.get_by_text("Effekt og tiltag er gemt.")).to_be_visible()
    assert stored(draft) == "Fridas tekst og Ellas"
    assert kept(his) == []


def test_the_other_text_is_chosen(hers: Page, his: Page, section: str, draft: Proposal) -> None:
    for page in (hers, his):
        page.goto(f"{section}/effekt/")
    effects(hers).fill("Ellas")
    state(hers).to_have_text(SAVED)
    effects(his).fill("Fridas")
    his.get_by_role("button", name="Behold den anden udgave").click()
    expect(effects(his)).to_have_value("Ellas")
    assert kept(his) == []
    assert stored(draft) == "Ellas"


def test_rows_are_saved_and_quarreled_about(
    hers: Page, his: Page, section: str, draft: Proposal
) -> None:
    for page in (hers, his):
        page.goto(f"{section}/oekonomi/")
    line(hers, "Realdania")
    state(hers).to_have_text(SAVED)
    assert [row.source for row in draft.financing.listed()] == ["Realdania"]
    line(his, "Ærø Kommune")
    expect(his.locator(".conflict")).to_contain_text(
        "2027, [kun her: Realdania], 1.500.000, Bevilget"
    )
    look(his, "autosave-konflikt-linjer")


def line(page: Page, source: str) -> None:
    page.get_by_label("År, linje 1").fill("2027")
    page.get_by_label("Kilde, linje 1").fill(source)
    page.get_by_label("Beløb i kr., linje 1").fill("1.500.000")
    page.get_by_label("Status, linje 1").select_option("Bevilget")
    page.get_by_label("Status, linje 1").blur()


def test_closed_tab_gives_back_what_was_not_saved(
    hers: Page, section: str, draft: Proposal
) -> None:
    hers.goto(f"{section}/effekt/")
    with no_network(hers.context):
        effects(hers).fill("Skrevet uden forbindelse")
        effects(hers).blur()
        state(hers).to_have_text(OFFLINE)
        look(hers, "autosave-ikke-gemt")
        hers.close(run_before_unload=False)

    again = hers.context.new_page()
    again.goto(f"{section}/effekt/")
    expect(effects(again)).to_have_value("Skrevet uden forbindelse")
    expect(
        again.get_by_text(re.compile("Vi har hentet det, du skrev den .* kl. .*, som ikke nåede"))
    ).to_be_visible()
    state(again).to_have_text(SAVED)
    look(again, "autosave-hentet-igen")
    assert stored(draft) == "Skrevet uden forbindelse"
    assert kept(again) == []


def test_what_is_given_back_overwrites_nothing(
    hers: Page, his: Page, section: str, draft: Proposal
) -> None:
    his.goto(f"{section}/effekt/")
    with no_network(his.context):
        effects(his).fill("Fridas gamle")
        effects(his).blur()
        state(his).to_have_text(OFFLINE)
        hers.goto(f"{section}/effekt/")
        effects(hers).fill("Ellas nye")
        state(hers).to_have_text(SAVED)
        his.close(run_before_unload=False)

    later = his.context.new_page()
    later.goto(f"{section}/effekt/")
    expect(later.locator(".conflict")).to_contain_text("Ellas nye")
    expect(effects(later)).to_have_value("Fridas gamle")
    assert stored(draft) == "Ellas nye"


def test_network_that_comes_back_saves_by_itself(hers: Page, section: str, draft: Proposal) -> None:
    hers.goto(f"{section}/effekt/")
    hers.context.set_offline(True)
    effects(hers).fill("Et")
    effects(hers).blur()
    state(hers).to_have_text(OFFLINE)
    assert leaving_is_asked(hers)
    effects(hers).fill("Et og to")
    hers.context.set_offline(False)
    state(hers).to_have_text(SAVED, timeout=PATIENCE)
    settles(hers, 0)
    assert stored(draft) == "Et og to"
    assert not leaving_is_asked(hers)


def leaving_is_asked(page: Page) -> bool:
    """Say whether the browser would ask before the page is left."""
    asked: bool = page.evaluate(
        """() => {
          const event = new Event("beforeunload", { cancelable: true });
          window.dispatchEvent(event);
          return event.defaultPrevented;
        }"""
    )
    return asked


def test_answer_that_got_lost_on_its_way_back_is_no_conflict(
    hers: Page, section: str, draft: Proposal
) -> None:
    hers.goto(f"{section}/effekt/")
    lost: list[str] = []

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.request.url)
            route.fetch()
            route.abort()

    hers.route("**/gem/", lose)
    effects(hers).fill("Gemt, men ikke hørt")
    effects(hers).blur()
    state(hers).to_have_text(OFFLINE)
    assert stored(draft) == "Gemt, men ikke hørt"
    effects(hers).fill("Gemt, men ikke hørt, og mere til")
    state(hers).to_have_text(SAVED, timeout=PATIENCE)
    settles(hers, 0)
    assert stored(draft) == "Gemt, men ikke hørt, og mere til"
    expect(hers.locator(".conflict")).to_have_count(0)


def test_server_that_is_away_is_tried_again(hers: Page, section: str, draft: Proposal) -> None:
    hers.goto(f"{section}/effekt/")
    answers = [503, 502]
    hers.route(
        "**/gem/",
        lambda route: route.fulfill(status=answers.pop()) if answers else route.continue_(),
    )
    effects(hers).fill("Over en genstart")
    effects(hers).blur()
    state(hers).to_have_text("Ikke gemt: der er en fejl hos os, vi prøver igen")
    state(hers).to_have_text(SAVED, timeout=PATIENCE)
    assert stored(draft) == "Over en genstart"


def test_signed_out_person_signs_in_and_it_is_there(
    hers: Page, live_server: Any, section: str, cast: Cast, draft: Proposal
) -> None:
    hers.goto(f"{section}/effekt/")
    Session.objects.all().delete()
    effects(hers).fill("Skrevet efter sessionen")
    effects(hers).blur()
    state(hers).to_have_text("Du er logget af. Log på, så gemmer vi det, du skrev")
    look(hers, "autosave-logget-af")
    hers.get_by_role("link", name="Log på", exact=True).last.click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Log på")
    hers.get_by_label("Mailadresse").fill(cast.owner.email)
    hers.get_by_label("Adgangskode").fill("hemmeligt-kodeord-1")
    hers.get_by_role("button", name="Log på").last.click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Effekt og tiltag")
    expect(effects(hers)).to_have_value("Skrevet efter sessionen")
    state(hers).to_have_text(SAVED)
    assert stored(draft) == "Skrevet efter sessionen"


def test_signing_in_in_another_tab_is_enough(
    hers: Page, live_server: Any, section: str, cast: Cast, draft: Proposal
) -> None:
    hers.goto(f"{section}/effekt/")
    Session.objects.all().delete()
    effects(hers).fill("Skrevet imens")
    effects(hers).blur()
    state(hers).to_contain_text("Du er logget af")
    other = hers.context.new_page()
    other.goto(f"{live_server}/konto/log-paa/")
    other.get_by_label("Mailadresse").fill(cast.owner.email)
    other.get_by_label("Adgangskode").fill("hemmeligt-kodeord-1")
    other.get_by_role("button", name="Log på").last.click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Det venter på dig")
    state(hers).to_have_text(SAVED, timeout=PATIENCE)
    assert stored(draft) == "Skrevet imens"


def test_what_is_kept_is_nobody_elses(
    hers: Page, live_server: Any, section: str, cast: Cast, draft: Proposal
) -> None:
    hers.goto(f"{section}/effekt/")
    with no_network(hers.context):
        effects(hers).fill("Kun Ellas")
        hers.close(run_before_unload=False)
    shared = hers.context.new_page()
    sign_in(shared, live_server, cast.stranger)
    shared.goto(f"{section}/effekt/")
    expect(effects(shared)).to_have_value("")
    assert len(kept(shared)) == 1
    assert stored(draft) == ""


def test_page_she_left_open_saves_nothing_as_the_next_persons(
    hers: Page, live_server: Any, section: str, cast: Cast, draft: Proposal
) -> None:
    hers.goto(f"{section}/effekt/")
    # As it is when nothing but the session says who it is: a real sign-in changes the page's token as well.
    sign_in(hers, live_server, cast.stranger)
    effects(hers).fill("Kun Ellas")
    effects(hers).blur()
    state(hers).to_have_text("Du er logget af. Log på, så gemmer vi det, du skrev")
    assert stored(draft) == ""
    hers.get_by_role("button", name="Gem", exact=True).last.click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Siden var for gammel")
    assert stored(draft) == ""

    sign_in(hers, live_server, cast.owner)
    hers.goto(f"{section}/effekt/")
    state(hers).to_have_text(SAVED)
    assert stored(draft) == "Kun Ellas"
    assert FieldVersion.objects.get(name="effects").edited_by == cast.owner


def test_old_tab_after_submission_keeps_the_text_to_copy(
    hers: Page, live_server: Any, cast: Cast
) -> None:
    proposal = a_ready_draft(cast, a_round())
    hers.goto(f"{live_server}/forslag/{proposal.number}/afsnit/effekt/")
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    effects(hers).fill("Skrevet for sent")
    effects(hers).blur()
    state(hers).to_contain_text("kan ikke ændres nu. Det, du skrev, er ikke gemt")
    look(hers, "autosave-for-sent")
    hers.get_by_role("button", name="Gem", exact=True).last.click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Forslaget kan ikke ændres nu")
    expect(hers.get_by_text("Skrevet for sent")).to_be_visible()


def test_too_much_is_told_at_the_field_and_kept(hers: Page, section: str, draft: Proposal) -> None:
    hers.goto(f"{section}/effekt/")
    hers.evaluate(
        """() => {
          const box = document.getElementById("id_effects");
          box.value = "Blåbær 😀\\n".repeat(22222) + "æ";
          box.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    message = hers.locator("#id_effects_error")
    expect(message).to_contain_text("Den er på 199999. Gør den kortere", timeout=PATIENCE)
    state(hers).to_have_text("Ikke gemt endnu: der er noget at rette")
    assert len(kept(hers)) == 1
    assert hers.evaluate("[...document.getElementById('id_effects').value].length") == 199_999
    effects(hers).fill("Kortere")
    state(hers).to_have_text(SAVED)
    expect(message).to_have_count(0)
    assert stored(draft) == "Kortere"
    assert kept(hers) == []


def test_half_a_word_is_not_told_off(hers: Page, section: str, draft: Proposal) -> None:
    hers.goto(f"{section}/oekonomi/")
    box = hers.get_by_label("Beløb, I søger hos Klimaalliancen")
    box.press_sequentially("1.5")
    state(hers).to_have_text("Ikke gemt endnu: der er noget at rette")
    expect(hers.locator("#id_requested_amount_error")).to_have_count(0)
    box.blur()
    expect(hers.locator("#id_requested_amount_error")).to_contain_text("Brug punktum")
    look(hers, "autosave-fejl")
    box.fill("1.500.000")
    box.blur()
    state(hers).to_have_text(SAVED)
    expect(hers.locator("#id_requested_amount_error")).to_have_count(0)
    assert stored(draft, "requested_amount") == 1_500_000


def test_without_javascript_the_button_does_it_and_the_conflict_is_a_page(
    hers: Page, browsers: Any, live_server: Any, section: str, cast: Cast, draft: Proposal
) -> None:
    plain: Page = browsers(java_script_enabled=False).new_page()
    sign_in(plain, live_server, cast.stranger)
    plain.goto(f"{section}/effekt/")
    hers.goto(f"{section}/effekt/")
    effects(hers).fill("Ellas")
    state(hers).to_have_text(SAVED)

    effects(plain).fill("Fridas")
    plain.get_by_label("Risici").fill("Fridas risiko")
    plain.get_by_role("button", name="Gem og fortsæt").click()
    expect(plain.locator(".error-summary")).to_contain_text("Ella Ejer har ændret det")
    expect(plain.locator(".conflict")).to_contain_text("Ellas")
    assert (stored(draft), stored(draft, "risks")) == ("Ellas", "Fridas risiko")
    effects(plain).fill("Ellas og Fridas")
    plain.get_by_role("button", name="Gem min udgave").click()
    expect(plain.get_by_text("Effekt og tiltag er gemt.")).to_be_visible()
    assert stored(draft) == "Ellas og Fridas"


def test_going_back_shows_what_stands_and_overwrites_nothing(
    hers: Page, his: Page, section: str, draft: Proposal
) -> None:
    hers.goto(f"{section}/effekt/")
    effects(hers).fill("Ellas")
    state(hers).to_have_text(SAVED)
    hers.get_by_role("link", name="Til listen over afsnit").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Dit forslag")
    his.goto(f"{section}/effekt/")
    effects(his).fill("Fridas")
    state(his).to_have_text(SAVED)

    hers.go_back()

    expect(effects(hers)).to_have_value("Fridas")
    hers.get_by_role("button", name="Gem", exact=True).last.click()
    expect(hers.get_by_text("Effekt og tiltag er gemt.")).to_be_visible()
    assert stored(draft) == "Fridas"


def test_two_tabs_of_one_writer_keep_each_their_words(
    hers: Page, section: str, draft: Proposal
) -> None:
    other = hers.context.new_page()
    for page in (hers, other):
        page.goto(f"{section}/effekt/")
    with no_network(hers.context):
        effects(other).fill("Fra den anden fane")
        effects(hers).fill("Fra den ene fane")
        other.close(run_before_unload=False)
    state(hers).to_have_text(SAVED, timeout=PATIENCE)
    settles(hers, 1)

    again = hers.context.new_page()
    again.goto(f"{section}/effekt/")
    expect(effects(again)).to_have_value("Fra den anden fane")
    expect(again.locator(".conflict")).to_contain_text("Fra den [kun her: ene] fane")
    assert stored(draft) == "Fra den ene fane"


def test_press_without_a_network_leaves_the_text_where_it_is(
    hers: Page, section: str, draft: Proposal
) -> None:
    hers.goto(f"{section}/effekt/")
    hers.context.set_offline(True)
    effects(hers).fill("Trykket uden forbindelse")
    hers.get_by_role("button", name="Gem og fortsæt").click()
    state(hers).to_have_text(OFFLINE)
    expect(effects(hers)).to_have_value("Trykket uden forbindelse")
    hers.context.set_offline(False)
    state(hers).to_have_text(SAVED, timeout=PATIENCE)
    assert stored(draft) == "Trykket uden forbindelse"


def test_pressing_twice_while_lines_are_on_their_way_is_no_quarrel(
    hers: Page, section: str, draft: Proposal
) -> None:
    hers.goto(f"{section}/oekonomi/")
    hers.route("**/gem/", lambda route: (time.sleep(0.5), route.continue_()))
    line(hers, "Realdania")
    hers.get_by_label("Beløb i kr., linje 1").fill("1,5 mio.")
    button = hers.get_by_role("button", name="Gem", exact=True).last
    button.click(no_wait_after=True)
    button.click(no_wait_after=True)
    expect(hers.get_by_text("Økonomi og medfinansiering er gemt.")).to_be_visible()
    expect(hers.locator(".conflict")).to_have_count(0)
    assert [row.amount for row in draft.financing.listed()] == [1_500_000]


def test_button_that_slides_away_while_it_is_pressed_is_pressed(
    hers: Page, section: str, draft: Proposal
) -> None:
    page = f"{section}/effekt/"
    hers.goto(page)
    button = hers.get_by_role("button", name="Gem og fortsæt")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    hers.mouse.move(box["x"] + 10, box["y"] + 10)
    hers.mouse.down()
    # As an error does that comes in above it.
    hers.evaluate(
        "const came = document.createElement('div'); came.style.height = '300px';"
        " document.querySelector('form[data-autosave]').prepend(came)"
    )
    hers.mouse.up()
    expect(hers).not_to_have_url(page)


def test_press_that_is_drawn_away_from_a_button_is_none(
    hers: Page, section: str, draft: Proposal
) -> None:
    page = f"{section}/effekt/"
    hers.goto(page)
    button = hers.get_by_role("button", name="Gem og fortsæt")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    hers.mouse.move(box["x"] + 10, box["y"] + 10)
    hers.mouse.down()
    hers.mouse.move(box["x"] + 10, box["y"] - 200)
    hers.mouse.up()
    hers.wait_for_timeout(500)
    expect(hers).to_have_url(page)


def test_half_of_a_period_is_saved_when_the_other_half_allows_it(
    hers: Page, section: str, draft: Proposal
) -> None:
    hers.goto(f"{section}/periode/")
    start, end = hers.get_by_label("Hvornår begynder"), hers.get_by_label("Hvornår slutter")
    start.fill("januar 2027")
    end.fill("december 2028")
    end.blur()
    settles(hers, 0)
    start.fill("januar 2029")
    start.blur()
    expect(hers.locator("#id_period_start_error")).to_contain_text("skal slutte efter")
    end.fill("december 2030")
    end.blur()
    settles(hers, 0)
    state(hers).to_have_text(SAVED)
    expect(hers.locator("#id_period_start_error")).to_have_count(0)
    assert (stored(draft, "period_start").year, stored(draft, "period_end").year) == (2029, 2030)


def test_writer_who_may_no_longer_write_is_told_so(
    his: Page, section: str, cast: Cast, draft: Proposal
) -> None:
    his.goto(f"{section}/effekt/")
    draft.accesses.filter(user=cast.stranger).update(function=Function.READ)
    effects(his).fill("For sent")
    effects(his).blur()
    state(his).to_contain_text("Du kan ikke længere skrive i forslaget")
    expect(effects(his)).to_have_value("For sent")
    assert stored(draft) == ""


def test_what_was_typed_before_the_script_came_is_saved(
    hers: Page, section: str, draft: Proposal
) -> None:
    hers.route("**/js/autosave.js", lambda route: (time.sleep(1), route.continue_()))
    hers.goto(f"{section}/effekt/", wait_until="commit")
    effects(hers).fill("Skrevet på et langsomt net")
    state(hers).to_have_text(SAVED)
    assert stored(draft) == "Skrevet på et langsomt net"


def test_what_stands_only_in_the_browser_is_told_before_it_is_sent(
    hers: Page, live_server: Any, section: str, draft: Proposal
) -> None:
    check = f"{live_server}/forslag/{draft.number}/tjek/"
    hers.goto(check)
    expect(hers.get_by_text("ikke gemt endnu")).to_have_count(0)
    hers.goto(f"{section}/effekt/")
    with no_network(hers.context):
        effects(hers).fill("Skrevet i toget")
        hers.close(run_before_unload=False)

    again = hers.context.new_page()
    for page in (f"{section}/", check):
        again.goto(page)
        expect(again.get_by_text("Noget af det, du skrev, er ikke gemt endnu")).to_be_visible()
        expect(again.locator("[data-unsaved] a")).to_have_text(["Effekt og tiltag"])
    look(again, "autosave-kun-i-browseren")
    again.locator("[data-unsaved] a").click()
    state(again).to_have_text(SAVED)
    again.goto(check)
    expect(again.get_by_text("Skrevet i toget")).to_be_visible()
    expect(again.locator("[data-unsaved] a")).to_have_count(0)


def test_errors_of_lines_go_when_they_are_saved(hers: Page, section: str, draft: Proposal) -> None:
    hers.goto(f"{section}/oekonomi/")
    hers.get_by_label("År, linje 1").fill("27")
    hers.get_by_role("button", name="Gem", exact=True).last.click()
    expect(hers.locator(".error-summary")).to_be_visible()
    # What is sent again of itself takes nothing away that was said.
    state(hers).to_have_text("Ikke gemt endnu: der er noget at rette")
    expect(hers.locator("#linjer_rows .form-error-message")).not_to_have_count(0)
    line(hers, "Realdania")
    state(hers).to_have_text(SAVED)
    expect(hers.locator("#linjer_rows .form-error-message")).to_have_count(0)
    expect(hers.locator("#linjer_rows [aria-invalid]")).to_have_count(0)


def test_what_was_kept_when_somebody_else_sent_it_can_be_copied(
    hers: Page, live_server: Any, cast: Cast
) -> None:
    proposal = a_ready_draft(cast, a_round())
    address = f"{live_server}/forslag/{proposal.number}/afsnit/effekt/"
    hers.goto(address)
    with no_network(hers.context):
        effects(hers).fill("Skrevet i toget <b>\nAnden linje")
        hers.close(run_before_unload=False)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)

    again = hers.context.new_page()
    again.goto(address)
    expect(again.get_by_role("heading", level=1)).to_have_text("Det kan ikke gøres nu")
    expect(again.locator("[data-kept-unit]")).to_have_count(1)
    expect(again.locator("[data-kept-text]")).to_have_text("Skrevet i toget <b> Anden linje")
    look(again, "autosave-sendt-imens")

"""
Marking words in an answer and commenting on them, in a real Chromium: by mouse, by keyboard, and without JavaScript.

With SCREENS=1 each page is kept as a picture in tests/proposals/screens/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from proposals.drafting import steps as drafting
from proposals.sparring import steps as advice
from proposals.sparring.models import Advice
from proposals.sparring.places import Chosen
from tests.browser.hands import OUT_OF_ORDER
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round
from tests.proposals.drafting.test_browser import complaints, look, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proposals.line.models import Proposal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now", "complaints"),
]
__all__ = ["complaints"]

TEXT = (
    "Kommunerne mangler en fælles metode. Vi måler udledningen i fire kommuner, og vi deler, hvad vi lærer.\n\n"
    "- Aarhus tester pumper i to områder\n- Samsø tester pumper i et område"
)
OFFER = "Kommentér det markerede"
# Marks the words between two texts of an answer, as a person does with the mouse.
MARK = """([name, from, to]) => {
  const answer = document.querySelector(`#svar-${name} [data-comment]`);
  const texts = document.createTreeWalker(answer, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node.data.includes(from)) range.setStart(node, node.data.indexOf(from));
    if (node.data.includes(to)) range.setEnd(node, node.data.indexOf(to) + to.length);
  }
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}"""


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    made = a_ready_draft(cast, a_round(), purpose=TEXT, challenges=TEXT)
    return advice.open_sparring(proposal_pk=made.pk, by=cast.owner, at=NOW)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Give a page in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def content(proposal: Proposal) -> str:
    return f"/forslag/{proposal.number}/indhold/"


def test_words_that_are_marked_are_commented_on(
    page: Page, live_server: Any, cast: Cast, proposal: Proposal
) -> None:
    sign_in(page, live_server, cast.adviser)
    page.goto(f"{live_server}{content(proposal)}")
    expect(page.get_by_role("button", name=OFFER)).to_have_count(0)

    # The same words stand in two points; what stands around them goes along.
    page.evaluate(MARK, ["purpose", "tester pumper i et", "tester pumper i et"])
    page.evaluate(MARK, ["purpose", "pumper i et", "pumper"])
    page.evaluate(MARK, ["purpose", "tester pumper i et", "område"])
    page.get_by_role("button", name=OFFER).click()

    expect(page.get_by_label("Citat")).to_have_value("tester pumper i et område")
    expect(page.get_by_label("Din kommentar")).to_be_focused()
    assert "#" not in page.url
    look(page, "sparring-new-comment")
    page.get_by_label("Din kommentar").fill("Hvor stort er det?")
    page.get_by_role("button", name="Send kommentar").click()

    row = Advice.objects.get()
    assert (row.name, row.quote) == ("purpose", "tester pumper i et område")
    expect(page).to_have_url(f"{live_server}{content(proposal)}#kommentar-{row.pk}")
    expect(page.locator("#svar-purpose mark")).to_have_text("tester pumper i et område")


def test_a_word_that_stands_twice_is_the_one_that_was_marked(
    page: Page, live_server: Any, cast: Cast, proposal: Proposal
) -> None:
    sign_in(page, live_server, cast.adviser)
    page.goto(f"{live_server}{content(proposal)}")

    # The walk ends at the last of them.
    page.evaluate(MARK, ["purpose", "tester pumper", "tester pumper"])
    page.get_by_role("button", name=OFFER).click()
    page.get_by_label("Din kommentar").fill("Hvilke?")
    page.get_by_role("button", name="Send kommentar").click()

    marked = page.locator("#svar-purpose li", has=page.locator("mark"))
    expect(marked).to_have_text(["Samsø tester pumper i et område"])


def test_the_offer_is_reached_and_put_away_with_the_keyboard(
    page: Page, live_server: Any, cast: Cast, proposal: Proposal
) -> None:
    sign_in(page, live_server, cast.adviser)
    page.goto(f"{live_server}{content(proposal)}")
    offer = page.get_by_role("button", name=OFFER)

    page.evaluate(MARK, ["purpose", "Vi måler", "fire kommuner"])
    expect(offer).to_have_count(1)
    page.keyboard.press("Tab")
    expect(offer).to_be_focused()
    page.keyboard.press("Escape")
    expect(offer).to_have_count(0)

    page.evaluate(MARK, ["purpose", "mangler", "metode"])
    expect(offer).to_have_count(0)
    page.evaluate("() => document.getSelection().removeAllRanges()")
    page.wait_for_timeout(400)
    page.evaluate(MARK, ["purpose", "mangler", "metode"])
    offer.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Citat")).to_have_value("mangler en fælles metode")


def test_what_lies_in_two_answers_is_not_offered(
    page: Page, live_server: Any, cast: Cast, proposal: Proposal
) -> None:
    sign_in(page, live_server, cast.adviser)
    page.goto(f"{live_server}{content(proposal)}")

    page.evaluate("() => document.getSelection().selectAllChildren(document.querySelector('main'))")
    page.wait_for_timeout(400)

    expect(page.get_by_role("button", name=OFFER)).to_have_count(0)


def test_without_a_script_the_answer_is_chosen_and_the_words_are_copied(
    plain: Page, live_server: Any, cast: Cast, proposal: Proposal
) -> None:
    sign_in(plain, live_server, cast.adviser)
    plain.goto(f"{live_server}{content(proposal)}")
    plain.get_by_role("link", name="Kommentér Overordnet formål").click()
    plain.get_by_label("Citat").fill("fire kommuner")
    plain.get_by_label("Din kommentar").fill("Hvilke?")
    plain.get_by_role("button", name="Send kommentar").click()

    expect(plain.locator("#svar-purpose mark")).to_have_text("fire kommuner")


def test_the_pages_with_a_margin_are_whole(
    page: Page, live_server: Any, cast: Cast, proposal: Proposal
) -> None:
    for quote in ("Vi måler udledningen i fire kommuner", "i fire kommuner, og vi deler", ""):
        row = advice.comment(
            proposal_pk=proposal.pk,
            section="udfordringer",
            name="purpose",
            chosen=Chosen(quote),
            text="Hvordan måler I det, og hvem gør det?",
            by=cast.adviser,
            at=NOW,
        )
    advice.answer(thread_pk=row.pk, text="Kommunerne selv.", by=cast.owner, at=NOW)
    advice.comment(
        proposal_pk=proposal.pk,
        section="udfordringer",
        name="challenges",
        chosen=Chosen("mangler en fælles metode"),
        text="Er det rigtigt?",
        by=cast.adviser,
        at=NOW,
    )
    participant = proposal.participants.listed()[0]
    advice.comment(
        proposal_pk=proposal.pk,
        section="deltagere",
        name="participants",
        row=participant.pk,
        text="Hvad kommer de med?",
        by=cast.adviser,
        at=NOW,
    )
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="udfordringer",
        answers={"challenges": "Kommunerne har hver sin metode."},
        by=cast.owner,
        at=NOW,
    )

    for who, paths in (
        (cast.adviser, {"content": "indhold/", "tab": "sparring/"}),
        (cast.owner, {"section": "afsnit/udfordringer/", "rows": "afsnit/deltagere/"}),
    ):
        sign_in(page, live_server, who)
        for name, path in paths.items():
            page.goto(f"{live_server}/forslag/{proposal.number}/{path}")
            look(page, f"sparring-{name}")
            assert page.evaluate(OUT_OF_ORDER) == []

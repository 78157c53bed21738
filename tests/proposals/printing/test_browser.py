"""Word both ways in a real Chromium, without JavaScript; the pages whole at both widths and accessible."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
import pytest

from tests.factories.intake import Cast, a_cast, a_ready_draft, a_round
from tests.proposals.drafting.test_browser import complaints, look, plain, sign_in
from tests.proposals.printing.rus_docx import saved
from tests.proposals.printing.test_wordform import box_after

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from proposals.line.models import Proposal

__all__ = ["complaints", "plain"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now"),
]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    return a_ready_draft(cast, a_round())


def edited_file(page: Page, live_server: Any, proposal: Proposal, folder: Path) -> Path:
    """Fetch the form as its writer would, and write in it."""
    page.goto(f"{live_server}/forslag/{proposal.number}/afsnit/")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Hent som Word", exact=True).click()
    assert fetched.value.suggested_filename == f"{proposal.number} Lavbundsjord.docx"
    document = docx.Document(io.BytesIO(fetched.value.path().read_bytes()))
    box_after(document, "Risici").paragraphs[
        0
    ].text = "Fra Word <script>alert(1)</script>\nog en linje til"
    box_after(document, "Beløb, I søger").paragraphs[0].text = "1.5 mio"
    box_after(document, "Overordnet").paragraphs[0].text = "Et andet formål"
    file = folder / "redigeret.docx"
    file.write_bytes(saved(document))
    return file


def test_a_word_file_comes_back_without_javascript(
    plain: Page, live_server: Any, cast: Cast, proposal: Proposal, tmp_path: Path
) -> None:
    sign_in(plain, live_server, cast.owner)
    file = edited_file(plain, live_server, proposal, tmp_path)

    plain.goto(f"{live_server}/forslag/{proposal.number}/afsnit/")
    plain.get_by_role("link", name="Læs ind fra Word").click()
    plain.get_by_label("Vælg en Word- eller Excel-fil").set_input_files(file)
    plain.get_by_role("button", name="Se, hvad der bliver ændret").click()
    plain.get_by_role("textbox", name="Beløb, I søger hos Klimaalliancen").fill("2,5 mio. kr.")
    plain.get_by_label("Læs ind: Overordnet formål").uncheck()
    plain.get_by_role("button", name="Læs de valgte ind").click()

    assert plain.get_by_text("2 svar er læst ind fra filen.").is_visible()
    before = proposal.purpose
    proposal.refresh_from_db()
    assert proposal.risks == "Fra Word <script>alert(1)</script>\nog en linje til"
    assert (proposal.requested_amount, proposal.purpose) == (2_500_000, before)


def test_the_pages_are_whole_and_accessible(
    page: Page, live_server: Any, cast: Cast, proposal: Proposal, tmp_path: Path
) -> None:
    sign_in(page, live_server, cast.owner)
    file = edited_file(page, live_server, proposal, tmp_path)
    page.goto(f"{live_server}/forslag/{proposal.number}/word/")
    look(page, "word")
    page.get_by_label("Vælg en Word- eller Excel-fil").set_input_files(file)
    page.get_by_role("button", name="Se, hvad der bliver ændret").click()
    look(page, "word-look")
    page.get_by_role("button", name="Læs de valgte ind").click()
    page.get_by_text("Der er ikke læst noget ind").wait_for()
    look(page, "word-look-refused")

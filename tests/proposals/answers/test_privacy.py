"""CPR numbers are warned of where they are written, and never stop anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

import pytest

from proposals.answers import privacy
from proposals.answers.content import Content
from proposals.attachments import steps as attachments
from proposals.drafting import steps as drafting
from proposals.sparring import steps as advice
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round

if TYPE_CHECKING:
    from proposals.line.models import Proposal
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

CPR = "010190-1234"
WARNING = "Står der et CPR-nummer i forslaget?"


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def ready(cast: Cast) -> Proposal:
    return a_ready_draft(cast, a_round())


def write(proposal: Proposal, cast: Cast, text: str) -> None:
    drafting.save_section(
        proposal_pk=proposal.pk, slug="effekt", answers={"effects": text}, by=cast.owner, at=NOW
    )


def test_places_name_the_field_and_never_the_number(ready: Proposal, cast: Cast) -> None:
    write(ready, cast, f"Spørg {CPR}")
    attachments.add_attachment(
        proposal_pk=ready.pk,
        title="Kort",
        file=ContentFile(b"%PDF-1.7\n", name="a.pdf"),
        file_name=f"borger_{CPR}.pdf",
        content_type="application/pdf",
        by=cast.owner,
        at=NOW,
    )
    ready.refresh_from_db()

    assert privacy.cpr_places(Content.of(ready, at=NOW)) == (
        privacy.Place("effekt", "Effekt", "id_effects"),
        privacy.Place("bilag", "Bilagenes navne", ""),
    )


def test_section_and_check_warn_and_the_proposal_is_sent_all_the_same(
    pages: Pages, ready: Proposal, cast: Cast
) -> None:
    number = f"/forslag/{ready.number}/"
    pages.as_(cast.owner)
    for rest in ("afsnit/effekt/", "tjek/"):
        assert WARNING not in pages.get(number + rest).text
    write(ready, cast, f"Spørg {CPR}")
    for rest in ("afsnit/effekt/", "tjek/"):
        shown = pages.get(number + rest)
        assert WARNING in shown.text
        assert f"{number}afsnit/effekt/#id_effects" in shown.links
    assert WARNING not in pages.get(f"{number}afsnit/periode/").text
    assert pages.get(f"{number}tjek/").primary == ["Indsend til faglig kvalificering"]

    sent = {"revision": ready.revision, "gate": "qualification"}
    assert pages.post(f"{number}indsend/", sent).location == f"{number}kvittering/1/"


@pytest.mark.parametrize("pressed", ("save", "next"))
def test_whoever_saves_is_warned_on_the_page_that_comes(
    pages: Pages, ready: Proposal, cast: Cast, pressed: str
) -> None:
    path = f"/forslag/{ready.number}/afsnit/effekt/"
    seen = pages.as_(cast.owner).seen(path)
    values = {"revision": ready.revision, "effects": CPR, "activities": "x", "do": pressed}
    answer = pages.post(path, {**seen, **values})
    shown = pages.get(answer.location)

    assert "et CPR-nummer" in shown.text
    assert pages.get(path).value("effects") == CPR


def test_a_comment_is_sent_and_its_writer_warned(pages: Pages, ready: Proposal, cast: Cast) -> None:
    advice.open_sparring(proposal_pk=ready.pk, by=cast.owner, at=NOW)
    path = f"/forslag/{ready.number}/sparring/kommentar/"
    pages.as_(cast.adviser).post(path, {"section": "", "text": f"Er det {CPR}?"})

    shown = pages.get(f"/forslag/{ready.number}/sparring/")
    assert privacy.COMMENT_WARNING in shown.messages
    assert ready.advice.count() == 1
    pages.post(path, {"section": "", "text": "Sagsnr. 010190-1234"})
    assert privacy.COMMENT_WARNING not in pages.get(f"/forslag/{ready.number}/sparring/").messages

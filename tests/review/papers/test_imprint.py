"""Every paper says which text it holds, when that was sent or printed, and who may read it; its dates are of that act."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import docx
import pikepdf
import pytest

from klimaspor import danish
from proposals import tasks as proposals_tasks
from proposals.drafting import steps as drafting
from proposals.line.editions import READS
from proposals.line.lifecycle import Status
from proposals.printing.views import Print
from proposals.reading import imprint
from review import tasks
from review.agenda.models import Dossier
from tests import pdf_structure
from tests.factories import walk
from tests.factories.intake import a_ready_draft
from tests.review.papers.cases import a_case, asked_for, content_of, published

if TYPE_CHECKING:
    import time_machine

    from proposals.line.models import Proposal
    from tests.factories.walk import World
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.slow("sets every kind of paper for real")]
LATE = walk.AFTER + timedelta(days=2)
"""When the worker sets the papers, and when people print: two days after all that they prove."""
FIRST = "Version 1, sendt til faglig kvalificering og modtaget {sent}."
PRINTED = "Udskrevet {late}."
PARTIES = "Kan læses af dem, der skriver eller læser med på forslaget"
EARLY = f"{PARTIES}, DGO'en, medlæsende DGO'er og sekretariatet."
COMMITTEE = (
    "Kan læses af forretningsudvalget og sekretariatet, dog ikke af den, "
    "der er inhabil i et af punkterne."
)


@pytest.fixture
def late(world: World, now: time_machine.Traveller) -> World:
    now.move_to(LATE)
    return world


Read = tuple[str, datetime | None, datetime | None, str]
"""The text of a file, when it was made and changed, and whose it is."""


def words(**moments: datetime) -> dict[str, str]:
    """Write moments as a paper's text is read, blanks that hold a line together being blanks."""
    shown = {name: danish.to_the_second(at) for name, at in moments.items()}
    return {
        name: danish.plain(text)
        for name, text in (shown | {"late": danish.datetime_text(LATE)}).items()
    }


def of_word(content: bytes) -> Read:
    document = docx.Document(io.BytesIO(content))
    core = document.core_properties
    foot = document.sections[0].footer.paragraphs[0].text
    text = danish.plain("\n".join([*(p.text for p in document.paragraphs), foot]))
    created, modified = (
        moment.replace(tzinfo=UTC) if moment else None for moment in (core.created, core.modified)
    )
    return text, created, modified, core.author


def of_pdf(content: bytes) -> Read:
    with pikepdf.open(io.BytesIO(content)) as paper:
        info = paper.docinfo
        written = str(info.get("/CreationDate", ""))
        assert "/ModDate" not in info
        author = str(info.get("/Author", ""))
    created = datetime.strptime(written, "D:%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    text = " ".join(" ".join(pdf_structure.page_texts(content)).split())
    return text, created, created, author


FORM = "word/skema/"
PRINTS = {f"hent/{what}/{kind}/": kind for what, kind in Print.kinds}


def printed(pages: Pages, proposal: Proposal, *more: str) -> dict[str, Read]:
    """Everything the reader can fetch of the proposal, by its address."""
    found = {}
    for end in (*PRINTS, *more):
        url = f"/forslag/{proposal.number}/{end}"
        at_once = pages.client.get(url)
        page = pages.get(at_once.headers.get("Location", url))
        found[end] = (of_pdf if PRINTS.get(end) == "pdf" else of_word)(page.body)
    return found


def hold(
    papers: dict[str, Read],
    *,
    says: tuple[str, ...],
    act_at: datetime,
    author: str,
    never: tuple[str, ...] = (),
) -> None:
    for end, (text, created, modified, by) in papers.items():
        for sentence in says:
            assert danish.plain(sentence) in danish.plain(text), (end, sentence, text[:600])
        for sentence in never:
            assert danish.plain(sentence) not in danish.plain(text), (end, sentence)
        assert (created, modified, by) == (act_at, act_at, author), end


def test_a_draft_that_was_never_sent_says_so(pages: Pages, late: World) -> None:
    draft = a_ready_draft(late.cast, late.round)
    pages.as_(late.cast.owner)

    hold(
        printed(pages, draft, FORM),
        says=(
            f"Kladde. Udskrevet {danish.datetime_text(LATE)}. Forslaget er ikke sendt.",
            f"{PARTIES}.",
        ),
        act_at=LATE,
        author="Aarhus Kommune (ikke bekræftet)",
    )


def test_what_its_owner_reads_of_a_sent_proposal_is_the_version_that_was_sent(
    pages: Pages, late: World
) -> None:
    proposal = walk.submit(a_ready_draft(late.cast, late.round), late)
    sent_at = proposal.versions.get().frozen_at
    pages.as_(late.cast.owner)
    # Nobody who writes waits for the worker.
    at_once = pages.get(f"/forslag/{proposal.number}/hent/forslag/pdf/")
    assert FIRST.format(**words(sent=sent_at)) in of_pdf(at_once.body)[0]
    proposals_tasks.build_papers(at=LATE)

    papers = printed(pages, proposal)

    said = words(sent=sent_at)
    hold(
        papers,
        says=(FIRST.format(**said), EARLY),
        act_at=sent_at,
        author="Aarhus Kommune (ikke bekræftet)",
        never=("ikke sendt", "Kladde"),
    )
    # What the worker set has no printer.
    assert {end for end, paper in papers.items() if PRINTED.format(**said) in paper[0]} == {
        "hent/forslag/docx/",
        "hent/rus/docx/",
        "hent/rus/pdf/",
    }


def test_what_is_written_after_it_was_sent_says_so(pages: Pages, late: World) -> None:
    proposal = walk.qualify(walk.submit(a_ready_draft(late.cast, late.round), late), late)
    sent_at = proposal.versions.get().frozen_at
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="effekt",
        answers={"risks": "Efterskrift"},
        by=late.cast.owner,
        at=walk.AFTER,
    )
    pages.as_(late.cast.owner)

    said = words(sent=sent_at)
    hold(
        printed(pages, proposal, FORM),
        says=(
            f"Ændret siden version 1. {PRINTED.format(**said)} Version 1 blev sendt til",
            f"modtaget {said['sent']}. Ændringerne er ikke sendt. {PARTIES}.",
        ),
        act_at=LATE,
        author="Aarhus Kommune (ikke bekræftet)",
    )


def test_the_committees_papers_are_of_the_day_they_were_sent(late: World) -> None:
    proposal = a_case(late, "Klog varme", annexes=1)
    agenda = published(late, proposal)
    walk.decide(agenda, "approved", late)
    agenda.refresh_from_db()

    tasks.build_papers(at=LATE)

    acts = {
        Dossier.Kind.PAPERS: ("Udsendt", agenda.published_at),
        Dossier.Kind.ANNEXES: ("udsendt", agenda.published_at),
        Dossier.Kind.MINUTES: ("beslutningerne frigivet", agenda.released_at),
    }
    unmade = {Dossier.Kind.OPEN, Dossier.Kind.OPEN_MINUTES}  # laid as values, set by nobody
    assert set(acts) == set(Dossier.Kind) - unmade
    for kind, (act, act_at) in acts.items():
        assert act_at is not None
        content = content_of(asked_for(agenda, kind))
        says = (f"{act} {danish.datetime_text(act_at)}", COMMITTEE)
        if kind == Dossier.Kind.ANNEXES:
            sent_at = proposal.versions.get(gate="approval").frozen_at
            with zipfile.ZipFile(io.BytesIO(content)) as bundle:
                text = bundle.read("indhold.txt").decode()
                dated = {e.filename.rpartition("/")[2]: e.date_time for e in bundle.infolist()}
            assert all(danish.plain(sentence) in text for sentence in says)
            assert dated == {
                "Sagsmateriale 2027-05-27.pdf": danish.local(act_at).timetuple()[:6],
                "indhold.txt": danish.local(act_at).timetuple()[:6],
                "Bilag 2.1 Kort 1.pdf": danish.local(sent_at).timetuple()[:6],
            }
        else:
            hold(
                {kind: of_pdf(content)},
                says=says,
                act_at=act_at,
                author="Klimaalliancens sekretariat",
                never=(danish.date_text(danish.day_of(LATE)),),
            )
    text = of_pdf(content_of(asked_for(agenda, Dossier.Kind.PAPERS)))[0]
    version = proposal.versions.get(gate="approval")
    assert danish.plain(imprint.of_version(version).text) in text


def test_who_reads_is_said_of_every_line_of_the_rule(late: World) -> None:
    assert {line.functions for line in READS} == set(imprint.READERS)
    proposal = walk.proposal_at(Status.RECOMMENDED, late)

    assert imprint.of_version(proposal.versions.get(gate="approval")).readers == (
        f"{PARTIES}, DGO'en, medlæsende DGO'er, sekretariatet, forretningsudvalget og "
        "de bidragydere, der bliver spurgt."
    )

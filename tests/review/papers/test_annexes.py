"""The zip with the papers and the annexes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

import pypdfium2 as pdfium
import pytest

from klimaspor import uploads
from proposals.attachments.models import Attachment
from review import tasks
from review.agenda.models import Dossier
from tests.review.papers.cases import AT, PDF, a_case, asked_for, content_of, published

if TYPE_CHECKING:
    import time_machine

    from tests.factories.walk import World
    from tests.pages import Pages


pytestmark = [pytest.mark.django_db, pytest.mark.slow("each sets the papers of a meeting for real")]

CLOSED = {"is_confidential": True, "confidential_reason": "Tilbud"}


def test_the_zip_waits_for_the_papers_and_holds_them(world: World) -> None:
    agenda = published(world, a_case(world, "Klog varme", annexes=2), a_case(world, "B", annexes=1))
    Dossier.objects.filter(kind="papers").update(next_attempt_at=AT + timedelta(hours=1))

    assert tasks.build_papers(at=AT) == 0
    assert tasks.build_papers(at=AT + timedelta(hours=1)) == 2

    papers = content_of(asked_for(agenda, "papers"))
    with zipfile.ZipFile(io.BytesIO(content_of(asked_for(agenda, "annexes")))) as bundle:
        assert bundle.testzip() is None
        assert bundle.namelist() == [
            "Sagsmateriale 2027-05-27.pdf",
            "Punkt 2 Klog varme/Bilag 2.1 Kort 1.pdf",
            "Punkt 2 Klog varme/Bilag 2.2 Kort 2.pdf",
            "Punkt 3 B/Bilag 3.1 Kort 1.pdf",
            "indhold.txt",
        ]
        assert bundle.read("Sagsmateriale 2027-05-27.pdf") == papers
        assert bundle.read("Punkt 3 B/Bilag 3.1 Kort 1.pdf") == PDF + b"B 1"
        listed = bundle.read("indhold.txt").decode()
    assert hashlib.sha256(papers).hexdigest() in listed
    assert "kunne ikke komme med" not in listed


def test_an_annex_that_cannot_be_read_is_left_out_and_the_list_says_so(world: World) -> None:
    proposal = a_case(world, "Klog varme", annexes=3)
    missing, changed, _ = proposal.attachments.order_by("position")
    missing.file.storage.delete(missing.file.name)
    changed.file.storage.delete(changed.file.name)
    default_storage.save(changed.file.name, ContentFile(b"noget andet"))
    agenda = published(world, proposal)

    tasks.build_papers(at=AT)

    with zipfile.ZipFile(io.BytesIO(content_of(asked_for(agenda, "annexes")))) as bundle:
        assert bundle.namelist() == [
            "Sagsmateriale 2027-05-27.pdf",
            "Punkt 2 Klog varme/Bilag 2.3 Kort 3.pdf",
            "indhold.txt",
        ]
        listed = bundle.read("indhold.txt").decode()
    assert listed.split("\r\n")[-4:] == [
        "Disse bilag kunne ikke komme med. Kontakt sekretariatet:",
        "Bilag 2.1 Kort 1 (kort over området.pdf): filen kan ikke læses.",
        "Bilag 2.2 Kort 2 (kort over området.pdf): filen er ikke den, der blev indsendt.",
        "",
    ]


def test_confidential_annexes_lie_apart_and_each_has_the_ending_of_its_kind(world: World) -> None:
    proposal = a_case(
        world,
        annexes=1,
        more=({"title": "Priser", "content_type": uploads.EXCEL.mime, **CLOSED},),
    )
    agenda = published(world, proposal)

    tasks.build_papers(at=AT)

    with zipfile.ZipFile(io.BytesIO(content_of(asked_for(agenda, "annexes")))) as bundle:
        assert bundle.namelist()[1:-1] == [
            "Punkt 2 Klog varme/Bilag 2.1 Kort 1.pdf",
            "Punkt 2 Klog varme/Fortroligt/Bilag 2.2 Priser.xlsx",
        ]
        assert "Tilbud" not in bundle.read("indhold.txt").decode()
    papers = io.BytesIO(content_of(asked_for(agenda, "papers")))
    text = "".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(papers))
    assert "Bilag 2.2 Priser Lukket bilag" in text
    assert "Tilbud" not in text


def test_what_is_infected_or_not_scanned_is_in_no_zip(world: World) -> None:
    proposal = a_case(world, annexes=3)
    waits, infected, _ = proposal.attachments.listed()
    Attachment.objects.filter(pk=waits.pk).update(scan_state="pending")
    Attachment.objects.filter(pk=infected.pk).update(scan_state="infected")
    agenda = published(world, proposal)

    tasks.build_papers(at=AT)

    with zipfile.ZipFile(io.BytesIO(content_of(asked_for(agenda, "annexes")))) as bundle:
        assert bundle.namelist()[1:-1] == ["Punkt 2 Klog varme/Bilag 2.3 Kort 3.pdf"]
        listed = bundle.read("indhold.txt").decode()
    assert listed.split("\r\n")[-4:] == [
        "Disse bilag kunne ikke komme med. Kontakt sekretariatet:",
        "Bilag 2.1 Kort 1 (kort over området.pdf): filen er ikke scannet for virus endnu.",
        "Bilag 2.2 Kort 2 (kort over området.pdf): filen indeholdt virus og er slettet.",
        "",
    ]


def test_the_item_in_the_portal_numbers_annexes_as_the_papers_do(
    world: World, pages: Pages, now: time_machine.Traveller
) -> None:
    now.move_to(AT + timedelta(hours=1))
    proposal = a_case(world, annexes=1, more=({"title": "Priser", **CLOSED},))
    agenda = published(world, proposal)
    closed = proposal.attachments.listed()[1]

    pages.as_(world.cast.committee)
    shown = pages.get(reverse("review:item", args=[agenda.meeting_date.isoformat(), 2]))

    assert "Bilag 2.1: Kort 1" in shown.text
    assert "Bilag 2.2: Priser" in shown.text
    assert "Lukket bilag: Tilbud" in shown.text
    pages.get(reverse("proposals:attachment", args=[proposal.number, closed.pk]))

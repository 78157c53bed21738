"""The section with files, and fetching one: what is taken in, what is said, and who gets what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

import pytest

from klimaspor import uploads
from proposals import tasks
from proposals.attachments import steps as drafting
from proposals.attachments.models import Attachment, ScanState
from proposals.line.models import Access, Proposal
from proposals.submission import steps as submission
from tests import office
from tests.clamd import EICAR, clamd
from tests.factories.intake import NOW, a_cast, a_draft, a_ready_draft, a_round

if TYPE_CHECKING:
    from tests.pages import Page, Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

PDF = office.PDF


@pytest.fixture
def cast() -> Any:
    return a_cast()


@pytest.fixture
def draft(cast: Any, pages: Pages) -> Proposal:
    pages.as_(cast.owner)
    return a_draft(cast, a_round())


def here(proposal: Proposal) -> str:
    return f"/forslag/{proposal.number}/afsnit/bilag/"


def address(attachment: Attachment) -> str:
    return f"/forslag/{attachment.proposal.number}/bilag/{attachment.pk}/"


def send(pages: Pages, proposal: Proposal, *, status: int = 302, **values: Any) -> Page:
    data = {"revision": str(proposal.revision), "do": "upload", **values}
    return pages.post(here(proposal), data, status=status)


def a_file(name: str = "tilsagn.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def given(draft: Proposal, *titles: str, **about: Any) -> list[Attachment]:
    return [
        drafting.add_attachment(
            proposal_pk=draft.pk,
            title=title,
            file=ContentFile(PDF + title.encode()),
            file_name=f"{title}.pdf",
            content_type="application/pdf",
            by=draft.owner,
            at=NOW,
            **about,
        )
        for title in titles
    ]


def listed(page: Page) -> list[str]:
    """The bold line of each file on the page."""
    return [" ".join(" ".join(e.itertext()).split()) for e in page.by_class("annex-name")]


# Taken in


def test_attachment_is_kept_shown_and_sent_to_be_saved(pages: Pages, draft: Proposal) -> None:
    send(pages, draft, file=a_file(), title="Tilsagn fra Ærø")
    attachment = draft.attachments.get()
    shown = pages.get(here(draft))
    assert shown.messages == ["Tilsagn fra Ærø er tilføjet."]
    assert listed(shown) == ["Bilag 1: Tilsagn fra Ærø"]

    fetched = pages.get(address(attachment))
    file = fetched.response
    assert fetched.body == PDF
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"] == 'attachment; filename="tilsagn.pdf"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert file.headers["Cache-Control"] == "private, no-store"

    send(pages, draft, do=f"remove:{attachment.pk}")
    pages.get(address(attachment), status=404)


@pytest.mark.parametrize(
    ("name", "content", "mime", "kept"),
    (
        ("plan.exe", office.word(), uploads.WORD.mime, "plan.exe.docx"),
        ("budget.xlsx", office.excel(), uploads.EXCEL.mime, "budget.xlsx"),
        ("kort.jpg", office.png(), uploads.PNG.mime, "kort.png"),
        ("foto.jpeg", office.jpeg(), uploads.JPEG.mime, "foto.jpeg"),
    ),
)
def test_each_kind_comes_back_as_what_it_is(
    name: str, content: bytes, mime: str, kept: str, pages: Pages, draft: Proposal
) -> None:
    send(pages, draft, file=a_file(name, content))
    fetched = pages.get(address(draft.attachments.get()))
    assert fetched.body == content
    assert fetched.response.headers["Content-Type"] == mime
    assert fetched.response.headers["Content-Disposition"] == f'attachment; filename="{kept}"'


@pytest.mark.parametrize(
    ("content", "said"),
    (
        (b"", "Filen er tom. Vælg en anden fil"),
        (office.EXE, uploads.NOT_TAKEN),
        (b"<html><script>alert(1)</script>", uploads.NOT_TAKEN),
        (b"%PDF-1.7 /Encrypt 3 0 R", uploads.LOCKED_PDF),
        (office.office({"word/vbaProject.bin": b""}), uploads.MACROS),
    ),
)
def test_what_is_not_taken_is_said_at_the_field(
    content: bytes, said: str, pages: Pages, draft: Proposal
) -> None:
    shown = send(pages, draft, status=200, file=a_file(content=content), title="Tilsagn")
    assert shown.problems == [said]
    assert shown.value("title") == "Tilsagn"
    assert not draft.attachments.exists()


def test_limits_are_said_before_and_held_after(
    pages: Pages, draft: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = pages.get(here(draft)).text
    assert (
        "PDF, Word (docx), Excel (xlsx), PNG eller JPEG. Højst 20 MB pr. fil og 50 MB ad gangen."
        in text
    )
    monkeypatch.setattr(uploads, "MAX_BYTES", len(PDF) - 1)
    assert send(pages, draft, status=200, file=a_file()).problems == [
        "Filen må højst fylde 0 MB. Gør den mindre, eller del den i to"
    ]
    monkeypatch.setattr(uploads, "MAX_SENT_BYTES", len(PDF) * 2 - 1)
    assert send(pages, draft, status=200, file=[a_file(), a_file()]).problems == [
        "Filerne må højst fylde 0 MB tilsammen. Send dem ad flere gange"
    ]
    assert not draft.attachments.exists()


def test_several_files_at_once(pages: Pages, draft: Proposal) -> None:
    files = [a_file(f"{n}.pdf", PDF + bytes([n])) for n in (1, 2)]
    send(pages, draft, file=files)
    send(
        pages, draft, file=[a_file("3.pdf", PDF + b"3"), a_file("4.pdf", PDF + b"4")], title="Kort"
    )
    assert listed(pages.get(here(draft))) == [
        "Bilag 1: 1",
        "Bilag 2: 2",
        "Bilag 3: Kort 1",
        "Bilag 4: Kort 2",
    ]


def test_the_good_ones_of_several_are_taken_and_the_others_named(
    pages: Pages, draft: Proposal
) -> None:
    shown = send(
        pages, draft, status=200, file=[a_file("god.pdf"), a_file("program.pdf", office.EXE)]
    )
    assert shown.problems == [f"program.pdf: {uploads.NOT_TAKEN}"]
    assert shown.messages == ["god er tilføjet."]
    assert listed(shown) == ["Bilag 1: god"]


def test_the_same_file_twice_is_one(pages: Pages, draft: Proposal) -> None:
    send(pages, draft, file=a_file(), title="Tilsagn")
    send(pages, draft, file=a_file("kopi.pdf"))
    assert pages.get(here(draft)).messages[-1] == "kopi.pdf er allerede vedlagt som Tilsagn."
    assert draft.attachments.count() == 1


def test_attachments_are_twenty_at_most(pages: Pages, draft: Proposal) -> None:
    given(draft, *map(str, range(19)))
    shown = send(
        pages, draft, status=200, file=[a_file("x.pdf", PDF + b"x"), a_file("y.pdf", PDF + b"y")]
    )
    assert shown.problems == [
        "Der kan højst være 20 bilag. Fjern et bilag, eller saml flere i én PDF."
    ]
    assert shown.messages == ["x er tilføjet."]
    assert "det højeste antal" in pages.get(here(draft)).text


def test_attachment_without_a_file_or_a_name(pages: Pages, draft: Proposal) -> None:
    assert send(pages, draft, status=200).problems == ["Vælg den fil, du vil vedlægge"]
    assert send(pages, draft, status=200, title="Kort").problems == [
        "Vælg den fil, der hører til navnet"
    ]
    send(pages, draft, file=a_file("Brev fra Ærø.pdf"))
    assert draft.attachments.get().title == "Brev fra Ærø"


def test_old_tab_after_submission_names_what_was_not_kept(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    Proposal.objects.filter(pk=draft.pk).update(status="in_qualification")
    shown = send(pages, draft, status=409, file=a_file("vigtig.pdf"))
    assert shown.heading == "Forslaget kan ikke ændres nu"
    assert "Filer, der ikke er gemt her vigtig.pdf" in shown.text
    assert not draft.attachments.exists()


# Named, numbered, confidential


def test_files_change_places_by_buttons(pages: Pages, draft: Proposal) -> None:
    first, second = given(draft, "Kort", "Tidsplan")
    shown = pages.get(here(draft))
    assert [b for b in shown.buttons if b.startswith("Flyt")] == [
        "Flyt ned Kort",
        "Flyt op Tidsplan",
    ]
    shown = pages.press(here(draft), {"revision": draft.revision, "do": f"up:{second.pk}"})
    assert shown.messages == ["Rækkefølgen er ændret: Tidsplan er nu bilag 1."]
    assert listed(shown) == ["Bilag 1: Tidsplan", "Bilag 2: Kort"]
    for key in ("9" * 40, "x", "²", str(first.pk + 1000)):
        send(pages, draft, do=f"down:{key}")


def test_name_and_confidentiality_are_changed_beside_the_file(
    pages: Pages, draft: Proposal
) -> None:
    first, second = given(draft, "Kort", "Tidsplan")

    def seen() -> dict[str, str]:
        return pages.seen(here(draft))

    closed = {f"title-{first.pk}": "Kort over havnen", f"is_confidential-{first.pk}": "on"}
    shown = send(
        pages, draft, status=200, do="save", **seen(), **closed, **{f"title-{second.pk}": "Plan"}
    )
    assert shown.problems == ["Skriv, hvorfor bilaget er fortroligt"]
    assert shown.value(f"title-{first.pk}") == "Kort over havnen"
    assert listed(shown) == ["Bilag 1: Kort", "Bilag 2: Plan"]

    send(
        pages, draft, do="save", **seen(), **closed, **{f"confidential_reason-{first.pk}": "Priser"}
    )
    shown = pages.get(here(draft))
    assert listed(shown) == ["Bilag 1: Kort over havnen Fortroligt", "Bilag 2: Plan"]
    assert "Fortroligt: Priser" in shown.text

    assert send(
        pages, draft, status=200, do="save", **seen(), **{f"title-{first.pk}": " "}
    ).problems == ["Indtast bilagets navn"]
    # What was not on the page is not rewritten, and what is no longer confidential has no reason.
    send(pages, draft, do="save", **seen(), **{f"title-{first.pk}": "Kort"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_confidential, first.confidential_reason) == (False, "")
    assert second.title == "Plan"


def test_old_page_makes_no_file_public_again(pages: Pages, draft: Proposal) -> None:
    (kort,) = given(draft, "Kort")
    seen = pages.seen(here(draft))
    untouched = {f"title-{kort.pk}": "Kort", f"confidential_reason-{kort.pk}": "", **seen}
    closed = untouched | {f"is_confidential-{kort.pk}": "on"}
    send(pages, draft, do="save", **closed | {f"confidential_reason-{kort.pk}": "Priser"})

    send(pages, draft, do="save", **untouched)
    kort.refresh_from_db()
    assert (kort.is_confidential, kort.confidential_reason) == (True, "Priser")

    renamed = untouched | {f"title-{kort.pk}": "Kort over havnen"}
    shown = send(pages, draft, status=200, do="save", **renamed)
    kort.refresh_from_db()
    assert (kort.title, kort.is_confidential) == ("Kort", True)
    [problem] = shown.problems
    assert "står nu som “Kort”. Fortroligt: Priser" in problem
    assert shown.value(f"title-{kort.pk}") == "Kort over havnen"

    # It has been seen now.
    again = renamed | {
        name: shown.value(name) for name in seen if name.startswith("base-attachment-")
    }
    send(pages, draft, do="save", **again)
    kort.refresh_from_db()
    assert (kort.title, kort.is_confidential) == ("Kort over havnen", False)


def test_new_confidential_file_must_have_a_reason(pages: Pages, draft: Proposal) -> None:
    shown = send(pages, draft, status=200, file=a_file(), is_confidential="on", title="Priser")
    assert shown.problems == [
        "Filen er ikke gemt endnu. Vælg den igen, når du har rettet resten",
        "Skriv, hvorfor bilaget er fortroligt",
    ]
    assert shown.value("title") == "Priser"
    assert "er gemt." not in shown.text
    assert not draft.attachments.exists()
    send(pages, draft, file=a_file(), is_confidential="on", confidential_reason="Tilbud")
    assert draft.attachments.get().confidential_reason == "Tilbud"


# Fetched


def test_attachment_of_a_draft_is_not_there_for_others(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    [attachment] = given(draft, "Kort")
    for person in (cast.stranger, cast.adviser, cast.secretariat, cast.committee, cast.funder):
        pages.as_(person).get(address(attachment), status=404)
    assert "/konto/" in pages.as_(None).get(address(attachment), status=302).location


def test_confidential_file_is_for_those_who_judge(pages: Pages, cast: Any) -> None:
    proposal = a_ready_draft(cast, a_round())
    given(proposal, "Kort")
    given(proposal, "Priser", is_confidential=True, confidential_reason="Tilbud fra to firmaer")
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    Proposal.objects.filter(pk=proposal.pk).update(status="qualified")
    submission.submit_for_approval(proposal_pk=proposal.pk, revision=2, by=cast.owner, at=NOW)
    by = {"by": cast.secretariat, "at": NOW}
    Access.objects.grant(proposal, "decide", group="committee", **by)
    Access.objects.grant(proposal, "fund", organization=cast.realdania, **by)
    plain, closed = proposal.attachments.listed()

    for person, reads in (
        (cast.owner, True),
        (cast.adviser, True),
        (cast.secretariat, True),
        (cast.committee, True),
        (cast.funder, False),
    ):
        pages.as_(person)
        pages.get(address(plain))
        pages.get(address(closed), status=200 if reads else 404)
        shown = pages.get(f"/forslag/{proposal.number}/versioner/2/")
        assert f"Bilag 1: Kort PDF, {len(PDF) + 4} bytes" in shown.text
        assert f"Bilag 2: Priser PDF, {len(PDF) + 6} bytes Lukket bilag: " in shown.text
        assert (address(closed) in shown.links) is reads
        assert ("Tilbud fra to firmaer" in shown.text) is reads
        assert ("Kontakt sekretariatet, hvis du har brug for det" in shown.text) is not reads


def test_file_that_is_being_scanned_is_fetched_by_nobody(
    pages: Pages, cast: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    proposal = a_ready_draft(cast, a_round())
    with clamd() as (_, settings.CLAMAV):
        pages.as_(cast.owner)
        send(pages, proposal, file=a_file("god.pdf"))
        send(pages, proposal, file=a_file("regning.pdf", PDF + EICAR))
        good, bad = proposal.attachments.listed()
        shown = pages.get(here(proposal))
        assert (
            shown.messages[-1]
            == "regning er tilføjet. Nye filer bliver scannet for virus, før de kan hentes."
        )
        assert address(good) not in shown.links
        assert "Bliver scannet for virus. Ingen kan hente filen" in shown.text
        submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)

        def read() -> Page:
            return pages.get(f"/forslag/{proposal.number}/versioner/1/")

        for person in (cast.owner, cast.adviser):
            pages.as_(person)
            assert (
                pages.get(address(good), status=409).heading == "Bilaget bliver scannet for virus"
            )
            assert f"Bilag 1: god PDF, {len(PDF)} bytes. Bliver scannet for virus" in read().text
            assert address(good) not in read().links

        with django_capture_on_commit_callbacks(execute=True):
            tasks.scan_attachments(at=NOW)

        pages.as_(cast.adviser)
        assert pages.get(address(good)).body == PDF
        assert pages.get(address(bad), status=410).heading == "Bilaget er slettet"
        assert address(good) in read().links
        assert (
            f"Bilag 2: regning PDF, {len(PDF + EICAR)} bytes. Indeholdt virus og er slettet"
            in read().text
        )

    Proposal.objects.filter(pk=proposal.pk).update(status="draft")
    shown = pages.as_(cast.owner).get(here(proposal))
    assert listed(shown) == ["Bilag 1: god", "regning"]
    assert "Filen indeholdt virus og er slettet. Fjern bilaget" in shown.text


def test_file_that_could_not_be_scanned_says_what_to_do(pages: Pages, draft: Proposal) -> None:
    [attachment] = given(draft, "Kort")
    Attachment.objects.filter(pk=attachment.pk).update(
        scan_state=ScanState.PENDING, failed_at=NOW, error="x"
    )
    shown = pages.get(here(draft))
    assert "Prøv igen, eller fjern den, og vedlæg den igen, gerne som PDF." in shown.text
    assert pages.get(address(attachment), status=409).heading == "Bilaget kunne ikke scannes"

    assert "Prøv igen at scanne Kort" in shown.buttons
    send(pages, draft, do=f"scan:{attachment.pk}")
    assert pages.get(here(draft)).messages == ["Kort bliver scannet for virus igen."]
    attachment.refresh_from_db()
    assert (attachment.scan_state, attachment.failed_at, attachment.error) == ("pending", None, "")
    # One that is clean, or only waits, is not scanned again by a press on an old page.
    Attachment.objects.filter(pk=attachment.pk).update(scan_state=ScanState.CLEAN)
    send(pages, draft, do=f"scan:{attachment.pk}")
    attachment.refresh_from_db()
    assert attachment.scan_state == ScanState.CLEAN


@pytest.mark.parametrize("count", (1, 3))
def test_queries_do_not_grow_with_the_files(
    count: int, pages: Pages, cast: Any, draft: Proposal, django_assert_num_queries: Any
) -> None:
    given(draft, *"abc"[:count])
    with django_assert_num_queries(10):
        pages.get(here(draft))
    with django_assert_num_queries(12):
        pages.get(f"/forslag/{draft.number}/tjek/")

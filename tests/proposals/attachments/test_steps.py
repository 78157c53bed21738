"""The files of a proposal: kept, ordered, looked through and tidied up after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction

import pytest

from klimaspor import leases, uploads
from klimaspor.mail.models import OutgoingMail
from klimaspor.models import SweepRecord
from proposals import tasks
from proposals.answers.content import Content
from proposals.attachments import orphans
from proposals.attachments import steps as attachments
from proposals.attachments.models import Attachment, ScanState
from proposals.drafting import holding as drafting
from proposals.line.models import Proposal
from proposals.submission import steps as submission
from tests.clamd import EICAR, clamd
from tests.factories.intake import NOW, a_cast, a_draft, a_ready_draft, a_round

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clamd import Clamd

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 "


@pytest.fixture
def cast() -> Any:
    return a_cast()


@pytest.fixture
def draft(cast: Any) -> Proposal:
    return a_draft(cast, a_round())


@pytest.fixture
def scanner(settings: Any) -> Iterator[Clamd]:
    with clamd() as (running, settings.CLAMAV):
        yield running


def add(proposal: Proposal, title: str, **about: Any) -> Attachment:
    content = about.pop("content", PDF + title.encode())
    given = {
        "file_name": f"{title}.pdf",
        "content_type": uploads.PDF.mime,
        "by": proposal.owner,
        "at": NOW,
        **about,
    }
    return attachments.add_attachment(
        proposal_pk=proposal.pk, title=title, file=ContentFile(content), **given
    )


def stored(files: Path) -> list[str]:
    return sorted(str(path.relative_to(files)) for path in files.rglob("*") if path.is_file())


def order(proposal: Proposal) -> list[str]:
    return [one.title for one in proposal.attachments.present().listed()]


# Kept


def test_a_file_is_stored_under_a_name_of_ours(draft: Proposal, files: Path) -> None:
    attachment = add(
        draft, "Kort", file_name="../kort over Ærø.exe", content_type=uploads.WORD.mime
    )

    assert stored(files) == [attachment.file.name]
    assert Path(attachment.file.name).name == f"{attachment.sha256[:24]}.docx"
    assert attachment.file_name == "kort over Ærø.exe.docx"


def test_a_refused_upload_leaves_nothing(draft: Proposal, files: Path) -> None:
    for number in range(uploads.MAX_FILES):
        add(draft, f"Kort {number}")
    before = stored(files)

    with pytest.raises(attachments.TooManyAttachments):
        add(draft, "Et for meget")
    with pytest.raises(attachments.AlreadyAttached, match="allerede vedlagt som Kort 3"):
        add(draft, "Igen", content=PDF + b"Kort 3")
    Proposal.objects.filter(pk=draft.pk).update(status="in_qualification")
    with pytest.raises(drafting.NotEditable):
        add(draft, "For sent")

    assert stored(files) == before
    assert len(before) == uploads.MAX_FILES


@pytest.mark.parametrize("way", ("constraint", "interrupt"))
def test_an_upload_that_is_cut_off_leaves_nothing(
    draft: Proposal, files: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Whatever stops the row from being written: the database, or whoever ends the process."""
    if way == "constraint":
        with (
            pytest.raises(Exception, match="attachment_confidential_reasoned"),
            transaction.atomic(),
        ):
            add(draft, "Hemmeligt", is_confidential=True)
    else:
        monkeypatch.setattr(Attachment, "save", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            add(draft, "Halvt")

    assert stored(files) == []
    assert not draft.attachments.exists()


def _interrupted(*args: Any, **kwargs: Any) -> None:
    raise KeyboardInterrupt


# In order


def test_files_change_places(draft: Proposal) -> None:
    a, b, c = (add(draft, title) for title in "abc")
    attachments.remove_attachment(proposal_pk=draft.pk, attachment_pk=b.pk, by=draft.owner, at=NOW)
    d = add(draft, "d")
    assert order(draft) == ["a", "c", "d"]

    def move(one: Attachment, places: int) -> int:
        return attachments.move_attachment(
            proposal_pk=draft.pk, attachment_pk=one.pk, places=places, by=draft.owner, at=NOW
        )

    assert move(d, -1) == 2
    assert order(draft) == ["a", "d", "c"]
    assert move(a, -1) == 1
    assert move(c, 1) == 3
    assert order(draft) == ["a", "d", "c"]
    assert move(a, 1) == 2
    assert order(draft) == ["d", "a", "c"]
    assert move(b, 1) == 0
    assert [row.title for row in Content.of(draft, at=NOW).attachments] == ["d", "a", "c"]


# Looked through


def test_without_a_scanner_a_file_is_kept_unscanned(draft: Proposal, settings: Any) -> None:
    settings.CLAMAV = ""
    assert add(draft, "Kort").scan_state == ScanState.UNSCANNED
    assert tasks.scan_attachments(at=NOW) == 0


def test_what_waits_is_let_go_when_the_scanner_is_taken_away(
    draft: Proposal, settings: Any
) -> None:
    settings.CLAMAV = "tcp:127.0.0.1:1"
    attachment = add(draft, "Kort")
    settings.CLAMAV = ""

    tasks.scan_attachments(at=NOW)

    attachment.refresh_from_db()
    assert attachment.scan_state == ScanState.UNSCANNED


def test_clean_and_infected_files(
    draft: Proposal,
    scanner: Clamd,
    files: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    clean = add(draft, "Kort")
    bad = add(draft, "Regning", content=PDF + EICAR)
    assert clean.scan_state == bad.scan_state == ScanState.PENDING

    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.scan_attachments(at=NOW) == 2

    assert scanner.seen == [PDF + b"Kort", PDF + EICAR]
    clean.refresh_from_db()
    bad.refresh_from_db()
    assert (clean.scan_state, clean.scanned_at) == (ScanState.CLEAN, NOW)
    assert (bad.scan_state, bad.scanned_at, bad.file.name) == (ScanState.INFECTED, NOW, "")
    assert stored(files) == [clean.file.name]
    assert [row.title for row in Content.of(draft, at=NOW).attachments] == ["Kort"]
    letter = OutgoingMail.objects.get(name="infected")
    assert letter.recipient == draft.owner.email
    assert letter.subject == f"Virus i et bilag til {draft.number}"
    assert "Eicar-Test-Signature" in letter.body
    assert '"Regning"' in letter.body
    assert tasks.scan_attachments(at=NOW) == 0


def test_an_infected_file_is_not_in_the_way_of_a_clean_one(draft: Proposal, scanner: Clamd) -> None:
    bad = add(draft, "Regning", content=PDF + EICAR)
    tasks.scan_attachments(at=NOW)
    assert add(draft, "Igen", content=PDF + EICAR).pk != bad.pk


def test_while_the_scanner_is_away_files_wait_and_lose_no_attempt(
    draft: Proposal, settings: Any
) -> None:
    settings.CLAMAV = "tcp:127.0.0.1:1"
    attachment = add(draft, "Kort")

    for _ in range(leases.MAX_ATTEMPTS + 1):
        assert tasks.scan_attachments(at=NOW) == 0

    attachment.refresh_from_db()
    assert (attachment.attempts, attachment.failed_at) == (0, None)
    with clamd() as (_, settings.CLAMAV):
        assert tasks.scan_attachments(at=NOW) == 1


def test_a_file_the_scanner_refuses_waits_longer_each_time_and_is_given_up(
    draft: Proposal, settings: Any
) -> None:
    with clamd(longest=5) as (_, settings.CLAMAV):
        attachment = add(draft, "Kort")
        at = NOW
        assert tasks.scan_attachments(at=at) == 0
        attachment.refresh_from_db()
        assert attachment.next_attempt_at == at + leases.FIRST_PAUSE
        for _ in range(leases.MAX_ATTEMPTS):
            at += timedelta(hours=7)
            tasks.scan_attachments(at=at)

    attachment.refresh_from_db()
    assert attachment.failed_at is not None
    assert attachment.scan_state == ScanState.PENDING
    assert "size limit" in attachment.error


def test_a_missing_file_holds_up_no_other(draft: Proposal, scanner: Clamd) -> None:
    gone, there = add(draft, "Væk"), add(draft, "Kort")
    gone.file.storage.delete(gone.file.name)

    assert tasks.scan_attachments(at=NOW) == 1

    there.refresh_from_db()
    assert there.scan_state == ScanState.CLEAN


def test_a_proposal_is_sent_while_a_file_is_scanned(cast: Any, settings: Any) -> None:
    settings.CLAMAV = "tcp:127.0.0.1:1"
    proposal = a_ready_draft(cast, a_round())
    add(proposal, "Kort")

    version = submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)

    [row] = version.content["attachments"]
    assert (row["title"], row["content_type"]) == ("Kort", "application/pdf")


# Tidied up after

LATER = datetime.now(UTC) + timedelta(days=2)


def test_only_what_no_row_has_named_for_a_day_is_removed(draft: Proposal, files: Path) -> None:
    kept, removed = add(draft, "Kort"), add(draft, "Fjernet")
    attachments.remove_attachment(
        proposal_pk=draft.pk, attachment_pk=removed.pk, by=draft.owner, at=NOW
    )
    orphan = default_storage.save("bilag/2027/02/abc.pdf", ContentFile(PDF))
    other = default_storage.save("versionpaper/ab/forslag.pdf", ContentFile(PDF))

    assert tasks.remove_orphans(at=LATER - timedelta(days=1, hours=12)) == 0
    assert default_storage.exists(orphan)
    assert tasks.remove_orphans(at=LATER) == 1

    assert stored(files) == sorted([kept.file.name, removed.file.name, other])


def test_a_wrong_database_removes_nothing(draft: Proposal, files: Path) -> None:
    for number in range(orphans.FEW + 1):
        default_storage.save(f"bilag/2027/02/{number}.pdf", ContentFile(PDF))

    assert tasks.remove_orphans(at=LATER) == 0
    assert len(stored(files)) == orphans.FEW + 1


def test_so_many_orphans_a_visit(
    draft: Proposal, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "MOST_REMOVED", 2)
    monkeypatch.setattr(orphans, "AT_A_TIME", 2)
    for number in range(5):
        default_storage.save(f"bilag/2027/02/{number}.pdf", ContentFile(PDF))

    assert [tasks.remove_orphans(at=LATER) for _ in range(4)] == [2, 2, 1, 0]


def test_an_orphan_that_cannot_be_removed_stops_none_after_it(
    draft: Proposal, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [
        default_storage.save(f"bilag/2027/02/{number}.pdf", ContentFile(PDF)) for number in range(3)
    ]
    delete = FileSystemStorage.delete

    def fail_one(storage: FileSystemStorage, name: str) -> None:
        if name == names[1]:
            raise OSError("Kun til at læse")
        delete(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", fail_one)

    assert tasks.remove_orphans(at=LATER, by_clock=True) == 2
    assert stored(files) == [names[1]]
    record = SweepRecord.objects.get(name=tasks.REMOVE_ORPHANS)
    assert (record.error, record.is_failing) == ("OSError: Kun til at læse", True)


def test_there_is_nothing_to_tidy_up_before_the_first_file() -> None:
    assert tasks.remove_orphans(at=LATER) == 0

"""The sweeps of the proposal: papers of what was sent, reminders, and its files looked through and tidied up."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

import structlog
from celery import shared_task

from klimaspor import leases, scanner, sweeps
from klimaspor.mail import outbox
from proposals import reminders
from proposals.attachments import orphans, scanning
from proposals.attachments.models import Attachment
from proposals.printing import papers
from proposals.printing.models import VersionPaper

log = structlog.get_logger(__name__)

BUILD_PAPERS = "proposals.tasks.build_papers"
REMIND = "proposals.tasks.remind"
SCAN_ATTACHMENTS = "proposals.tasks.scan_attachments"
REMOVE_ORPHANS = "proposals.tasks.remove_orphans"
# Longer than the scanner is waited for.
SCAN_LEASE = timedelta(minutes=5)
LONGEST_ERROR = 500


@shared_task(name=BUILD_PAPERS)
def build_papers(at: datetime | None = None) -> int:
    """Set every sent version that has no PDF yet, let the receipts that waited go, and return how many were built."""
    clock: Callable[[], datetime] = timezone.now if at is None else lambda: at
    sweeps.mark(BUILD_PAPERS, clock())
    lease = timedelta(seconds=settings.PAPER_LEASE_SECONDS)
    unbuilt = VersionPaper.objects.unbuilt().with_version().oldest_first()
    built = 0
    while True:
        # Also before the first: a worker may have been killed between a paper and its letter.
        _let_letters_go(clock())
        paper = leases.claim_one(unbuilt, at=clock(), lease=lease)
        if paper is None:
            return built
        built += _build(paper, clock)


@shared_task(name=REMIND)
def remind(at: datetime | None = None) -> int:
    """Write the reminders to proposers that are due, and return how many were."""
    at = at or timezone.now()
    sweeps.mark(REMIND, at)
    return reminders.send_due(at=at)


@shared_task(name=SCAN_ATTACHMENTS)
def scan_attachments(at: datetime | None = None) -> int:
    """Look through every file that waits for the virus scanner, and return how many were."""
    clock: Callable[[], datetime] = timezone.now if at is None else lambda: at
    sweeps.mark(SCAN_ATTACHMENTS, clock())
    if not scanner.is_set():
        scanning.let_go()
        return 0
    waiting = Attachment.objects.unscanned().with_people()
    # While the scanner is away no file loses an attempt.
    if not waiting.exists() or not scanner.answers():
        return 0
    scanned = 0
    while True:
        attachment = leases.claim_one(waiting, at=clock(), lease=SCAN_LEASE)
        if attachment is None:
            return scanned
        try:
            scanned += scanning.scan(attachment, clock=clock)
        except scanner.Away:
            return scanned
        except leases.LeaseLost:
            log.warning("scan_lease_lost", attachment=attachment.pk)


@shared_task(name=REMOVE_ORPHANS)
def remove_orphans(at: datetime | None = None) -> int:
    """Remove files of uploads that came to nothing, and return how many."""
    at = at or timezone.now()
    sweeps.mark(REMOVE_ORPHANS, at)
    return orphans.remove(at=at)


def _build(paper: VersionPaper, clock: Callable[[], datetime]) -> bool:
    ours = log.bind(version=paper.version_id)
    try:
        try:
            content = papers.render_version(paper.version)
            name = papers.file_name(paper.version)
            leases.keep_file(paper, name=name, content=content, at=clock())
        except leases.LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one version, the others must get their papers
            ours.warning("paper_failed", error=str(error), attempts=paper.attempts)
            text = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
            leases.set_aside(paper, error=text, at=clock())
            return False
    except leases.LeaseLost:
        ours.warning("paper_lease_lost")
        return False
    return True


def _let_letters_go(at: datetime) -> None:
    """Release the receipts whose paper is there, or will never be: then without it."""
    for paper in VersionPaper.objects.holding_letters().with_version():
        outbox.release(
            waits_for=f"version:{paper.version_id}", attachments=_attachments(paper), at=at
        )


def _attachments(paper: VersionPaper) -> list[outbox.Attachment]:
    if paper.built_at is None:
        return []
    name = papers.file_name(paper.version)
    return [outbox.Attachment(name, "application/pdf", paper.file.name or "", paper.sha256)]

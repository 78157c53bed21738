"""The sweeps of the proposal: papers of what was sent, reminders, and its files looked through and tidied up."""

from datetime import timedelta

from django.conf import settings

from klimaspor import leases, scanner, sweeps
from klimaspor.leases import Claim, Visit
from klimaspor.mail import outbox
from proposals import reminders
from proposals.attachments import orphans, scanning
from proposals.attachments.models import Attachment
from proposals.printing import papers
from proposals.printing.models import VersionPaper

BUILD_PAPERS = "proposals.tasks.build_papers"
REMIND = "proposals.tasks.remind"
SCAN_ATTACHMENTS = "proposals.tasks.scan_attachments"
REMOVE_ORPHANS = "proposals.tasks.remove_orphans"
# Longer than the scanner is waited for.
SCAN_LEASE = timedelta(minutes=5)


@sweeps.sweep(BUILD_PAPERS)
def build_papers(visit: Visit) -> int:
    """Set every sent version that has no PDF yet, let the receipts that waited go, and return how many were built."""
    # Before the first: a worker may have been killed between a paper and its letter.
    _let_letters_go(visit)

    def build(claim: Claim[VersionPaper]) -> None:
        version = claim.row.version
        content = papers.render_version(version)
        leases.keep_file(claim.row, name=papers.file_name(version), content=content, at=claim.at)
        _let_letters_go(visit)

    unbuilt = VersionPaper.objects.unbuilt().with_version().oldest_first()
    lease = timedelta(seconds=settings.PAPER_LEASE_SECONDS)
    built = leases.work(unbuilt, build, visit=visit, lease=lease)
    # What was given up keeps no receipt waiting.
    _let_letters_go(visit)
    return built


@sweeps.sweep(REMIND)
def remind(visit: Visit) -> int:
    """Write the reminders to proposers that are due, and return how many were."""
    return reminders.send_due(at=visit.at, guard=visit.guard)


@sweeps.sweep(SCAN_ATTACHMENTS)
def scan_attachments(visit: Visit) -> int:
    """Look through every file that waits for the virus scanner, and return how many were."""
    if not scanner.is_set():
        scanning.let_go()
        return 0
    waiting = Attachment.objects.unscanned().with_people()
    return leases.work(waiting, scanning.scan, visit=visit, lease=SCAN_LEASE, ready=scanning.ready)


@sweeps.sweep(REMOVE_ORPHANS)
def remove_orphans(visit: Visit) -> int:
    """Remove files of uploads that came to nothing, and return how many."""
    return orphans.remove(at=visit.at, guard=visit.guard)


def _let_letters_go(visit: Visit) -> None:
    """Release the receipts whose paper is there, or will never be: then without it."""
    for paper in VersionPaper.objects.holding_letters().with_version():
        with visit.guard(paper):
            outbox.release(
                waits_for=f"version:{paper.version_id}",
                attachments=_attachments(paper),
                at=visit.at,
            )


def _attachments(paper: VersionPaper) -> list[outbox.Attachment]:
    if paper.built_at is None:
        return []
    name = papers.file_name(paper.version)
    return [outbox.Attachment(name, "application/pdf", paper.file.name or "", paper.sha256)]

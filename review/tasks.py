"""The sweeps of the procedure: the committee's papers and minutes, and reminders."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

import structlog
from celery import shared_task

from klimaspor import leases, sweeps
from review import reminders
from review.agenda.models import Dossier
from review.papers import building, names
from review.papers import progress as dossier

log = structlog.get_logger(__name__)

REMIND = "review.tasks.remind"
LONGEST_ERROR = 500


@shared_task(name=dossier.BUILD_PAPERS)
def build_papers(at: datetime | None = None) -> int:
    """Make every file that was asked for and is not there, and return how many were made."""
    clock: Callable[[], datetime] = timezone.now if at is None else lambda: at
    sweeps.mark(dossier.BUILD_PAPERS, clock())
    lease = timedelta(seconds=settings.PAPER_LEASE_SECONDS)
    built = 0
    while row := leases.claim_one(
        Dossier.objects.buildable().with_agenda().oldest_first(), at=clock(), lease=lease
    ):
        built += _build(row, clock, lease)
    return built


def _build(row: Dossier, clock: Callable[[], datetime], lease: timedelta) -> bool:
    ours = log.bind(dossier=row.pk, kind=row.kind)

    def report(done: int, total: int) -> None:
        # Who has lost the lease stops here, and does not finish for nothing.
        leases.renew(row, at=clock(), lease=lease, progress_done=done, progress_total=total)

    try:
        try:
            with building.build(row, at=clock(), report=report) as content:
                name = names.file_name(row)
                leases.keep_file(row, name=name, content=content, at=clock())
        except leases.LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one file, the others must be made
            ours.warning("dossier_failed", error=str(error), attempts=row.attempts)
            text = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
            leases.set_aside(row, error=text, at=clock())
            return False
    except leases.LeaseLost:
        ours.warning("dossier_lease_lost")
        return False
    return True


@shared_task(name=REMIND)
def remind(at: datetime | None = None) -> int:
    """Write the reminders to advisers and committee that are due, and return how many were."""
    at = at or timezone.now()
    sweeps.mark(REMIND, at)
    return reminders.send_due(at=at)

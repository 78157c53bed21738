"""The sweeps of the procedure: the committee's papers and minutes, and reminders."""

from datetime import timedelta

from django.conf import settings

from klimaspor import leases, sweeps
from klimaspor.leases import Claim, Visit
from review import reminders
from review.agenda.models import Dossier
from review.papers import building, names, progress

REMIND = "review.tasks.remind"


@sweeps.sweep(progress.BUILD_PAPERS)
def build_papers(visit: Visit) -> int:
    """Make every file that was asked for and is not there, and return how many were made."""
    buildable = Dossier.objects.buildable().with_agenda().oldest_first()
    lease = timedelta(seconds=settings.PAPER_LEASE_SECONDS)
    return leases.work(buildable, _build, visit=visit, lease=lease)


def _build(claim: Claim[Dossier]) -> None:
    def report(done: int, total: int) -> None:
        # Who has lost the lease stops here, and does not finish for nothing.
        claim.renew(progress_done=done, progress_total=total)

    with building.build(claim.row, at=claim.at, report=report) as content:
        name = names.file_name(claim.row)
        leases.keep_file(claim.row, name=name, content=content, at=claim.at)


@sweeps.sweep(REMIND)
def remind(visit: Visit) -> int:
    """Write the reminders to advisers and committee that are due, and return how many were."""
    return reminders.send_due(at=visit.at, guard=visit.guard)

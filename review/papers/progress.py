"""How far the files of a meeting have come, for the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klimaspor import danish, leases, sweeps
from review.agenda.models import Dossier
from review.papers.papers import STAGES

if TYPE_CHECKING:
    from review.agenda.models import Agenda

BUILD_PAPERS = "review.tasks.build_papers"


@dataclass(frozen=True)
class Progress:
    """What a page shows about one file."""

    dossier: Dossier
    label: str
    state: str
    """working, done or failed."""
    percent: int | None
    """None while it waits."""
    text: str

    @property
    def is_done(self) -> bool:
        return self.state == "done"

    @property
    def is_papers(self) -> bool:
        """Say whether it is what the committee reads at the meeting, and is there."""
        return self.is_done and self.dossier.kind == Dossier.Kind.PAPERS


def progress(agenda: Agenda) -> tuple[Progress, ...]:
    """Tell about the latest file of each kind: one query."""
    rows = agenda.dossiers.latest_of_kind().select_related("agenda").oldest_first()
    return tuple(progress_of(row) for row in rows)


def progress_of(dossier: Dossier) -> Progress:
    label = str(Dossier.Kind(dossier.kind).label).capitalize()
    if dossier.built_at:
        state, percent, text = "done", 100, f"Udarbejdet {danish.datetime_text(dossier.built_at)}"
    elif dossier.failed_at:
        text = f"{label} kunne ikke laves. Sekretariatet kan prøve igen."
        state, percent = "failed", None
    elif dossier.next_attempt_at:
        again = danish.clock_text(danish.local(dossier.next_attempt_at).time())
        state, percent, text = "working", None, f"Det lykkedes ikke. Vi prøver igen {again}."
    elif not dossier.progress_total:
        waits = "Venter på sagsmaterialet" if dossier.kind == Dossier.Kind.ANNEXES else "Venter"
        state, percent, text = "working", None, waits
    else:
        percent = min(99, 100 * dossier.progress_done // dossier.progress_total)
        state, text = "working", _stage(dossier, percent)
    return Progress(dossier, label, state, percent, text)


def _stage(dossier: Dossier, percent: int) -> str:
    done, total = dossier.progress_done, dossier.progress_total
    if dossier.kind == Dossier.Kind.ANNEXES:
        return f"Pakker fil {done} af {total}"
    items = total // STAGES
    if done <= items:
        return f"Samler punkt {done} af {items}"
    return f"Sætter siderne op, {percent}{danish.NBSP}%"


def try_again(dossier: Dossier) -> bool:
    """Build a file that was given up after all; return whether it was."""
    if not leases.retry(Dossier.objects.filter(pk=dossier.pk)):
        return False
    sweeps.nudge(BUILD_PAPERS)
    return True

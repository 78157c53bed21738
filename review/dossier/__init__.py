"""
The committee's papers ("sagsmateriale"), the zip with annexes ("bilag") and the minutes ("referat").

What is collected is resolved, so that no template asks the database. `build` makes the file; who asks for it, how
long it may take and where it is kept is the sweep's business.
"""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

from review.dossier import annexes, minutes, papers
from review.dossier.minutes import collect_minutes
from review.dossier.names import file_name
from review.dossier.papers import collect
from review.dossier.progress import BUILD_PAPERS, Progress, progress, progress_of, try_again
from review.models import Dossier

if TYPE_CHECKING:
    from datetime import datetime

    from review.dossier.papers import Report

__all__ = (
    "BUILD_PAPERS",
    "Progress",
    "build",
    "collect",
    "collect_minutes",
    "file_name",
    "progress",
    "progress_of",
    "try_again",
)


def build(dossier: Dossier, *, at: datetime, report: Report) -> IO[bytes]:
    """Make the file; the caller closes it."""
    match dossier.kind:
        case Dossier.Kind.ANNEXES:
            return annexes.pack(dossier, at=at, report=report)
        case Dossier.Kind.MINUTES:
            return io.BytesIO(minutes.typeset(dossier, at=at))
        case _:
            return io.BytesIO(papers.typeset(dossier, at=at, report=report))

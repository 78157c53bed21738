"""
The committee's papers ("sagsmateriale"), the zip with annexes ("bilag") and the minutes ("referat").

What is collected is resolved, so that no template asks the database. `build` makes the file; who asks for it, how
long it may take and where it is kept is the sweep's business.
"""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

from review.agenda.models import Dossier
from review.papers import annexes, minutes, papers

if TYPE_CHECKING:
    from datetime import datetime

    from review.papers.papers import Report


def build(dossier: Dossier, *, at: datetime, report: Report) -> IO[bytes]:
    """Make the file; the caller closes it."""
    match dossier.kind:
        case Dossier.Kind.ANNEXES:
            return annexes.pack(dossier, at=at, report=report)
        case Dossier.Kind.MINUTES:
            return io.BytesIO(minutes.typeset(dossier, at=at))
        case _:
            return io.BytesIO(papers.typeset(dossier, at=at, report=report))

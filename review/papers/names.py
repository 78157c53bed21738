"""What the files are called when somebody saves them."""

from __future__ import annotations

from review.agenda.models import Dossier


def file_name(dossier: Dossier) -> str:
    day = dossier.agenda.meeting_date.isoformat()
    edition = f" udgave {dossier.number}" if dossier.number > 1 else ""
    what, ending = {
        Dossier.Kind.PAPERS: ("Sagsmateriale", "pdf"),
        Dossier.Kind.ANNEXES: ("Sagsmateriale med bilag", "zip"),
        Dossier.Kind.MINUTES: ("Referat", "pdf"),
    }[Dossier.Kind(dossier.kind)]
    return f"{what} {day}{edition}.{ending}"

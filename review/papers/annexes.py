"""The zip with the papers and the annexes ("bilag"), in a folder for each item."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from typing import IO, TYPE_CHECKING, Any

from klimaspor import danish
from proposals.attachments.models import Attachment, ScanState
from review.agenda.models import Dossier
from review.papers.names import file_name
from review.papers.papers import collect

if TYPE_CHECKING:
    from datetime import datetime

    from review.papers.papers import Annex, Papers, Report

WITHHELD: dict[str, str] = {
    ScanState.PENDING: "filen er ikke scannet for virus endnu.",
    ScanState.INFECTED: "filen indeholdt virus og er slettet.",
}


def pack(dossier: Dossier, *, at: datetime, report: Report) -> IO[bytes]:
    """Give a zip with the papers and the annexes; the caller closes it.

    An annex that cannot be read is left out, and the list says so.
    """
    agenda = dossier.agenda
    paper = agenda.dossiers.of_edition(dossier).get(kind=Dossier.Kind.PAPERS)
    data = collect(agenda, at=at, edition=dossier.number)
    annexes = [annex for item in data.items for annex in item.annexes]
    unopened = dict(
        Attachment.objects.among(annex.pk for annex in annexes)
        .withheld()
        .values_list("pk", "scan_state")
    )
    parts = len(annexes) + 1
    name = file_name(paper)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - it is what is given back
    packed, skipped = [], []
    with zipfile.ZipFile(out, "w") as bundle:
        _copy(bundle, paper.file, name, data.meeting.act_at)
        packed.append(f"{name}\n  sha256 {paper.sha256}")
        report(1, parts)
        for done, annex in enumerate(annexes, 2):
            trouble = WITHHELD.get(unopened.get(annex.pk, "")) or _trouble(annex)
            if trouble:
                skipped.append(f"{annex.label} {annex.title} ({annex.file_name}): {trouble}")
            else:
                _copy(bundle, Attachment(file=annex.stored).file, annex.path, annex.sent_at)
                packed.append(f"{annex.path}\n  sha256 {annex.sha256}")
            report(done, parts)
        listed = _entry("indhold.txt", data.meeting.act_at)
        bundle.writestr(listed, _list(data, packed, skipped))
    out.seek(0)
    return out


def _trouble(annex: Annex) -> str:
    """Say why an annex cannot be packed; nothing when it can."""
    if not annex.stored:
        return "filen findes ikke længere."
    digest = hashlib.sha256()
    try:
        with Attachment(file=annex.stored).file.open() as file:
            for chunk in file.chunks():
                digest.update(chunk)
    except OSError:
        return "filen kan ikke læses."
    if digest.hexdigest() != annex.sha256:
        return "filen er ikke den, der blev indsendt."
    return ""


def _copy(bundle: zipfile.ZipFile, stored: Any, path: str, at: datetime) -> None:
    with stored.open() as file, bundle.open(_entry(path, at), "w", force_zip64=True) as place:
        shutil.copyfileobj(file, place)


def _entry(path: str, at: datetime) -> zipfile.ZipInfo:
    # Stored as they are: every kind that is taken in is packed already.
    return zipfile.ZipInfo(path, date_time=danish.local(at).timetuple()[:6])


def _list(data: Papers, packed: list[str], skipped: list[str]) -> str:
    meeting = data.meeting
    lines = [
        f"Sagsmateriale til mødet i forretningsudvalget {meeting.date}",
        f"Udgave {meeting.edition}, {meeting.act}",
        meeting.readers,
        "",
        *packed,
    ]
    if skipped:
        lines += ["", "Disse bilag kunne ikke komme med. Kontakt sekretariatet:", *skipped]
    return danish.plain("\r\n".join("\r\n".join(lines).splitlines())) + "\r\n"

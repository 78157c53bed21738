"""The files that go with a proposal, as a list to read and one by one to fetch; and how any stored file is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor import uploads
from proposals.content import EARLY_FUNCTIONS, reads_live
from proposals.lifecycle import Gate
from proposals.models import CONFIDENTIAL_FUNCTIONS, PARTY_FUNCTIONS, Attachment, ScanState
from proposals.views.pages import ProposalPage

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from klimaspor.accounts.models import User
    from proposals.content import Content
    from proposals.models import Proposal

FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
OPEN_STATES = frozenset({ScanState.CLEAN, ScanState.UNSCANNED})


def send_file(file: Any, name: str, content_type: str = uploads.PDF.mime) -> FileResponse:
    """Send a stored file to be saved: never shown as a page of ours, never guessed to be anything else."""
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=content_type,
        headers=FILE_HEADERS,
    )


def scan_text(attachment: Attachment) -> str:
    """Say what the virus scanner has to do with a file, when that is worth knowing."""
    if attachment.scan_state == ScanState.INFECTED:
        return "Indeholdt virus og er slettet"
    if attachment.scan_state == ScanState.PENDING:
        return (
            "Kunne ikke scannes for virus" if attachment.failed_at else "Bliver scannet for virus"
        )
    return ""


def attachments_shown(
    content: Content, *, proposal: Proposal, user: User, at: datetime, before: str = ""
) -> list[dict[str, Any]]:
    """
    Give the lines of the list of files: each with its number, what it is, and its address when this person may fetch it.

    `before` stands before the number, e.g. that of the item on an agenda.
    """
    if not content.attachments:
        return []
    found = {one.pk: one for one in Attachment.objects.among(a.pk for a in content.attachments)}
    may_open_closed = bool(proposal.functions_of(user, at=at) & CONFIDENTIAL_FUNCTIONS)
    lines = []
    for number, row in enumerate(content.attachments, 1):
        now = found.get(row.pk)
        # What its people say of it now also holds for what was sent before.
        is_confidential = now.is_confidential if now else row.is_confidential
        is_closed = is_confidential and not may_open_closed
        is_there = now is not None and now.scan_state in OPEN_STATES
        lines.append(
            {
                "label": f"Bilag {before}{number}",
                "row": row,
                "is_confidential": is_confidential,
                "is_closed": is_closed,
                "reason": now.confidential_reason
                if now and is_confidential and not is_closed
                else "",
                "note": scan_text(now) if now else "Filen findes ikke længere",
                "url": reverse("proposals:attachment", args=[proposal.number, row.pk])
                if is_there and not is_closed
                else "",
            }
        )
    return lines


def readable_versions(user: User, proposal: Proposal, *, at: datetime) -> Any:
    """Narrow the proposal's versions to those sent to where the person stands."""
    functions = proposal.functions_of(user, at=at)
    versions = proposal.versions.newest_first()
    if functions & (PARTY_FUNCTIONS | EARLY_FUNCTIONS):
        return versions
    return versions.at_gate(Gate.APPROVAL) if functions else versions.none()


class AttachmentFile(ProposalPage):
    """A file to be saved, for whoever reads the text it goes with; one that is confidential only for those who need it."""

    template_name = "proposals/file_withheld.html"
    heading = "Bilag"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # a file is streamed
        attachment: Attachment = get_object_or_404(
            self.proposal.attachments.all(), pk=self.kwargs["pk"]
        )
        if not self._may_read(attachment):
            raise Http404
        if attachment.scan_state not in OPEN_STATES:
            is_gone = attachment.scan_state == ScanState.INFECTED
            return self.show(status=410 if is_gone else 409, attachment=attachment, is_gone=is_gone)
        return send_file(
            attachment.file, attachment.file_name, uploads.of_mime(attachment.content_type).mime
        )

    def _may_read(self, attachment: Attachment) -> bool:
        functions = self.proposal.functions_of(self.user, at=self.at)
        if attachment.is_confidential and not functions & CONFIDENTIAL_FUNCTIONS:
            return False
        if attachment.removed_at is None and reads_live(self.user, self.proposal, at=self.at):
            return True
        versions = readable_versions(self.user, self.proposal, at=self.at)
        return bool(versions.with_attachment(attachment.pk).exists())

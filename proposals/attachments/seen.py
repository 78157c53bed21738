"""What the section of files shows of each, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.refusals import Part
from klimaspor.seen import Shown

if TYPE_CHECKING:
    from proposals.attachments.models import Attachment


def unit_of(attachment: Attachment) -> str:
    return f"attachment-{attachment.pk}"


def shown_attachment(attachment: Attachment) -> Shown:
    """Show what a file is called, and whether it is confidential and why."""
    closed = "Fortroligt" if attachment.is_confidential else "Ikke fortroligt"
    if attachment.confidential_reason:
        closed = f"{closed}: {attachment.confidential_reason}"
    return Shown((Part("Bilaget", f"“{attachment.title}”. {closed}", unit_of(attachment)),))

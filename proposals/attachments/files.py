"""What the scanner says of a file, in words."""

from __future__ import annotations

from proposals.attachments.models import Attachment, ScanState

OPEN_STATES = frozenset({ScanState.CLEAN, ScanState.UNSCANNED})


def scan_text(attachment: Attachment) -> str:
    """Say what the virus scanner has to do with a file, when that is worth knowing."""
    if attachment.scan_state == ScanState.INFECTED:
        return "Indeholdt virus og er slettet"
    if attachment.scan_state == ScanState.PENDING:
        return (
            "Kunne ikke scannes for virus" if attachment.failed_at else "Bliver scannet for virus"
        )
    return ""

"""
Looking through the files of proposals for viruses.

A file that waits does not hold a submission back, and whoever reads the proposal sees that it is being scanned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

import structlog

from klimaspor import leases, scanner
from klimaspor.accounts.models import User
from proposals.attachments import mails
from proposals.attachments.models import Attachment, ScanState
from proposals.line.functions import WRITER_FUNCTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.leases import Claim

log = structlog.get_logger(__name__)


def ready() -> None:
    """
    See that the scanner is there, before any file is taken up.

    :raises leases.Away:
    """
    if not scanner.answers():
        raise leases.Away("Virusscanneren svarer ikke")


def scan(claim: Claim[Attachment]) -> None:
    """
    Look through a claimed file and write down what was found.

    :raises leases.Away: when it is no use to go on with others now.
    """
    attachment = claim.row
    try:
        with attachment.file.open("rb") as file:
            found = scanner.find(file)
    except scanner.Away as away:
        raise leases.Away(str(away)) from away
    if found:
        log.warning("virus_found", attachment=attachment.pk, name=found)
        _remove(attachment, found, claim.at)
    else:
        leases.finish(attachment, scan_state=ScanState.CLEAN, scanned_at=claim.at)


@transaction.atomic
def _remove(attachment: Attachment, found: str, at: datetime) -> None:
    """Delete an infected file; its row stays, so that its people can see what became of it."""
    name, storage = attachment.file.name or "", attachment.file.storage
    leases.finish(attachment, scan_state=ScanState.INFECTED, scanned_at=at, file="")
    if not attachment.removed_at:
        mails.infected(attachment, found, _writers(attachment, at), at=at)
    # Should this be missed, the orphans' sweep finds a file that no row names.
    transaction.on_commit(lambda: storage.delete(name))


def _writers(attachment: Attachment, at: datetime) -> list[User]:
    held = attachment.proposal.accesses.current(at=at).filter(function__in=WRITER_FUNCTIONS)
    return list(
        User.objects.active()
        .filter(pk__in=held.exclude(user=None).values("user_id"))
        .order_by("pk")
    )


def let_go() -> int:
    """Mark what waits for a scanner that is no longer set as not scanned, and return how many."""
    return Attachment.objects.unscanned().update(
        scan_state=ScanState.UNSCANNED,
        claimed_until=None,
        next_attempt_at=None,
        failed_at=None,
        attempts=0,
        error="",
    )

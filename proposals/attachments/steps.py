"""
The files that go with a proposal.

A file is stored before its row is written, and outside the lock on the proposal, so that a slow bucket holds up
nobody's autosave; a refusal takes it away again, and what a killed process leaves is for `orphans`. The same file
twice is one annex: a second press, or a resent form, is told where the file already is.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import leases, scanner, seen, sweeps, uploads
from klimaspor.refusals import Refused
from proposals.attachments.models import Attachment, ScanState
from proposals.attachments.seen import shown_attachment, unit_of
from proposals.drafting.holding import held, mark, touch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.core.files.base import File

    from klimaspor.accounts.models import User
    from klimaspor.seen import Base
    from proposals.line.models import Proposal

SCAN = "proposals.tasks.scan_attachments"


class TooManyAttachments(Refused):
    """There is no room for another file."""


class AlreadyAttached(Refused):
    """The very same file is there already, e.g. after a second press."""

    def __init__(self, attachment: Attachment) -> None:
        self.attachment = attachment
        super().__init__(f"Filen er allerede vedlagt som {attachment.title}.")


def add_attachment(
    *,
    proposal_pk: int,
    title: str,
    file: File[bytes],
    file_name: str,
    content_type: str,
    is_confidential: bool = False,
    confidential_reason: str = "",
    by: User,
    at: datetime,
) -> Attachment:
    """
    Keep a file with the proposal; the form has looked at what is in it.

    It is stored before the proposal is held, since that may take a while, and taken away again when the row cannot be written.

    :raises NotEditable:
    :raises TooManyAttachments:
    :raises AlreadyAttached:
    """
    kind = uploads.of_mime(content_type)
    content = hashlib.sha256()
    for chunk in file.chunks():
        content.update(chunk)
    attachment = Attachment(
        title=title,
        file_name=uploads.with_ending(file_name, kind),
        size=file.size,
        content_type=kind.mime,
        sha256=content.hexdigest(),
        uploaded_at=at,
        uploaded_by=by,
        is_confidential=is_confidential,
        confidential_reason=confidential_reason if is_confidential else "",
        scan_state=ScanState.PENDING if scanner.is_set() else ScanState.UNSCANNED,
    )
    # The stored name is ours: what the sender called it is only shown.
    attachment.file.save(f"{attachment.sha256[:24]}{kind.ending}", file, save=False)
    try:
        _write(attachment, proposal_pk, at)
    except BaseException:
        attachment.file.delete(save=False)
        raise
    return attachment


@transaction.atomic
def _write(attachment: Attachment, proposal_pk: int, at: datetime) -> None:
    proposal = held(proposal_pk)
    present = proposal.attachments.present()
    same = present.not_infected().with_content(attachment.sha256).first()
    if same:
        raise AlreadyAttached(same)
    if present.count() >= uploads.MAX_FILES:
        raise TooManyAttachments(
            f"Der kan højst være {uploads.MAX_FILES} bilag. Fjern et bilag, eller saml flere i én PDF."
        )
    attachment.proposal = proposal
    # Removed ones are counted too, so it is past every one that is there.
    attachment.position = proposal.attachments.count() + 1
    attachment.save()
    _changed(proposal, by=attachment.uploaded_by, at=at)
    if attachment.scan_state == ScanState.PENDING:
        sweeps.nudge(SCAN)


@transaction.atomic
def change_attachment(
    *,
    proposal_pk: int,
    attachment_pk: int,
    title: str,
    is_confidential: bool,
    confidential_reason: str,
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> Base | None:
    """
    Call a file something else, or say whether it is confidential and why; versions that were sent keep what they said.

    Gives the base of what it says now, or None when it was not touched or is gone.

    :raises NotEditable:
    :raises Changed: somebody has said something else of it since `bases`.
    """
    proposal = held(proposal_pk)
    attachment = proposal.attachments.present().filter(pk=attachment_pk).first()
    if attachment is None:
        return None
    now = shown_attachment(attachment)
    attachment.title = title
    attachment.is_confidential = is_confidential
    attachment.confidential_reason = confidential_reason if is_confidential else ""
    typed = shown_attachment(attachment)
    if not seen.touched(bases, now, typed, reader=by):
        return None
    attachment.save(update_fields=["title", "is_confidential", "confidential_reason"])
    _changed(proposal, by=by, at=at)
    return typed.base_of(unit_of(attachment))


@transaction.atomic
def move_attachment(
    *, proposal_pk: int, attachment_pk: int, places: int, by: User, at: datetime
) -> int:
    """
    Move a file up (-1) or down (1) among the others, and return its new number; at the end of the list it stays.

    :raises NotEditable:
    """
    proposal = held(proposal_pk)
    order = list(proposal.attachments.present().listed())
    place = next((n for n, one in enumerate(order) if one.pk == attachment_pk), None)
    if place is None:
        return 0
    moved = order.pop(place)
    place = max(0, min(place + places, len(order)))
    order.insert(place, moved)
    for position, one in enumerate(order, 1):
        if one.position != position:
            one.position = position
            one.save(update_fields=["position"])
    _changed(proposal, by=by, at=at)
    return place + 1


@transaction.atomic
def scan_again(*, proposal_pk: int, attachment_pk: int, by: User, at: datetime) -> None:
    """
    Let the virus scanner try a file anew that it gave up on; any other stays as it is.

    :raises NotEditable:
    """
    waiting = held(proposal_pk).attachments.present().unscanned().among([attachment_pk])
    if leases.retry(waiting):
        sweeps.nudge(SCAN)


@transaction.atomic
def remove_attachment(*, proposal_pk: int, attachment_pk: int, by: User, at: datetime) -> None:
    """
    Take a file out of the text; versions that were sent with it keep it.

    :raises NotEditable:
    """
    proposal = held(proposal_pk)
    if proposal.attachments.present().filter(pk=attachment_pk).update(removed_at=at, removed_by=by):
        _changed(proposal, by=by, at=at)


def _changed(proposal: Proposal, *, by: User, at: datetime) -> None:
    mark(proposal, ["attachments"], by=by, at=at)
    touch(proposal, at)

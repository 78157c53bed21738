"""The files that go with a proposal."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from proposals.drafting.holding import held, touch
from proposals.models import Attachment

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.base import File

    from klimaspor.accounts.models import User


MAX_ATTACHMENTS = 20


class TooManyAttachments(Exception):
    """There is no room for another file."""


@transaction.atomic
def add_attachment(
    *,
    proposal_pk: int,
    title: str,
    file: File[bytes],
    file_name: str,
    content_type: str,
    by: User,
    at: datetime,
) -> Attachment:
    """
    Keep a file with the proposal; the form has looked at what is in it.

    :raises NotEditable:
    :raises TooManyAttachments:
    """
    proposal = held(proposal_pk)
    present = proposal.attachments.present()
    if present.count() >= MAX_ATTACHMENTS:
        raise TooManyAttachments(
            f"Der kan højst være {MAX_ATTACHMENTS} bilag. Fjern et bilag, eller saml dem i én PDF."
        )
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    attachment = Attachment(
        proposal=proposal,
        position=proposal.attachments.count() + 1,
        title=title,
        file_name=file_name[-200:],
        size=file.size,
        content_type=content_type,
        sha256=digest.hexdigest(),
        uploaded_at=at,
        uploaded_by=by,
    )
    # The stored name is ours: what the sender called it is only shown.
    attachment.file.save(f"{digest.hexdigest()[:24]}.pdf", file, save=False)
    attachment.save()
    touch(proposal, at)
    return attachment


@transaction.atomic
def remove_attachment(*, proposal_pk: int, attachment_pk: int, by: User, at: datetime) -> None:
    """
    Take a file out of the text; versions that were sent with it keep it.

    :raises NotEditable:
    """
    proposal = held(proposal_pk)
    proposal.attachments.present().filter(pk=attachment_pk).update(removed_at=at, removed_by=by)
    touch(proposal, at)

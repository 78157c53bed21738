"""What the letters of intake say, one function each: name = folder under templates/mail = function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from proposals.line.mails import put_letter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.attachments.models import Attachment


def infected(attachment: Attachment, found: str, to: Iterable[User], *, at: datetime) -> None:
    """To the writers: the file is gone, and the proposal may have been sent with it."""
    for person in to:
        put_letter(
            "infected",
            str(attachment.pk),
            person,
            at,
            proposal=attachment.proposal,
            path=reverse("proposals:attachments", args=[attachment.proposal.number]),
            attachment=attachment,
            found=found,
        )

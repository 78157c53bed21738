"""
Writing letters: a step says what happened, and the letter is a row in the same transaction.

Nothing is sent from here. `tasks.deliver` comes by, and a nudge makes it come at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import make_msgid, parseaddr
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction

from klimaspor import leases, sweeps
from klimaspor.mail import letters
from klimaspor.mail.models import MailAttachment, OutgoingMail

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

DELIVER = "mail.tasks.deliver"


@dataclass(frozen=True)
class Attachment:
    """A file in the storage that goes with a letter, and the fingerprint it must still have when it is sent."""

    name: str
    content_type: str
    file: str
    sha256: str


def put(
    *,
    name: str,
    key: str,
    to: str,
    context: Mapping[str, Any],
    at: datetime,
    waits_for: str = "",
    attachments: Sequence[Attachment] = (),
    is_secret: bool = False,
) -> OutgoingMail | None:
    """Write the letter in templates/mail/<name>/ to one address, once: None when there is one with that key already.

    With `waits_for` it is held until `release` is told the same. A secret letter is read by nobody but its recipient.
    """
    if OutgoingMail.objects.filter(key=key).exists():
        return None
    subject, body = letters.write(name, context)
    return put_text(
        name=name,
        key=key,
        to=to,
        subject=subject,
        body=body,
        at=at,
        waits_for=waits_for,
        attachments=attachments,
        is_secret=is_secret,
    )


def put_text(
    *,
    name: str,
    key: str,
    to: str,
    subject: str,
    body: str,
    at: datetime,
    waits_for: str = "",
    attachments: Sequence[Attachment] = (),
    is_secret: bool = False,
) -> OutgoingMail | None:
    """Put a letter that is already written into the outbox, once: None when there is one with that key already."""
    try:
        with transaction.atomic():
            mail = OutgoingMail.objects.create(
                key=key,
                name=name,
                recipient=to,
                subject=subject,
                body=body,
                is_secret=is_secret,
                message_id=make_msgid(domain=_domain()),
                created_at=at,
                waits_for=waits_for,
                released_at=None if waits_for else at,
            )
            _attach(mail, attachments)
    except IntegrityError:
        # Somebody else wrote the same letter at the same moment, or something is really wrong.
        if OutgoingMail.objects.filter(key=key).exists():
            return None
        raise
    if not waits_for:
        sweeps.nudge(DELIVER)
    return mail


@transaction.atomic
def release(waits_for: str, *, attachments: Sequence[Attachment] = (), at: datetime) -> int:
    """Let the letters go that waited for this, with these files; return how many. A second time there are none."""
    held = OutgoingMail.objects.held().filter(waits_for=waits_for).oldest_first()
    mails = list(held.select_for_update())
    for mail in mails:
        _attach(mail, attachments)
        mail.released_at = at
        mail.save(update_fields=["released_at"])
    if mails:
        sweeps.nudge(DELIVER)
    return len(mails)


def drop(waits_for: Iterable[str], *, to: str) -> None:
    """Give up the letters to one address that are still held for these: their recipient may no longer read them."""
    held = OutgoingMail.objects.held().filter(waits_for__in=list(waits_for), recipient=to)
    held.delete()


def try_again(mail: OutgoingMail) -> bool:
    """Send a letter that was given up after all; return whether it was."""
    if not leases.retry(OutgoingMail.objects.filter(pk=mail.pk)):
        return False
    sweeps.nudge(DELIVER)
    return True


def _attach(mail: OutgoingMail, attachments: Sequence[Attachment]) -> None:
    MailAttachment.objects.bulk_create(
        MailAttachment(
            mail=mail,
            name=attachment.name,
            content_type=attachment.content_type,
            file=attachment.file,
            sha256=attachment.sha256,
        )
        for attachment in attachments
    )


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"

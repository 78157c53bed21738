"""The sweep that sends what stands in the outbox."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

import structlog
from celery import shared_task

from klimaspor import leases, sweeps
from klimaspor.mail import outbox
from klimaspor.mail.models import OutgoingMail

log = structlog.get_logger(__name__)

# Longer than any server takes to receive one letter: the transport gives up after 20 seconds of silence.
LEASE = timedelta(minutes=5)
LONGEST_ERROR = 500


@shared_task(name=outbox.DELIVER)
def deliver(at: datetime | None = None) -> int:
    """Send every letter that is due, one at a time, and return how many; two of these never send the same."""
    clock: Callable[[], datetime] = timezone.now if at is None else lambda: at
    sweeps.mark(outbox.DELIVER, clock())
    waiting = OutgoingMail.objects.waiting()
    if not waiting.exists():
        return 0
    connection = get_connection(**settings.MAIL_TRANSPORT)
    try:
        # Before anything is claimed: when the server is away no letter loses an attempt, all wait for the next sweep.
        connection.open()
    except OSError as error:
        log.warning("mail_server_away", error=str(error), waiting=waiting.count())
        return 0
    sent = 0
    try:
        while mail := leases.claim_one(waiting.oldest_first(), at=clock(), lease=LEASE):
            sent += _send(mail, connection, clock)
    finally:
        connection.close()
    return sent


def _send(mail: OutgoingMail, connection: BaseEmailBackend, clock: Callable[[], datetime]) -> bool:
    ours = log.bind(mail=mail.pk, name=mail.name)
    try:
        _message(mail, connection).send()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one letter, the others must go
        ours.warning("mail_failed", error=str(error), attempts=mail.attempts)
        done = partial(
            leases.set_aside,
            mail,
            error=f"{type(error).__name__}: {error}"[:LONGEST_ERROR],
            at=clock(),
        )
        # What is left of a broken conversation must not spoil the next letter.
        connection.close()
        is_sent = False
    else:
        wiped = {"body": ""} if mail.is_secret and not settings.DEMO else {}
        done = partial(leases.finish, mail, sent_at=clock(), **wiped)
        is_sent = True
    try:
        done()
    except leases.LeaseLost:
        ours.warning("mail_lease_lost", sent=is_sent)
    return is_sent


def _message(mail: OutgoingMail, connection: BaseEmailBackend) -> EmailMessage:
    """Build what goes over the wire; the same Message-ID each time lets a server drop the second of two.

    :raises ValueError: when an attachment is not the file it was.
    """
    message = EmailMessage(
        subject=mail.subject,
        body=mail.body,
        to=[mail.recipient],
        connection=connection,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    for attachment in mail.attachments.order_by("name", "pk"):
        with default_storage.open(attachment.file) as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != attachment.sha256:
            raise ValueError(f"Bilaget {attachment.name} er ikke den fil, brevet blev skrevet med")
        message.attach(attachment.name, content, attachment.content_type)
    return message

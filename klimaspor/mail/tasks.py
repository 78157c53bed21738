"""The sweep that sends what stands in the outbox."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from klimaspor import leases, sweeps
from klimaspor.leases import Claim, Visit
from klimaspor.mail import outbox
from klimaspor.mail.models import OutgoingMail

# Longer than any server takes to receive one letter: the transport gives up after 20 seconds of silence.
LEASE = timedelta(minutes=5)
# Read together, and claimed one by one.
AHEAD = 50


@sweeps.sweep(outbox.DELIVER)
def deliver(visit: Visit) -> int:
    """Send every letter that is due, one at a time, and return how many; two of these never send the same."""
    connection = get_connection(**settings.MAIL_TRANSPORT)

    def ready() -> None:
        try:
            connection.open()
        except OSError as error:
            raise leases.Away(f"Mailserveren svarer ikke: {error}") from error

    def send(claim: Claim[OutgoingMail]) -> leases.Ended:
        mail = claim.row
        try:
            _message(mail, connection).send()
        except Exception:
            # What is left of a broken conversation must not spoil the next letter.
            connection.close()
            raise
        wiped = {"body": ""} if mail.is_secret and not settings.DEMO else {}
        return {"sent_at": claim.at, **wiped}

    waiting = OutgoingMail.objects.waiting().oldest_first().prefetch_related("attachments")
    try:
        return leases.work(waiting, send, visit=visit, lease=LEASE, ahead=AHEAD, ready=ready)
    finally:
        connection.close()


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
    for attachment in sorted(mail.attachments.all(), key=lambda each: (each.name, each.pk)):
        with default_storage.open(attachment.file) as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != attachment.sha256:
            raise ValueError(f"Bilaget {attachment.name} er ikke den fil, brevet blev skrevet med")
        message.attach(attachment.name, content, attachment.content_type)
    return message

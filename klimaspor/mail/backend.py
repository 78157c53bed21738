"""Django's own letters, and allauth's, go the same way as ours: into the outbox."""

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from klimaspor.mail import outbox


class OutboxBackend(BaseEmailBackend):
    """
    Writes letters instead of sending them.

    They are about people's accounts and carry links that open them, so all are secret. Their sender knows no clock,
    so this reads it.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        at = timezone.now()  # noqa: TID251 - Django's interface gives no moment
        for message in email_messages:
            if message.attachments:
                raise ValueError("A letter with attachments goes through outbox.put")
            for recipient in message.recipients():
                outbox.put_text(
                    name="konto",
                    key=f"konto:{uuid.uuid4()}",
                    to=recipient,
                    subject=" ".join(str(message.subject).split()),
                    body=str(message.body).strip() + "\n",
                    at=at,
                    is_secret=True,
                )
        return len(email_messages)

"""Ways of sending that tests choose by setting."""

import smtplib
import time
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends import locmem
from django.core.mail.backends.base import BaseEmailBackend

HERE = __name__


class Slow(locmem.EmailBackend):
    """Leaves other threads time to get in between."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        time.sleep(0.01)
        return super().send_messages(messages)


class RefusesOne(locmem.EmailBackend):
    """Refuses addresses that begin with "bad"."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if messages[0].to[0].startswith("bad"):
            raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"No such user")})
        return super().send_messages(messages)


class Away(BaseEmailBackend):
    """Does not answer the door."""

    def open(self) -> bool:
        raise ConnectionRefusedError(111, "Connection refused")

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise AssertionError("Nothing is sent through a door that is closed")

"""A letter on its way to the mail server: what goes over the wire, over a conversation that is kept open."""

from __future__ import annotations

import hashlib
import re
import smtplib
import uuid
from email.header import Header
from email.utils import formatdate, parseaddr
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, get_connection

from klimaspor import leases
from klimaspor.mail import letters
from klimaspor.mail.models import Contact

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

    from klimaspor.mail.models import OutgoingMail

LONGEST_LINE = 998
"""Bytes, as the standard has it."""
HEADERS = {"Auto-Submitted": "auto-generated"}


# What a server says of us, and not of the letter.
OUR_FAULT = frozenset({530, 534, 535, 538})
CLOSING = 421
NOT_OF_A_LETTER = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
)
TOO_LARGE = 552


class NotTaken(Exception):
    """The server did not take a letter: for good, for now, or because it takes none at all."""

    def __init__(self, text: str, *, is_final: bool = False, is_away: bool = False) -> None:
        super().__init__(text)
        self.is_final, self.is_away = is_final, is_away


class Carrier:
    """A conversation with the mail server that settings name, or with whatever takes its place."""

    def __init__(self) -> None:
        self.connection = get_connection(**settings.MAIL_TRANSPORT)
        self.sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]

    @cached_property
    def contact(self) -> Contact:
        return Contact.objects.the_one()

    def open(self) -> None:
        """
        Begin, before there is a letter to lose.

        :raises leases.Away:
        """
        try:
            self.connection.open()
        except OSError as error:
            self.close()
            raise leases.Away(f"Mailserveren svarer ikke: {_words(error)}") from error

    def close(self) -> None:
        self.connection.close()

    def send(self, mail: OutgoingMail) -> None:
        """
        Give one letter to the server; it has it when this returns, and may have it when this raises.

        :raises NotTaken:
        """
        try:
            self.connection.open()
        except OSError as error:
            self.connection.close()
            raise _verdict(error) from error
        smtp: Any = getattr(self.connection, "connection", None)
        plain = plain_message(mail, self.contact) if isinstance(smtp, smtplib.SMTP) else None
        # Before it is sent: a file that cannot be read is no fault of the server's.
        built = None if plain else message(mail, self.contact, self.connection)
        try:
            if built:
                built.send()
            else:
                smtp.sendmail(self.sender, [mail.recipient], plain)
        except OSError as error:
            # What is left of a broken conversation must not spoil the next letter.
            self.connection.close()
            raise _verdict(error) from error
        except Exception:
            self.connection.close()
            raise


def _verdict(error: OSError) -> NotTaken:
    """Say what an answer means: 5xx is for good and 4xx for now, unless it is about us or the server itself."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return NotTaken(f"Mailserveren kan ikke sende det: {_words(error)}", is_final=True)
    code = _code(error)
    if code is None or code == CLOSING or code in OUR_FAULT:
        return NotTaken(f"Mailserveren svarer ikke: {_words(error)}", is_away=True)
    if isinstance(error, smtplib.SMTPSenderRefused) and code != TOO_LARGE:
        return NotTaken(f"Mailserveren tager ikke vores breve: {_words(error)}", is_away=True)
    return NotTaken(f"Mailserveren tog det ikke: {_words(error)}", is_final=code >= 500)


def _code(error: OSError) -> int | None:
    """Give the server's answer, where there is one to a letter."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in error.recipients.values())
    if isinstance(error, NOT_OF_A_LETTER):
        return None
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _words(error: OSError) -> str:
    """Give the words of an answer as they can be read."""
    answer: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = max(error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        code, answer = error.smtp_code, error.smtp_error
    else:
        return str(error)
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return f"{code} {' '.join(text.split())}"


def message(
    mail: OutgoingMail, contact: Contact, connection: BaseEmailBackend | None = None
) -> EmailMultiAlternatives:
    """
    Build a letter with its files; the same Message-ID each time lets a server drop the second of two.

    :raises ValueError: when an attachment is not the file it was.
    """
    text = letters.with_contact(mail.body, contact)
    built = EmailMultiAlternatives(
        subject=mail.subject,
        body=text,
        to=[mail.recipient],
        reply_to=[contact.email],
        connection=connection,
        headers=_headers(mail),
        alternatives=[(letters.as_html(text, title=mail.subject, contact=contact), "text/html")],
    )
    for attachment in sorted(mail.attachments.all(), key=lambda each: (each.name, each.pk)):
        with default_storage.open(attachment.file) as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != attachment.sha256:
            raise ValueError(f"Bilaget {attachment.name} er ikke den fil, brevet blev skrevet med")
        built.attach(attachment.name, content, attachment.content_type)
    return built


def _headers(mail: OutgoingMail) -> dict[str, str]:
    traced = {"X-Request-ID": mail.request_id} if mail.request_id else {}
    return {"Message-ID": mail.message_id, **HEADERS, **traced}


def plain_message(mail: OutgoingMail, contact: Contact) -> bytes | None:
    """
    Write the same as `message` in a tenth of the time, which counts where there are thousands of letters.

    Only what needs no library to be right: a letter without files, whose addresses are plain and whose lines are short.
    Of all else this gives nothing.
    """
    text = letters.with_contact(mail.body, contact)
    parts = (("plain", text), ("html", letters.as_html(text, title=mail.subject, contact=contact)))
    boundary = f"={uuid.uuid4().hex}"
    headers = {
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
        "MIME-Version": "1.0",
        "Subject": mail.subject,
        "From": settings.DEFAULT_FROM_EMAIL,
        "To": mail.recipient,
        "Reply-To": contact.email,
        "Date": formatdate(localtime=settings.EMAIL_USE_LOCALTIME),
        **_headers(mail),
    }
    if any(not value.isprintable() for value in headers.values()) or mail.attachments.all():
        return None
    if not mail.subject.isascii():
        headers["Subject"] = Header(mail.subject, "utf-8", header_name="Subject").encode(
            linesep="\r\n"
        )
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    bodies = [_part(kind, body) for kind, body in parts]
    if not head.isascii() or any(body is None for body in bodies):
        return None
    between = f"\r\n--{boundary}\r\n".encode()
    end = f"\r\n--{boundary}--\r\n".encode()
    return head.encode() + between + between.join(filter(None, bodies)) + end


def _part(kind: str, text: str) -> bytes | None:
    """Write one of the two ways a letter reads; nothing where a line is too long."""
    lines = re.split(rb"\r\n|\r|\n", text.encode())
    if max(map(len, lines)) > LONGEST_LINE:
        return None
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\nMIME-Version: 1.0\r\n'
        f"Content-Transfer-Encoding: {'7bit' if text.isascii() else '8bit'}\r\n\r\n"
    )
    return head.encode() + b"\r\n".join(lines)

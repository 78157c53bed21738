"""Letters over a real wire, and a sender that is killed with one in its hand."""

import email
import email.policy
import hashlib
import json
import os
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

import pytest

from klimaspor.mail import letters, outbox, tasks, wire
from klimaspor.mail.models import Contact, MailAttachment, OutgoingMail
from tests.mail.conftest import AT
from tests.mail.smtp import MailServer

Write = Callable[..., OutgoingMail | None]

# Another process, as a worker is: it gets the test's database and mail server, and sends.
SENDER = """
import json, sys
from datetime import datetime
import django
from django.conf import settings
given = json.loads(sys.argv[1])
settings.DATABASES["default"].update(given["database"])
settings.MAIL_TRANSPORT = given["transport"]
settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
settings.CELERY_BROKER_URL = "memory://"
django.setup()
from klimaspor.mail import tasks
tasks.deliver(at=datetime.fromisoformat(given["at"]))
"""


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.MAIL_TRANSPORT = {
            "backend": "django.core.mail.backends.smtp.EmailBackend",
            "host": "127.0.0.1",
            "port": server.port,
            "timeout": 20,
        }
        yield server


@pytest.mark.django_db
def test_a_letter_arrives_as_it_was_written(write: Write, server: MailServer) -> None:
    content = b"%PDF-1.7 \x00\xff"
    path = default_storage.save("papers/forslag.pdf", ContentFile(content))
    paper = outbox.Attachment(
        "Forslag på høring.pdf", "application/pdf", path, hashlib.sha256(content).hexdigest()
    )
    mail = write(
        context={"title": "Køling, æ ø å", "reason": "x" * 1200},
        to="mette@example.org",
        attachments=[paper],
    )
    assert mail is not None

    tasks.deliver(at=AT)

    (arrived,) = server.taken
    text = arrived.get_body(("plain",))
    html = arrived.get_body(("html",))
    assert text is not None
    assert html is not None
    assert arrived["Subject"] == "Dit forslag: Køling, æ ø å"
    assert arrived["To"] == "mette@example.org"
    assert arrived["Message-ID"] == mail.message_id
    read_text = text.get_content().replace("\r\n", "\n")
    assert read_text == letters.with_contact(mail.body, Contact(pk=1))
    assert html.get_content().replace("\r\n", "\n") == letters.as_html(
        read_text, title=mail.subject
    )
    assert arrived["Reply-To"] == "klimaalliancen@kl.dk"
    (attached,) = arrived.iter_attachments()
    assert attached.get_filename() == "Forslag på høring.pdf"
    assert attached.get_content() == content


@pytest.mark.slow("starts a sender of its own")
@pytest.mark.django_db(transaction=True)
def test_a_killed_sender_leaves_only_the_letter_in_its_hand_to_be_sent_again(
    write: Write, server: MailServer, settings: Any
) -> None:
    for number in range(5):
        write(str(number), to=f"{number}@example.org")
    database = {
        key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    }
    given = {"database": database, "transport": settings.MAIL_TRANSPORT, "at": AT.isoformat()}
    server.hold()

    sender = subprocess.Popen(  # noqa: S603 - our own interpreter and our own lines
        [sys.executable, "-c", SENDER, json.dumps(given)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "klimaspor.settings"},
    )
    try:
        assert server.wait_for_letter()
    finally:
        sender.kill()
        sender.wait()
    server.let_go()
    at_once = tasks.deliver(at=AT + timedelta(seconds=1))
    after_the_lease = tasks.deliver(at=AT + tasks.LEASE)

    assert (at_once, after_the_lease) == (4, 1)
    assert Counter(message["To"] for message in server.taken) == {
        "0@example.org": 2,
        **{f"{number}@example.org": 1 for number in range(1, 5)},
    }
    twice = [message["Message-ID"] for message in server.taken if message["To"] == "0@example.org"]
    assert twice[0] == twice[1]
    assert OutgoingMail.objects.sent().count() == 5


# What is written without a library is what the library would have written


def a_mail(**changes: Any) -> OutgoingMail:
    given = {
        "subject": "Dit forslag: Klog varme",
        "body": "Hej Mette\n\nDet er modtaget.\n",
        "recipient": "mette@example.org",
        "message_id": "<1@klimaspor.example>",
    }
    mail = OutgoingMail.objects.create(
        key=uuid.uuid4().hex, name="hilsen", created_at=AT, released_at=AT, **{**given, **changes}
    )
    return OutgoingMail.objects.prefetch_related("attachments").get(pk=mail.pk)


def read(content: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    # The library breaks a long subject before its first word, which leaves a blank there; each boundary is another.
    headers = [(name, str(value).strip()) for name, value in message.items()]
    known = [each for each in headers if each[0] not in {"Date", "Content-Type"}]
    assert parsedate_to_datetime(message["Date"])
    assert message.get_content_type() == "multipart/alternative"
    return sorted(known), [
        (part.get_content_type(), part.get_content().rstrip("\n")) for part in message.iter_parts()
    ]


CONTACT = Contact(pk=1, phone="33 70 33 70")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    (
        {},
        {
            "subject": " ".join(
                ["Høringssvar – klimaspor i Ærø og Aarhus, om vinden på havet og mere."] * 2
            )
        },
        {"subject": " ".join(["En lang linje uden et eneste dansk bogstav i sig."] * 3)},
        {"subject": "💨 1"},
        {"subject": "=?utf-8?q?ikke_kodet?="},
        {"body": "Æ\r\nØ\n\n.\n..\nslut uden linjeskift"},
        {"body": ""},
        {"recipient": "mette.holm+klima@xn--rsted-vua.dk"},
    ),
    ids=lambda changes: next(iter(changes), "plain"),
)
def test_a_plain_letter_is_the_same_on_the_wire_as_the_librarys(changes: dict[str, str]) -> None:
    mail = a_mail(**changes)

    plain = wire.plain_message(mail, CONTACT)

    assert plain is not None
    assert read(plain) == read(wire.message(mail, CONTACT).message().as_bytes(linesep="\r\n"))
    # No bare line ends, and none too long, which a server may refuse.
    lines = plain.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= wire.LONGEST_LINE


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    (
        {"body": "ord" * 500},
        {"subject": "Emne\r\nBcc: alle@example.org"},
        {"recipient": "mette@ørsted.dk"},
        {"recipient": "mette@example.org\nBcc: alle@example.org"},
    ),
    ids=lambda changes: next(iter(changes)),
)
def test_what_needs_care_is_left_to_the_library(changes: dict[str, str]) -> None:
    mail = a_mail()
    for name, value in changes.items():
        # No row can hold some of them, see `klimaspor.columns`.
        setattr(mail, name, value)

    assert wire.plain_message(mail, CONTACT) is None


@pytest.mark.django_db
def test_a_letter_with_a_file_is_left_to_the_library() -> None:
    mail = a_mail()
    MailAttachment.objects.create(
        mail=mail, name="a.pdf", content_type="application/pdf", file="a", sha256="0" * 64
    )

    assert wire.plain_message(OutgoingMail.objects.get(pk=mail.pk), CONTACT) is None

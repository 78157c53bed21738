"""Letters over a real wire, and a sender that is killed with one in its hand."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

import pytest

from klimaspor.mail import outbox, tasks
from klimaspor.mail.models import OutgoingMail
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
    text = arrived.get_body()
    assert text is not None
    assert arrived["Subject"] == "Dit forslag: Køling, æ ø å"
    assert arrived["To"] == "mette@example.org"
    assert arrived["Message-ID"] == mail.message_id
    assert text.get_content().replace("\r\n", "\n").strip() == mail.body.strip()
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

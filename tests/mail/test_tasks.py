"""Letters are sent once, whatever happens to those who send them."""

import hashlib
import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core import mail as sent_mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

import pytest

from klimaspor import leases, tracing
from klimaspor.mail import outbox, tasks
from klimaspor.mail.models import OutgoingMail
from tests.mail import transports
from tests.mail.conftest import AT

Write = Callable[..., OutgoingMail | None]
pytestmark = pytest.mark.django_db


def recipients() -> list[str]:
    return [message.to[0] for message in sent_mail.outbox]


def test_letters_go_in_the_order_they_were_written(write: Write) -> None:
    write("a", to="a@example.org")
    write("b", to="b@example.org", waits_for="version:12")
    write("c", to="c@example.org")

    count = tasks.deliver(at=AT)
    again = tasks.deliver(at=AT)

    assert (count, again) == (2, 0)
    assert recipients() == ["a@example.org", "c@example.org"]
    message = sent_mail.outbox[0].message()
    first = OutgoingMail.objects.get(key="a")
    assert message["Message-ID"] == first.message_id
    assert message["From"] == "Klimaspor <post@klimaspor.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "klimaalliancen@kl.dk"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert (first.sent_at, first.claimed_until, first.attempts) == (AT, None, 1)


def test_a_letter_carries_the_id_of_what_it_was_written_in_answer_to(
    write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    tracing.begin("4bf92f35-77b3")
    write("a")
    tracing.begin()

    with caplog.at_level(logging.INFO):
        tasks.deliver(at=AT)

    assert sent_mail.outbox[0].message()["X-Request-ID"] == "4bf92f35-77b3"
    (line,) = [record.msg for record in caplog.records if "letter_sent" in str(record.msg)]
    assert line["request_id"] == "4bf92f35-77b3"  # type: ignore[index]  # structlog's, not yet written out


def test_a_released_letter_brings_its_file(write: Write) -> None:
    content = b"%PDF-1.7 ..."
    path = default_storage.save("papers/forslag.pdf", ContentFile(content))
    write(waits_for="version:12")
    paper = outbox.Attachment(
        "KS-2027-0001.pdf", "application/pdf", path, hashlib.sha256(content).hexdigest()
    )

    outbox.release("version:12", attachments=[paper], at=AT)
    tasks.deliver(at=AT)

    assert sent_mail.outbox[0].attachments == [("KS-2027-0001.pdf", content, "application/pdf")]


def test_a_file_that_is_not_what_it_was_is_not_sent(write: Write) -> None:
    path = default_storage.save("papers/forslag.pdf", ContentFile(b"other"))
    write(attachments=[outbox.Attachment("forslag.pdf", "application/pdf", path, "0" * 64)])

    tasks.deliver(at=AT)

    assert sent_mail.outbox == []
    assert "ikke den fil" in OutgoingMail.objects.get().error


def test_a_server_that_is_away_costs_no_letter_an_attempt(write: Write, settings: Any) -> None:
    settings.MAIL_TRANSPORT = {"backend": f"{transports.HERE}.Away"}
    write()

    assert tasks.deliver(at=AT) == 0

    mail = OutgoingMail.objects.get()
    assert (mail.attempts, mail.claimed_until, mail.failed_at) == (0, None, None)


def test_a_secret_letter_is_wiped_when_it_is_sent_but_not_in_the_demo(
    write: Write, settings: Any
) -> None:
    write("a", is_secret=True)
    tasks.deliver(at=AT)
    settings.DEMO = True
    write("b", is_secret=True)
    tasks.deliver(at=AT)

    wiped, kept = OutgoingMail.objects.oldest_first()
    assert wiped.body == ""
    assert "Klog varme" in sent_mail.outbox[0].body
    assert "Klog varme" in kept.body


def test_a_letter_in_somebodys_hand_is_left_alone_until_the_lease_ends(write: Write) -> None:
    write()
    leases.claim_one(OutgoingMail.objects.waiting(), at=AT, lease=tasks.LEASE)

    assert tasks.deliver(at=AT + tasks.LEASE - timedelta(seconds=1)) == 0
    assert tasks.deliver(at=AT + tasks.LEASE) == 1


def test_a_letter_that_kills_whoever_sends_it_is_given_up(write: Write) -> None:
    write()
    at = AT
    for _ in range(leases.MAX_ATTEMPTS):
        assert leases.claim_one(OutgoingMail.objects.waiting(), at=at, lease=tasks.LEASE)
        at += tasks.LEASE

    assert tasks.deliver(at=at) == 0

    assert OutgoingMail.objects.get().error == "Arbejdet blev afbrudt hver gang"
    assert OutgoingMail.objects.given_up().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_each_letter_once(write: Write, settings: Any) -> None:
    settings.MAIL_TRANSPORT = {"backend": f"{transports.HERE}.Slow"}
    for number in range(40):
        write(str(number), to=f"{number}@example.org")
    ready = threading.Barrier(3)
    counts: list[int] = []

    def sweep() -> None:
        try:
            ready.wait()
            counts.append(tasks.deliver(at=AT))
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(recipients()) == Counter({f"{number}@example.org": 1 for number in range(40)})
    assert sum(counts) == 40
    assert all(counts), "one sweep did it all, so nothing was tried"
    assert OutgoingMail.objects.sent().count() == 40

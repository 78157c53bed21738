"""The outbox remembers each letter once, and holds what waits."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, connection, transaction
from django.template import TemplateDoesNotExist

import pytest

from klimaspor import leases, sweeps
from klimaspor.mail import outbox
from klimaspor.mail.models import MailAttachment, OutgoingMail
from tests.mail.conftest import AT

Write = Callable[..., OutgoingMail | None]
PAPER = outbox.Attachment("forslag.pdf", "application/pdf", "papers/a.pdf", "0" * 64)


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep the names of the sweeps that were asked to come."""
    names: list[str] = []
    monkeypatch.setattr(sweeps, "_send", names.append)
    return names


@pytest.mark.django_db
def test_a_letter_is_written_once_for_its_key(write: Write) -> None:
    first = write("frist:1")
    second = write("frist:1", to="lars@example.org", context={"title": "Noget andet"})
    other = write("frist:2")

    assert first is not None
    assert other is not None
    assert second is None
    assert list(OutgoingMail.objects.oldest_first().values_list("key", "recipient")) == [
        ("frist:1", "mette@example.org"),
        ("frist:2", "mette@example.org"),
    ]
    assert first.message_id.endswith("@klimaspor.example>")
    assert first.message_id != other.message_id


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_same_letter_at_once_write_one(write: Write) -> None:
    ready = threading.Barrier(2)
    written: list[OutgoingMail | None] = []

    def work() -> None:
        try:
            with transaction.atomic():
                ready.wait()
                written.append(write("frist:1"))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([mail for mail in written if mail]) == 1
    assert len(written) == 2
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_letter_of_a_step_that_failed_was_never_written(write: Write, nudged: list[str]) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert not OutgoingMail.objects.exists()
    assert nudged == []


@pytest.mark.django_db(transaction=True)
def test_a_letter_asks_for_the_sweep_when_it_may_go(write: Write, nudged: list[str]) -> None:
    write("a", waits_for="version:12")
    assert nudged == []

    outbox.release("version:12", at=AT)
    write("b")

    assert nudged == [outbox.DELIVER, outbox.DELIVER]


@pytest.mark.django_db
def test_a_held_letter_is_released_once_with_its_files(write: Write) -> None:
    write("a", waits_for="version:12")
    write("b", waits_for="version:12", to="lars@example.org")
    write("c", waits_for="version:13")
    later = AT + timedelta(minutes=3)

    released = outbox.release("version:12", attachments=[PAPER], at=later)
    again = outbox.release("version:12", attachments=[PAPER], at=later)

    assert (released, again) == (2, 0)
    assert list(OutgoingMail.objects.oldest_first().values_list("key", "released_at")) == [
        ("a", later),
        ("b", later),
        ("c", None),
    ]
    assert MailAttachment.objects.count() == 2


@pytest.mark.django_db
def test_every_letter_is_in_exactly_one_state(write: Write) -> None:
    write("held", waits_for="version:12")
    write("waiting")
    write("sent")
    write("failed")
    OutgoingMail.objects.filter(key="sent").update(sent_at=AT)
    OutgoingMail.objects.filter(key="failed").update(failed_at=AT, error="550")

    states = {
        "held": OutgoingMail.objects.unreleased(),
        "waiting": OutgoingMail.objects.waiting(),
        "sent": OutgoingMail.objects.sent(),
        "failed": OutgoingMail.objects.given_up(),
    }

    assert {name: [mail.key for mail in mails] for name, mails in states.items()} == {
        name: [name] for name in states
    }
    assert [mail.state for mail in OutgoingMail.objects.oldest_first()] == [
        "Venter på bilag",
        "På vej",
        "Sendt",
        "Opgivet",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "impossible",
    (
        {"released_at": None},
        {"sent_at": AT, "failed_at": AT},
        {"sent_at": AT, "released_at": None, "waits_for": "version:12"},
    ),
)
def test_the_database_refuses_what_cannot_be(write: Write, impossible: dict[str, Any]) -> None:
    write()

    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.update(**impossible)


@pytest.mark.django_db
def test_a_letter_that_cannot_be_written_is_not_taken_for_a_second_one(write: Write) -> None:
    with pytest.raises(IntegrityError):
        write(attachments=[PAPER, PAPER])


# Many at once


def letters(*keys: str, **more: Any) -> list[outbox.Letter]:
    context = {"title": "Klog varme", "reason": ""}
    return [outbox.Letter("hilsen", key, f"{key}@example.org", context, **more) for key in keys]


@pytest.mark.django_db(transaction=True)
def test_many_are_written_once_each_and_ask_once_for_the_sweep(
    write: Write, nudged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "AT_A_TIME", 2)
    write("b")
    nudged.clear()

    count = outbox.put_all(letters("a", "b", "c", "a", "d"), at=AT)
    again = outbox.put_all(letters("a", "d"), at=AT)

    assert (count, again) == (3, 0)
    assert list(OutgoingMail.objects.order_by("key").values_list("key", "recipient")) == [
        ("a", "a@example.org"),
        ("b", "mette@example.org"),
        ("c", "c@example.org"),
        ("d", "d@example.org"),
    ]
    assert nudged == ["mail.tasks.deliver"]
    first = OutgoingMail.objects.get(key="a")
    assert (first.subject, first.released_at) == ("Dit forslag: Klog varme", AT)
    assert len(set(OutgoingMail.objects.values_list("message_id", flat=True))) == 4


@pytest.mark.django_db(transaction=True)
def test_many_that_wait_ask_for_nothing_and_have_their_files(nudged: list[str]) -> None:
    asked = letters("a", "b", waits_for="version:12", attachments=[PAPER])

    assert outbox.put_all(asked, at=AT) == 2

    assert nudged == []
    assert OutgoingMail.objects.unreleased().count() == 2
    assert list(MailAttachment.objects.values_list("mail__key", "name").order_by("mail__key")) == [
        ("a", "forslag.pdf"),
        ("b", "forslag.pdf"),
    ]


@pytest.mark.django_db
def test_one_of_many_that_cannot_be_written_stops_none_of_the_others() -> None:
    asked = letters("a", "b", "c")
    asked[1] = outbox.Letter("findes-ikke", "b", "b@example.org", {})
    visit = leases.Visit(lambda: AT)

    assert outbox.put_all(asked, at=AT, guard=visit.guard) == 2

    assert set(OutgoingMail.objects.values_list("key", flat=True)) == {"a", "c"}
    assert visit.trouble.startswith("TemplateDoesNotExist")
    with pytest.raises(TemplateDoesNotExist):
        outbox.put_all(asked, at=AT)


@pytest.mark.django_db
def test_one_of_many_that_no_database_keeps_stops_none_of_the_others() -> None:
    asked = letters("a", "b", "c")
    asked[1] = outbox.Letter("hilsen", "b", "b@example.org", {"title": "Klog\0varme"})
    asked[2] = outbox.Letter("hilsen", "c", f"{'c' * 300}@example.org", {"title": "Klog varme"})
    visit = leases.Visit(lambda: AT)

    assert outbox.put_all([*asked, *letters("d")], at=AT, guard=visit.guard) == 3

    # What no database keeps of the second was tidied on its way into the text.
    assert set(OutgoingMail.objects.values_list("key", flat=True)) == {"a", "b", "d"}
    assert visit.trouble.startswith("DataError")


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_same_many_at_once_write_each_once() -> None:
    ready = threading.Barrier(2)
    written: list[int] = []

    def work(keys: list[str]) -> None:
        try:
            ready.wait()
            written.append(outbox.put_all(letters(*keys), at=AT))
        finally:
            connection.close()

    names = [f"n{number}" for number in range(60)]
    threads = [threading.Thread(target=work, args=[keys]) for keys in (names[:50], names[:9:-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(written) == OutgoingMail.objects.count() == 60


@pytest.mark.django_db
def test_what_django_and_allauth_send_becomes_secret_letters(settings: Any) -> None:
    settings.EMAIL_BACKEND = "klimaspor.mail.backend.OutboxBackend"
    message = EmailMessage(
        "Ny adgangskode", "Følg https://klimaspor.example/konto/x/", to=["mette@example.org"]
    )

    message.send()
    message.send()

    assert (
        list(OutgoingMail.objects.values_list("name", "recipient", "subject", "body", "is_secret"))
        == [
            (
                "konto",
                "mette@example.org",
                "Ny adgangskode",
                "Følg https://klimaspor.example/konto/x/\n",
                True,
            )
        ]
        * 2
    )


@pytest.mark.django_db
def test_the_backend_sends_no_files(settings: Any) -> None:
    settings.EMAIL_BACKEND = "klimaspor.mail.backend.OutboxBackend"
    message = EmailMessage("Emne", "Tekst", to=["mette@example.org"])
    message.attach("a.txt", "a", "text/plain")

    with pytest.raises(ValueError, match="outbox"):
        get_connection().send_messages([message])

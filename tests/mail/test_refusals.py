"""What becomes of a letter that a real server does not take: whose fault it is, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import leases
from klimaspor.mail import outbox, tasks
from klimaspor.mail.models import Contact, OutgoingMail
from klimaspor.mail.standing import Standing, standing
from klimaspor.models import SweepRecord
from tests.mail.conftest import AT
from tests.mail.smtp import HANG_UP, MailServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Write = Callable[..., OutgoingMail | None]

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


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


def get(key: str) -> OutgoingMail:
    return OutgoingMail.objects.get(key=key)


@pytest.mark.parametrize(
    "answers",
    (
        {"rcpt_to_bad": "550 5.1.1 No such user"},
        {"data": "554 5.7.1 Refused as spam"},
        {"mail": "552 5.3.4 Too large"},
    ),
    ids=lambda answers: next(iter(answers)),
)
def test_no_for_good_is_for_good(write: Write, server: MailServer, answers: dict[str, str]) -> None:
    write("bad", to="bad@example.org")
    server.refuse(**answers)

    assert tasks.deliver(at=AT) == 0

    bad = get("bad")
    assert (bad.attempts, bad.failed_at, bad.claimed_until) == (1, AT, None)
    assert bad.error == f"Mailserveren tog det ikke: {next(iter(answers.values()))}"
    server.refuse()
    assert tasks.deliver(at=AT + timedelta(days=9)) == 0
    assert outbox.try_again(bad)
    assert not outbox.try_again(bad)
    assert tasks.deliver(at=AT) == 1


@pytest.mark.parametrize(
    "answers",
    (
        {"call": "421 Too busy"},
        {"call": "554 Not you"},
        {"mail": "451 4.3.0 Queue file write error"},
        {"mail": "530 5.7.0 Authentication required"},
        {"mail": "550 5.7.1 Sender not allowed"},
        {"rcpt": "421 Closing"},
        {"rcpt": HANG_UP},
        {"data": HANG_UP},
    ),
    ids=lambda answers: "-".join(f"{verb}-{text[:3]}" for verb, text in answers.items()),
)
def test_a_server_that_takes_nothing_costs_no_attempts_and_is_asked_once_a_visit(
    write: Write, server: MailServer, answers: dict[str, str]
) -> None:
    for number in range(8):
        write(str(number), to=f"{number}@example.org")
    server.refuse(**answers)

    at = AT
    for _ in range(3 * leases.MAX_ATTEMPTS):
        before = server.conversations
        assert tasks.deliver(at=at, by_clock=True) == 0
        assert server.conversations - before <= 1
        at += timedelta(hours=2)

    letters = OutgoingMail.objects.all()
    assert {(mail.attempts, mail.failed_at, mail.claimed_until) for mail in letters} == {
        (0, None, None)
    }
    assert SweepRecord.objects.get(name=outbox.DELIVER).is_failing
    server.refuse()
    assert tasks.deliver(at=at, by_clock=True) == 8
    assert not SweepRecord.objects.get(name=outbox.DELIVER).is_failing


def test_a_server_that_tells_everybody_to_come_again_costs_no_attempts(
    write: Write, server: MailServer
) -> None:
    for number in range(8):
        write(str(number), to=f"{number}@example.org")
    server.refuse(rcpt="450 4.2.0 Greylisted")

    assert tasks.deliver(at=AT) == 0

    touched = OutgoingMail.objects.exclude(refused_at=None)
    assert touched.count() == tasks.MOST_REFUSED
    assert set(touched.values_list("attempts", "next_attempt_at")) == {(0, AT + MINUTE)}
    at = AT
    for _ in range(3 * leases.MAX_ATTEMPTS):
        at += timedelta(hours=2)
        assert tasks.deliver(at=at) == 0
    assert set(OutgoingMail.objects.values_list("attempts", "failed_at")) == {(0, None)}
    server.refuse()
    assert tasks.deliver(at=at + timedelta(hours=2)) == 8


def test_a_letter_that_is_never_taken_is_given_up_by_a_server_that_takes_others(
    write: Write, server: MailServer
) -> None:
    write("bad", to="bad@example.org")
    server.refuse(rcpt_to_bad="452 4.2.2 Mailbox full")

    at, pauses, number = AT, [], 0
    while not get("bad").failed_at:
        number += 1
        write(f"good-{number}", to="good@example.org")
        assert tasks.deliver(at=at) == 1
        bad = get("bad")
        if bad.next_attempt_at:
            pauses.append(bad.next_attempt_at - at)
            at = bad.next_attempt_at

    # The first time nobody knew whose fault it was.
    assert get("bad").attempts == leases.MAX_ATTEMPTS
    assert number == leases.MAX_ATTEMPTS + 1
    assert pauses == sorted(pauses)
    assert pauses[:4] == [MINUTE, MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert pauses[-1] <= leases.LONGEST_PAUSE
    assert get("bad").error == "Mailserveren tog det ikke: 452 4.2.2 Mailbox full"


def test_mail_that_stands_still_is_said_and_one_press_tries_all_again(
    write: Write, server: MailServer
) -> None:
    Contact.objects.create(pk=1, phone="33 70 33 70")
    assert standing(at=AT) == Standing(None, 0, 0, has_phone=True)
    write("gone", to="gone@example.org")
    server.refuse(rcpt_to_gone="550 No such user")
    tasks.deliver(at=AT)
    write("a")
    write("b")
    server.refuse(call="421 Too busy")
    for minutes in range(0, 12, 3):
        tasks.deliver(at=AT + minutes * MINUTE)

    assert standing(at=AT + 10 * MINUTE) == Standing(None, 2, 1, has_phone=True)
    assert standing(at=AT + 11 * MINUTE) == Standing(AT, 2, 1, has_phone=True)

    # Here the letter that was in hand rests.
    server.refuse()
    at = AT + 11 * MINUTE
    assert outbox.try_all_again() == 1
    assert tasks.deliver(at=at) == 3
    assert standing(at=at + 60 * MINUTE) == Standing(None, 0, 0, has_phone=True)


def test_a_letter_that_is_its_own_trouble_is_no_standstill(
    write: Write, server: MailServer
) -> None:
    write("bad", to="bad@example.org")
    write("good", to="good@example.org")
    server.refuse(rcpt_to_bad="452 4.2.2 Mailbox full")
    tasks.deliver(at=AT)
    tasks.deliver(at=AT + MINUTE)

    assert standing(at=AT + timedelta(hours=5)).still_since is None


def test_a_letter_whose_file_is_away_is_no_fault_of_the_servers(
    write: Write, server: MailServer
) -> None:
    write("a", attachments=[outbox.Attachment("a.pdf", "application/pdf", "findes/ikke", "0" * 64)])
    write("b")

    assert tasks.deliver(at=AT) == 1

    assert get("a").attempts == 1
    assert get("a").error.startswith("FileNotFoundError")

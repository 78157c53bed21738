"""A nudge never fails a step, and never makes it wait for more than a moment."""

import contextlib
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

import pytest
from celery.beat import Scheduler

from klimaspor import embedded, leases, sweeps, valkey
from klimaspor.celery import app
from klimaspor.models import SweepRecord


@pytest.fixture
def silent_broker() -> Iterator[str]:
    """A broker that takes the call and then says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.fixture
def dead_broker() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{probe.getsockname()[1]}/0"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", ("silent_broker", "dead_broker"))
def test_a_step_goes_on_without_a_broker(
    request: pytest.FixtureRequest, settings: Any, broker: str
) -> None:
    settings.CELERY_BROKER_URL = request.getfixturevalue(broker)
    begun = time.monotonic()

    with transaction.atomic():
        sweeps.nudge("mail.tasks.deliver")

    # Twice the patience at most, and room for a busy machine.
    assert time.monotonic() - begun < 5
    assert sweeps.broker_answers() is False


def test_a_nudge_reaches_the_queue_once_the_step_is_committed(
    transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server is there, however busy the machine is.
    monkeypatch.setattr(valkey, "PATIENCE_SECONDS", 20)
    with embedded.running(tmp_path, postgres=False):
        settings.CELERY_BROKER_URL = embedded.broker_url(tmp_path)

        def waiting() -> int:
            with app.connection_for_read(settings.CELERY_BROKER_URL) as connection:
                return int(connection.default_channel.client.llen("celery"))

        with transaction.atomic():
            sweeps.nudge("mail.tasks.deliver")
            before = waiting()

        assert (before, waiting()) == (0, 1)
        assert sweeps.broker_answers() is True


def test_only_a_sweep_may_be_nudged() -> None:
    with pytest.raises(LookupError, match="No sweep is called deliver"):
        sweeps.nudge("deliver")


def test_every_sweep_is_a_task(settings: Any) -> None:
    app.loader.import_default_modules()

    assert set(settings.SWEEPS) <= set(app.tasks)


def test_a_transaction_asks_once_however_many_letters_it_writes(
    transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server is there, however busy the machine is.
    monkeypatch.setattr(valkey, "PATIENCE_SECONDS", 20)
    with embedded.running(tmp_path, postgres=False):
        settings.CELERY_BROKER_URL = embedded.broker_url(tmp_path)
        with app.connection_for_read(settings.CELERY_BROKER_URL) as broker:
            queue = broker.default_channel.client

            with transaction.atomic():
                for _ in range(3):
                    with transaction.atomic():
                        sweeps.nudge("mail.tasks.deliver")
                sweeps.nudge("mail.tasks.deliver")
                sweeps.nudge("proposals.tasks.build_papers")
            assert queue.llen("celery") == 2

            # What is taken back takes its nudge along, and none that was asked for after it.
            with transaction.atomic():
                with contextlib.suppress(ValueError), transaction.atomic():
                    sweeps.nudge("mail.tasks.deliver")
                    raise ValueError
                sweeps.nudge("proposals.tasks.build_papers")
                with transaction.atomic():
                    sweeps.nudge("mail.tasks.deliver")
            assert queue.llen("celery") == 4


AT = datetime(2027, 4, 12, 6, 0, tzinfo=UTC)


@pytest.fixture
def made() -> Iterator[Any]:
    """A sweep of the test's own, which does as it is told and is forgotten after."""
    asked: list[Any] = []

    @sweeps.sweep("test.tasks.made")
    def made(visit: leases.Visit) -> int:
        return int(asked[-1](visit))

    made.asked = asked
    yield made
    app.tasks.unregister("test.tasks.made")


def record() -> SweepRecord:
    return SweepRecord.objects.get(name="test.tasks.made")


@pytest.mark.django_db
def test_a_visit_is_remembered_when_it_has_ended_and_not_before(made: Any) -> None:
    def look(visit: leases.Visit) -> int:
        assert not SweepRecord.objects.exists()
        return 7

    made.asked.append(look)

    assert made(at=AT, by_clock=True) == 7

    assert (record().visited_at, record().succeeded_at, record().error) == (AT, AT, "")
    assert not record().is_failing


@pytest.mark.django_db
def test_a_nudge_never_stands_in_for_the_clock(made: Any) -> None:
    made.asked.append(lambda visit: 1)
    made(at=AT, by_clock=True)

    made(at=AT + timedelta(hours=1))

    assert (record().visited_at, record().succeeded_at) == (AT, AT + timedelta(hours=1))


@pytest.mark.django_db
def test_a_visit_that_fails_is_seen_to_fail_until_one_does_not(made: Any) -> None:
    made.asked.append(lambda visit: 1)
    made(at=AT, by_clock=True)
    later = AT + timedelta(minutes=5)

    def fail(visit: leases.Visit) -> int:
        raise OSError("disken er fuld")

    made.asked.append(fail)
    with pytest.raises(OSError, match="fuld"):
        made(at=later, by_clock=True)

    failing = record()
    assert (failing.visited_at, failing.succeeded_at, failing.failed_at) == (AT, AT, later)
    assert (failing.error, failing.is_failing) == ("OSError: disken er fuld", True)

    made.asked.append(lambda visit: 0)
    made(at=later + timedelta(minutes=5), by_clock=True)
    assert not record().is_failing
    assert record().error == "OSError: disken er fuld"


@pytest.mark.django_db
def test_one_of_many_that_fails_stops_none_after_it_and_is_told_of(made: Any) -> None:
    done: list[int] = []

    def each(visit: leases.Visit) -> int:
        for number in range(4):
            with visit.guard(number):
                if number == 1:
                    raise ValueError("nr. 1")
                done.append(number)
        return len(done)

    made.asked.append(each)

    assert made(at=AT, by_clock=True) == 3
    assert done == [0, 2, 3]
    # The clock came by and did what could be done, and something is wrong.
    assert (record().visited_at, record().error) == (AT, "ValueError: nr. 1")
    assert record().is_failing


def test_the_clock_says_who_it_is(settings: Any) -> None:
    """Otherwise a nudged letter would hide that the clock stands still."""
    asked = settings.CELERY_BEAT_SCHEDULE.values()

    assert {each["task"] for each in asked} == set(settings.SWEEPS)
    assert all(each["kwargs"] == {"by_clock": True} for each in asked)


def test_a_clock_that_is_started_asks_for_everything_at_once() -> None:
    """Its schedule is in memory: what comes by each hour would else never come where the clock is started each half."""
    clock = Scheduler(app)

    assert {entry.task for entry in clock.schedule.values() if entry.is_due().is_due} == set(
        settings.SWEEPS
    )


@pytest.mark.django_db
def test_what_a_server_answers_is_kept_whatever_signs_are_in_it(made: Any) -> None:
    def fail(visit: leases.Visit) -> int:
        raise OSError("550 nej\0 \udcff tak")

    made.asked.append(fail)
    with pytest.raises(OSError, match="550"):
        made(at=AT, by_clock=True)

    assert record().error == "OSError: 550 nej\N{REPLACEMENT CHARACTER} ? tak"


@pytest.mark.parametrize("name", sorted(settings.SWEEPS))
def test_every_sweep_takes_what_the_clock_sends(name: str) -> None:
    app.loader.import_default_modules()

    # As a worker checks it before it begins.
    app.tasks[name].__header__(by_clock=True)

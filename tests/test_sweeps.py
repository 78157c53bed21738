"""A nudge never fails a step, and never makes it wait for more than a moment."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

import pytest

from klimaspor import embedded, sweeps
from klimaspor.celery import app


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
    transactional_db: None, settings: Any, tmp_path: Path
) -> None:
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


def test_a_sweep_is_remembered() -> None:
    at = datetime(2024, 4, 15, 7, 0, tzinfo=UTC)

    sweeps.mark("mail.tasks.deliver", at)

    assert sweeps.last_run("mail.tasks.deliver") == at

"""The sweeps, and `nudge`: the one place outside tasks.py that touches Celery.

A sweep is a task that comes by on a clock and does what rows say is unfinished. A nudge only makes
it come sooner, so nothing is lost when the broker is down.
"""

from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

import structlog
from kombu import Connection

from klimaspor.celery import app

log = structlog.get_logger(__name__)

# How long a step may wait for a broker that does not answer.
PATIENCE_SECONDS = 0.5


def nudge(name: str) -> None:
    """Ask for this sweep as soon as what is being written now is committed."""
    if name not in settings.SWEEPS:
        raise LookupError(f"No sweep is called {name}")
    transaction.on_commit(lambda: _send(name), robust=True)


def _send(name: str) -> None:
    try:
        with _broker() as connection:
            app.send_task(name, connection=connection, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 - whatever ails the broker, the row is written and the clock will come by
        log.warning("nudge_failed", sweep=name, error=str(error))


def broker_answers() -> bool:
    try:
        with _broker() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE_SECONDS)
    except Exception as error:  # noqa: BLE001 - each broker has errors of its own, and all mean no
        log.warning("broker_not_ready", error=str(error))
        return False
    return True


def _broker() -> Connection:
    """A connection of its own: the timeouts that suit a page would cut off a worker waiting for its next task."""
    patience = {
        "socket_connect_timeout": PATIENCE_SECONDS,
        "socket_timeout": PATIENCE_SECONDS,
        "max_retries": 0,
        "interval_start": 0,
        "interval_step": 0,
    }
    return Connection(settings.CELERY_BROKER_URL, transport_options=patience)


def mark(name: str, at: datetime) -> None:
    """Remember that this sweep ran."""
    cache.set(f"sweep:{name}", at, timeout=None)


def last_run(name: str) -> datetime | None:
    at: datetime | None = cache.get(f"sweep:{name}")
    return at

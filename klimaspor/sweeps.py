"""
The sweeps, and `nudge`: the one place outside tasks.py that touches Celery.

A sweep is a function that comes by on a clock and does what rows say is unfinished. A nudge only makes it come sooner,
so nothing is lost when the broker is down. How each visit went is remembered when it has ended, never before.
"""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

import structlog
from celery import shared_task
from kombu import Connection

from klimaspor import tracing, valkey
from klimaspor.celery import app
from klimaspor.leases import LONGEST_ERROR, Visit
from klimaspor.models import SweepRecord

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

log = structlog.get_logger(__name__)

# What comes by each half minute may be late for long before it matters; what comes by each hour may not miss many.
SILENCE = timedelta(minutes=10)
MISSED_VISITS = 3

# Whoever asks whether the broker is well can wait longer than a page.
ANSWER_SECONDS = 1.0


def sweep(name: str) -> Callable[[Callable[[Visit], int]], Callable[..., int]]:
    """
    Make a function the sweep of that name, which returns how much it did.

    Called with `at` it lives at that moment; otherwise it reads the clock as often as it asks. What it raises is
    remembered, logged by Celery, and tried again at the next visit.
    """

    def decorate(function: Callable[[Visit], int]) -> Callable[..., int]:
        @wraps(function)
        def visited(
            at: datetime | None = None, *, by_clock: bool = False, request_id: str = ""
        ) -> int:
            if at is None:
                tracing.begin(request_id)
            visit = Visit(timezone.now if at is None else lambda: at)  # noqa: TID251 - a sweep is where the clock is read
            try:
                done = function(visit)
            except Exception as error:
                visit.note(error)
                _remember(name, visit, visited_at=None)
                raise
            _remember(name, visit, visited_at=visit.at if by_clock else None)
            return done

        # Its parameters are ours and not the function's, which functools would have Celery believe.
        del visited.__wrapped__
        task: Callable[..., int] = shared_task(name=name)(visited)
        return task

    return decorate


def _remember(name: str, visit: Visit, *, visited_at: datetime | None) -> None:
    at = visit.at
    now: dict[str, Any] = {"visited_at": visited_at} if visited_at else {}
    now |= {"failed_at": at, "error": visit.trouble} if visit.trouble else {"succeeded_at": at}
    try:
        SweepRecord.objects.bulk_create(
            [SweepRecord(name=name, **now)],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=list(now),
        )
    except DatabaseError as error:
        # What the visit itself met is more worth telling.
        log.warning("sweep_not_remembered", sweep=name, error=str(error)[:LONGEST_ERROR])


def records() -> dict[str, SweepRecord]:
    """Give how each sweep that has ever come by went."""
    return SweepRecord.objects.in_bulk()


def overdue(*, at: datetime) -> list[str]:
    """Give the sweeps the clock has not come by for too long, or never: each by its own mark, whatever else goes on."""
    known = records()
    return [
        name
        for name, seconds in settings.SWEEPS.items()
        if (record := known.get(name)) is None
        or record.visited_at is None
        or at - record.visited_at > longest_silence(seconds)
    ]


def longest_silence(seconds: int) -> timedelta:
    """Give how long a sweep that comes by so often may stay away before somebody must look."""
    return max(timedelta(seconds=seconds * MISSED_VISITS), SILENCE)


class _Nudge:
    """What is to be sent when the transaction is committed."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self) -> None:
        _send(self.name)


def _send(name: str) -> None:
    if valkey.is_left_alone(settings.CELERY_BROKER_URL):
        return
    try:
        with _broker(valkey.PATIENCE_SECONDS) as connection:
            app.send_task(
                name,
                kwargs={"request_id": tracing.current()},
                connection=connection,
                retry=False,
                ignore_result=True,
            )
    except Exception as error:  # noqa: BLE001 - whatever ails the broker, the row is written and the clock will come by
        valkey.leave_alone(settings.CELERY_BROKER_URL)
        log.warning("nudge_failed", sweep=name, error=str(error))


def nudge(name: str) -> None:
    """Ask for this sweep as soon as what is being written now is committed; a transaction asks once, however often."""
    if name not in settings.SWEEPS:
        raise LookupError(f"No sweep is called {name}")
    # One that stands there goes whenever a second would: a savepoint that could take it back holds us as well.
    hooks = (hook for _, hook, _ in transaction.get_connection().run_on_commit)
    if not any(isinstance(hook, _Nudge) and hook.name == name for hook in hooks):
        transaction.on_commit(_Nudge(name), robust=True)


def broker_answers() -> bool:
    try:
        with _broker(ANSWER_SECONDS) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=ANSWER_SECONDS)
    except Exception as error:  # noqa: BLE001 - each broker has errors of its own, and all mean no
        log.warning("broker_not_ready", error=str(error))
        return False
    return True


def _broker(patience: float) -> Connection:
    """A connection of its own: the timeouts that suit a page would cut off a worker waiting for its next task."""
    options = {
        **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "socket_connect_timeout": patience,
        "socket_timeout": patience,
        "max_retries": 0,
        "interval_start": 0,
        "interval_step": 0,
    }
    return Connection(settings.CELERY_BROKER_URL, transport_options=options)

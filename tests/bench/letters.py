"""
How long it takes to write thousands of reminders, to find that none is due, and to send them to a mail server.

python -m tests.bench.letters [--letters 5000]
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from klimaspor import embedded
from tests.bench import pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

GOALS = {"written": 2.0, "nothing due": 0.1, "sent": 6.0}
"""Seconds, on two cores and nothing else running."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--letters", type=int, default=5000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, mail_server() as (port, taken):
        os.environ |= {
            "KLIMASPOR_STATE": folder,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "klimaspor.settings",
        }
        with embedded.running(Path(folder)):
            measure(prepare(options.letters), options.letters)
            print(f"{taken()} letters came to the server")


@contextlib.contextmanager
def mail_server() -> Iterator[tuple[int, Any]]:
    """Serve in a process of its own, as a mail server would."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=[there], daemon=True)
    process.start()
    port = here.recv()

    def taken() -> int:
        here.send(None)
        count: int = here.recv()
        return count

    try:
        yield port, taken
    finally:
        process.terminate()


def serve(line: Connection) -> None:
    from tests.mail.smtp import MailServer

    with MailServer() as server:
        line.send(server.port)
        while True:
            line.recv()
            line.send(len(server.taken))


def prepare(letters: int) -> datetime:
    """Make so many drafts, each with a writer who is to be reminded, and give the moment that is due."""
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=pages.ROOT, check=True)
    import django

    django.setup()
    from klimaspor import danish
    from klimaspor.accounts.models import User
    from proposals import reminders
    from proposals.line.functions import Function
    from proposals.line.models import Access, Duty, Proposal
    from tests.factories.intake import a_round

    round_ = a_round()
    at = round_.opens_at
    people = User.objects.bulk_create(
        User(email=f"skriver-{number}@example.org", name=f"Skriver Nr. {number}")
        for number in range(letters)
    )
    drafts = Proposal.objects.bulk_create(
        Proposal(
            number=f"KS-2027-{number + 1:04}",
            title="Klog varme i tre kommuner",
            # As much as most have written: a letter needs none of it.
            challenges="Kommunerne mangler en fælles metode. " * 50,
            round=round_,
            owner=person,
            created_by=person,
            created_at=at,
            edited_at=at,
            status_since=at,
        )
        for number, person in enumerate(people)
    )
    Access.objects.bulk_create(
        Access(
            proposal=draft,
            function=Function.OWN,
            user=draft.owner,
            since_at=at,
            since_by=draft.owner,
        )
        for draft in drafts
    )
    Duty.objects.mend([draft.pk for draft in drafts], at=at)
    with connection_of().cursor() as cursor:
        cursor.execute("ANALYZE")
    due: date = danish.day_of(round_.qualification_deadline_at)
    return danish.wall(
        danish.add_working_days(due, -reminders.DRAFTS.offsets[-1]), reminders.MORNING
    ) + timedelta(minutes=1)


def connection_of() -> Any:
    from django.db import connection

    return connection


def measure(at: datetime, letters: int) -> None:
    from django.conf import settings

    from klimaspor.celery import app
    from klimaspor.mail import tasks as mail
    from klimaspor.mail.models import OutgoingMail
    from proposals import tasks

    with app.connection_for_read(settings.CELERY_BROKER_URL) as broker:
        queue = broker.default_channel.client
        before = queue.llen("celery")
        # Templates are read once in a worker's life.
        tasks.remind(at=at - timedelta(days=60))
        tell("written", lambda: tasks.remind(at=at), letters)
        print(f"{queue.llen('celery') - before} nudges")
        tell("nothing due", lambda: tasks.remind(at=at + timedelta(minutes=10)), 0)
        tell("sent", lambda: mail.deliver(at=at + timedelta(minutes=1)), letters)
        tell("nothing to send", lambda: mail.deliver(at=at + timedelta(minutes=2)), 0)
    if OutgoingMail.objects.sent().count() != letters:
        raise SystemExit("Not all were sent")


def tell(what: str, act: Any, expected: int) -> None:
    began, worked = time.perf_counter(), time.process_time()
    count = act()
    took, work = time.perf_counter() - began, time.process_time() - worked
    if count != expected:
        raise SystemExit(f"{what}: {count} instead of {expected}")
    goal = f", goal {GOALS[what]}" if what in GOALS else ""
    print(f"{what:16} {took:7.3f} s ({work:.3f} s of this process's work{goal})", flush=True)


if __name__ == "__main__":
    main()

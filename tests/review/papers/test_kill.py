"""A real worker on a real broker, killed in the middle of the committee's papers."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.db import connection

import pytest

from klimaspor import embedded, sweeps
from review.papers import progress as dossier
from tests import pdf_structure
from tests.factories import walk
from tests.factories.intake import a_ready_draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from review.agenda.models import Agenda, Dossier

pytestmark = [
    pytest.mark.slow("starts workers, and waits for the lease of one that was killed"),
    pytest.mark.django_db(transaction=True),
]

LEASE_SECONDS = 5
PATIENCE_SECONDS = 120
LONG_TEXT = "\n\n".join(
    ["Kommunernes klimahandlingsplaner forudsætter tværkommunale samarbejder." * 8] * 10
)


@pytest.fixture
def agenda() -> Agenda:
    """A published agenda with three proposals that take a while to set."""
    world = walk.a_world()
    proposals = []
    for number in range(3):
        draft = a_ready_draft(
            world.cast,
            world.round,
            title=f"Forslag {number}",
            **dict.fromkeys(
                ("challenges", "purpose", "effects", "activities", "novelty"), LONG_TEXT
            ),
        )
        proposal = walk.qualify(walk.submit(draft, world), world)
        proposals.append(walk.recommend(walk.submit_for_approval(proposal, world), world))
    return walk.publish(walk.an_agenda(world, *proposals), world)


@pytest.fixture
def broker(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A broker of the test's own; its folder is what finds it."""
    state = tmp_path / "state"
    with embedded.running(state, postgres=False):
        settings.CELERY_BROKER_URL = embedded.broker_url(state)
        yield state


@pytest.fixture
def worker(
    broker: Path, files: Path, tmp_path: Path
) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start workers as `start` does, with this test's database and files, and a short lease."""
    environment = {
        **os.environ,
        "KLIMASPOR_STATE": str(broker),
        "DATABASE_URL": _database_url(),
        "FILES": str(files),
        "PAPER_LEASE_SECONDS": str(LEASE_SECONDS),
    }
    command = [sys.executable, "-m", "celery", "-A", "klimaspor.celery", "worker"]
    command += ["--concurrency", "1", "--without-gossip", "--without-mingle"]
    started: list[subprocess.Popen[bytes]] = []

    with (tmp_path / "worker.log").open("wb") as log:

        def start() -> subprocess.Popen[bytes]:
            process = subprocess.Popen(  # noqa: S603 - our own worker
                command, env=environment, stdout=log, stderr=log, start_new_session=True
            )
            started.append(process)
            return process

        try:
            yield start
        finally:
            for process in started:
                kill(process)


def _database_url() -> str:
    given = connection.settings_dict
    who = f"{given['USER']}:{quote(str(given['PASSWORD']), safe='')}"
    if str(given["HOST"]).startswith("/"):
        return f"postgres://{who}@/{given['HOST']}/{given['NAME']}"
    return f"postgres://{who}@{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"


def kill(process: subprocess.Popen[bytes]) -> None:
    """As a machine that loses its power: the worker and its children, without a word."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(holds: Callable[[], bool], *, pause: float, meanwhile: Callable[[], None]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        meanwhile()
        time.sleep(pause)


def come_by() -> None:
    """What beat does."""
    sweeps.nudge(dossier.BUILD_PAPERS)


def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    agenda: Agenda, worker: Callable[[], subprocess.Popen[bytes]], files: Path
) -> None:
    def papers() -> Dossier:
        found: Dossier = agenda.dossiers.get(kind="papers")
        return found

    items = agenda.items.count()
    first = worker()
    come_by()
    wait_until(lambda: papers().progress_done > items, pause=0.02, meanwhile=lambda: None)
    kill(first)
    left = papers()

    worker()
    wait_until(lambda: not agenda.dossiers.unbuilt().exists(), pause=1, meanwhile=come_by)

    assert (left.built_at, left.attempts, left.claimed_until is None) == (None, 1, False)
    assert (papers().attempts, papers().failed_at, papers().error) == (2, None, "")
    (pdf,) = (files / "dossier").rglob("*.pdf")
    (bundle,) = (files / "dossier").rglob("*.zip")
    annexes = agenda.dossiers.get(kind="annexes")
    for row, path in ((papers(), pdf), (annexes, bundle)):
        assert path == files / row.file.name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == row.sha256
        assert row.progress_done == row.progress_total
    assert pdf_structure.read(pdf.read_bytes()).is_pdf_ua
    with zipfile.ZipFile(bundle) as packed:
        assert packed.read("Sagsmateriale 2027-05-27.pdf") == pdf.read_bytes()

"""`manage.py start`, which `./run` ends in: what it starts, what it leaves, and what it says when it can't."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.urls import reverse

import pytest

from tests.suite import pace

pytestmark = pytest.mark.slow("starts the whole portal")

Start = Callable[..., subprocess.Popen[str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(state: Path, port: int, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {**kept, "KLIMASPOR_STATE": str(state), "PORT": str(port), "DEMO": "0", **more}


@pytest.fixture(scope="module")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compressing what the browser gets takes seconds, so it is done once."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture
def state() -> Iterator[Path]:
    """Give a folder with a short name: with a long one the sockets lie elsewhere, and a server's title names only them."""
    with tempfile.TemporaryDirectory(prefix="ks-") as folder:
        yield Path(folder)


@pytest.fixture
def start(state: Path, static_root: Path) -> Iterator[Start]:
    """Start klimaspor in a state folder of its own; afterwards nothing of it may be left."""
    begun: list[subprocess.Popen[str]] = []

    def begin(state: Path, port: int, **more: str) -> subprocess.Popen[str]:
        begun.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "start"],
                cwd=settings.BASE_DIR,
                env=environment(state, port, STATIC_ROOT=str(static_root), **more),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return begun[-1]

    yield begin
    for process in begun:
        process.terminate()
        process.communicate(timeout=30)
    assert alive(state) == {}


def read_until(process: subprocess.Popen[str], text: str) -> str:
    assert process.stdout
    read = ""
    for line in process.stdout:
        read += line
        if text in line:
            return read
    raise AssertionError(f"It ended without {text!r}:\n{read}")


def alive(state: Path) -> dict[int, str]:
    """Every living process that was started with this state folder."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        words = surroundings = ""
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
            # Not even root may read that of a server with its own user, in a container with the usual profile.
            surroundings = (folder / "environ").read_bytes().decode(errors="replace")
        if words and str(state) in words + surroundings:
            found[int(folder.name)] = words
    return found


def pids_of(state: Path, words: str) -> set[int]:
    return {pid for pid, command in alive(state).items() if words in command}


def health(port: int) -> dict[str, object]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sundhed/", timeout=10) as answer:
            body: dict[str, object] = json.load(answer)
    except urllib.error.HTTPError as answer:
        body = json.load(answer)
    return body


def test_starts_everything_and_leaves_nothing(state: Path, start: Start) -> None:
    port = free_port()
    process = start(state, port)

    said = read_until(process, "Klar:")

    assert f"Klar: http://127.0.0.1:{port}\n" in said
    assert f"Log på: http://127.0.0.1:{port}{reverse('account_login')}" in said
    # Every sweep is asked for at once.
    wait_until(lambda: health(port)["klar"])
    # Each is seen by its name only once it has begun to be itself.
    for name in ("gunicorn", " worker ", " beat ", "postgres", "valkey"):
        wait_until(lambda name=name: name in " ".join(alive(state).values()))

    # A second one in the same place is told so, and the first goes on.
    refused, _ = start(state, free_port()).communicate(timeout=30)
    assert f"Klimaspor kører allerede med mappen {state}." in refused

    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)

    assert rest == "\nKlimaspor er stoppet.\n"
    assert process.returncode == 0
    assert alive(state) == {}


def test_survives_a_killed_worker_and_its_own_kill(state: Path, start: Start) -> None:
    port = free_port()
    process = start(state, port)
    read_until(process, "Klar:")
    before = pids_of(state, " worker ")

    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: pids_of(state, " worker ") - before)
    process.kill()
    process.wait()
    wait_until(lambda: "gunicorn" not in " ".join(alive(state).values()))
    begun = time.monotonic()
    again = start(state, port)
    read_until(again, "Klar:")

    assert time.monotonic() - begun < 20 * pace.slowness()
    # Every sweep is asked for at once.
    wait_until(lambda: health(port)["klar"])


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "It did not come about within a minute"
        time.sleep(0.1)


def test_says_that_the_port_is_taken(state: Path, start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        process = start(state, port)
        said, _ = process.communicate(timeout=30)

    assert process.returncode == 1
    assert (
        f"Port {port} er optaget af et andet program. Vælg en anden: PORT={port + 1} ./run" in said
    )


def test_demo_stays_on_this_machine(state: Path, start: Start) -> None:
    process = start(state, free_port(), DEMO="1", BIND="0.0.0.0")  # noqa: S104 - it must be refused
    said, _ = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "Demoen lader enhver logge på" in said


def test_says_that_a_database_of_ones_own_does_not_answer(state: Path, start: Start) -> None:
    address = f"postgres://klimaspor:secret@127.0.0.1:{free_port()}/klimaspor"

    process = start(state, free_port(), DATABASE_URL=address)
    said, _ = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "Klimaspor kan ikke starte. Databasen svarer ikke:" in said
    assert "secret" not in said


def test_run_says_how_to_call_it() -> None:
    done = subprocess.run(
        ["./run", "everything"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert (
        done.stderr == "Klimaspor kan ikke starte. Brug: ./run, ./run test eller ./run test quick\n"
    )


def test_run_is_plain_sh() -> None:
    script = (settings.BASE_DIR / "run").read_text()

    assert script.startswith("#!/bin/sh\n")
    assert not re.search(r"\[\[|\bfunction \w|\blocal \w|<<<", script)


@pytest.mark.parametrize("server", ("postgres", "valkey"))
def test_a_server_that_dies_is_started_again(state: Path, start: Start, server: str) -> None:
    port = free_port()
    process = start(state, port)
    read_until(process, "Klar:")
    # Every sweep has come by once.
    wait_until(lambda: is_well(port))
    pid_file = {"postgres": "postgres/postmaster.pid", "valkey": "valkey/pid"}[server]
    died = int((state / "servers" / pid_file).read_text().split()[0])

    os.kill(died, signal.SIGKILL)

    assert "gik ned og er startet igen." in read_until(process, "startet igen")
    assert int((state / "servers" / pid_file).read_text().split()[0]) != died
    wait_until(lambda: is_well(port))


def is_well(port: int) -> bool:
    try:
        return health(port)["klar"] is True
    except urllib.error.HTTPError:
        return False


def test_a_server_that_cannot_come_back_is_said(state: Path, start: Start) -> None:
    process = start(state, free_port())
    read_until(process, "Klar:")
    data = state / "servers/postgres"
    pid = int((data / "postmaster.pid").read_text().split()[0])

    # What PostgreSQL needs in order to start is gone.
    (data / "postgresql.conf").unlink()
    os.kill(pid, signal.SIGKILL)
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "Klimaspor kan ikke starte. PostgreSQL ville ikke starte." in said


def test_a_machine_may_run_only_some_of_the_programs(state: Path, start: Start) -> None:
    process = start(state, free_port(), PROGRAMS="worker")

    read_until(process, "Klar: worker")
    wait_until(lambda: pids_of(state, " worker "))

    assert pids_of(state, "gunicorn") | pids_of(state, " beat ") == set()

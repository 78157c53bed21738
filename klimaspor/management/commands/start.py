"""
Start everything klimaspor needs on one machine, and stop it all again on Ctrl-C.

Each program runs in a session of its own, and the kernel is asked to end it if we are killed ourselves, so no orphan
keeps the port. What ends is started again, the embedded database and Valkey too; those go on when we are killed, until the
next start takes them over.
"""

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from klimaspor import embedded
from klimaspor.accounts import demo
from klimaspor.accounts.models import User

# The same in docker-compose.yml and in the service units; tests compare.
WEB = ["gunicorn", "klimaspor.wsgi", "--config", "python:klimaspor.serving"]
# Quiet: its banner is no line of a log.
CELERY = ["celery", "-A", "klimaspor.celery", "--quiet"]
WORKER = [*CELERY, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
BEAT = [*CELERY, "beat", "--loglevel", "INFO", "--pidfile="]

STOPPING_SECONDS = 5
# One that stops so many times so soon will not do better the next time.
SOON_SECONDS = 10
TRIES = 3
# Between two tries to go on where the disk is full.
FULL_DISK_SECONDS = 10
LARGEST_LOG = 10 * 1024 * 1024
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


class Command(BaseCommand):
    help = "Starter Klimaspor: database, kø, web, worker og beat. Ctrl-C stopper det hele."
    # They ask for the database's password, which this command makes.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        # Also Ctrl-C, which a shell makes programs in the background ignore.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        try:
            self.start()
        except KeyboardInterrupt:
            self.stdout.write("\nKlimaspor er stoppet.")
        except embedded.CannotStart as refusal:
            raise CommandError(f"Klimaspor kan ikke starte. {refusal}") from refusal
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise CommandError(
                f"Klimaspor kan ikke starte. Disken er fuld: gør plads, hvor {settings.STATE} ligger."
            ) from error
        except OperationalError as error:
            raise CommandError(
                f"Klimaspor kan ikke starte. Databasen svarer ikke: {error}".strip()
            ) from error

    def start(self) -> None:
        with contextlib.ExitStack() as everything:
            _refuse_careless_demo()
            _refuse_taken_port()
            embedded.prepare(settings.STATE)
            everything.enter_context(_only_one(settings.STATE))
            everything.enter_context(
                embedded.running(
                    settings.STATE,
                    postgres=not settings.DATABASE_URL,
                    valkey=not settings.REDIS_URL,
                )
            )
            if not settings.DATABASE_URL:
                # Its password may be younger than the settings.
                settings.DATABASES["default"].update(embedded.database(settings.STATE))
            # Runs before the servers are stopped: a second Ctrl-C must not interrupt that.
            everything.callback(_stop_listening)
            self.make_ready()
            connection.close()
            children = everything.enter_context(_children(settings.STATE / "logs"))
            if "web" in settings.PROGRAMS:
                children.start("web", _web())
                _wait_for_web(children)
            if "worker" in settings.PROGRAMS:
                children.start("worker", _worker())
            if "beat" in settings.PROGRAMS:
                children.start("beat", BEAT)
            self.announce()
            _watch(children, self.say)

    def make_ready(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        _refuse_demo_among_real_people()
        _collect_static()
        call_command("reference_data", verbosity=0)
        if settings.DEMO and not User.objects.exists():
            self.stdout.write("Lægger opdigtede personer og forslag ind …")
            call_command("demo", verbosity=0)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        # Somebody reads it while it runs, a service manager too.
        self.stdout.flush()

    def announce(self) -> None:
        if "web" not in settings.PROGRAMS:
            self.say(f"Klar: {', '.join(settings.PROGRAMS)}")
            return
        if settings.DEMO:
            self.stdout.write(
                f"Log på som en af de opdigtede personer: {_address()}{reverse('accounts:demo')}"
            )
        else:
            self.stdout.write(f"Log på: {_address()}{reverse(settings.LOGIN_URL)}")
            self.stdout.write(
                "Den første medarbejder i sekretariatet inviteres med: "
                f"{sys.executable} manage.py invite_secretariat navn@eksempel.dk"
            )
        self.stdout.write(f"Log: {settings.STATE / 'logs'}. Ctrl-C stopper det hele.")
        self.say(f"Klar: {_address()}")


def _collect_static() -> None:
    """Collect and compress what the browser gets, which takes seconds, only when something has changed."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([".*"]):
            stat = Path(storage.path(name)).stat()
            seen.update(f"{storage.path(name)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".collected"
    if not stamp.exists() or stamp.read_text() != seen.hexdigest():
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(seen.hexdigest())


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _stop_listening() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _address() -> str:
    host = f"[{settings.BIND}]" if ":" in settings.BIND else settings.BIND
    return f"http://{host}:{settings.PORT}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_careless_demo() -> None:
    if settings.DEMO and not _is_loopback(settings.BIND):
        raise embedded.CannotStart(
            f"Demoen lader enhver logge på og må kun køre på denne maskine, ikke på {settings.BIND}. "
            "Fjern BIND, eller sæt DEMO=0."
        )


def _refuse_demo_among_real_people() -> None:
    """Demo lets anybody in as anybody; somebody who tried to sign up there is no reason to stop it."""
    refusal = demo.demo_refusal(timezone.now()) if settings.DEMO else None
    if refusal:
        raise embedded.CannotStart(refusal)


def _refuse_taken_port() -> None:
    family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.BIND, settings.PORT))
        except OSError as error:
            reasons = {
                errno.EADDRINUSE: "er optaget af et andet program",
                errno.EACCES: "kræver særlige rettigheder",
            }
            reason = reasons.get(error.errno or 0, f"kan ikke bruges ({error.strerror})")
            raise embedded.CannotStart(
                f"Port {settings.PORT} {reason}. Vælg en anden: PORT={max(settings.PORT, 8000) + 1} ./run"
            ) from error


@contextlib.contextmanager
def _only_one(state: Path) -> Iterator[None]:
    with (state / "start.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise embedded.CannotStart(
                f"Klimaspor kører allerede med mappen {state}. Stop det, eller start et mere ved siden af: "
                f"PORT={settings.PORT + 1} KLIMASPOR_STATE=/en/mappe ./run"
            ) from None
        yield


def _web() -> list[str]:
    host = f"[{settings.BIND}]" if ":" in settings.BIND else settings.BIND
    bind = f"{host}:{settings.PORT}"
    return [*WEB, "--workers", str(settings.WEB_WORKERS), "--bind", bind]


def _worker() -> list[str]:
    shared_memory = Path("/dev/shm")  # noqa: S108 - looked at, not written to
    # Its processes count each other in shared memory; threads do where there is none.
    forks = sys.platform == "darwin" or os.access(shared_memory, os.W_OK)
    pool = "prefork" if forks else "threads"
    return [*WORKER, "--concurrency", str(settings.TASK_WORKERS), "--pool", pool]


class EarlyEnds:
    """How often in a row each program has ended soon after it was started."""

    def __init__(self) -> None:
        self.times: dict[str, int] = {}

    def are_too_many(self, name: str, since: float) -> bool:
        """Note that it has ended, and say whether another try is no use."""
        ended_soon = time.monotonic() - since < SOON_SECONDS
        self.times[name] = self.times.get(name, 0) + 1 if ended_soon else 0
        return self.times[name] >= TRIES


class Children:
    """The programs we have started, each in a session of its own so that Ctrl-C reaches us alone."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, tuple[list[str], subprocess.Popen[bytes], float]] = {}
        self.early_ends = EarlyEnds()
        logs.mkdir(exist_ok=True)

    def start(self, name: str, command: list[str]) -> None:
        log = self.log(name)
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".old"))
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - this program has one thread
            )
        self.running[name] = (command, process, time.monotonic())

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def revive(self) -> None:
        """Start again what has ended.

        :raises CannotStart: it keeps ending.
        """
        for name, (command, process, since) in list(self.running.items()):
            if process.poll() is None:
                continue
            _kill_group(process)
            if self.early_ends.are_too_many(name, since):
                lines = self.log(name).read_text(errors="replace").splitlines()[-15:]
                raise embedded.CannotStart(
                    f"{name} stopper igen og igen. Det står i {self.log(name)}:\n"
                    + "\n".join(lines)
                )
            time.sleep(0.5)
            self.start(name, command)

    def stop(self) -> None:
        processes = [process for _, process, _ in self.running.values()]
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + STOPPING_SECONDS
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
            # What a worker had in hand goes back to the queue, and its row's lease runs out.
            _kill_group(process)
            process.wait()


def _watch(children: Children, say: Callable[[str], None]) -> NoReturn:
    """Start again what ends, programs and embedded servers, until it is no use.

    :raises CannotStart: something keeps ending.
    """
    servers = {"postgres": not settings.DATABASE_URL, "valkey": not settings.REDIS_URL}
    since = dict.fromkeys(embedded.SERVERS, time.monotonic())
    early_ends = EarlyEnds()
    while True:
        children.revive()
        try:
            revived = embedded.revive(settings.STATE, **servers)
        except embedded.CannotStart:
            if not embedded.is_full(settings.STATE):
                raise
            # Pages say so meanwhile, and what was acknowledged is on the disk.
            say(f"Disken med {settings.STATE} er fuld. Gør plads: jeg prøver igen imens.")
            time.sleep(FULL_DISK_SECONDS)
            continue
        for name in revived:
            say(f"{name} gik ned og er startet igen.")
            if early_ends.are_too_many(name, since[name]):
                raise embedded.CannotStart(
                    f"{name} går ned igen og igen. Det står i {settings.STATE / 'servers'}."
                )
            since[name] = time.monotonic()
        time.sleep(0.5)


@contextlib.contextmanager
def _children(logs: Path) -> Iterator[Children]:
    children = Children(logs)
    try:
        yield children
    finally:
        _stop_listening()
        children.stop()


def _die_with_parent() -> None:
    """Ask the kernel to end this child when we are killed too hard to do it ourselves."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _wait_for_web(children: Children) -> None:
    while True:
        children.revive()
        try:
            with urllib.request.urlopen(f"{_address()}/sundhed/", timeout=10):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError:
            # Not ready is an answer too: there is no worker yet.
            return
        except OSError:
            time.sleep(0.05)

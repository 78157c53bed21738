"""
Requests per second of the pages people open most, beside an empty signed-in view and a bare list, in one run.

python -m tests.bench.pages [--proposals 5000] [--seconds 4] [--rounds 3]
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from klimaspor import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PORT = 8765
CLIENTS = 4
SEARCH = "/forslag/?q=v%C3%A5domr%C3%A5der"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--proposals", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "KLIMASPOR_STATE": folder,
            "DEMO": "1",
            "PORT": str(PORT),
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        }
        with embedded.running(Path(folder)):
            visits = prepare(options.proposals)
            with serving():
                measure(visits, seconds=options.seconds, rounds=options.rounds)


def prepare(proposals: int) -> list[tuple[str, str, str]]:
    """Sow, sign in, and give (name, address, session) of each page to measure."""
    for command in (["migrate"], ["reference_data"], ["seed", "--proposals", str(proposals)]):
        subprocess.run(  # our own commands
            [sys.executable, "manage.py", *command, "-v0"], cwd=ROOT, check=True, stdout=sys.stderr
        )
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    from klimaspor.accounts.models import User
    from proposals.models import Proposal

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def session(key: str) -> str:
        user = User.objects.get(email=f"{key}@demo.invalid")
        store = SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.create()
        return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"

    secretary, adviser = session("birgitte"), session("peter")
    number = Proposal.objects.in_status("in_approval").by_number()[0].number
    waiting = Proposal.objects.in_status("in_qualification").of_dgo(
        User.objects.get(email="peter@demo.invalid").memberships.values("dgo_id")
    )
    return [
        ("empty signed-in view", "/bench/empty/", secretary),
        ("bare list of 25 rows", "/bench/bare/", secretary),
        ("front page", "/", secretary),
        ("list", "/forslag/", secretary),
        ("search", SEARCH, secretary),
        ("proposal", f"/forslag/{number}/", secretary),
        ("secretariat desk", "/sekretariat/", secretary),
        ("DGO desk", "/kvalificering/", adviser),
        ("qualification", f"/kvalificering/{waiting.by_number()[0].number}/", adviser),
    ]


@contextlib.contextmanager
def serving() -> Iterator[None]:
    subprocess.run(  # our own command
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, check=True
    )
    command = [sys.executable, "-m", "gunicorn", "klimaspor.wsgi", "--preload", "--threads", "4"]
    command += ["--workers", "2", "--bind", f"127.0.0.1:{PORT}", "--no-control-socket"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(200):
                with contextlib.suppress(OSError):
                    http.client.HTTPConnection("127.0.0.1", PORT, timeout=1).connect()
                    break
                time.sleep(0.1)
            yield
        finally:
            server.terminate()


def measure(visits: list[tuple[str, str, str]], *, seconds: float, rounds: int) -> None:
    """Visit each page in turn, several rounds, so that a slow moment of the machine hits all alike."""
    figures: dict[str, list[float]] = {name: [] for name, _, _ in visits}
    for name, address, cookie in visits:
        _answers(address, cookie, 1, name)
    for _ in range(rounds):
        for name, address, cookie in visits:
            figures[name].append(_answers(address, cookie, seconds, name))
    bare = statistics.median(figures["bare list of 25 rows"])
    print(f"{'page':<24}{'requests/s':>12}{'min':>8}{'max':>8}{'bare list / page':>20}")
    for name, found in figures.items():
        median = statistics.median(found)
        print(
            f"{name:<24}{median:>12.1f}{min(found):>8.1f}{max(found):>8.1f}{bare / median:>20.2f}"
        )


def _answers(address: str, cookie: str, seconds: float, name: str) -> float:
    """Give answers per second with CLIENTS asking at once."""
    until = time.perf_counter() + seconds
    counts = [0] * CLIENTS

    def ask(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        while time.perf_counter() < until:
            connection.request(
                "GET", address, headers={"Cookie": cookie, "Host": f"127.0.0.1:{PORT}"}
            )
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                raise SystemExit(f"{name}: {answer.status} {answer.getheader('Location', '')}")
            counts[client] += 1

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()

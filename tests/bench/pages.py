"""
What the pages people open most cost, beside an empty signed-in view and an ordinary list, in one run.

Requests per second are of the whole machine, with the database; milliseconds are the web server's own work for one page.

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
BARE = "bare list of 25 rows"
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
            with serving() as server:
                measure(visits, server, seconds=options.seconds, rounds=options.rounds)


def prepare(proposals: int) -> list[tuple[str, str, str]]:
    """Sow, sign in, and give (name, address, session) of each page to measure."""
    for command in (["migrate"], ["reference_data"], ["seed", "--proposals", str(proposals)]):
        subprocess.run(  # our own commands
            [sys.executable, "manage.py", *command, "-v0"], cwd=ROOT, check=True, stdout=sys.stderr
        )
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def session(key: str) -> str:
        client, name = Client(), settings.SESSION_COOKIE_NAME
        client.force_login(User.objects.get(email=f"{key}@demo.invalid"))
        return f"{name}={client.cookies[name].value}"

    secretary, adviser = session("birgitte"), session("peter")
    number = Proposal.objects.in_status("in_approval").by_number()[0].number
    waiting = Proposal.objects.in_status("in_qualification").of_dgo(
        User.objects.get(email="peter@demo.invalid").memberships.values("dgo_id")
    )
    return [
        ("empty signed-in view", "/bench/empty/", secretary),
        (BARE, "/bench/bare/", secretary),
        ("front page", "/", secretary),
        ("list", "/forslag/", secretary),
        ("search", SEARCH, secretary),
        ("proposal", f"/forslag/{number}/", secretary),
        ("secretariat desk", "/sekretariat/", secretary),
        ("DGO desk", "/kvalificering/", adviser),
        ("qualification", f"/kvalificering/{waiting.by_number()[0].number}/", adviser),
    ]


@contextlib.contextmanager
def serving() -> Iterator[int]:
    """Serve as in production, and give the id of the process whose children answer."""
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
            yield server.pid
        finally:
            server.terminate()


def measure(
    visits: list[tuple[str, str, str]], server: int, *, seconds: float, rounds: int
) -> None:
    """Visit each page in turn, several rounds, so that a slow moment of the machine hits all alike."""
    rates: dict[str, list[float]] = {name: [] for name, _, _ in visits}
    costs: dict[str, list[float]] = {name: [] for name, _, _ in visits}
    for name, address, cookie in visits:
        _answers(address, cookie, 1, name)
    for _ in range(rounds):
        for name, address, cookie in visits:
            worked, started = _worked(server), time.perf_counter()
            answers = _answers(address, cookie, seconds, name)
            rates[name].append(answers / (time.perf_counter() - started))
            costs[name].append((_worked(server) - worked) / answers * 1000)
    rate = {name: statistics.median(found) for name, found in rates.items()}
    cost = {name: statistics.median(found) for name, found in costs.items()}
    print(f"{'page':<24}{'requests/s':>12}{'× bare':>8}{'ms of work':>14}{'× bare':>8}")
    for name, _, _ in visits:
        print(
            f"{name:<24}{rate[name]:>12.1f}{rate[BARE] / rate[name]:>8.1f}"
            f"{cost[name]:>14.1f}{cost[name] / cost[BARE]:>8.1f}"
        )


def _worked(server: int) -> float:
    """Return how many seconds the processes that answer have worked (Linux)."""
    ticks = 0
    for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        ticks += int(user) + int(system)
    return ticks / os.sysconf("SC_CLK_TCK")


def _answers(address: str, cookie: str, seconds: float, name: str) -> int:
    """Count the answers to CLIENTS asking at once."""
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
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


if __name__ == "__main__":
    main()

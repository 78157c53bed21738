"""
What the pages people open most cost, beside an empty signed-in view and an ordinary list, in one run.

Requests per second are of the whole machine; milliseconds are the processor time one page takes: the web server's own, and
PostgreSQL's where it runs on this machine. With `--act` somebody takes a step before each handful of requests; the step
itself is not counted. With several sizes it prints how each page grows. DATABASE_URL names a PostgreSQL to measure on, where a
database is made for the run and dropped; without it the embedded one is used.

python -m tests.bench.pages [--rows 1000,5000,50000] [--act] [--only list,proposal] [--seconds 4] [--rounds 3]
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
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from klimaspor import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
PORT = 8765
CLIENTS = 4
EMPTY = "empty signed-in view"
BARE = "bare list of 25 rows"
SEARCH = "/forslag/?q=v%C3%A5domr%C3%A5der"
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", default="5000", help="sizes to measure at, smallest first")
    parser.add_argument("--act", action="store_true", help="take a step between requests")
    parser.add_argument(
        "--only", default="", help="pages to measure besides the two to compare with"
    )
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        os.environ |= {
            "KLIMASPOR_STATE": folder,
            "DEMO": "1",
            "PORT": str(PORT),
            # A connection that is made anew in the middle would be taken for another's work.
            "DATABASE_KEEP_SECONDS": "7200",
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        }
        given = os.environ.get("DATABASE_URL", "")
        stack.enter_context(embedded.running(Path(folder), postgres=not given))
        if given:
            os.environ["DATABASE_URL"] = stack.enter_context(a_database(given))
        sizes = [int(size) for size in options.rows.split(",")]
        wanted = [EMPTY, BARE, *options.only.split(",")] if options.only else []
        found: list[dict[str, Figures]] = []
        for before, size in zip([0, *sizes], sizes, strict=False):
            visits = [v for v in prepare(size - before) if not wanted or v[0] in wanted]
            act = acting() if options.act else None
            with serving() as server:
                found.append(
                    measure(visits, server, act, seconds=options.seconds, rounds=options.rounds)
                )
            tell(found[-1], size, act is not None)
        if len(sizes) > 1:
            tell_growth(found, sizes)


@contextlib.contextmanager
def a_database(server: str) -> Iterator[str]:
    """Make a database of our own on a server, and give its address; what the server holds is left alone."""
    name = f"klimaspor_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def prepare(proposals: int) -> list[tuple[str, str, str]]:
    """Sow so many more, sign in, and give (name, address, session) of each page to measure."""
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
        cursor.execute("VACUUM (ANALYZE)")

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
        (EMPTY, "/bench/empty/", secretary),
        (BARE, "/bench/bare/", secretary),
        ("front page", "/", secretary),
        ("list", "/forslag/", secretary),
        ("search", SEARCH, secretary),
        ("proposal", f"/forslag/{number}/", secretary),
        ("secretariat desk", "/sekretariat/", secretary),
        ("DGO desk", "/kvalificering/", adviser),
        ("qualification", f"/kvalificering/{waiting.by_number()[0].number}/", adviser),
    ]


def acting() -> Callable[[], None]:
    """Give an act that changes what waits for whom: the secretariat gives a proposal to another DGO, and back again."""
    from itertools import cycle

    from django.utils import timezone

    from klimaspor.accounts.models import Dgo, User
    from proposals.drafting.dgo import change_dgo
    from proposals.line.models import Proposal

    secretary = User.objects.get(email="birgitte@demo.invalid")
    # The last few, so that the pages that are measured stay what they are.
    lying = Proposal.objects.in_status("in_qualification").order_by("-pk")[:20]
    turns = cycle([(p.pk, dgo) for dgo in Dgo.objects.by_name()[:2] for p in lying])

    def act() -> None:
        pk, dgo = next(turns)
        change_dgo(proposal_pk=pk, dgo=dgo, reason="Travlhed.", by=secretary, at=timezone.now())

    return act


@contextlib.contextmanager
def serving() -> Iterator[int]:
    """Serve as in production, and give the id of the process whose children answer."""
    from klimaspor.management.commands import start

    subprocess.run(  # our own command
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, check=True
    )
    command = [sys.executable, "-m", *start.WEB, "--workers", "2", "--bind", f"127.0.0.1:{PORT}"]
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


@dataclass
class Figures:
    """What was measured of one page, a number for each round."""

    rates: list[float] = field(default_factory=list)
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def web_ms(self) -> float:
        return statistics.median(self.web)

    @property
    def database_ms(self) -> float:
        return statistics.median(self.database)

    @property
    def both_ms(self) -> float:
        return statistics.median(w + d for w, d in zip(self.web, self.database, strict=True))


def measure(
    visits: list[tuple[str, str, str]],
    server: int,
    act: Callable[[], None] | None,
    *,
    seconds: float,
    rounds: int,
) -> dict[str, Figures]:
    """Visit each page in turn, several rounds, so that a slow moment of the machine hits all alike."""
    found = {name: Figures() for name, _, _ in visits}
    for name, address, cookie in visits:
        _visit(address, cookie, 1, name, act)
    for _ in range(rounds):
        for name, address, cookie in visits:
            web, database = _worked(_children(server)), _worked(_backends())
            answers, waited = _visit(address, cookie, seconds, name, act)
            found[name].rates.append(answers / waited)
            for before, now, spent in (
                (web, _worked(_children(server)), found[name].web),
                (database, _worked(_backends()), found[name].database),
            ):
                # Who has come since has worked for this alone.
                worked = sum(now[pid] - before.get(pid, 0) for pid in now)
                spent.append(worked / answers * 1000)
    return found


def tell(found: dict[str, Figures], size: int, is_acted: bool) -> None:
    print(f"\n{size} proposals{', an act between requests' if is_acted else ''}")
    print(
        f"{'page':<24}{'requests/s':>12}{'× bare':>8}{'web ms':>10}{'× bare':>8}"
        f"{'database ms':>13}{'both × bare':>13}"
    )
    bare = found[BARE]
    for name, one in found.items():
        print(
            f"{name:<24}{one.rate:>12.1f}{bare.rate / one.rate:>8.2f}{one.web_ms:>10.1f}"
            f"{one.web_ms / bare.web_ms:>8.2f}{one.database_ms:>13.1f}"
            f"{one.both_ms / bare.both_ms:>13.2f}"
        )


def tell_growth(found: list[dict[str, Figures]], sizes: list[int]) -> None:
    """Print how many times slower each page is than at the first size, by what the machine works for it and by the clock."""
    print(
        f"\ntimes slower than at {sizes[0]}: processor time, and by the clock beside the empty view"
    )
    print(f"{'page':<24}" + "".join(f"{size:>10}{'':>8}" for size in sizes[1:]))
    first = found[0]
    for name in first:
        cells = ""
        for later in found[1:]:
            machine = later[EMPTY].rate / first[EMPTY].rate
            clock = first[name].rate / later[name].rate * machine
            cells += f"{later[name].both_ms / first[name].both_ms:>10.2f}{clock:>8.2f}"
        print(f"{name:<24}{cells}")


def _children(server: int) -> list[int]:
    """Give the processes that answer (Linux)."""
    return [int(p) for p in Path(f"/proc/{server}/task/{server}/children").read_text().split()]


def _backends() -> list[int]:
    """Give PostgreSQL's processes that serve the portal; not the one that answers here."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _worked(pids: list[int]) -> dict[int, float]:
    """Return how many seconds each process has worked; one that runs on another machine is left out."""
    worked = {}
    for pid in pids:
        with contextlib.suppress(FileNotFoundError):
            user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
            worked[pid] = (int(user) + int(system)) / TICK
    return worked


def _visit(
    address: str, cookie: str, seconds: float, name: str, act: Callable[[], None] | None
) -> tuple[int, float]:
    """Count the answers to CLIENTS asking at once, and how long they waited for them."""
    until = time.perf_counter() + seconds
    answers, waited = 0, 0.0
    connections = [
        http.client.HTTPConnection("127.0.0.1", PORT, timeout=60) for _ in range(CLIENTS)
    ]
    while time.perf_counter() < until:
        if act:
            act()
            slice_ends = 0.0
        else:
            slice_ends = until
        started = time.perf_counter()
        counts = [0] * CLIENTS

        def ask(client: int) -> None:
            while True:
                connection = connections[client]
                headers = {"Cookie": cookie, "Host": f"127.0.0.1:{PORT}"}
                connection.request("GET", address, headers=headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status != http.client.OK:
                    raise SystemExit(f"{name}: {answer.status} {answer.getheader('Location', '')}")
                counts[client] += 1  # noqa: B023 - joined before the next
                if time.perf_counter() >= slice_ends:  # noqa: B023 - the same
                    return

        threads = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        waited += time.perf_counter() - started
        answers += sum(counts)
    return answers, waited


if __name__ == "__main__":
    main()

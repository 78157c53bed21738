"""
The tests' own PostgreSQL, beside the portal's: nothing in it outlives a crash, so it need not wait for the disk.

Each worker's database is a copy of one that was migrated, made anew when the migrations are. A test that commits is cleared
up after by deleting the rows it left, and every test numbers its rows from the same place.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache as answers
from django.core.management import call_command
from django.db import connection, connections, transaction

import psycopg

from klimaspor import embedded
from tests.suite import answering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNSAFE = ("fsync", "synchronous_commit", "full_page_writes")
"""What a database waits for so as to survive that its machine loses its power."""

MIGRATED = "klimaspor_migrated_"
MIGRATING = 4_207_001
"""The lock under which a database is migrated for all: any number that nobody else uses."""

LASTING = {"django_migrations", "django_content_type", "auth_permission"}
"""What migrations leave; all other tables are empty when a test begins."""

PLACES: dict[str, int] = {}
"""From where each sequence counts in the next test."""


def folder(state: Path) -> Path:
    """Give where the tests' server lives, which the portal never uses: the portal has no way to be so careless."""
    return state / "tests"


@contextlib.contextmanager
def running(state: Path) -> Iterator[None]:
    """Run the tests' server. What it holds may be broken when the machine has been down since, and is made anew."""
    place = folder(state)
    _make_anew(place)
    with embedded.running(place, valkey=False):
        _hurry(place)
        yield


def _make_anew(place: Path) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with place.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = place / "boot"
        if mark.exists() and mark.read_text() != _boot():
            # A link to elsewhere, where root may not map itself to somebody else.
            shutil.rmtree((place / "servers").resolve(), ignore_errors=True)
            shutil.rmtree(place)
        place.mkdir(mode=0o700, exist_ok=True)
        mark.write_text(_boot())


def _boot() -> str:
    """Tell one start of the machine from another, where it says."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text()
    except OSError:
        return ""


def _hurry(place: Path) -> None:
    with psycopg.connect(
        host=embedded.database(place)["HOST"],
        user=embedded.SUPERUSER,
        password=embedded.saved_secret(place, "superuser"),
        dbname="postgres",
        autocommit=True,
    ) as server:
        for name in UNSAFE:
            server.execute(f"ALTER SYSTEM SET {name} = off")  # type: ignore[arg-type]  # our own three words
        server.execute("SELECT pg_reload_conf()")


def migrated() -> str:
    """Give the name of a database that is migrated and empty, for `CREATE DATABASE … TEMPLATE`."""
    name = f"{MIGRATED}{_digest()}"
    with connection._nodb_cursor() as cursor:  # noqa: SLF001 - how Django itself makes test databases
        # Let go with the connection, also of a run that is killed.
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [MIGRATED])
        found = {row[0] for row in cursor.fetchall()}
        if name not in found:
            for old in found:
                cursor.execute(f'DROP DATABASE "{old}"')
            cursor.execute(f'CREATE DATABASE "{name}_new"')
            _migrate(f"{name}_new")
            cursor.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return name


def _digest() -> str:
    """Tell one set of migrations from another: ours, the packages', and who is installed."""
    ours = sorted(settings.BASE_DIR.glob("*/migrations/*.py"))
    ours += sorted(settings.BASE_DIR.glob("*/*/migrations/*.py"))
    files = [*ours, settings.BASE_DIR / "requirements-dev.txt"]
    said = [f"{file.relative_to(settings.BASE_DIR)} {file.read_text()}" for file in files]
    said.append(" ".join(settings.INSTALLED_APPS))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _migrate(name: str) -> None:
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@cache
def tables() -> tuple[str, ...]:
    """Give every table that tests write in."""
    with connection.cursor() as cursor:
        return tuple(sorted(set(connection.introspection.table_names(cursor)) - LASTING))


def clear() -> None:
    """Delete what was committed, from the tables that have any: keys are checked at the end, so the order is all one."""
    answering.wait_until_done()
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables()
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(asked)
        if left := [row[0] for row in cursor.fetchall()]:
            cursor.execute("; ".join(f'DELETE FROM "{name}"' for name in left))


@cache
def sequences() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
        )
        return tuple(row[0] for row in cursor.fetchall())


def begin_anew() -> None:
    """
    Count from the same places as every test before, so that the same steps make the same rows, and know nothing of those.

    Each sequence has a place of its own: numbers that fit in one table should not happen to fit in another.
    """
    places = PLACES or {
        # What people read the number of is counted from one.
        name: 1000 * place if name.endswith("_id_seq") else 1
        for place, name in enumerate(sequences(), start=1)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join(f"setval('{name}', {place})" for name, place in places.items())
        )
    answers.clear()


def places() -> dict[str, int]:
    """Give where each sequence is."""
    asked = ", ".join(f'(SELECT last_value FROM "{name}")' for name in sequences())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        found = cursor.fetchone()
    assert found
    return dict(zip(sequences(), found, strict=True))


@contextlib.contextmanager
def lasting() -> Iterator[Callable[[], None]]:
    """
    Keep what is committed within for the tests that follow, until they are done with it.

    What is given is called when all of it is made: then they count on from there.
    """
    begin_anew()
    try:
        yield lambda: PLACES.update(places())
    finally:
        PLACES.clear()
        clear()
        # Beside Playwright's loop a thread has other connections than without it, and nobody else would close these.
        connections.close_all()

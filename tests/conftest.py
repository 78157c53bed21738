"""What every test stands on: a real PostgreSQL, no broker, and rules that hold for the whole run."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase

import pytest
import time_machine

from klimaspor import embedded, pdf, tracing
from tests.pages import Pages
from tests.suite import database, remember

# Playwright's own loop runs in the thread of the test, which Django would otherwise take for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytest_plugins = ("tests.suite.order", "tests.suite.pace")

SERVERS = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.CELERY_BROKER_URL = "memory://"
    # The web server's file collector warns of a folder that is not there yet.
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # A thread of the live server lives as long as the browser's connection, and would keep one to the database as long.
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    # A real one takes a tenth of a second each time somebody signs in.
    settings.PASSWORD_HASHERS = ["tests.suite.remember.Hasher"]
    # What a test committed; Django would empty every table there is, and make what it lasts by anew.
    TransactionTestCase._fixture_teardown = lambda _: database.clear()  # type: ignore[method-assign]  # noqa: SLF001 - it has no other name
    if settings.DATABASE_URL:
        return
    if not hasattr(config, "workerinput"):
        try:
            SERVERS.enter_context(database.running(settings.STATE))
        except embedded.CannotStart as refusal:
            pytest.exit(str(refusal), returncode=1)
    settings.DATABASES["default"].update(embedded.database(database.folder(settings.STATE)))


def pytest_unconfigure(config: pytest.Config) -> None:
    SERVERS.close()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run that skipped something: what is not run is not tested."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: Any
) -> None:
    """Let the test's database be a copy of one that is migrated."""
    with django_db_blocker.unblock():
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = database.migrated()


@pytest.fixture
def _django_db_helper(_django_db_helper: None) -> None:
    database.begin_anew()


@pytest.fixture(autouse=True)
def _secretariat_is_known() -> None:
    """Let no page ask whom to call: every one says it, and counts of questions are the page's own."""
    # Models can be read when Django is set up, which is after this file is.
    from klimaspor.mail import contact  # noqa: PLC0415
    from klimaspor.mail.models import Contact  # noqa: PLC0415

    contact.remember(Contact(phone="33 70 33 70"))


@pytest.fixture
def monkeypatch(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Where something works otherwise than it does, no step is remembered, from before or for others."""
    remember.PATCHES.append(monkeypatch)
    yield monkeypatch
    remember.PATCHES.remove(monkeypatch)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """
    Let everybody leave the test's database before it is dropped, which PostgreSQL refuses while anybody is in it.

    Whoever stays is shown out, and said: Playwright's loop gives Django connections of its own in the test's thread, which
    no test can reach when the loop has ended.
    """
    yield
    with django_db_blocker.unblock():
        stayed = left_behind(patience=15)
        if stayed:
            print("Still in the test's database:", [query for _, query in stayed])  # noqa: T201 - for whoever reads the run
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid",
                    [[pid for pid, _ in stayed]],
                )
        assert not left_behind(patience=15)


def left_behind(*, patience: float) -> list[tuple[int, str]]:
    """
    Give who is still in the database, and what they last asked, when they have had so many seconds to leave.

    A worker that was killed is there until PostgreSQL notices.
    """
    deadline = time.monotonic() + patience
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid, query FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            others: list[tuple[int, str]] = cursor.fetchall()
        if not others or time.monotonic() > deadline:
            return others
        time.sleep(0.1)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Let no paper that another test printed be handed out; not by `monkeypatch`, with which no step is remembered."""
    pdf.KEPT = pdf.Kept(most_bytes=pdf.KEPT.most_bytes, seconds=pdf.KEPT.seconds)


@pytest.fixture(autouse=True)
def _nothing_answered() -> Iterator[None]:
    """Leave no request's id to the test after: its letters would carry it, and no two walks would be alike."""
    yield
    tracing.end()


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    """Keep uploads and papers of a test in a folder of its own."""
    folder = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "klimaspor.files.Files",
            "OPTIONS": {"location": folder},
        },
    }
    return folder


@pytest.fixture
def pages(client: Client) -> Pages:
    """Fetch pages, each of which is held to what every page must hold."""
    return Pages(client)


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """Stand still at `tests.factories.intake.NOW`, a Monday in an open round; `move_to` goes elsewhere."""
    with time_machine.travel(datetime(2027, 3, 1, 9, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium: Playwright's own download is not to be relied on."""
    chromium = shutil.which(os.environ.get("CHROMIUM") or "chromium")
    options = {"executable_path": chromium} if chromium else {}
    # Chromium's sandbox refuses root, and here it only opens our own pages.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, **options, "args": arguments}

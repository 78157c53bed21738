"""
The whole portal as people get it: web, worker and beat on their own PostgreSQL and Valkey, in the demo, in real Chromiums.

Pictures of every page on the way are kept when SHOTS names a folder; PORTAL names a demo that already runs.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.suite import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What people would wait for a page, and what a worker needs for papers when the machine is busy.
PATIENCE = 30_000
WORK = 120_000
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# The widest with one column, and a screen of 1280 at 400 %.
TABLET = {"width": 991, "height": 900}
ZOOMED = {"width": 320, "height": 256}
expect.set_options(timeout=PATIENCE)
SHOTS = os.environ.get("SHOTS", "")


@dataclass
class Portal:
    """A running portal, and who has signed in to it."""

    url: str
    browser: Browser
    complaints: list[str]
    contexts: dict[str, BrowserContext] = field(default_factory=dict)

    def context(self, **options: Any) -> BrowserContext:
        """Open a browser of its own, whose complaints fail the test."""
        made = self.browser.new_context(
            **{"base_url": self.url, "viewport": DESKTOP, "locale": "da-DK", **options}
        )
        made.set_default_timeout(PATIENCE)
        made.on("weberror", lambda error: self.complaints.append(str(error.error)))
        made.on("console", self._said)
        return made

    def _said(self, said: Any) -> None:
        # A page that answers 404 or 409 is what some tests ask for.
        is_answer = "Failed to load resource" in said.text and "status of 4" in said.text
        if said.type in ("error", "warning") and not is_answer:
            self.complaints.append(f"{said.page.url if said.page else ''}: {said.text}")

    def as_(self, name: str) -> Page:
        """Give a page of somebody in the demo, signed in with one press."""
        if name not in self.contexts:
            self.contexts[name] = self.signed_in(name)
        return self.contexts[name].new_page()

    def signed_in(self, name: str, **options: Any) -> BrowserContext:
        """Open a browser where the person has just signed in from the front page."""
        context = self.context(**options)
        page = context.new_page()
        page.goto("/demo/")
        page.get_by_role("button", name=f"Log på som {name}").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Det venter på dig")
        page.close()
        return context


@pytest.fixture(scope="session")
def running() -> Iterator[str]:
    """Start everything as `./run` does, in a folder of its own, and stop it again."""
    if "PORTAL" in os.environ:
        yield os.environ["PORTAL"]
        return
    # Not pytest's own folder: the path of a unix socket is short.
    with tempfile.TemporaryDirectory(prefix="ks-") as folder:
        port = _free_port()
        kept = {
            name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")
        }
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start"],
            cwd=settings.BASE_DIR,
            env={
                **kept,
                "KLIMASPOR_STATE": folder,
                "PORT": str(port),
                "DEMO": "1",
                # Compressed once, and again when something of it has changed.
                "STATIC_ROOT": str(database.folder(settings.STATE) / "static"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            said = _read_until(process, "Klar:")
            address = re.search(r"Klar: (\S+)", said)
            assert address
            yield address[1]
        finally:
            process.terminate()
            process.communicate(timeout=60)
        logs = [log.read_text(errors="replace") for log in Path(folder, "logs").glob("*.log")]
        assert not [log for log in logs if "Traceback" in log]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read_until(process: subprocess.Popen[str], text: str) -> str:
    assert process.stdout
    read = ""
    for line in process.stdout:
        read += line
        if text in line:
            return read
    raise AssertionError(f"It ended without {text!r}:\n{read}")


@pytest.fixture(scope="session")
def browsers(running: str, browser: Browser) -> Iterator[Portal]:
    portal = Portal(running, browser, [])
    yield portal
    for context in portal.contexts.values():
        context.close()


@pytest.fixture
def portal(browsers: Portal) -> Iterator[Portal]:
    """Give the running portal, and fail when a page broke a script or the content security policy."""
    browsers.complaints.clear()
    yield browsers
    for context in browsers.contexts.values():
        for page in context.pages:
            page.close()
    assert browsers.complaints == []


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a picture of the page at both widths, for somebody to look at."""

    def take(page: Page, name: str) -> None:
        if not SHOTS:
            return
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)
            page.screenshot(path=f"{SHOTS}/{name}-{size['width']}.png", full_page=True)

    return take

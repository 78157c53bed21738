"""
How long an autosave takes there and back, beside an empty signed-in view, in turn in one run.

python -m tests.bench.autosave [--rounds 300]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from klimaspor import embedded
from tests.bench import pages

LONG = "Kommunerne mangler en fælles metode til at prioritere udtagning af lavbundsjord. " * 20


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "KLIMASPOR_STATE": folder,
            "DEMO": "1",
            "PORT": str(pages.PORT),
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        }
        with embedded.running(Path(folder)):
            writer = prepare()
            with pages.serving():
                measure(writer, rounds=options.rounds)


@dataclass
class Writer:
    """Somebody with a section open: the address, who they are, and what the page carries."""

    section: str
    cookie: str
    token: str = ""
    csrf: str = ""
    revision: str = ""
    slip: str = ""


def prepare() -> Writer:
    """Make a draft and sign its owner in."""
    subprocess.run(  # our own command
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=pages.ROOT, check=True
    )
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from tests.factories.intake import a_cast, a_draft, a_round

    at = timezone.now()
    deadline = at + timedelta(days=60)
    round_ = a_round(
        opens_at=at - timedelta(days=1),
        qualification_deadline_at=deadline,
        approval_deadline_at=deadline + timedelta(days=14),
        meeting_date=(deadline + timedelta(days=40)).date(),
    )
    draft = a_draft(a_cast(), round_, at=at)
    store = SessionStore()
    store[SESSION_KEY] = str(draft.owner.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = draft.owner.get_session_auth_hash()
    store.create()
    return Writer(
        f"/forslag/{draft.number}/afsnit/udfordringer/",
        f"{settings.SESSION_COOKIE_NAME}={store.session_key}",
    )


def measure(writer: Writer, *, rounds: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", pages.PORT, timeout=30)
    open_section(connection, writer)
    figures: dict[str, list[float]] = {"empty signed-in view": [], "autosave": []}
    for number in range(rounds + 20):
        for name, act in (
            ("empty signed-in view", lambda: ask(connection, writer, "GET", "/bench/empty/")),
            ("autosave", lambda: save(connection, writer, f"{LONG}{number}")),  # noqa: B023 - called at once
        ):
            began = time.perf_counter()
            act()
            # The first few find cold caches and idle workers.
            if number >= 20:
                figures[name].append((time.perf_counter() - began) * 1000)
    tell(figures)


def open_section(connection: http.client.HTTPConnection, writer: Writer) -> None:
    shown = ask(connection, writer, "GET", writer.section)

    def hidden(name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', shown)
        if not found:
            raise SystemExit(f"No {name} on {writer.section}")
        return found[1]

    writer.token, writer.revision = hidden("base-challenges"), hidden("revision")
    writer.csrf, writer.slip = hidden("csrfmiddlewaretoken"), hidden("unsent-slip")


def save(connection: http.client.HTTPConnection, writer: Writer, text: str) -> None:
    typed = {
        "unit": "challenges",
        "challenges": text,
        "base-challenges": writer.token,
        "revision": writer.revision,
        "csrfmiddlewaretoken": writer.csrf,
        "unsent-slip": writer.slip,
    }
    told = json.loads(ask(connection, writer, "POST", f"{writer.section}gem/", urlencode(typed)))
    if told["state"] != "saved":
        raise SystemExit(f"Not saved: {told}")
    writer.token = told["token"]


def ask(
    connection: http.client.HTTPConnection,
    writer: Writer,
    method: str,
    address: str,
    body: str | None = None,
) -> str:
    headers = {"Cookie": writer.cookie, "Host": f"127.0.0.1:{pages.PORT}"}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, address, body=body, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    given = answer.getheader("Set-Cookie", "")
    if "csrf" in given and "csrf" not in writer.cookie:
        writer.cookie += f"; {given.partition(';')[0]}"
    if answer.status != http.client.OK:
        raise SystemExit(f"{address}: {answer.status} {answer.getheader('Location', '')}")
    return text


def tell(figures: dict[str, list[float]]) -> None:
    def p95(found: list[float]) -> float:
        return statistics.quantiles(found, n=20)[-1]

    empty = figures["empty signed-in view"]
    print(f"{'':<22}{'median ms':>10}{'p95 ms':>10}{'p95 / empty':>13}")
    for name, found in figures.items():
        share = p95(found) / p95(empty)
        print(f"{name:<22}{statistics.median(found):>10.1f}{p95(found):>10.1f}{share:>13.2f}")


if __name__ == "__main__":
    main()

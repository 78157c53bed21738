"""
How long a PDF of a proposal takes while somebody waits: the first of a text, and the same again.

python -m tests.bench.printing [--drafts 10]
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from klimaspor import embedded
from tests.bench import pages

GOALS = {"first": 500, "again": 20}
"""Milliseconds, on two cores and nothing else running."""
AGAIN = 10


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--drafts", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "KLIMASPOR_STATE": folder,
            "DEMO": "1",
            "PORT": str(pages.PORT),
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            # One keeps what it has printed for itself.
            "WEB_WORKERS": "1",
        }
        with embedded.running(Path(folder)):
            addresses, cookie = prepare(options.drafts)
            with pages.serving():
                measure(addresses, cookie)


def prepare(drafts: int) -> tuple[list[str], str]:
    """Make whole drafts of one owner, and sign the owner in."""
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=pages.ROOT, check=True)
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from tests.factories.intake import a_cast, a_ready_draft, a_round

    at = timezone.now()
    deadline = at + timedelta(days=60)
    round_ = a_round(
        opens_at=at - timedelta(days=1),
        qualification_deadline_at=deadline,
        approval_deadline_at=deadline + timedelta(days=14),
        meeting_date=(deadline + timedelta(days=40)).date(),
    )
    cast = a_cast()
    made = [a_ready_draft(cast, round_, at=at) for _ in range(drafts)]
    store = SessionStore()
    store[SESSION_KEY] = str(cast.owner.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = cast.owner.get_session_auth_hash()
    store.create()
    addresses = [f"/forslag/{draft.number}/hent/forslag/pdf/" for draft in made]
    return addresses, f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def measure(addresses: list[str], cookie: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", pages.PORT, timeout=60)
    ask(connection, "/bench/empty/", cookie)
    # The press is awake when a person has read a page or two.
    time.sleep(2)
    figures: dict[str, list[float]] = {"first": [], "again": [], "empty signed-in view": []}
    for address in addresses:
        figures["first"].append(ask(connection, address, cookie))
        figures["again"] += [ask(connection, address, cookie) for _ in range(AGAIN)]
        figures["empty signed-in view"].append(ask(connection, "/bench/empty/", cookie))
    for name, found in figures.items():
        goal = f", goal {GOALS[name]}" if name in GOALS else ""
        print(
            f"{name:22} median {statistics.median(found):7.1f} ms, "
            f"worst {max(found):7.1f} ms of {len(found)}{goal}"
        )


def ask(connection: http.client.HTTPConnection, address: str, cookie: str) -> float:
    began = time.perf_counter()
    connection.request(
        "GET", address, headers={"Cookie": cookie, "Host": f"127.0.0.1:{pages.PORT}"}
    )
    answer = connection.getresponse()
    content = answer.read()
    took = (time.perf_counter() - began) * 1000
    if answer.status != 200 or (address.endswith("/pdf/") and not content.startswith(b"%PDF")):
        raise SystemExit(f"{address}: {answer.status}")
    return took


if __name__ == "__main__":
    main()

"""One id from the proxy to the worker, in every line about it."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

import pytest
from kombu.utils.json import loads

from klimaspor import embedded, middleware, sweeps, tracing
from klimaspor.celery import app


def answered(**headers: str) -> tuple[str, str]:
    """Give the id the answer carries, and the one that everything done meanwhile had."""
    seen = []

    def view(request: Any) -> HttpResponse:
        seen.append(tracing.current())
        return HttpResponse()

    response = middleware.logged(view)(RequestFactory().get("/sundhed/", headers=headers))
    return response["X-Request-ID"], seen[0]


def test_what_comes_after_an_answer_is_not_part_of_it() -> None:
    answered()

    assert tracing.current() == ""


def test_a_trusted_proxys_id_is_kept(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1

    assert answered(**{"X-Request-ID": "4bf92f35-77b3"}) == ("4bf92f35-77b3", "4bf92f35-77b3")


@pytest.mark.parametrize("sent", ("", "short", "a" * 65, "a b c d e f", "linje\tskift"))
def test_what_is_no_id_is_replaced(settings: Any, sent: str) -> None:
    settings.TRUSTED_PROXIES = 1

    carried, current = answered(**{"X-Request-ID": sent})

    assert carried == current
    assert len(carried) == 32


def test_a_strangers_id_is_not_taken() -> None:
    assert answered(**{"X-Request-ID": "4bf92f35-77b3"})[0] != "4bf92f35-77b3"


def test_a_nudge_carries_the_id_to_the_worker(
    transactional_db: None, settings: Any, tmp_path: Path
) -> None:
    with embedded.running(tmp_path, postgres=False):
        settings.CELERY_BROKER_URL = embedded.broker_url(tmp_path)
        tracing.begin("4bf92f35-77b3")
        with transaction.atomic():
            sweeps.nudge("mail.tasks.deliver")
        with app.connection_for_read(settings.CELERY_BROKER_URL) as connection:
            (message,) = connection.default_channel.client.lrange("celery", 0, -1)

    arguments, by_name, _ = loads(_body(message))

    assert (arguments, by_name) == ([], {"request_id": "4bf92f35-77b3"})


def _body(message: bytes) -> str:
    # How kombu wraps what it sends.
    return base64.b64decode(json.loads(message)["body"]).decode()


def test_a_sweep_works_under_the_id_it_was_sent(db: None) -> None:
    seen: list[str] = []

    def look(visit: Any) -> int:
        seen.append(tracing.current())
        return 0

    visited = sweeps.sweep("tests.look")(look)
    visited(request_id="4bf92f35-77b3")
    visited()
    app.tasks.pop("tests.look")

    assert seen[0] == "4bf92f35-77b3"
    assert len(seen[1]) == 32


PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": "".join(chr(ord("0") + number) for number in range(74)),
    "ALLOWED_HOSTS": "klimaspor.example.org",
    "BASE_URL": "https://klimaspor.example.org",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1",
}


@pytest.mark.slow("starts programs")
@pytest.mark.parametrize(
    "program",
    (
        [
            "gunicorn",
            "klimaspor.wsgi",
            "--config",
            "python:klimaspor.serving",
            "--bind",
            "127.0.0.1:0",
        ],
        ["celery", "-A", "klimaspor.celery", "--quiet", "worker", "--loglevel", "INFO"],
        ["celery", "-A", "klimaspor.celery", "--quiet", "beat", "--loglevel", "INFO", "--pidfile="],
    ),
    ids=("web", "worker", "beat"),
)
def test_every_line_of_every_program_is_one_json_object(program: list[str], tmp_path: Path) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - they stand above
        [sys.executable, "-m", *program],
        cwd=settings.BASE_DIR,
        env={**kept, **PRODUCTION, "KLIMASPOR_STATE": str(tmp_path), "TZ": "Europe/Copenhagen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    lines = [process.stdout.readline()]
    process.terminate()
    lines += process.communicate(timeout=60)[0].splitlines()

    rows = [json.loads(line) for line in lines]

    assert rows
    assert {row["timestamp"][-1] for row in rows} == {"Z"}
    assert all({"event", "level", "logger"} <= set(row) for row in rows)

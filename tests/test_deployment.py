"""The service units and the proxy's configuration, which nothing here can start, say the same as `start` and the settings."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from django.conf import settings

import pytest

from klimaspor import middleware
from klimaspor.management.commands import start
from tests.test_settings import variables

FOLDER = Path(settings.BASE_DIR) / "klimaspor/deployment"
PROXY = (FOLDER / "nginx.conf").read_text()
UNITS = {
    file.stem.removeprefix("klimaspor-"): file.read_text() for file in FOLDER.glob("*.service")
}
PYTHON = "/opt/klimaspor/.venv/bin/python"


def values(unit: str, name: str) -> list[str]:
    return re.findall(rf"(?m)^{name}=(.*)$", UNITS[unit])


def test_everything_is_there() -> None:
    assert set(UNITS) == {"migrate", "web", "worker", "beat"}


@pytest.mark.parametrize(
    ("unit", "command"),
    (
        ("web", [*start.WEB, "--workers", "${WEB_WORKERS}", "--bind", "${BIND}:${PORT}"]),
        ("worker", [*start.WORKER, "--concurrency", "${TASK_WORKERS}", "--pool", "prefork"]),
        ("beat", start.BEAT),
    ),
)
def test_commands_are_those_of_start(unit: str, command: list[str]) -> None:
    (line,) = values(unit, "ExecStart")

    assert shlex.split(line) == [PYTHON, "-m", *command]
    assert values(unit, "Requires") == ["klimaspor-migrate.service"]
    assert values(unit, "Restart") == ["always"]


def test_all_is_made_ready_first_and_in_order() -> None:
    commands = [line.split()[2] for line in values("migrate", "ExecStart")]

    assert commands == ["migrate", "reference_data", "collectstatic"]


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_each_runs_in_production_without_privileges(unit: str) -> None:
    given = dict(pair.split("=") for line in values(unit, "Environment") for pair in line.split())

    assert set(given) <= set(variables())
    assert given["PRODUCTION"] == "1"
    # The only place they may write in.
    assert given["KLIMASPOR_STATE"] == f"/var/lib/{values(unit, 'StateDirectory')[0]}"
    assert values(unit, "User") == ["klimaspor"]
    assert (values(unit, "ProtectSystem"), values(unit, "NoNewPrivileges")) == (
        ["strict"],
        ["yes"],
    )
    # What stands in the file comes after what stands here, so that it decides.
    assert UNITS[unit].rindex("Environment=") < UNITS[unit].index("EnvironmentFile=")


def test_the_proxy_overwrites_all_that_is_believed() -> None:
    headers = dict(re.findall(r"proxy_set_header (\S+) (.+);", PROXY))

    assert headers == {
        "Host": "$host",
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
        "X-Request-Start": '"t=${msec}"',
        "X-Request-ID": "$request_id",
    }
    assert set(headers) & set(middleware.FORWARDED) == {"X-Forwarded-For"}


def test_the_proxy_lets_all_files_of_a_press_through() -> None:
    assert "client_max_body_size 52m;" in PROXY
    assert f"proxy_pass http://127.0.0.1:{settings.PORT};" in PROXY

"""docker-compose.yml, which nothing here can run, says the same as the settings, `start` and README."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

import pytest
import yaml

from klimaspor import embedded
from klimaspor.management.commands import start
from tests.test_settings import variables

ROOT = settings.BASE_DIR
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
DOCKERFILE = (ROOT / "klimaspor/Dockerfile").read_text()
README = (ROOT / "README.md").read_text()
APPLICATION = ("web", "worker", "beat", "migrate")


def command(service: str) -> list[str]:
    return COMPOSE["services"][service]["command"].split()


def test_everything_is_there() -> None:
    assert set(COMPOSE["services"]) == {*APPLICATION, "postgres", "valkey"}
    assert set(COMPOSE["volumes"]) == {"files", "postgres", "valkey"}


@pytest.mark.parametrize(
    ("service", "own"),
    (
        ("web", [*start.WEB, "--workers", "${WEB_WORKERS:-2}", "--bind", "0.0.0.0:8000"]),
        ("worker", [*start.WORKER, "--concurrency", "${TASK_WORKERS:-2}", "--pool", "prefork"]),
        ("beat", start.BEAT),
    ),
)
def test_commands_are_those_of_start(service: str, own: list[str]) -> None:
    assert command(service) == own


def test_the_database_is_told_what_the_embedded_one_is() -> None:
    own = [part for name, value in embedded.SILENT.items() for part in ("-c", f"{name}={value}")]

    assert command("postgres") == ["postgres", *own]


@pytest.mark.parametrize("service", APPLICATION)
def test_variables_are_settings(service: str) -> None:
    given = set(COMPOSE["services"][service]["environment"])

    assert given <= set(variables())
    # What production asks for; PRODUCTION itself stands in the image.
    assert given >= {
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "BASE_URL",
        "EMAIL_URL",
        "DATABASE_URL",
        "REDIS_URL",
    }
    assert COMPOSE["services"][service]["volumes"] == ["files:/files"]


def test_image_is_for_production_and_its_variables_are_settings() -> None:
    given = re.findall(
        r"\b([A-Z_]+)=", " ".join(re.findall(r"(?m)^ENV ((?:.*\\\n)*.*)", DOCKERFILE))
    )

    assert "PRODUCTION" in given
    assert set(given) - {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"} <= set(variables())


def test_image_is_built_in_stages_and_runs_without_privileges() -> None:
    assert len(re.findall(r"(?m)^FROM ", DOCKERFILE)) == 3
    assert re.findall(r"(?m)^USER (.*)", DOCKERFILE) == ["klimaspor"]
    assert "--require-hashes" in DOCKERFILE


def test_image_copies_what_exists_and_is_let_in() -> None:
    copied = re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", DOCKERFILE)
    names = [name.rstrip("/") for words in copied for name in words.split()]
    let_in = re.findall(r"(?m)^!(.*)", (ROOT / ".dockerignore").read_text())

    assert names
    assert [name for name in names if not (ROOT / name).exists()] == []
    assert [name for name in names if name.split("/")[0] not in let_in] == []


@pytest.mark.parametrize("service", sorted(set(COMPOSE["services"]) - {"migrate"}))
def test_what_keeps_running_is_watched(service: str) -> None:
    assert COMPOSE["services"][service]["healthcheck"]["test"]
    assert COMPOSE["services"][service]["restart"] == "unless-stopped"


def test_migrations_come_first_and_once() -> None:
    assert COMPOSE["services"]["migrate"]["restart"] == "no"
    for service in ("web", "worker", "beat"):
        after = COMPOSE["services"][service]["depends_on"]
        assert after["migrate"] == {"condition": "service_completed_successfully"}


def test_commands_of_migrate_exist() -> None:
    names = re.findall(r"manage.py (\w+)", COMPOSE["services"]["migrate"]["command"])
    known = subprocess.check_output(
        [sys.executable, "manage.py", "help", "--commands"], cwd=ROOT, text=True
    )

    assert names == ["migrate", "reference_data"]
    assert set(names) <= set(known.split())


def test_postgresql_is_the_one_we_test_with(tmp_path: Path) -> None:
    image = COMPOSE["services"]["postgres"]["image"]

    assert image == f"postgres:{embedded.major(embedded.binaries(tmp_path))}"
    assert f"PostgreSQL {image.removeprefix('postgres:')}" in README


def test_readme_tells_what_must_be_set() -> None:
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", TEXT))
    shown = README.partition("in `.env` beside it")[2].partition("```sh\n")[2].partition("```")[0]

    assert set(re.findall(r"(?m)^([A-Z_]+)=", shown)) == needed

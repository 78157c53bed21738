"""What settings read, what they refuse, and that README tells of each."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction

import pytest

from klimaspor import embedded
from tests.suite import database

ROOT = settings.BASE_DIR
SOURCE = (ROOT / "klimaspor/settings.py").read_text()
SAFE = {
    "PRODUCTION": "1",
    "SECRET_KEY": "kQ7-vN2_xB9tLm4Rz8WcJ5hYp3Gs6Df1AuEiOoTqXyZbKnVwMe",
    "ALLOWED_HOSTS": "klimaspor.example.org",
    "BASE_URL": "https://klimaspor.example.org",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
}
NO_MAIL = "Sæt EMAIL_URL til en mailserver, fx smtp+tls://…, ellers får ingen deres breve."


def read_settings(tmp_path: Path, expression: str = "'read'", **variables: str) -> tuple[int, str]:
    """Read the settings in a process of their own, with these variables and no others."""
    program = f"from klimaspor import settings; print({expression})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "KLIMASPOR_STATE": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()[-1]


def test_production_starts_when_all_is_set(tmp_path: Path) -> None:
    assert read_settings(tmp_path, "settings.SESSION_COOKIE_SECURE", **SAFE) == (0, "True")


def test_production_asks_two_steps_of_those_who_see_everything(tmp_path: Path) -> None:
    roles = "sorted(settings.TWO_STEP_ROLES)"

    assert read_settings(tmp_path, roles, **SAFE) == (0, "['administrator', 'secretariat']")
    assert read_settings(tmp_path, roles, **SAFE, TWO_STEP_ROLES="") == (0, "[]")
    assert read_settings(tmp_path, roles) == (0, "[]")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    (
        ({"DEBUG": "1"}, "DEBUG må ikke være slået til."),
        (
            {"TWO_STEP_ROLES": "secretariat,member"},
            "TWO_STEP_ROLES må kun nævne secretariat, administrator, committee, dgo_adviser og funder.",
        ),
        ({"DEMO": "1"}, "DEMO må ikke være slået til."),
        ({"SECRET_KEY": None}, "Sæt SECRET_KEY til mindst 50 tilfældige tegn."),
        ({"SECRET_KEY": "short"}, "Sæt SECRET_KEY til mindst 50 tilfældige tegn."),
        ({"SECRET_KEY": "k" * 60}, "Sæt SECRET_KEY til mindst 50 tilfældige tegn."),
        ({"SECRET_KEY": "hemmelig" * 8}, "Sæt SECRET_KEY til mindst 50 tilfældige tegn."),
        (
            {"SECRET_KEY_FALLBACKS": f"{'k' * 60}"},
            "SECRET_KEY_FALLBACKS må kun rumme tilfældige nøgler.",
        ),
        (
            {"SECRET_KEY": settings.DEFAULT_SECRET_KEY},
            "Sæt SECRET_KEY til mindst 50 tilfældige tegn.",
        ),
        ({"ALLOWED_HOSTS": None}, "Sæt ALLOWED_HOSTS til portalens værtsnavne, uden *."),
        ({"ALLOWED_HOSTS": "*"}, "Sæt ALLOWED_HOSTS til portalens værtsnavne, uden *."),
        (
            {"BASE_URL": "http://klimaspor.example.org"},
            "Sæt BASE_URL til portalens adresse, der begynder med https://.",
        ),
        *(
            ({"EMAIL_URL": url}, NO_MAIL)
            for url in (
                None,
                "",
                "consolemail://",
                "dummymail://",
                "filemail:///tmp/breve",
                "memorymail://",
                "smtp://",
                "mail.example.org",
            )
        ),
        (
            {"SECURITY_CONTACT": "sikkerhed@example.org"},
            "Sæt SECURITY_CONTACT til en adresse, der begynder med mailto: eller https://.",
        ),
    ),
)
def test_production_refuses(
    tmp_path: Path, variables: dict[str, str | None], sentence: str
) -> None:
    environment = {name: value for name, value in (SAFE | variables).items() if value is not None}

    code, last_line = read_settings(tmp_path, **environment)

    assert (code, last_line) == (1, f"django.core.exceptions.ImproperlyConfigured: {sentence}")


def test_only_postgresql_will_do(tmp_path: Path) -> None:
    code, last_line = read_settings(tmp_path, DATABASE_URL="sqlite:///klimaspor.db")

    assert code == 1
    assert last_line.endswith("DATABASE_URL skal pege på PostgreSQL: postgres://…")


@pytest.mark.parametrize(
    "url",
    (
        "http://www.was.digst.dk/klimaspor-dk",
        "https://was.digst.dk.example.org/klimaspor-dk",
        "https://example.org/was.digst.dk/klimaspor-dk",
        "https://www.was.digst.dk/",
        "www.was.digst.dk/klimaspor-dk",
    ),
)
def test_the_accessibility_statement_is_where_the_law_wants_it(tmp_path: Path, url: str) -> None:
    code, last_line = read_settings(tmp_path, ACCESSIBILITY_STATEMENT_URL=url)

    assert code == 1
    assert last_line.endswith(
        "ACCESSIBILITY_STATEMENT_URL skal være erklæringens adresse, fx https://www.was.digst.dk/klimaspor-dk."
    )


def test_there_may_be_an_accessibility_statement(tmp_path: Path) -> None:
    url = "https://was.digst.dk/klimaspor-dk"
    expression = "settings.ACCESSIBILITY_STATEMENT_URL"

    assert read_settings(tmp_path, expression, ACCESSIBILITY_STATEMENT_URL=url) == (0, url)


OWN = "-c jit=off -c log_parameter_max_length_on_error=0"


def test_the_database_compiles_nothing_for_us(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_the_databases_own_log_holds_no_text(db: None) -> None:
    log = database.folder(settings.STATE) / "servers" / "postgres" / "server.log"
    before = len(log.read_bytes())

    for sql in (
        "SELECT 1 / 0 AS kvarkgnist, %s",
        "INSERT INTO klimaspor_usedkey (key, typed, used_at) VALUES (%s, NULL, now())",
        "SELECT length(%s) FROM ingen_tabel",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, ["Kvarkgnist"])
    said = log.read_bytes()[before:].decode()

    assert "division by zero" in said
    assert "null value in column" in said
    assert "kvarkgnist" not in said.lower()
    assert "STATEMENT" not in said
    assert "DETAIL" not in said


def test_what_the_database_is_told_not_to_log_holds(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(embedded.SILENT)]
        )
        assert dict(cursor.fetchall()) == embedded.SILENT


@pytest.mark.parametrize(
    ("query", "options"),
    (
        ("", {"options": OWN}),
        ("?sslmode=require", {"sslmode": "require", "options": OWN}),
        ("?options=-c%20geqo=off", {"options": f"{OWN} -c geqo=off"}),
        ("?connect_timeout=30", {"connect_timeout": 30, "options": OWN}),
    ),
)
def test_what_the_address_of_the_database_says_stands(
    tmp_path: Path, query: str, options: dict[str, str]
) -> None:
    expression = "sorted((k, v) for k, v in settings.DATABASES['default']['OPTIONS'].items() if k != 'prepare_threshold')"
    url = f"postgres://somebody:secret@db:5432/klimaspor{query}"
    assert read_settings(tmp_path, expression, DATABASE_URL=url) == (
        0,
        str(sorted({"connect_timeout": 5, **options}.items())),
    )


def test_files_go_to_a_bucket_when_there_is_one(tmp_path: Path) -> None:
    storage = "settings.STORAGES['default']['BACKEND']"
    bucket = {"FILES_S3_BUCKET": "klimaspor"}

    assert read_settings(tmp_path, storage)[1].endswith("files.Files")
    assert read_settings(tmp_path, storage, **bucket) == (0, "storages.backends.s3.S3Storage")
    code, last_line = read_settings(tmp_path, **bucket, FILES_S3_ACCESS_KEY="x")
    assert code == 1
    assert last_line.endswith(
        "Sæt både FILES_S3_ACCESS_KEY og FILES_S3_SECRET_KEY, eller ingen af dem."
    )


@pytest.mark.parametrize("address", ("/run/clamav/clamd.ctl", "tcp:vært", "unix:clamd.ctl"))
def test_scanner_must_be_an_address(tmp_path: Path, address: str) -> None:
    code, last_line = read_settings(tmp_path, CLAMAV=address)

    assert code == 1
    assert last_line.endswith("CLAMAV skal være unix:/sti/til/clamd.ctl eller tcp:vært:3310.")


def test_servers_are_where_the_addresses_say(tmp_path: Path) -> None:
    expression = (
        "(settings.DATABASES['default']['HOST'], settings.CELERY_BROKER_URL, "
        "settings.CACHES['default']['LOCATION'])"
    )

    code, seen = read_settings(
        tmp_path,
        expression,
        DATABASE_URL="postgres://klimaspor:secret@db.example.org:5432/klimaspor",
        REDIS_URL="redis://:secret@kv.example.org:6379",
    )

    assert code == 0
    assert ast.literal_eval(seen) == (
        "db.example.org",
        "redis://:secret@kv.example.org:6379",
        "redis://:secret@kv.example.org:6379/1",
    )


def test_portals_that_share_a_server_are_told_apart(tmp_path: Path) -> None:
    expression = (
        "(settings.CACHES['default']['KEY_PREFIX'], settings.CELERY_BROKER_TRANSPORT_OPTIONS)"
    )

    assert ast.literal_eval(read_settings(tmp_path, expression)[1]) == ("", {})
    code, seen = read_settings(tmp_path, expression, REDIS_PREFIX="by")

    assert code == 0
    assert ast.literal_eval(seen) == ("by", {"global_keyprefix": "by:"})


def test_reading_settings_makes_nothing(tmp_path: Path) -> None:
    code, _ = read_settings(tmp_path / "state")

    assert code == 0
    assert list(tmp_path.iterdir()) == []


def test_mail_goes_where_the_address_says(tmp_path: Path) -> None:
    _, seen = read_settings(tmp_path, "settings.MAIL_TRANSPORT", **SAFE)

    assert ast.literal_eval(seen) == {
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "host": "mail.example.org",
        "port": 587,
        "username": "user",
        "password": "secret",
        "use_tls": True,
        "use_ssl": False,
        "timeout": 20,
    }


def test_content_security_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in settings.CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in settings.CONTENT_SECURITY_POLICY


def variables() -> dict[str, str]:
    """Every variable the settings read, with the sentence above it."""
    lines = SOURCE.splitlines()
    found = {}
    for node in ast.walk(ast.parse(SOURCE)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "env"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            line = node.lineno - 1
            while line and not lines[line - 1].startswith("#") and lines[line - 1].strip():
                line -= 1
            found[node.args[0].value] = lines[line - 1].removeprefix("# ")
    return found


def test_every_variable_has_a_sentence() -> None:
    assert len(variables()) > 25
    assert [name for name, text in variables().items() if not re.match(r"[A-Z].*\.$", text)] == []


def test_readme_tells_of_every_variable() -> None:
    readme = (ROOT / "README.md").read_text()
    rows = re.findall(r"(?m)^\| `([A-Z0-9_]+)` \| (.*) \| .* \|$", readme)

    assert dict(rows) == variables()

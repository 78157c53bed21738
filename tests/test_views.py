"""The health page, and what a person is told when a page can't be shown."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import pytest
import time_machine

from klimaspor.models import SweepRecord
from tests.clamd import clamd
from tests.pages import Pages

pytestmark = pytest.mark.django_db


def visit(at: datetime, *, late: str = "") -> None:
    """Let every sweep have come by, one of them a while ago."""
    before = at - timedelta(hours=4)
    SweepRecord.objects.bulk_create(
        SweepRecord(name=name, visited_at=before if name == late else at)
        for name in settings.SWEEPS
    )


def parts(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/sundhed/")
    return answer.status_code, answer.json()["dele"]


def test_health_is_ready(client: Client) -> None:
    visit(timezone.now())

    assert parts(client) == (
        200,
        {"database": "klar", "kø": "klar", "gennemløb": "klar", "filer": "klar", "mail": "klar"},
    )


def test_health_misses_a_migration(client: Client) -> None:
    visit(timezone.now())
    MigrationRecorder(connection).migration_qs.filter(app="proposals").last().delete()

    assert parts(client) == (
        503,
        {
            "database": "ikke klar",
            "kø": "klar",
            "gennemløb": "ikke klar",
            "filer": "klar",
            "mail": "ikke klar",
        },
    )


def test_health_misses_the_broker(client: Client, settings: Any) -> None:
    visit(timezone.now())
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert parts(client) == (
        503,
        {
            "database": "klar",
            "kø": "ikke klar",
            "gennemløb": "klar",
            "filer": "klar",
            "mail": "klar",
        },
    )


@pytest.mark.parametrize("name", sorted(settings.SWEEPS))
def test_health_judges_every_sweep_by_its_own_mark(client: Client, name: str) -> None:
    """Also where the others come by, and where somebody asked for a visit since."""
    visit(timezone.now(), late=name)
    SweepRecord.objects.filter(name=name).update(succeeded_at=timezone.now())

    status, found = parts(client)

    assert (status, found["gennemløb"]) == (503, "ikke klar")
    assert client.get("/sundhed/").json()["forsinket"] == [name]


def test_health_takes_no_silence_for_a_good_sign(client: Client) -> None:
    """Nobody has come by yet, or what remembered it is empty."""
    assert parts(client) == (
        503,
        {
            "database": "klar",
            "kø": "klar",
            "gennemløb": "ikke klar",
            "filer": "klar",
            "mail": "klar",
        },
    )
    assert client.get("/sundhed/").json()["forsinket"] == list(settings.SWEEPS)


def test_health_tells_of_the_scanner_and_goes_on_without_it(client: Client, settings: Any) -> None:
    visit(timezone.now())
    well = {"database": "klar", "kø": "klar", "gennemløb": "klar", "filer": "klar", "mail": "klar"}

    with clamd() as (_, settings.CLAMAV):
        assert parts(client) == (200, {**well, "virusscanner": "klar"})
    assert parts(client) == (200, {**well, "virusscanner": "ikke klar"})


def test_health_is_kept_by_no_cache_and_needs_no_sign_in(client: Client) -> None:
    assert "no-store" in client.get("/sundhed/")["Cache-Control"]


@pytest.mark.parametrize("address", ("/was", "/privatliv/"))
def test_promises_are_for_everybody(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_the_accessibility_statement_says_all_that_the_law_asks(pages: Pages) -> None:
    page = pages.get("/was")

    said = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Webstedet overholder standarden EN 301 549 (WCAG 2.1 på niveau AA) delvist" in said
    assert [h.text for h in page.root.iter("h2") if h.text and "Menu" not in h.text] == [
        "Overholder webstedet loven?",
        "Kendte fejl og mangler",
        "Sådan er webstedet vurderet",
        "Er der noget, du ikke kan bruge?",
        "Sådan klager du",
        "Om erklæringen",
    ]
    assert "Skriv til klimaalliancen@kl.dk , eller ring på 33 70 33 70 ." in said
    assert {"mailto:klimaalliancen@kl.dk", "tel:+4533703370"} <= set(page.links)
    assert "Har du ikke fået svar inden 10 arbejdsdage" in said
    assert re.search(r"Erklæringen er fra \w+ den \d+\. \w+ 20\d\d\.", said)
    assert "/was" in pages.get("/").links


def test_the_accessibility_statement_stands_where_it_was_filed(
    client: Client, settings: Any
) -> None:
    settings.ACCESSIBILITY_STATEMENT_URL = "https://www.was.digst.dk/klimaspor-dk"

    answer = client.get("/was")

    assert (answer.status_code, answer["Location"]) == (302, settings.ACCESSIBILITY_STATEMENT_URL)


def test_unknown_address_says_so_in_danish(client: Client) -> None:
    answer = client.get("/findes-ikke/")

    assert answer.status_code == 404
    assert '<html lang="da"' in answer.content.decode()


def test_expired_form_says_what_to_do() -> None:
    browser = Client(enforce_csrf_checks=True)

    answer = browser.post(reverse("account_login"), {"login": "kim@example.org"})

    assert answer.status_code == 403
    assert '<html lang="da"' in answer.content.decode()


def test_too_much_at_once_is_told_in_danish(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/konto/log-paa/", {"login": "a" * 2000})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert '<html lang="da"' in text
    assert "Det kunne ikke modtages" in text


def test_whoever_finds_a_hole_reads_where_to_write(client: Client, settings: Any) -> None:
    settings.BASE_URL = "https://klimaspor.example.org"
    settings.SECURITY_CONTACT = "mailto:sikkerhed@example.org"

    with time_machine.travel(datetime(2027, 3, 1, 10, 30, tzinfo=UTC)):
        answer = client.get("/.well-known/security.txt")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:sikkerhed@example.org",
        "Expires: 2027-08-28T00:00:00Z",
        "Preferred-Languages: da, en",
        "Canonical: https://klimaspor.example.org/.well-known/security.txt",
    ]

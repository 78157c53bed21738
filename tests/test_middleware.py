"""What happens to every request before and after its view."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

import pytest
import time_machine

from klimaspor import middleware

NOW = datetime(2024, 4, 15, 7, 0, 1, tzinfo=UTC)


def received_at(**headers: str) -> datetime:
    seen = []

    def view(request: Any) -> HttpResponse:
        seen.append(request.received_at)
        return HttpResponse()

    with time_machine.travel(NOW, tick=False):
        middleware.received(view)(RequestFactory().get("/", headers=headers))
    return seen[0]


def test_receipt_is_our_own_clock() -> None:
    assert received_at() == NOW


def test_receipt_ignores_what_a_stranger_stamps() -> None:
    assert received_at(**{"X-Request-Start": "t=1713164399.9"}) == NOW


@pytest.mark.parametrize("stamp", ("t=1713164399.5", "1713164399500", "1713164399500000"))
def test_receipt_is_the_trusted_proxys_stamp(settings: Any, stamp: str) -> None:
    settings.TRUST_REQUEST_START = True

    assert received_at(**{"X-Request-Start": stamp}) == datetime(
        2024, 4, 15, 6, 59, 59, 500000, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "stamp",
    (
        "",
        "t=yesterday",
        "nan",
        "inf",
        "-1e400",
        "t=1713163000",  # more than ten minutes ago
        "t=1713164402",  # in the future
    ),
)
def test_receipt_is_our_own_clock_when_the_stamp_makes_no_sense(settings: Any, stamp: str) -> None:
    settings.TRUST_REQUEST_START = True

    assert received_at(**{"X-Request-Start": stamp}) == NOW


@pytest.mark.django_db
def test_every_page_carries_its_policy_and_an_id(client: Client) -> None:
    first, second = client.get("/privatliv/"), client.get("/privatliv/")

    assert "default-src 'none'" in first["Content-Security-Policy"]
    assert first["X-Content-Type-Options"] == "nosniff"
    assert first["X-Frame-Options"] == "DENY"
    assert first["Referrer-Policy"] == "same-origin"
    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.mark.django_db
def test_what_a_person_saw_is_kept_by_no_cache(client: Client, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("kim@example.org"))

    assert client.get("/privatliv/")["Cache-Control"] == "private, no-store"


def test_a_probe_may_call_the_portal_by_any_address(
    client: Client, db: None, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["klimaspor.example"]
    settings.BASE_URL = "https://klimaspor.example"

    asked = client.get("/sundhed/", headers={"host": "10.0.0.7:8000"})
    other = client.get("/spor/", headers={"host": "10.0.0.7:8000"})

    assert asked["Content-Type"] == "application/json"
    assert other.status_code == 400


@pytest.mark.parametrize(
    ("asked", "read"),
    (
        ("q=a%00b", {"q": ["ab"]}),
        ("q=%E2%81%A0ny%E2%80%AE", {"q": ["ny"]}),
        ("q=A%CC%8Arhus", {"q": ["Århus"]}),
        ("q=1&q=2&page[]=3", {"q": ["1", "2"], "page[]": ["3"]}),
        (f"q={'9' * 5000}", {"q": ["9" * 4096]}),
        ("next=%2Fforslag%2F%3Fq%3Da%2Bb%26page%3D2", {"next": ["/forslag/?q=a+b&page=2"]}),
        ("%00q=1", {"q": ["1"]}),
        ("", {}),
    ),
)
def test_every_parameter_goes_through_the_one_reader(
    asked: str, read: dict[str, list[str]]
) -> None:
    seen = []

    def answer(request: Any) -> HttpResponse:
        seen.append(dict(request.GET.lists()))
        return HttpResponse()

    middleware.readable(answer)(RequestFactory().get(f"/?{asked}"))

    assert seen == [read]
    assert "klimaspor.middleware.readable" in settings.MIDDLEWARE

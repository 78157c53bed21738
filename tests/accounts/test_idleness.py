"""Staff who do nothing for a working day are signed out, and lose nothing of what they typed."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from klimaspor import unsent
from klimaspor.accounts import idleness
from klimaspor.accounts.models import User
from tests.accounts.conftest import verify
from tests.factories.intake import Cast
from tests.pages import Pages

PROFILE = "/konto/profil/"
PASSWORD = "hemmeligt-kodeord-1"
DAY = timedelta(hours=8) + idleness.COARSE

pytestmark = pytest.mark.django_db


def sign_in(pages: Pages, user: User) -> None:
    pages.post("/konto/log-paa/", {"login": user.email, "password": PASSWORD})


@pytest.mark.parametrize(
    "who", ("adviser", "secretariat", "committee", "funder", "administrator", "stranger")
)
def test_staff_are_signed_out_after_a_working_day(cast: Cast, pages: Pages, who: str) -> None:
    verify(getattr(cast, who))
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        sign_in(pages, getattr(cast, who))
        clock.shift(DAY)
        pages.get(PROFILE)
        clock.shift(DAY + timedelta(seconds=1))
        after = pages.client.get(PROFILE).status_code

    assert after == (200 if who == "stranger" else 302)


def test_a_sign_of_life_begins_the_day_anew(cast: Cast, pages: Pages) -> None:
    verify(cast.secretariat)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(pages, cast.secretariat)
        for _ in range(3):
            clock.shift(timedelta(hours=7))
            assert pages.post("/konto/bliv/", status=204).body == b""
        clock.shift(timedelta(hours=7))
        pages.get(PROFILE)


def test_whoever_signs_in_elsewhere_keeps_no_session_alive(cast: Cast, pages: Pages) -> None:
    verify(cast.secretariat)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(pages, cast.secretariat)
        clock.shift(timedelta(hours=7))
        sign_in(Pages(Client()), cast.secretariat)
        clock.shift(timedelta(hours=2))
        pages.get(PROFILE, status=302)


def test_what_was_typed_is_kept_and_the_page_says_why(cast: Cast, pages: Pages) -> None:
    verify(cast.secretariat)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(pages, cast.secretariat)
        slip = pages.get(PROFILE).value(unsent.SLIP) or ""
        clock.shift(DAY + timedelta(seconds=1))
        sent = pages.post(PROFILE, {"name": "Nyt Navn", "phone": "", unsent.SLIP: slip})
        asked = pages.get(sent.location)
        sign_in(pages, cast.secretariat)
        back = pages.get(PROFILE)

    assert sent.location.startswith("/konto/log-paa/")
    assert "Det, du skrev, er gemt" in asked.text
    assert back.value("name") == "Nyt Navn"
    cast.secretariat.refresh_from_db()
    assert cast.secretariat.name != "Nyt Navn"


def test_the_page_to_sign_in_on_says_why_once(cast: Cast, pages: Pages) -> None:
    verify(cast.secretariat)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(pages, cast.secretariat)
        clock.shift(DAY + timedelta(seconds=1))
        led = pages.get("/administration/", status=302)
        asked = pages.get(led.location).text
        sign_in(pages, cast.secretariat)
        pages.post("/konto/log-af/")
        later = pages.get("/konto/log-paa/").text

    assert "Du er logget af, fordi du ikke har brugt Klimaspor i 8 timer." in asked
    assert "fordi du ikke har brugt" not in later


def test_how_long_is_a_setting(cast: Cast, pages: Pages, settings: Any) -> None:
    verify(cast.secretariat)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        settings.STAFF_IDLE_MINUTES = 90
        sign_in(pages, cast.secretariat)
        warned = pages.get(PROFILE).by_class("idle")[0]
        settings.STAFF_IDLE_MINUTES = 0
        clock.shift(timedelta(days=3))
        unwarned = pages.get(PROFILE).by_class("idle")

    assert (warned.get("data-seconds"), warned.get("data-warned-before")) == ("5400", "600")
    assert "90 minutter" in "".join(warned.itertext())
    assert unwarned == []


def test_only_staff_are_warned(cast: Cast, pages: Pages) -> None:
    assert pages.as_(cast.stranger).get(PROFILE).by_class("idle") == []
    assert len(pages.as_(cast.adviser).get(PROFILE).by_class("idle")) == 1


def test_a_session_is_written_every_few_minutes_and_not_each_time(
    cast: Cast, pages: Pages, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    verify(cast.stranger)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(pages, cast.stranger)
        clock.shift(timedelta(minutes=4))
        with django_assert_num_queries(4):
            pages.get("/privatliv/")
        clock.shift(timedelta(minutes=2))
        # And the row is written, in a transaction of its own.
        with django_assert_num_queries(7):
            pages.get("/privatliv/")
        with django_assert_num_queries(4):
            pages.get("/privatliv/")

"""Two steps to sign in: who must, what they can do before they have set it up, and a phone that is lost."""

from collections.abc import Callable
from typing import Any

from django.test import Client

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from klimaspor import unsent
from klimaspor.accounts import people
from klimaspor.accounts.models import Role, User
from klimaspor.mail.models import OutgoingMail
from tests.accounts.conftest import verify
from tests.factories.intake import Cast, give_role, person
from tests.pages import Page, Pages
from tests.proposals.drafting.test_browser import look
from tests.proposals.drafting.test_browser import sign_in as walk_in

PASSWORD = "hemmeligt-kodeord-1"
SIGN_IN = "/konto/log-paa/"
TWO_STEPS = "/konto/totrin/"
Letters = Callable[[], list[tuple[str, str]]]

pytestmark = pytest.mark.django_db


@pytest.fixture
def required(settings: Any) -> None:
    settings.TWO_STEP_ROLES = frozenset({"secretariat", "administrator"})


def sign_in(pages: Pages, user: User) -> Page:
    return pages.post(SIGN_IN, {"login": user.email, "password": PASSWORD})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up(pages: Pages) -> Page:
    """Set it up from the page that asks for it, and give the page of recovery codes."""
    pages.post("/konto/bekraeft-dig/", {"password": PASSWORD})
    form = pages.get(f"{TWO_STEPS}app/til/")
    secret = next(e for e in form.by_class("secret")).text or ""
    done = pages.post(f"{TWO_STEPS}app/til/", {"code": code_of(secret)})
    return pages.get(done.location)


def with_two_steps(user: User) -> Authenticator:
    made: Authenticator = Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    return made


def address(user: User) -> str:
    return f"/administration/personer/{user.pk}/to-trin/"


def test_nobody_is_asked_where_nothing_is_required(cast: Cast, pages: Pages) -> None:
    verify(cast.secretariat)
    sign_in(pages, cast.secretariat)

    pages.get("/administration/")


@pytest.mark.usefixtures("required")
def test_who_must_and_cannot_is_led_to_set_it_up_and_on(cast: Cast, pages: Pages) -> None:
    verify(cast.secretariat)
    sign_in(pages, cast.secretariat)

    sent = pages.get("/administration/breve/", status=302)
    asked = pages.get(TWO_STEPS)
    shut = {
        url: pages.get(url, status=302).location
        for url in ("/", "/forslag/", "/konto/profil/", "/admin/")
    }
    pages.post("/konto/profil/", {"name": "Ny"})
    cast.secretariat.refresh_from_db()
    codes = set_up(pages)

    assert sent.location == TWO_STEPS
    assert "Slå koder til, før du går videre" in asked.text
    assert "Forslag" not in [link.strip("/").capitalize() for link in asked.links]
    assert set(shut.values()) == {TWO_STEPS}
    assert cast.secretariat.name != "Ny"
    assert len(codes.root.findall(".//ul[@class='secret-list unstyled-list']/li")) == 10
    assert "/konto/profil/" not in codes.links
    assert codes.primary == ["Jeg har gemt dem"]
    assert "/admin/" in codes.links
    assert pages.get("/administration/breve/").heading == "Breve"


@pytest.mark.usefixtures("required")
def test_signing_out_is_always_possible(cast: Cast, pages: Pages) -> None:
    verify(cast.secretariat)
    sign_in(pages, cast.secretariat)

    pages.get("/konto/log-af/")
    pages.post("/konto/log-af/")

    assert "_auth_user_id" not in pages.client.session


@pytest.mark.usefixtures("required")
def test_what_was_typed_waits_until_it_is_set_up(cast: Cast, pages: Pages, settings: Any) -> None:
    settings.TWO_STEP_ROLES = frozenset()
    verify(cast.secretariat)
    sign_in(pages, cast.secretariat)
    slip = pages.get("/konto/profil/").value(unsent.SLIP) or ""
    settings.TWO_STEP_ROLES = frozenset({"secretariat"})

    pages.post("/konto/profil/", {"name": "Nyt Navn", "phone": "12", unsent.SLIP: slip})
    script = pages.client.post(
        "/konto/profil/", {"name": "Nyt Navn"}, headers={"Accept": "application/json"}
    )
    set_up(pages)

    assert script.status_code == 401
    assert pages.get("/konto/profil/").value("name") == "Nyt Navn"


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize(
    ("who", "answer"), (("stranger", 200), ("adviser", 200), ("administrator", 302))
)
def test_only_the_roles_that_are_named_are_asked(
    cast: Cast, pages: Pages, who: str, answer: int
) -> None:
    pages.as_(getattr(cast, who)).get("/konto/profil/", status=answer)


@pytest.mark.usefixtures("required")
def test_recovery_codes_are_shown_once(cast: Cast, pages: Pages) -> None:
    verify(cast.secretariat)
    sign_in(pages, cast.secretariat)
    first = set_up(pages)
    codes = [e.text or "" for e in first.by_class("secret-list")[0]]

    again = pages.get(f"{TWO_STEPS}noedkoder/")
    fetched = pages.client.get(f"{TWO_STEPS}noedkoder/hent/")
    pages.post("/konto/log-af/")
    asked = sign_in(pages, cast.secretariat)
    pages.post(f"{TWO_STEPS}kode/", {"code": codes[0]})

    assert not [code for code in codes if code in again.text]
    assert fetched.status_code == 403
    assert asked.location == f"{TWO_STEPS}kode/"
    assert pages.get("/administration/").heading == "Administration"


def test_a_lost_phone_is_put_right_by_another(cast: Cast, pages: Pages, letters: Letters) -> None:
    lost = verify(person("Lis Lund"))
    give_role(lost, Role.SECRETARIAT)
    other = person("Ole Okholm")
    give_role(other, Role.SECRETARIAT)
    theirs = Client()
    theirs.force_login(lost, backend="allauth.account.auth_backends.AuthenticationBackend")
    with_two_steps(lost)
    page = pages.as_(cast.secretariat).get(f"/administration/personer/{lost.pk}/")
    assert address(lost) in page.links

    empty = pages.post(address(lost), {}, status=200)
    done = pages.press(address(lost), {"how_known": "Jeg ringede til hende.\nHun svarede."})
    twice = pages.press(address(lost), {"how_known": "Igen"})

    assert empty.problems == ["Skriv, hvordan du har genkendt personen"]
    assert done.messages == [
        "Lis Lund er logget af alle steder, og personen og sekretariatet har fået et brev."
    ]
    assert twice.messages == ["Lis Lund logger ikke på i to trin, så der er intet at nulstille."]
    assert "Jeg ringede til hende. Hun svarede." in done.text
    assert cast.secretariat.name in done.text
    assert address(lost) not in done.links
    assert theirs.get("/konto/profil/").status_code == 302
    assert sorted(letters()) == sorted(
        [
            ("two_steps_reset", lost.email),
            ("two_steps_reset_for_somebody", cast.secretariat.email),
            ("two_steps_reset_for_somebody", cast.colleague.email),
            ("two_steps_reset_for_somebody", other.email),
        ]
    )
    for letter in OutgoingMail.objects.all():
        assert "Jeg ringede til hende." in letter.body
        assert cast.secretariat.name in letter.body
    assert sign_in(Pages(Client()), lost).location == "/"


def test_nobody_puts_right_their_own(cast: Cast, pages: Pages, letters: Letters) -> None:
    verify(cast.secretariat)
    with_two_steps(cast.secretariat)

    person_page = pages.as_(cast.secretariat).get(
        f"/administration/personer/{cast.secretariat.pk}/"
    )
    answer = pages.post(address(cast.secretariat), {"how_known": "Det er mig"}, status=200)

    assert address(cast.secretariat) not in person_page.links
    assert answer.problems == [
        "Du kan ikke nulstille to trin for dig selv. Bed en anden i administrationen om det."
    ]
    assert answer.value("how_known") == "Det er mig"
    assert people.signs_in_in_two_steps(cast.secretariat)
    assert letters() == []


def test_a_session_from_before_sessions_were_counted_still_stands(cast: Cast) -> None:
    plain: Any = super(User, cast.stranger)

    assert cast.stranger.get_session_auth_hash() == plain.get_session_auth_hash()
    before = cast.stranger.get_session_auth_hash()
    cast.stranger.sessions_ended = 1
    assert cast.stranger.get_session_auth_hash() != before


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("required")
def test_setting_it_up_in_a_browser(page: Tab, live_server: Any) -> None:
    user = verify(person("Sigrid Sekretær"))
    give_role(user, Role.SECRETARIAT)
    walk_in(page, live_server, user)

    page.goto(f"{live_server}/administration/breve/")
    expect(page.get_by_role("heading", name="Log på i to trin")).to_be_visible()
    look(page, "two-steps-required")
    page.get_by_role("link", name="Slå til").click()
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()
    secret = page.locator(".secret").inner_text()
    look(page, "two-steps-app")
    page.get_by_label("Kode").fill(code_of(secret))
    page.get_by_role("button", name="Slå til").click()
    expect(page.get_by_role("heading", name="Dine nødkoder")).to_be_visible()
    expect(page.get_by_role("button", name="Skriv ud")).to_be_visible()
    look(page, "two-steps-codes")
    page.get_by_role("link", name="Jeg har gemt dem").click()
    expect(page.get_by_role("heading", name="Breve", exact=True)).to_be_visible()
    page.goto(f"{live_server}{TWO_STEPS}noedkoder/")
    look(page, "two-steps-codes-again")

"""Signing in through an organization's own service: a real one on loopback, whose sign-in page is on another host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from playwright.sync_api import expect

from klimaspor.accounts import people
from klimaspor.accounts.models import User
from klimaspor.mail.models import OutgoingMail
from tests.accounts import oidc
from tests.accounts.conftest import verify
from tests.factories.intake import NOW, Cast, person
from tests.proposals.drafting.test_browser import look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page as Tab

    from tests.accounts.oidc import Service
    from tests.pages import Page, Pages

PASSWORD = "hemmeligt-kodeord-1"
SIGN_IN = "/konto/log-paa/"
CONNECTIONS = "/konto/organisation/"
CONNECT = "/konto/organisation/forbind/"
MIA = {
    "sub": "mia-1",
    "email": "mia@example.org",
    "email_verified": True,
    "name": "Mia  Mikkelsen\u200b",
}

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    with oidc.running() as service:
        settings.OIDC_URL, settings.OIDC_NAME = service.url, "Kommunelogin"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "organisation",
                        "name": "Kommunelogin",
                        "client_id": oidc.CLIENT,
                        "secret": oidc.SECRET,
                        "settings": {"server_url": service.url},
                    }
                ],
            }
        }
        service.person = MIA
        yield service


def through(pages: Pages, *, process: str = "login") -> Page:
    """Go out to the service and come back, as a browser does, and give what the portal answers."""
    out = pages.post(f"/konto/oidc/organisation/login/?process={process}", status=200)
    url = next(link for link in out.links if "/authorize?" in link)
    while urlsplit(url).path in ("/authorize", "/sign-in"):
        url = requests.get(url, allow_redirects=False, timeout=5).headers["Location"]
    back = urlsplit(url)
    return pages.get(f"{back.path}?{back.query}", status=302)


def signed_in(pages: Pages) -> str | None:
    pk = pages.client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).email if pk else None


def test_somebody_new_gets_an_account_with_their_name(pages: Pages, service: Service) -> None:
    assert "Log på med Kommunelogin" in pages.get(SIGN_IN).buttons

    answer = through(pages)

    user = User.objects.get()
    assert answer.location == "/"
    assert (user.email, user.name) == ("mia@example.org", "Mia Mikkelsen")
    assert signed_in(pages) == "mia@example.org"
    assert EmailAddress.objects.get().verified
    assert not user.has_usable_password()


def test_nobody_is_nameless(pages: Pages, service: Service) -> None:
    service.person = {**MIA, "name": "", "given_name": "", "family_name": ""}

    asked = through(pages)
    form = pages.get(asked.location)
    empty = pages.post(asked.location, {"email": "mia@example.org", "name": ""}, status=200)
    pages.post(asked.location, {"email": "mia@example.org", "name": "Mia M"})

    assert asked.location == "/konto/organisation/opret/"
    assert form.value("email") == "mia@example.org"
    assert empty.problems == ["Indtast dit navn"]
    assert User.objects.get().name == "Mia M"


def test_whoever_came_nameless_before_is_named(pages: Pages, service: Service) -> None:
    through(pages)
    User.objects.update(name="")

    through(pages)

    assert User.objects.get().name == "Mia Mikkelsen"


def test_an_address_proved_in_both_places_is_the_same_person(
    pages: Pages, service: Service
) -> None:
    user = verify(person("Mia Gammel"))
    user.email = "mia@example.org"
    user.save()
    EmailAddress.objects.update(email="mia@example.org")

    answer = through(pages)

    user.refresh_from_db()
    assert answer.location == "/"
    assert signed_in(pages) == "mia@example.org"
    assert User.objects.count() == 1
    assert user.name == "Mia Gammel"
    assert user.check_password(PASSWORD)
    assert SocialAccount.objects.get().user == user
    letter = OutgoingMail.objects.get(recipient="mia@example.org")
    assert letter.subject == "Din bruger i Klimaspor er forbundet med din organisations login"


@pytest.mark.parametrize("proved_by", ("nobody", "here", "there"))
def test_else_the_account_is_connected_by_its_password(
    pages: Pages, service: Service, proved_by: str
) -> None:
    user = person("Mia Gammel")
    User.objects.filter(pk=user.pk).update(email="mia@example.org")
    EmailAddress.objects.create(
        user=user, email="mia@example.org", verified=proved_by == "here", primary=True
    )
    service.person = {**MIA, "email_verified": proved_by == "there"}

    asked = through(pages)
    told = pages.get(CONNECT)
    before = SocialAccount.objects.count()
    turned_away = pages.post(CONNECT)
    pages.post(f"{SIGN_IN}?next={CONNECT}", {"login": "mia@example.org", "password": PASSWORD})
    if proved_by != "here":
        letter = OutgoingMail.objects.get(recipient="mia@example.org")
        key = letter.body.split("/konto/bekraeft-e-mail/")[1].split("/")[0]
        pages.post(f"/konto/bekraeft-e-mail/{key}/")
    offered = pages.get(CONNECT)
    done = pages.press(CONNECT)
    pages.post("/konto/log-af/")
    again = through(pages)

    assert asked.location == CONNECT
    assert signed_in(pages) == "mia@example.org"
    assert "Der er allerede en bruger med adressen mia@example.org" in told.text
    assert (before, turned_away.location) == (0, f"{SIGN_IN}?next={CONNECT}")
    assert offered.primary == ["Forbind"]
    assert done.messages[-1:] == [
        "Din bruger er forbundet. Næste gang kan du logge på med Kommunelogin."
    ]
    assert SocialAccount.objects.get().user == user
    assert again.location == "/"


def test_who_was_signed_in_before_gives_the_password_once_more(
    cast: Cast, pages: Pages, service: Service
) -> None:
    """Else whoever borrows a machine could connect its owner's account to their own login."""
    user = verify(cast.stranger)
    service.person = {**MIA, "email": user.email, "email_verified": False}
    through(pages)
    pages.as_(user)

    asked = pages.post(CONNECT)
    pages.post(asked.location, {"password": PASSWORD})

    assert asked.location.startswith("/konto/bekraeft-dig/")
    assert SocialAccount.objects.get().user == user


def test_it_is_found_connected_and_removed_from_the_account(
    cast: Cast, pages: Pages, service: Service
) -> None:
    user = verify(cast.stranger)
    pages.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    assert CONNECTIONS in pages.get("/konto/profil/").links

    offered = pages.get(CONNECTIONS)
    asked = through(pages, process="connect")
    pages.post(asked.location, {"password": PASSWORD})
    shown = pages.get(CONNECTIONS)
    missing = pages.post(CONNECTIONS, {}, status=200)
    account = SocialAccount.objects.get()
    removed = pages.press(CONNECTIONS, {"account": account.pk})

    assert offered.buttons.count("Forbind med Kommunelogin") == 1
    assert account.user == user
    assert "forbundet" in shown.messages[0]
    assert missing.problems == ["Vælg det login, du vil fjerne"]
    assert removed.messages == ["Forbindelsen er fjernet. Du logger på med din adgangskode."]
    assert not SocialAccount.objects.exists()
    assert {letter.subject for letter in OutgoingMail.objects.all()} == {
        "Din bruger i Klimaspor er forbundet med din organisations login",
        "Din bruger i Klimaspor er ikke længere forbundet med din organisations login",
    }


def test_two_steps_are_asked_of_whoever_comes_that_way_too(
    cast: Cast, pages: Pages, service: Service
) -> None:
    user = verify(cast.secretariat)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    service.person = {**MIA, "email": user.email}

    answer = through(pages)

    assert answer.location == "/konto/totrin/kode/"
    assert signed_in(pages) is None


def test_a_closed_account_stays_closed(cast: Cast, pages: Pages, service: Service) -> None:
    user = verify(cast.stranger)
    people.deactivate(user_pk=user.pk, by=cast.secretariat, at=NOW)
    service.person = {**MIA, "email": user.email}

    assert through(pages).location == "/konto/lukket/"
    assert signed_in(pages) is None


def test_a_service_that_is_away_is_said_to_be(
    pages: Pages, service: Service, settings: Any
) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"] = {"server_url": "http://127.0.0.1:9"}

    answer = pages.post("/konto/oidc/organisation/login/", status=503)

    assert "brug din adgangskode" in answer.text
    pages.get("/konto/oidc/ukendt/login/", status=404)


def test_nothing_is_offered_where_there_is_no_service(cast: Cast, pages: Pages) -> None:
    assert "organisation" not in pages.get(SIGN_IN).text
    assert CONNECTIONS not in pages.as_(cast.stranger).get("/konto/profil/").links


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_is_let_through_to_another_host_and_back(
    page: Tab, live_server: Any, service: Service
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))

    page.goto(f"{live_server}{SIGN_IN}")
    page.get_by_role("button", name="Log på med Kommunelogin").click()

    expect(page.get_by_text("Mia Mikkelsen").first).to_be_visible()
    assert page.url == f"{live_server}/"
    assert [said for said in complaints if "Content Security Policy" in said] == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_on_the_way_are_whole_and_accessible(
    page: Tab, live_server: Any, service: Service
) -> None:
    user = verify(person("Mia Gammel"))
    service.person = {**MIA, "email": user.email, "email_verified": False}

    page.goto(f"{live_server}{SIGN_IN}")
    look(page, "organization-sign-in")
    page.get_by_role("button", name="Log på med Kommunelogin").click()
    expect(page.get_by_role("heading", name="Forbind din bruger")).to_be_visible()
    look(page, "organization-connect")
    page.get_by_role("link", name="Log på, og forbind").click()
    page.get_by_label("Mailadresse").fill(user.email)
    page.get_by_label("Adgangskode", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log på", exact=True).click()
    page.get_by_role("button", name="Forbind").click()
    expect(page.get_by_text("Din bruger er forbundet.")).to_be_visible()
    page.goto(f"{live_server}{CONNECTIONS}")
    look(page, "organization-connections")

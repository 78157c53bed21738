"""Signing up and in: every page of allauth that can be reached is in the face and in Danish."""

import re
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time

from klimaspor.accounts.models import User

PASSWORD = "fire ord der ikke hører sammen"

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(
    r"\b(sign|password|email|e-mail address|code|remember|forgot|your|please|account|recovery|the)\b",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def letters_in_memory(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def mette() -> User:
    user = User.objects.create_user(
        email="mette@example.org", password=PASSWORD, name="Mette Sørensen"
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def signed_in(client: Client, mette: User) -> Client:
    client.post(reverse("account_login"), {"login": mette.email, "password": PASSWORD})
    return client


@pytest.fixture
def confirmed(signed_in: Client) -> Client:
    """Somebody who has just shown once more that it is them."""
    signed_in.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return signed_in


def read(html: str) -> str:
    """Return the words of a page's main part."""
    main = html.split("<main")[1].split("</main>", maxsplit=1)[0]
    return re.sub(r"<[^>]+>", " ", main)


def check(html: str, heading: str) -> None:
    assert f"<h1>{heading}</h1>" in html
    assert html.count("<h1>") == 1
    assert html.count("button-primary") <= 1
    assert "placeholder" not in html
    assert ENGLISH.findall(read(html)) == []


@pytest.mark.parametrize(
    ("name", "heading"),
    (
        ("account_login", "Log på"),
        ("account_signup", "Opret bruger"),
        ("account_reset_password", "Glemt adgangskode"),
        ("account_reset_password_done", "Se i din indbakke"),
        ("account_reset_password_from_key_done", "Din adgangskode er ændret"),
        ("account_email_verification_sent", "Bekræft din mailadresse"),
        ("account_inactive", "Brugeren er lukket"),
    ),
)
def test_page_for_strangers(client: Client, name: str, heading: str) -> None:
    response = client.get(reverse(name))

    assert response.status_code == 200
    check(response.content.decode(), heading)


@pytest.mark.parametrize(
    ("name", "heading"),
    (
        ("account_logout", "Log af"),
        ("account_email", "Skift mailadresse"),
        ("account_change_password", "Skift adgangskode"),
        ("account_reauthenticate", "Bekræft, at det er dig"),
        ("mfa_index", "Log på i to trin"),
        ("mfa_activate_totp", "Slå koder til"),
    ),
)
def test_page_for_people(confirmed: Client, name: str, heading: str) -> None:
    response = confirmed.get(reverse(name))

    assert response.status_code == 200
    check(response.content.decode(), heading)


@pytest.mark.parametrize("name", ("account_login", "account_signup", "account_reset_password"))
def test_empty_form_says_what_to_write(client: Client, name: str) -> None:
    html = client.post(reverse(name), {}).content.decode()

    assert "error-summary" in html
    assert "påkrævet" not in html
    assert ENGLISH.findall(read(html)) == []


def test_wrong_password_says_what_to_do(client: Client, mette: User) -> None:
    html = client.post(
        reverse("account_login"), {"login": mette.email, "password": "forkert"}
    ).content.decode()

    assert html.index("passer ikke sammen") < html.index("<h1>")
    assert ENGLISH.findall(read(html)) == []


def test_two_different_new_passwords(client: Client) -> None:
    html = client.post(
        reverse("account_signup"),
        {"name": "Bo", "email": "bo@example.org", "password1": PASSWORD, "password2": "en anden"},
    ).content.decode()

    assert "error-summary" in html
    assert ENGLISH.findall(read(html)) == []


def test_from_sign_up_to_signed_in(client: Client) -> None:
    client.post(
        reverse("account_signup"),
        {"name": "Bo Dam", "email": "bo@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    letter = mail.outbox[0]
    link = re.search(r"http\S+", str(letter.body))
    assert link
    page = client.get(link[0])
    check(page.content.decode(), "Bekræft din mailadresse")
    client.post(link[0])
    client.post(reverse("account_login"), {"login": "bo@example.org", "password": PASSWORD})

    assert letter.subject == "Bekræft din mailadresse"
    assert User.objects.get(email="bo@example.org").name == "Bo Dam"
    assert client.session["_auth_user_id"]


def test_from_forgotten_password_to_a_new_one(client: Client, mette: User) -> None:
    client.post(reverse("account_reset_password"), {"email": mette.email})
    link = re.search(r"http\S+", str(mail.outbox[0].body))
    assert link
    page = client.get(link[0], follow=True)
    check(page.content.decode(), "Vælg en ny adgangskode")
    address = page.redirect_chain[-1][0]
    client.post(address, {"password1": PASSWORD + "!", "password2": PASSWORD + "!"})

    mette.refresh_from_db()
    assert mette.check_password(PASSWORD + "!")
    used = client.get(link[0], follow=True)
    check(used.content.decode(), "Linket virker ikke")


def test_used_confirmation_link_leads_on(client: Client) -> None:
    html = client.get(reverse("account_confirm_email", args=["forkert"])).content.decode()

    check(html, "Bekræft din mailadresse")
    assert "Linket er for gammelt" in html


def test_codes_from_an_app(confirmed: Client, mette: User) -> None:
    confirmed.get(reverse("mfa_activate_totp"))
    secret = confirmed.session["mfa.totp.secret"]
    code = code_now(secret)
    wrong = confirmed.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()
    shown = confirmed.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)

    assert "Koden er forkert" in wrong
    check(shown.content.decode(), "Dine nødkoder")
    for name, heading in (
        ("mfa_index", "Log på i to trin"),
        ("mfa_generate_recovery_codes", "Lav nye nødkoder"),
        ("mfa_deactivate_totp", "Slå koder fra"),
    ):
        check(confirmed.get(reverse(name)).content.decode(), heading)
    other = Client()
    asked = other.post(
        reverse("account_login"), {"login": mette.email, "password": PASSWORD}, follow=True
    )
    check(asked.content.decode(), "Indtast din kode")


def code_now(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06d}"


def test_every_letter_of_allauth_is_danish(client: Client, mette: User) -> None:
    client.post(reverse("account_reset_password"), {"email": "ukendt@example.org"})
    client.post(
        reverse("account_signup"),
        {"name": "Mette", "email": mette.email, "password1": PASSWORD, "password2": PASSWORD},
    )
    client.post(reverse("account_reset_password"), {"email": mette.email})
    client.post(reverse("account_login"), {"login": mette.email, "password": PASSWORD})
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": PASSWORD + "!", "password2": PASSWORD + "!"},
    )
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD + "!"})
    client.post(reverse("account_email"), {"email": "ny@example.org", "action_add": "1"})

    assert [letter.subject for letter in mail.outbox] == [
        "Der er ingen bruger med din adresse",
        "Du har allerede en bruger",
        "Vælg en ny adgangskode",
        "Din adgangskode er ændret",
        "Bekræft din mailadresse",
    ]
    for letter in mail.outbox:
        text = re.sub(r"http\S+|\S+@\S+", "", str(letter.body))
        assert text.startswith("Hej\n")
        assert ENGLISH.findall(text) == []

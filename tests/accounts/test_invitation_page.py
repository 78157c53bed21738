"""The page an invitation leads to, signed in or not, with the right address or another."""

import re
from typing import Any

from django.test import Client

import pytest
from allauth.account.models import EmailAddress

from klimaspor.accounts import invitations
from klimaspor.accounts.models import Invitation, Membership, Role, User
from klimaspor.mail.models import OutgoingMail
from tests.accounts.conftest import verify
from tests.factories.intake import NOW, Cast, person
from tests.pages import Pages

PASSWORD = "fire ord der ikke hører sammen"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def link(cast: Cast) -> str:
    sent = invitations.invite(
        email="ny@example.org",
        name="Ny Person",
        role=Role.DGO_ADVISER,
        dgos=[cast.dgo, cast.other_dgo],
        by=cast.secretariat,
        at=NOW,
    )
    return f"/invitation/{sent.token}/"


def invited() -> User:
    user = person("Ny")
    user.email = "ny@example.org"
    user.save(update_fields=["email"])
    return verify(user)


def test_opening_the_link_changes_nothing(pages: Pages, link: str) -> None:
    for _ in range(3):
        page = pages.get(link)
    pages.as_(invited()).get(link)
    pages.client.head(link)

    assert page.primary == ["Log på"]
    assert "DGO-rådgiver, DGO Midtjylland DGO-rådgiver, KlimaNord" in page.text
    assert not Membership.objects.of(User.objects.get(email="ny@example.org")).exists()


def test_the_button_gives_the_roles(pages: Pages, link: str) -> None:
    user = invited()

    page = pages.as_(user).press(link)

    (said,) = page.messages
    assert said.startswith("Du har nu rollen DGO-rådgiver, DGO Midtjylland og DGO-rådgiver, Klima")
    assert Membership.objects.of(user).count() == 2


def test_pressing_twice_is_no_error(pages: Pages, link: str) -> None:
    pages.as_(invited()).press(link)

    assert pages.press(link).messages == ["Du har allerede taget imod invitationen."]
    assert pages.get(link, status=302).location == "/"


def test_a_used_link_says_so_to_others(cast: Cast, pages: Pages, link: str) -> None:
    pages.as_(invited()).press(link)

    page = pages.as_(cast.stranger).get(link, status=410)

    assert page.heading == "Invitationen kan ikke bruges"
    assert "Invitationen er allerede taget imod." in page.text
    assert "ny@example.org" not in page.text


def test_another_address_is_told_and_gets_nothing(cast: Cast, pages: Pages, link: str) -> None:
    verify(cast.stranger)

    page = pages.as_(cast.stranger).get(link)
    refused = pages.post(link, status=403)

    assert "Du er logget på med en anden adresse" in page.text
    assert page.primary == ["Bed om at få den sendt til mig"]
    assert "Invitationen er sendt til ny@example.org" in refused.text
    assert not Membership.objects.of(cast.stranger).exists()
    assert pages.post("/konto/log-af/", {"next": link}).location == link


def test_who_has_another_address_asks_for_it_there_and_the_secretariat_decides(
    cast: Cast, pages: Pages, link: str
) -> None:
    other = verify(cast.stranger)

    page = pages.as_(other).press(link, {"do": "want"})
    pages.press(link, {"do": "want"})

    assert "Sanne Sekretær har fået besked." in page.text
    assert page.primary == []
    assert not Membership.objects.of(other).exists()
    (letter,) = OutgoingMail.objects.filter(name="invitation_wanted")
    assert letter.recipient == cast.secretariat.email
    assert "Frida Fremmed har åbnet invitationen til ny@" in letter.body
    listed = pages.as_(cast.secretariat).get("/administration/invitationer/")
    assert f"Frida Fremmed beder om at få den sendt til {other.email}" in listed.text
    first = Invitation.objects.order_by("pk")[0]
    done = pages.press(f"/administration/invitationer/{first.pk}/send-dertil/")
    assert done.messages == [f"{other.email} får et nyt brev. Det gamle link virker ikke længere."]
    # Both of the DGOs, to the one address, and the old link is dead.
    new = Invitation.objects.filter(email=other.email)
    assert {invitation.dgo for invitation in new} == {cast.dgo, cast.other_dgo}
    pages.as_(other).get(link, status=410)
    again = pages.as_(cast.secretariat).press(
        f"/administration/invitationer/{new[0].pk}/send-dertil/"
    )
    assert again.messages == ["Ingen beder længere om at få invitationen sendt et andet sted hen."]


def test_a_stranger_who_posts_is_asked_to_sign_in(pages: Pages, link: str) -> None:
    assert pages.post(link).location == f"/konto/log-paa/?next={link}"


def test_a_link_nobody_sent_is_not_there(pages: Pages) -> None:
    page = pages.get("/invitation/kender-vi-ikke/", status=404)

    assert "Linket kender vi ikke." in page.text


def test_the_page_is_kept_by_no_cache(pages: Pages, link: str) -> None:
    answer: Any = pages.get(link).response

    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_no_log_holds_what_opens_something(
    pages: Pages, link: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")

    pages.get(link)
    pages.client.get("/konto/adgangskode/ny/1-abc-hemmelig/")
    pages.client.get("/konto/bekraeft-e-mail/hemmelig/")

    assert link.split("/")[2] not in caplog.text
    assert "hemmelig" not in caplog.text
    assert "/invitation/…" in caplog.text


def test_nobody_can_post_the_acceptance_from_elsewhere(link: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    user = invited()
    strict.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert strict.post(link).status_code == 403
    assert not Membership.objects.of(user).exists()


def test_somebody_new_signs_up_and_comes_back(pages: Pages, link: str) -> None:
    page = pages.get(link)
    signup = next(url for url in page.links if url.startswith("/konto/opret/"))
    assert pages.get(signup).value("email") == "ny@example.org"

    pages.post(
        signup,
        {
            "name": "Ny Person",
            "email": "ny@example.org",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "next": link,
        },
    )
    letter = OutgoingMail.objects.newest_first().first()
    assert letter is not None
    confirm = re.search(r"http://testserver(/konto/bekraeft-e-mail/[^/\s]+/)", letter.body)
    assert confirm
    pages.get(confirm[1])
    back = pages.post(confirm[1])

    assert back.location == link
    assert pages.get(link).primary == ["Tag imod"]
    pages.press(link)
    user = User.objects.get(email="ny@example.org")
    assert (user.name, Membership.objects.of(user).count()) == ("Ny Person", 2)


def test_somebody_known_signs_in_and_comes_back(pages: Pages, link: str) -> None:
    user = invited()
    user.set_password(PASSWORD)
    user.save()
    page = pages.get(link)
    login = next(url for url in page.links if url.startswith("/konto/log-paa/?"))

    answer = pages.post(login, {"login": user.email, "password": PASSWORD, "next": link})

    assert answer.location == link


def test_an_address_that_is_only_claimed_opens_nothing(pages: Pages, link: str) -> None:
    user = person("Ny")
    EmailAddress.objects.create(user=user, email="ny@example.org", verified=False)

    assert "en anden adresse" in pages.as_(user).get(link).text
    pages.post(link, status=403)
    assert not Membership.objects.of(user).exists()


@pytest.mark.parametrize("elsewhere", ("https://evil.example/", "//evil.example", "javascript:x"))
def test_nobody_is_sent_elsewhere_after_signing_in(pages: Pages, elsewhere: str) -> None:
    user = invited()
    user.set_password(PASSWORD)
    user.save()

    answer = pages.post(
        "/konto/log-paa/", {"login": user.email, "password": PASSWORD, "next": elsewhere}
    )

    assert answer.location == "/"

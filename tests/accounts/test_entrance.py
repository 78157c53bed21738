"""Signing up and in gives away nobody, and lets nobody try for ever."""

import inspect
import re
from collections.abc import Callable
from typing import Any

from django.contrib.auth.hashers import MD5PasswordHasher
from django.urls import get_resolver, reverse

import allauth.account.urls
import allauth.mfa.urls
import pytest
from allauth.account.models import EmailAddress

from klimaspor.accounts import entrance_urls, people
from klimaspor.accounts.models import User
from klimaspor.mail.models import OutgoingMail
from tests.accounts.conftest import verify
from tests.factories.intake import NOW, Cast, person
from tests.pages import Page, Pages

PASSWORD = "fire ord der ikke hører sammen"
SIGN_UP = "/konto/opret/"
SIGN_IN = "/konto/log-paa/"
FORGOTTEN = "/konto/adgangskode/glemt/"
SENT_PAGE = f"{FORGOTTEN}sendt/"

pytestmark = pytest.mark.django_db


class CountingHasher(MD5PasswordHasher):
    """A quick one that counts how often it works."""

    algorithm = "counting"
    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashed += 1
        return super().encode(password, salt)


def sign_up(pages: Pages, email: str, **more: str) -> Page:
    data = {"name": "Ny Person", "email": email, "password1": PASSWORD, "password2": PASSWORD}
    return pages.post(SIGN_UP, {**data, **more})


def names(patterns: Any) -> set[str]:
    found = set()
    for pattern in patterns:
        found |= names(pattern.url_patterns) if hasattr(pattern, "url_patterns") else {pattern.name}
    return found


def test_every_page_of_allauth_has_a_danish_address() -> None:
    theirs = names(allauth.account.urls.urlpatterns) | names(allauth.mfa.urls.urlpatterns)

    assert names(entrance_urls.urlpatterns) == theirs
    for pattern in entrance_urls.urlpatterns:
        assert "login" not in str(pattern.pattern)
        assert "password" not in str(pattern.pattern)
    assert reverse("account_login") == SIGN_IN
    assert "allauth.urls" not in inspect.getsource(
        inspect.getmodule(get_resolver().urlconf_module) or entrance_urls
    )


def test_signing_up_takes_a_name(pages: Pages) -> None:
    empty = pages.post(SIGN_UP, {}, status=200)
    sign_up(pages, "Ny@Example.org")

    assert "Indtast dit navn" in empty.problems
    user = User.objects.get()
    assert (user.email, user.name) == ("ny@example.org", "Ny Person")
    assert not EmailAddress.objects.get().verified


def test_signing_up_gives_no_power(pages: Pages) -> None:
    sign_up(
        pages, "ny@example.org", is_staff="1", is_superuser="1", is_demo="1", role="secretariat"
    )

    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_demo) == (False, False, False)
    assert not user.memberships.exists()


def test_nobody_is_in_before_the_address_is_proved(pages: Pages) -> None:
    answer = sign_up(pages, "ny@example.org")
    assert answer.location == "/konto/bekraeft-e-mail/"
    pages.get("/konto/profil/", status=302)

    again = pages.post(SIGN_IN, {"login": "ny@example.org", "password": PASSWORD})
    assert again.location == "/konto/bekraeft-e-mail/"
    pages.get("/konto/profil/", status=302)


def test_signing_up_tells_nobody_who_is_there(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)

    new, known = (sign_up(pages, email) for email in ("ny@example.org", cast.stranger.email))

    assert (new.response.status_code, new.location) == (known.response.status_code, known.location)
    letters = dict(OutgoingMail.objects.values_list("recipient", "subject"))
    assert set(letters) == {"ny@example.org", cast.stranger.email}
    assert User.objects.filter(email=cast.stranger.email).count() == 1


def test_the_work_tells_nobody_who_is_there(cast: Cast, pages: Pages, settings: Any) -> None:
    """Hashing a password is the one thing that takes long: what is answered alike takes as much of it."""
    settings.PASSWORD_HASHERS = [f"{__name__}.{CountingHasher.__name__}"]
    verify(cast.stranger)
    closed = verify(person("Lukket Person"))
    people.deactivate(user_pk=closed.pk, by=cast.secretariat, at=NOW)
    without = verify(person("Uden Kode"))
    without.set_unusable_password()
    without.save()
    for user in (cast.stranger, closed):
        user.set_password("hemmeligt-kodeord-1")
        user.save()

    def work(visit: Callable[[str], Any], email: str) -> int:
        CountingHasher.hashed = 0
        visit(email)
        return CountingHasher.hashed

    visits: dict[str, Callable[[str], Any]] = {
        "sign up": lambda email: sign_up(pages, email),
        "sign in": lambda email: pages.client.post(
            SIGN_IN, {"login": email, "password": "forkert"}
        ),
        "forgotten": lambda email: pages.client.post(FORGOTTEN, {"email": email}),
    }
    known = (cast.stranger.email, closed.email, without.email)
    found = {
        name: [work(visit, email) for email in (*known, f"{name.replace(' ', '')}@example.org")]
        for name, visit in visits.items()
    }
    pages.client.post(SIGN_IN, {"login": cast.stranger.email, "password": "hemmeligt-kodeord-1"})
    pages.client.post("/konto/bekraeft-dig/", {"password": "hemmeligt-kodeord-1"})
    found["change"] = [
        work(
            lambda to: pages.client.post("/konto/e-mail/", {"email": to, "action_add": "1"}),
            email,
        )
        for email in (closed.email, "aldrig@example.org")
    ]

    assert found == {
        "sign up": [1, 1, 1, 1],
        "sign in": [1, 1, 1, 1],
        "forgotten": [0, 0, 0, 0],
        "change": [0, 0],
    }
    assert OutgoingMail.objects.filter(recipient="aldrig@example.org").count() == 1


def test_a_forgotten_password_tells_nobody_who_is_there(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)

    answers = [
        pages.post(FORGOTTEN, {"email": email}) for email in (cast.stranger.email, "x@example.org")
    ]

    assert {(a.response.status_code, a.location) for a in answers} == {
        (302, "/konto/adgangskode/glemt/sendt/")
    }


def test_a_wrong_password_and_a_wrong_address_are_answered_alike(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)

    answers = [
        pages.post(SIGN_IN, {"login": email, "password": "forkert"}, status=200).problems
        for email in (cast.stranger.email, "x@example.org")
    ]

    assert answers[0] == answers[1] != []


def test_a_closed_account_cannot_sign_in_nor_get_a_new_password(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)
    people.deactivate(user_pk=cast.stranger.pk, by=cast.secretariat, at=NOW)
    OutgoingMail.objects.all().delete()

    answer = pages.client.post(
        SIGN_IN, {"login": cast.stranger.email, "password": "hemmeligt-kodeord-1"}
    )
    pages.post(FORGOTTEN, {"email": cast.stranger.email})

    assert "_auth_user_id" not in pages.client.session
    assert answer.status_code in (200, 302)
    assert not [m for m in OutgoingMail.objects.all() if "/konto/adgangskode/ny/" in m.body]


def test_passwords_cannot_be_guessed_for_ever(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)

    answers = [
        pages.client.post(SIGN_IN, {"login": cast.stranger.email, "password": f"forkert {n}"})
        for n in range(11)
    ]
    right = pages.client.post(
        SIGN_IN, {"login": cast.stranger.email, "password": "hemmeligt-kodeord-1"}
    )

    assert "for mange gange" in answers[-1].content.decode()
    assert "_auth_user_id" not in pages.client.session
    assert right.status_code == 200


def test_colleagues_behind_one_address_lock_out_only_themselves(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)
    others = [f"kollega{n}@example.org" for n in range(10)]

    for email in others:
        for n in range(6):
            answer = pages.client.post(SIGN_IN, {"login": email, "password": f"forkert {n}"})
        assert "for mange gange" in answer.content.decode()
    right = pages.client.post(
        SIGN_IN, {"login": cast.stranger.email, "password": "hemmeligt-kodeord-1"}
    )

    assert right.status_code == 302
    assert "_auth_user_id" in pages.client.session


def test_who_guesses_elsewhere_locks_nobody_out_here(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)
    wrong = {"login": cast.stranger.email, "password": "forkert"}

    elsewhere = [pages.client.post(SIGN_IN, wrong, REMOTE_ADDR="192.0.2.7") for _ in range(6)]
    here = pages.client.post(SIGN_IN, {**wrong, "password": "hemmeligt-kodeord-1"})

    assert "for mange gange" in elsewhere[-1].content.decode()
    assert here.status_code == 302


def test_guessing_from_many_addresses_is_bounded(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)
    wrong = {"login": cast.stranger.email, "password": "forkert"}

    answers = [pages.client.post(SIGN_IN, wrong, REMOTE_ADDR=f"192.0.2.{n}") for n in range(101)]

    refused = ["for mange gange" in answer.content.decode() for answer in answers]
    assert refused == [False] * 100 + [True]


def test_a_new_password_lets_one_in_at_once(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)
    for n in range(6):
        pages.client.post(SIGN_IN, {"login": cast.stranger.email, "password": f"forkert {n}"})
    pages.post(FORGOTTEN, {"email": cast.stranger.email})
    link = re.search(r"/konto/adgangskode/ny/\S+", OutgoingMail.objects.latest("pk").body)
    assert link
    form = pages.client.get(link[0]).headers["Location"]
    pages.post(form, {"password1": PASSWORD, "password2": PASSWORD})

    right = pages.client.post(SIGN_IN, {"login": cast.stranger.email, "password": PASSWORD})

    assert right.status_code == 302
    assert "_auth_user_id" in pages.client.session


def test_a_letter_is_said_to_be_sent_only_when_it_was(pages: Pages) -> None:
    cold = pages.get("/konto/bekraeft-e-mail/").text, pages.get(SENT_PAGE).text
    sign_up(pages, "ny@example.org")
    first = pages.get("/konto/bekraeft-e-mail/").text
    count = OutgoingMail.objects.count()
    pages.post(SIGN_IN, {"login": "ny@example.org", "password": PASSWORD})
    second = pages.get("/konto/bekraeft-e-mail/").text
    pages.post(FORGOTTEN, {"email": "ny@example.org"})
    reset = pages.get(SENT_PAGE).text

    assert not [text for text in cold if "Vi har sendt" in text]
    assert "Vi har sendt et brev til din mailadresse" in first
    assert (count, OutgoingMail.objects.count()) == (1, 2)
    assert "denne gang sendte vi ikke et nyt" in second
    assert re.search(r"Det næste kan sendes .+ kl\. \d+\.\d\d: log på igen", second)
    assert "Vi har sendt et brev til mailadressen" in reset


def test_a_letter_to_a_new_address_that_was_not_sent_is_said_to_be_so(pages: Pages) -> None:
    user = verify(person("Ny Person"))
    pages.post(SIGN_IN, {"login": user.email, "password": "hemmeligt-kodeord-1"})
    change = {"email": "anden@example.org", "action_add": "1"}

    pages.post("/konto/bekraeft-dig/", {"password": "hemmeligt-kodeord-1"})
    pages.post("/konto/e-mail/", change)
    first = pages.get("/konto/e-mail/")
    pages.post("/konto/e-mail/", {"email": "anden@example.org", "action_send": "1"})
    again = pages.get("/konto/e-mail/")
    pages.post("/konto/e-mail/", {"email": "anden@example.org", "action_remove": "1"})
    pages.post("/konto/e-mail/", change)
    anew = pages.get("/konto/e-mail/")

    assert first.messages == ["Vi har sendt et brev til anden@example.org. Følg linket i det."]
    for said in (again.messages, anew.messages[-1:]):
        assert len(said) == 1
        assert re.search(
            r"denne gang sendte vi ikke et nyt\. Det næste kan sendes .+ kl\.", said[0]
        )
    assert OutgoingMail.objects.filter(recipient="anden@example.org").count() == 1


def test_letters_cannot_be_ordered_for_ever(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)

    answers = [pages.client.post(FORGOTTEN, {"email": cast.stranger.email}) for _ in range(7)]

    assert answers[-1].status_code == 429
    assert OutgoingMail.objects.count() <= 5


def test_the_address_is_changed_only_after_the_password_once_more(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)
    pages.as_(cast.stranger)

    answer = pages.post("/konto/e-mail/", {"email": "anden@example.org", "action_add": "1"})

    before = EmailAddress.objects.filter(email="anden@example.org").count()
    pages.post(answer.location, {"password": "hemmeligt-kodeord-1"})
    taken_up = pages.get("/konto/e-mail/")

    assert answer.location.startswith("/konto/bekraeft-dig/")
    assert before == 0
    assert taken_up.messages == ["Vi har sendt et brev til anden@example.org. Følg linket i det."]
    assert OutgoingMail.objects.filter(recipient="anden@example.org").count() == 1


def test_a_new_address_takes_over_when_it_is_proved(pages: Pages) -> None:
    user = verify(person("Ny Person"))
    pages.post(SIGN_IN, {"login": user.email, "password": "hemmeligt-kodeord-1"})

    pages.post("/konto/bekraeft-dig/", {"password": "hemmeligt-kodeord-1"})
    pages.post("/konto/e-mail/", {"email": "anden@example.org", "action_add": "1"})

    user.refresh_from_db()
    assert user.email == "ny.person@example.org"
    letter = OutgoingMail.objects.get(recipient="anden@example.org")
    key = letter.body.split("/konto/bekraeft-e-mail/")[1].split("/")[0]
    pages.post(f"/konto/bekraeft-e-mail/{key}/")
    user.refresh_from_db()
    assert user.email == "anden@example.org"
    assert [e.email for e in EmailAddress.objects.all()] == ["anden@example.org"]


def test_another_new_address_is_written_on_a_page_of_its_own(cast: Cast, pages: Pages) -> None:
    verify(cast.stranger)
    pages.as_(cast.stranger)
    asked = pages.post("/konto/e-mail/", {"email": "anden@example.org", "action_add": "1"})
    pages.post(asked.location, {"password": "hemmeligt-kodeord-1"})

    waiting = pages.get("/konto/e-mail/")
    page = pages.get("/konto/e-mail/anden/")
    wrong = pages.post("/konto/e-mail/anden/", {"email": "x", "action_add": "1"}, status=200)
    done = pages.press("/konto/e-mail/anden/", {"email": "tredje@example.org", "action_add": "1"})

    assert waiting.buttons[-2:] == ["Send brevet igen", "Fortryd skiftet"]
    assert "/konto/e-mail/anden/" in waiting.links
    assert "Den tager pladsen for anden@example.org" in page.text
    assert wrong.value("email") == "x"
    assert "Ny adresse: tredje@example.org" in done.text
    assert not EmailAddress.objects.filter(email="anden@example.org").exists()

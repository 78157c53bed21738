"""Who sees the letters, and what of them."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

import pytest
from pytest_django import DjangoAssertNumQueries

from klimaspor.accounts.models import Membership, Role, User
from klimaspor.mail.models import OutgoingMail
from tests.mail.conftest import AT

Write = Callable[..., OutgoingMail | None]
pytestmark = pytest.mark.django_db
LETTERS = "/administration/breve/"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(User, "clock", timezone.now())


@pytest.fixture
def secretariat(client: Client) -> Client:
    """Sign the secretariat in."""
    person = User.objects.create_user("sekretariat@example.org", name="Lone Berg")
    Membership.objects.create(
        user=person, role=Role.SECRETARIAT, claimed_at=AT, confirmed_at=AT, confirmed_by=person
    )
    client.force_login(person)
    return client


def subjects(response: Any) -> list[str]:
    return [mail.subject for mail in response.context["mails"]]


def test_only_the_secretariat_sees_letters(client: Client, write: Write) -> None:
    mail = write()
    assert mail is not None
    addresses = (LETTERS, f"{LETTERS}{mail.pk}/")

    strangers = [client.get(address).status_code for address in addresses]
    client.force_login(User.objects.create_user("mette@example.org", name="Mette Holm"))
    others = [client.get(address).status_code for address in addresses]
    again = client.post(f"{LETTERS}{mail.pk}/igen/")
    assert client.post(f"{LETTERS}igen/").status_code == 403

    assert strangers == [302, 302]
    assert others == [403, 403]
    assert again.status_code == 403


def test_the_list_is_newest_first_and_filtered_in_the_address(
    secretariat: Client, write: Write
) -> None:
    write("a", context={"title": "A"})
    write("b", context={"title": "B"}, to="lars@example.org")
    write("c", context={"title": "C"}, waits_for="version:12")

    found = {
        query: subjects(secretariat.get(f"{LETTERS}?{query}"))
        for query in ("", "modtager=LARS", "tilstand=afventer", "tilstand=sendt", "tilstand=x")
    }

    assert found == {
        "": ["Dit forslag: C", "Dit forslag: B", "Dit forslag: A"],
        "modtager=LARS": ["Dit forslag: B"],
        "tilstand=afventer": ["Dit forslag: C"],
        "tilstand=sendt": [],
        "tilstand=x": ["Dit forslag: C", "Dit forslag: B", "Dit forslag: A"],
    }


def test_a_page_holds_25(secretariat: Client, write: Write) -> None:
    for number in range(26):
        write(str(number))

    assert len(subjects(secretariat.get(LETTERS))) == 25
    assert len(subjects(secretariat.get(f"{LETTERS}?page=2"))) == 1


def test_the_list_asks_the_same_of_the_database_however_long(
    secretariat: Client, write: Write, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    write("1")
    with django_assert_num_queries(6):
        secretariat.get(LETTERS)
    write("2")
    write("3")
    with django_assert_num_queries(6):
        secretariat.get(LETTERS)


def test_a_letter_that_was_given_up_can_be_sent_again(secretariat: Client, write: Write) -> None:
    mail = write()
    assert mail is not None
    page = f"{LETTERS}{mail.pk}/"
    assert "Prøv igen" not in secretariat.get(page).content.decode()
    OutgoingMail.objects.update(failed_at=AT, attempts=10, error="SMTPRecipientsRefused: 550")

    given_up = secretariat.get(page).content.decode()
    answer = secretariat.post(f"{page}igen/", follow=True)
    second = secretariat.post(f"{page}igen/", follow=True)

    assert "Prøv igen" in given_up
    assert "SMTPRecipientsRefused: 550" in given_up
    assert "sendes igen om et øjeblik" in answer.content.decode()
    assert "ikke opgivet" in second.content.decode()
    assert OutgoingMail.objects.waiting().count() == 1
    assert secretariat.get(f"{page}igen/").status_code == 405


def test_one_press_tries_all_that_were_given_up_again(secretariat: Client, write: Write) -> None:
    for number in range(3):
        write(str(number))
    assert "Prøv alle igen nu" not in secretariat.get(LETTERS).content.decode()
    given_up = OutgoingMail.objects.filter(key__in=["0", "1"])
    given_up.update(failed_at=AT, attempts=10, error="550 No such user")
    OutgoingMail.objects.filter(key="2").update(next_attempt_at=AT)

    said = secretariat.get(LETTERS).content.decode()
    answer = secretariat.post(f"{LETTERS}igen/", follow=True)
    second = secretariat.post(f"{LETTERS}igen/", follow=True)

    assert "2 breve blev opgivet" in said
    assert "2 breve sendes igen om et øjeblik" in answer.content.decode()
    assert "Ingen breve er opgivet" in second.content.decode()
    assert OutgoingMail.objects.waiting().filter(attempts=0, next_attempt_at=None).count() == 3
    assert secretariat.get(f"{LETTERS}igen/").status_code == 405


def test_what_opens_an_account_is_shown_to_nobody(secretariat: Client, write: Write) -> None:
    mail = write(context={"title": "hemmelig-kode"}, is_secret=True)
    assert mail is not None
    OutgoingMail.objects.update(subject="Ny adgangskode")

    page = secretariat.get(f"{LETTERS}{mail.pk}/").content.decode()

    assert "hemmelig-kode" not in page
    assert "Teksten vises ikke" in page


def test_other_peoples_words_are_no_markup(
    secretariat: Client, write: Write, settings: Any
) -> None:
    settings.DEMO = True
    mail = write(context={"title": "<script>alert(1)</script>"})
    assert mail is not None

    for address in (LETTERS, f"{LETTERS}{mail.pk}/", "/demo/breve/"):
        assert "<script>alert" not in secretariat.get(address).content.decode()


def test_the_demo_shows_letters_with_their_links_and_nobody_else_does(
    client: Client, write: Write, settings: Any
) -> None:
    write(context={"path": "/konto/x/", "title": "a.dk"}, is_secret=True)

    hidden = client.get("/demo/breve/")
    settings.DEMO = True
    shown = client.get("/demo/breve/")

    assert hidden.status_code == 404
    assert shown.status_code == 200
    assert (
        '<a href="https://klimaspor.example/konto/x/">https://klimaspor.example/konto/x/</a>'
        in shown.content.decode()
    )


def test_the_admin_only_looks(client: Client, write: Write) -> None:
    mail = write(context={"title": "hemmelig-kode"}, is_secret=True)
    assert mail is not None
    OutgoingMail.objects.update(subject="Ny adgangskode")
    client.force_login(User.objects.create_superuser("drift@example.org", name="Drift"))
    pages = "/admin/mail/outgoingmail/"

    shown = client.get(f"{pages}{mail.pk}/change/")
    changed = client.post(f"{pages}{mail.pk}/change/", {"recipient": "anden@example.org"})

    assert client.get(pages).status_code == 200
    assert shown.status_code == 200
    assert "hemmelig-kode" not in shown.content.decode()
    assert changed.status_code == 403
    mail.refresh_from_db()
    assert mail.recipient == "mette@example.org"

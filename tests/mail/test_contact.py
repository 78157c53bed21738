"""Whom every page says one may write to and call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import Error, connection, transaction
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

import pytest

from klimaspor.mail import contact
from klimaspor.mail.models import Contact

if TYPE_CHECKING:
    from tests.pages import Pages

pytestmark = pytest.mark.django_db


def drawn(tag: str) -> str:
    return Template("{% load contact %}" + tag).render(Context())


def test_it_is_asked_for_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    Contact.objects.create(pk=Contact.ONLY, email="post@example.org", phone="12345678")
    monkeypatch.setattr(contact._Known, "asked_at", None)  # noqa: SLF001 - as a process begins

    with CaptureQueriesContext(connection) as asked:
        found = [contact.known() for _ in range(3)]
    Contact.objects.update(phone="87654321")
    before = contact.known().phone
    monkeypatch.setattr(contact, "KNOWN_SECONDS", -1)

    assert {(one.email, one.phone) for one in found} == {("post@example.org", "12345678")}
    assert len(asked) == 1
    assert (before, contact.known().phone) == ("12345678", "87654321")


def test_what_was_known_last_is_said_where_the_database_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contact, "KNOWN_SECONDS", -1)

    with transaction.atomic():
        with pytest.raises(Error), connection.cursor() as cursor:
            cursor.execute("SELECT ingenting")
        assert contact.known().phone == "33 70 33 70"
        transaction.set_rollback(True)


def test_a_page_says_it_and_nothing_where_there_is_none(pages: Pages) -> None:
    footer = pages.get("/runder/")
    contact.remember(Contact(email="post@example.org"))
    without = pages.get("/runder/")

    assert "Skriv til klimaalliancen@kl.dk Ring på 33 70 33 70" in footer.text
    assert "tel:+4533703370" in footer.links
    assert "Skriv til post@example.org" in without.text
    assert "Ring på" not in without.text
    assert drawn("{% kontakt %}") == ('<a href="mailto:post@example.org">post@example.org</a>')


def test_it_is_written_into_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact, "KNOWN_SECONDS", -1)
    Contact.objects.create(pk=Contact.ONLY, email="post@example.org", phone="12345678, lokal 9")

    with CaptureQueriesContext(connection) as asked:
        known_last = drawn("{% kontakt False %}")

    assert asked.captured_queries == []
    assert "33\xa070\xa033\xa070" in known_last
    assert drawn("Skriv til {% kontakt %}.") == (
        'Skriv til <a href="mailto:post@example.org">post@example.org</a>, eller ring på '
        '<a class="nowrap" href="tel:+4512345678;ext=9">12\xa034\xa056\xa078, lokal\xa09</a>.'
    )


def test_others_words_in_the_number_are_words() -> None:
    contact.remember(Contact(email="post@example.org", phone="<b>ring</b>"))

    assert drawn("{% kontakt %}").endswith(", eller ring på &lt;b&gt;ring&lt;/b&gt;")

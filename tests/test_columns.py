"""Names, titles, places and addresses are one line in every table, whoever writes them, and the database holds to it."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

import pytest

from klimaspor import columns, danish
from klimaspor.accounts.models import Organization, User
from klimaspor.columns import REFUSED, Address, Line
from tests.factories.intake import a_cast

OURS = ("accounts", "mail", "proposals", "review", "klimaspor")
NO_WORDS = {
    "accounts.Dgo.slug": "made here",
    "accounts.User.password": "a hash",
    "klimaspor.SweepRecord.name": "a name of ours",
    "proposals.Advice.name": "a question of ours",
    "proposals.AnswerChange.name": "a question of ours",
    "proposals.Attachment.content_type": "of our own list",
    "accounts.InvitationByLink.token_hash": "a hash",
    "accounts.LoadedReference.key": "a name of ours",
    "mail.MailAttachment.content_type": "of our own list",
    "mail.MailAttachment.file": "a path of ours",
    "klimaspor.UsedKey.key": "a hash",
    "klimaspor.UsedKey.typed": "a hash",
    "mail.OutgoingMail.key": "a key of ours",
    "mail.OutgoingMail.message_id": "made here",
    "mail.OutgoingMail.name": "a folder of templates",
    "mail.OutgoingMail.request_id": "signs of `klimaspor.tracing`",
    "mail.OutgoingMail.waits_for": "a key of ours",
    "proposals.Duty.subject": "a number or a day",
    "proposals.Event.transition": "a word of ours",
    "proposals.FieldVersion.name": "a question of ours",
    "proposals.Proposal.number": "a number of ours",
    "review.FormalAnswer.requirement": "an id of ours",
}
HOSTILE = "Maja\r\n\u2028Pas på:\u202e konto\u2066n\u200b\x85lukkes\x00\u2060"


def word_columns() -> dict[str, models.Field[Any, Any]]:
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}": field
        for app in OURS
        if app in apps.app_configs
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.CharField)
        and not field.choices
        and "sha256" not in field.name
        and not field.name.endswith("_hash")
    }


def test_every_column_of_words_is_one_line() -> None:
    found = word_columns()
    assert len(found) > 40

    loose = {name for name, field in found.items() if not isinstance(field, (Line, Address))}

    assert loose - set(NO_WORDS) == set()
    assert {
        name
        for name, field in found.items()
        if isinstance(field, models.EmailField) and not isinstance(field, Address)
    } == set()


@pytest.mark.django_db
def test_the_database_holds_every_such_column_to_it() -> None:
    held = {(table, column) for table, column in _checked()}

    assert {
        (field.model._meta.db_table, field.column)
        for field in word_columns().values()
        if isinstance(field, (Line, Address))
    } == held


def _checked() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
            "WHERE c.contype = 'c' AND pg_get_constraintdef(c.oid) LIKE %s",
            ["%!~%" + r"[\\u0001-\\u001f%"],
        )
        return [(table.strip('"'), column) for table, column in cursor.fetchall()]


@pytest.mark.django_db
def test_whatever_writes_it_the_row_and_the_object_hold_one_line() -> None:
    wanted = danish.one_line(HOSTILE)
    person = User.objects.create(email=f"na\u2060vn@eksempel{HOSTILE[-1]}.dk", name=HOSTILE)

    assert (person.name, person.email) == (wanted, "navn@eksempel.dk")
    User.objects.filter(pk=person.pk).update(name=HOSTILE)
    Organization.objects.bulk_create([Organization(name=HOSTILE, kind="company")])
    person.refresh_from_db()
    assert person.name == wanted
    assert User.objects.get(email="navn@\u200beksempel.dk") == person
    assert Organization.objects.filter(name=wanted).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sign", ("\n", "\r", "\x1b", "\x85", "\u2028", "\u202e", "\u2066", "\u2060")
)
def test_the_database_refuses_what_comes_around(sign: str) -> None:
    person = a_cast().owner

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_user SET name = %s WHERE id = %s", [f"Maja{sign}Holm", person.pk]
        )


@pytest.mark.django_db
def test_the_database_refuses_nothing_that_is_stored() -> None:
    """What `one_line` lets stand, PostgreSQL takes; and every sign of control or direction is refused."""
    signs = [chr(code) for code in range(1, 0x10000) if not 0xD800 <= code <= 0xDFFF]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sign FROM unnest(%s::text[]) sign WHERE sign ~ %s", [signs, REFUSED])
        refused = {row[0] for row in cursor.fetchall()}

    assert {sign for sign in refused if danish.one_line(f"a{sign}b") == f"a{sign}b"} == set()
    turning = {"RLE", "LRE", "PDF", "RLO", "LRO", "RLI", "LRI", "FSI", "PDI"}
    assert {
        sign
        for sign in signs
        if unicodedata.category(sign) in {"Cc", "Zl", "Zp"}
        or unicodedata.bidirectional(sign) in turning
    } - refused == set()


@pytest.mark.django_db
def test_what_stood_there_before_is_tidied_and_nobody_is_lost() -> None:
    cast = a_cast()
    table = User._meta.db_table
    twin = f"{cast.owner.email[:3]}\u2060{cast.owner.email[3:]}"
    with connection.cursor() as cursor:
        for name in _names_of_checks(cursor, table):
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(
            f"UPDATE {table} SET name = %s, email = %s WHERE id = %s",  # noqa: S608 - our own table
            [HOSTILE.replace("\x00", ""), twin, cast.stranger.pk],
        )

    with connection.schema_editor() as editor:
        columns.tidied("accounts", {"user": ("email", "name", "phone")}).code(apps, editor)

    cast.stranger.refresh_from_db()
    assert cast.stranger.name == danish.one_line(HOSTILE)
    assert cast.stranger.email == f"{cast.stranger.pk}.{cast.owner.email}"


def _names_of_checks(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass "
        "AND pg_get_constraintdef(oid) LIKE %s",
        [table, r"%!~ '[\\u0001%"],
    )
    return [row[0] for row in cursor.fetchall()]

"""
What real steps made is kept as rows, and put back where the same steps would be taken from the same rows again.

`@remembered` is for functions that make test data. They are called for real the first time; the second time, in a database
that holds exactly what it held then, the rows that came, changed and went are written instead. Nothing is assumed about
tests: whoever changed a row, asks for something else, or stands at another time, gets the real steps. test_walk compares.
"""

from __future__ import annotations

import contextlib
import enum
import functools
import json
import pickle
from collections import defaultdict
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection, models
from django.utils import timezone

import time_machine

from klimaspor import tracing
from tests.suite import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

P = ParamSpec("P")
T = TypeVar("T")

PLAIN = (str, int, float, Decimal, date, datetime, enum.Enum, type(None))

# Each test has a folder of its own, and what is made of files is never remembered.
OF_NO_MATTER = {"STORAGES"}


class Unsaid(Exception):
    """Something was asked for that cannot be told from something else."""


class Hasher(MD5PasswordHasher):
    """Quick, and the same password is the same row."""

    def salt(self) -> str:
        return "salt"


@dataclass(frozen=True)
class Memory:
    """The rows a call left behind, as one command, what it counted on in what it was given, and what it gave."""

    command: str
    places: dict[str, int]
    counted: dict[tuple[int, str], Any]
    given: bytes

    def put_back(self, args: tuple[Any, ...]) -> Any:
        if self.command:
            _ask(self.command)
        for (place, name), value in self.counted.items():
            setattr(args[place], name, value)
        _ask(
            "SELECT "
            + ", ".join(
                f"setval('{name}', greatest({place}, (SELECT last_value FROM \"{name}\")))"
                for name, place in self.places.items()
            )
        )
        return pickle.loads(self.given)  # noqa: S301 - our own words, of this very process


MEMORIES: dict[Any, Memory] = {}

PATCHES: list[pytest.MonkeyPatch] = []
"""What the running test may have made to work otherwise."""

_is_forgetful = False


@contextlib.contextmanager
def forgetful() -> Iterator[None]:
    """Take every step for real."""
    global _is_forgetful  # noqa: PLW0603 - one for the process
    before, _is_forgetful = _is_forgetful, True
    try:
        yield
    finally:
        _is_forgetful = before


def remembered(make: Callable[P, T]) -> Callable[P, T]:
    @functools.wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        if _is_forgetful or any(patch._setattr for patch in PATCHES):  # noqa: SLF001 - it tells in no other way
            return make(*args, **kwargs)
        try:
            key = (
                make.__module__,
                make.__qualname__,
                said([*args, kwargs]),
                _circumstances(),
                _content(),
            )
        except Unsaid:
            return make(*args, **kwargs)
        if memory := MEMORIES.get(key):
            given: T = memory.put_back(args)
            return given
        before, held = rows(), _held(args)
        given = make(*args, **kwargs)
        after, holds = rows(), _held(args)
        if not _has_files(after):
            counted = {place: value for place, value in holds.items() if value != held[place]}
            MEMORIES[key] = Memory(
                _command(before, after), database.places(), counted, pickle.dumps(given)
            )
        return given

    return made


def said(thing: Any) -> Any:
    """Say what is asked for, so that it is the same only where the same is asked."""
    if isinstance(thing, PLAIN):
        return (type(thing).__name__, str(thing))
    if isinstance(thing, list | tuple):
        return tuple(map(said, thing))
    if isinstance(thing, dict):
        return tuple((name, said(value)) for name, value in sorted(thing.items()))
    if isinstance(thing, models.Model):
        known = {field.attname for field in thing._meta.concrete_fields} | {"clock"}
        held = {name: value for name, value in vars(thing).items() if name in known}
        return (thing._meta.label, said(held))
    if is_dataclass(thing):
        return (type(thing).__name__, *(said(getattr(thing, each.name)) for each in fields(thing)))
    raise Unsaid(thing)


def _held(args: tuple[Any, ...]) -> dict[tuple[int, str], Any]:
    """Give the plain values in what is given, by which argument they stand in: a world counts its meetings."""
    return {
        (place, each.name): getattr(arg, each.name)
        for place, arg in enumerate(args)
        if is_dataclass(arg)
        for each in fields(arg)
        if isinstance(getattr(arg, each.name), PLAIN)
    }


def _circumstances() -> Any:
    """Give what else steps may look at: a clock that stands still, what is being answered, and settings of the test's own."""
    stands_at = timezone.now() if time_machine.escape_hatch.is_travelling() else None
    own: dict[str, str] = {}
    holder = settings._wrapped  # noqa: SLF001 - there is no other way to ask what is overridden
    while isinstance(holder, UserSettingsHolder):
        own = {
            **{name: repr(value) for name, value in vars(holder).items() if name.isupper()},
            **own,
        }
        holder = holder.default_settings
    own_settings = sorted(item for item in own.items() if item[0] not in OF_NO_MATTER)
    return (stands_at, tracing.current(), tuple(own_settings))


# Asked beside Django, whose count of queries is the test's


def _ask(command: str) -> list[Any]:
    connection.ensure_connection()
    cursor = connection.connection.execute(command)
    return cursor.fetchall() if cursor.description else []


def _content() -> Any:
    """Give a number that is another when any row is."""
    sums = " UNION ALL ".join(
        f'SELECT {place} n, sum(hashtextextended(t::text, 0)) s FROM "{name}" t'
        for place, name in enumerate(database.tables())
    )
    return tuple(_ask(f"SELECT n, s FROM ({sums}) x WHERE s IS NOT NULL"))


def rows() -> dict[str, list[str]]:
    """Give everything that stands in the database, in the order it lies there."""
    found: dict[str, list[str]] = {}
    asked = " UNION ALL ".join(
        f"SELECT '{name}', to_jsonb(t)::text FROM \"{name}\" t" for name in database.tables()
    )
    for name, row in _ask(asked):
        found.setdefault(name, []).append(row)
    return found


@functools.cache
def _written() -> dict[str, list[str]]:
    """Give the columns of each table, those apart that PostgreSQL works out by itself."""
    found = defaultdict(list)
    for table, column in _ask(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND is_generated = 'NEVER' ORDER BY ordinal_position"
    ):
        found[table].append(column)
    return found


@functools.cache
def _keys() -> dict[str, list[str]]:
    found = defaultdict(list)
    for table, column in _ask(
        "SELECT t.relname, a.attname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
        " JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'"
        " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(i.indkey)"
        " WHERE i.indisprimary"
    ):
        found[table].append(column)
    return found


def _command(before: dict[str, list[str]], after: dict[str, list[str]]) -> str:
    """Write what turns one set of rows into the other; keys are looked after when the test ends or commits."""
    words = []
    for table in sorted(before.keys() | after.keys()):
        had, has = set(before.get(table, ())), set(after.get(table, ()))
        gone = [row for row in before.get(table, ()) if row not in has]
        new = [row for row in after.get(table, ()) if row not in had]
        if gone:
            keys = ", ".join(f'"{name}"' for name in _keys()[table])
            words.append(
                f'DELETE FROM "{table}" WHERE ({keys}) IN (SELECT {keys} FROM {_rows(table, gone)})'
            )
        if new:
            columns = ", ".join(f'"{name}"' for name in _written()[table])
            words.append(
                f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {_rows(table, new)}'
            )
    return "; ".join(words)


def _rows(table: str, found: list[str]) -> str:
    text = f"[{', '.join(found)}]".replace("'", "''")
    return f"jsonb_populate_recordset(NULL::\"{table}\", '{text}')"


@functools.cache
def _files() -> dict[str, list[str]]:
    found = defaultdict(list)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                found[model._meta.db_table].append(field.column)
    return found


def _has_files(found: dict[str, list[str]]) -> bool:
    return any(
        json.loads(row).get(column)
        for table, columns in _files().items()
        for row in found.get(table, ())
        for column in columns
    )

"""
Questions to the database that are put together once and asked many times.

Django writes the SQL of a queryset anew each time, and PostgreSQL plans it anew, which for the questions of every page takes
longer than the answer. Here a queryset is built with `Given` where values will stand; its SQL is kept, and its plan with
each connection, and each time only the values are new.

What is prepared is the same querysets, from `visible_to` on, and tests hold both answers equal. This is the one place
that leans on Django's insides. Reconsider when Django keeps compiled queries itself.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import BigIntegerField, BooleanField, Expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.db.models import Field, QuerySet


class Given(Expression):
    """Stands in a queryset for a value that is known when it is asked."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class GivenList(Given):
    """
    Stands for several values behind `__in`; numbers, when nothing is said.

    How many should be known when they are few: PostgreSQL looks one number up in an index, and many in a table of their own.
    """

    def __init__(
        self, name: str, output_field: Field[Any, Any] | None = None, *, length: int = 0
    ) -> None:
        super().__init__(name, output_field or BigIntegerField())
        self.length = length

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if self.length:
            each = [_OneOf(self.name, place) for place in range(self.length)]
            return f"({', '.join(['%s'] * self.length)})", each
        kind = "bigint" if isinstance(self.output_field, BigIntegerField) else "text"
        return f"(SELECT unnest(%s::{kind}[]))", [self]


@dataclass(frozen=True)
class _OneOf:
    """Stands for one of several values."""

    name: str
    place: int


class _IsOnPage(Expression):
    """Says of a row that its key is among those of `found` that are shown."""

    conditional = True

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(output_field=BooleanField())
        self.column = _key_column(rows)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        part = "(SELECT keys[%s:%s] FROM found)"
        limits = [Given("first", BigIntegerField()), Given("last", BigIntegerField())]
        return f"{self.column} = ANY({part}::bigint[])", limits


class _Place(Expression):
    """Where a row's key stands in `found`."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(output_field=BigIntegerField())
        self.column = _key_column(rows)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return f"array_position((SELECT keys FROM found), {self.column})", []  # noqa: S608 - a column of ours


class _Counted(Expression):
    """How many keys were found."""

    def __init__(self) -> None:
        super().__init__(output_field=BigIntegerField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "(SELECT cardinality(keys) FROM found)", []


def _key_column(rows: QuerySet[Any]) -> str:
    return f'"{rows.model._meta.db_table}"."{rows.model._meta.pk.column}"'


def _ask(sql: str, values: list[Any]) -> list[Any]:
    """Ask, and let PostgreSQL keep how it answers: its plan costs it longer than most answers do."""
    insides: Any = connection
    insides.ensure_connection()
    # Values go apart from the words, so that the words are the same each time.
    bound: Any = ServerBindingCursor
    with insides._prepare_cursor(bound(insides.connection)) as cursor:  # noqa: SLF001 - as any other cursor: logged, and its errors named
        cursor.execute(sql, values)
        found: list[Any] = cursor.fetchall()
    return found


class Prepared:
    """A queryset whose SQL is kept. Made when first needed, never at import, and never changed: threads share it."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(connection=connection)
        self._sql, self._values = self._compiler.as_sql()

    def begin_with(self, sql: str, values: list[Any]) -> None:
        """Let the SQL begin with something that the queryset names."""
        self._sql, self._values = f"{sql} {self._sql}", [*values, *self._values]

    def written(self, given: Mapping[str, Any]) -> tuple[str, list[Any]]:
        return self._sql, _filled(self._values, given)

    def read(self, given: Mapping[str, Any]) -> QuerySet[Any]:
        """Give the queryset with its values; it can be read, and not narrowed further."""
        written = self.written(given)
        compiler = copy(self._compiler)
        # What it would ask, but for the values; in one piece, as it comes.
        compiler.execute_sql = lambda *_, **__: [_ask(*written)]
        rows = self._rows.all()
        rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]  # of this copy only
        return rows


@dataclass(frozen=True)
class Listed:
    """
    A long list in two parts: which rows there are, and all that is shown of the few on a page.

    `found` are querysets of one number each, the key, one list after the other and each in its order, that join no more
    than finding takes. `shown` is of all rows, in no order.
    """

    found: tuple[QuerySet[Any, Any], ...]
    shown: QuerySet[Any]


class PreparedList:
    """The pages of a list, whose SQL is kept; as many keys are found as are counted, and no more."""

    def __init__(self, listed: Listed) -> None:
        parts = []
        self._values: list[Any] = []
        for keys in listed.found:
            sql, values = keys.query.sql_with_params()
            parts.append(f"({sql})")
            self._values += values
        self._keys = f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS each"  # noqa: S608 - Django wrote it, and values stand apart
        rows = listed.shown
        shown = rows.annotate(found_count=_Counted()).filter(_IsOnPage(rows))
        self._page = Prepared(shown.order_by(_Place(rows)))
        self._page.begin_with(
            f"WITH found AS (SELECT ARRAY({self._keys} LIMIT %s) AS keys)",
            [*self._values, Given("most", BigIntegerField())],
        )

    def count(self, given: Mapping[str, Any]) -> int:
        sql = f"SELECT COUNT(*) FROM ({self._keys}) AS found"  # noqa: S608 - Django wrote it, and values stand apart
        counted: int = _ask(sql, _filled(self._values, given))[0][0]
        return counted

    def read_page(
        self, start: int, stop: int, given: Mapping[str, Any], *, most: int
    ) -> tuple[list[Any], int]:
        """Give the rows from `start` to before `stop` and how many there are, at most `most`; past the end that is 0."""
        limits = {"first": start + 1, "last": stop, "most": max(most, stop)}
        rows = list(self._page.read({**given, **limits}))
        return rows, rows[0].found_count if rows else 0


def _filled(values: Iterable[Any], given: Mapping[str, Any]) -> list[Any]:
    return [_value(each, given) for each in values]


def _value(each: Any, given: Mapping[str, Any]) -> Any:
    if isinstance(each, _OneOf):
        return given[each.name][each.place]
    return given[each.name] if isinstance(each, Given) else each


@dataclass(frozen=True)
class AskedList:
    """A prepared list with its values: as much of a queryset as a paginator uses."""

    prepared: PreparedList
    given: Mapping[str, Any]

    def count(self) -> int:
        return self.prepared.count(self.given)

    def page(self, start: int, stop: int, *, most: int) -> tuple[list[Any], int]:
        return self.prepared.read_page(start, stop, self.given, most=most)


@dataclass(frozen=True)
class Asked:
    """A prepared question with its values, to be read."""

    prepared: Prepared
    given: Mapping[str, Any]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.prepared.read(self.given))


def together(asked: Iterable[Asked]) -> list[Any]:
    """Ask several questions for rows of the same columns in one round trip; which came from which nobody knows."""
    parts, values = [], []
    for each in asked:
        sql, its_values = each.prepared.written(each.given)
        parts.append(f"({sql})")
        values += its_values
    return _ask(" UNION ALL ".join(parts), values)

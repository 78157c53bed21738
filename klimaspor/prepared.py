"""
Questions to the database that are put together once and asked many times.

Django writes the SQL of a queryset anew each time, which for the questions of every page takes longer than the answer.
Here a queryset is built with `Given` where values will stand; its SQL is kept, and each time only the values are new.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BigIntegerField, Expression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Field, QuerySet


class Given(Expression):
    """Stands in a queryset for a value that is known when it is asked."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class GivenList(Given):
    """Stands for several numbers, at least one, behind `__in`."""

    def __init__(self, name: str) -> None:
        super().__init__(name, BigIntegerField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "(SELECT unnest(%s::bigint[]))", (self,)


class Prepared:
    """A queryset whose SQL is kept; made when first needed, never at import."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(connection=connection)
        self._sql, self._params = self._compiler.as_sql()

    def count(self, given: Mapping[str, Any]) -> int:
        counting = f"SELECT COUNT(*) FROM ({self._sql}) AS found"  # noqa: S608 - Django wrote it, and values stand apart
        with connection.cursor() as cursor:
            cursor.execute(counting, self._values(given))
            counted: int = cursor.fetchone()[0]
        return counted

    def ask(self, given: Mapping[str, Any]) -> list[Any]:
        """Give what the queryset would."""
        compiler = copy(self._compiler)
        written = self._sql, self._values(given)
        compiler.as_sql = lambda *_, **__: written  # what it would write, but for the values
        rows = self._rows.all()
        rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]  # of this copy only
        return list(rows)

    def _values(self, given: Mapping[str, Any]) -> list[Any]:
        return [given[each.name] if isinstance(each, Given) else each for each in self._params]

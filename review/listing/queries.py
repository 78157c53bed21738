"""What the list of proposals asks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Value

from klimaspor.accounts.models import Dgo
from klimaspor.prepared import Asked, Prepared, together
from proposals.rounds.models import Round

if TYPE_CHECKING:
    from django.db.models import QuerySet


def choices() -> tuple[tuple[str, int, str], ...]:
    """Give (filter, key, name) of the rounds and DGOs there are, in the order in which they are shown."""
    return tuple(together(Asked(prepared, {}) for prepared in _choices()))


@cache
def _choices() -> tuple[Prepared, ...]:
    rounds: QuerySet[Any, Any] = Round.objects.newest_first().values_list(
        _named("runde"), "pk", "name"
    )
    dgos: QuerySet[Any, Any] = Dgo.objects.by_name().values_list(_named("dgo"), "pk", "name")
    return Prepared(rounds), Prepared(dgos)


def _named(name: str) -> Value:
    return Value(name, output_field=CharField())

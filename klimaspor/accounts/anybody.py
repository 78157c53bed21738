"""
Whoever asks, in questions that are prepared: a question is put together once for each kind of person.

A kind is which duties somebody has; who it is, of which DGO and when, is given each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import BigIntegerField, DateField, DateTimeField

from klimaspor import danish
from klimaspor.accounts.models import Duties, User
from klimaspor.prepared import Given, GivenList

if TYPE_CHECKING:
    from datetime import date, datetime

AT = cast("datetime", Given("at", DateTimeField()))
DAY = cast("date", Given("day", DateField()))


class _Anybody(Given):
    """Stands in a queryset for a person, with the duties that decide how the question is put."""

    def __init__(self, duties: Duties) -> None:
        super().__init__("user", BigIntegerField())
        self._duties = duties

    def duties_at(self, at: datetime) -> Duties:
        return self._duties


def anybody(duties: Duties) -> User:
    """Stand for a person of that kind."""
    return cast("User", _Anybody(duties))


def kind_of(duties: Duties) -> Duties:
    """Give the duties with whom they are for left open."""
    return Duties(
        is_secretariat=duties.is_secretariat,
        is_committee=duties.is_committee,
        is_administrator=duties.is_administrator,
        dgo_ids=_open("dgo_ids", duties.dgo_ids),
        funder_ids=_open("funder_ids", duties.funder_ids),
        organization_ids=_open("organization_ids", duties.organization_ids),
    )


def _open(name: str, ids: frozenset[int]) -> frozenset[int]:
    # Whoever has none is asked about in other words.
    return cast("frozenset[int]", GivenList(name)) if ids else ids


def given(user: User, duties: Duties, *, at: datetime) -> dict[str, Any]:
    """Give what the person's kind leaves open."""
    return {
        "user": user.pk,
        "at": at,
        "day": danish.day_of(at),
        "dgo_ids": list(duties.dgo_ids),
        "funder_ids": list(duties.funder_ids),
        "organization_ids": list(duties.organization_ids),
    }

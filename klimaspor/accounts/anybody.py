"""
Questions that are prepared for anybody: put together once for each kind of person, and asked with who it is.

A kind is which duties somebody has; of which DGO or organization and when is given each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django.db.models import BigIntegerField, DateField, DateTimeField

from klimaspor import danish
from klimaspor.accounts.models import Duties, User
from klimaspor.prepared import Asked, AskedList, Given, GivenList, Listed, Prepared, PreparedList

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from django.db.models import QuerySet

GIVEN_AT = cast("datetime", Given("at", DateTimeField()))
GIVEN_DAY = cast("date", Given("day", DateField()))


def day_of(at: datetime) -> date:
    """Give the Danish day of a moment, also of one that is given later."""
    return GIVEN_DAY if at is GIVEN_AT else danish.day_of(at)


class _Anybody(Given):
    """Stands in a queryset for a person, with the duties that decide how the question is put."""

    def __init__(self, duties: Duties) -> None:
        super().__init__("user", BigIntegerField())
        self._duties = duties

    @property
    def pk(self) -> _Anybody:
        """Stand for the person's key in SQL of our own."""
        return self

    def duties_at(self, at: datetime) -> Duties:
        return self._duties


Made = TypeVar("Made")


class _ByKind(Generic[Made]):
    """What is put together once for each kind of person, with somebody of that kind and a moment."""

    def __init__(self, make: Callable[..., Made]) -> None:
        self.make = make
        self._made: dict[tuple[Any, ...], Made] = {}

    def of(self, duties: Duties, *words: str) -> Made:
        kind = _kind_of(duties)
        key = (kind, *words)
        if key not in self._made:
            self._made[key] = self.make(cast("User", _Anybody(kind)), *words, at=GIVEN_AT)
        return self._made[key]


class PreparedFor:
    """
    A question that people ask again and again, as a decorator of what puts it together.

    The function is called once for each kind of person (and the words it depends on, such as a sorting), with somebody
    of that kind and a moment. Values of its own it names as `Given`; they are keywords when it is asked.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self.build = build
        self._prepared = _ByKind(lambda *args, **kwargs: Prepared(build(*args, **kwargs)))

    def __call__(self, user: User, *words: str, at: datetime, **values: Any) -> Asked:
        duties = user.duties_at(at)
        given = {**_given(user, duties, at=at), **values}
        return Asked(self._prepared.of(duties, *words), given)


class PreparedListFor:
    """The same of a long list, which is read page by page."""

    def __init__(self, build: Callable[..., Listed]) -> None:
        self.build = build
        self._prepared = _ByKind(lambda *args, **kwargs: PreparedList(build(*args, **kwargs)))

    def __call__(self, user: User, *words: str, at: datetime, **values: Any) -> AskedList:
        duties = user.duties_at(at)
        given = {**_given(user, duties, at=at), **values}
        return AskedList(self._prepared.of(duties, *words), given)


def _kind_of(duties: Duties) -> Duties:
    """Give the duties with whom they are for left open."""
    return Duties(
        is_secretariat=duties.is_secretariat,
        is_committee=duties.is_committee,
        is_administrator=duties.is_administrator,
        dgo_ids=_open("dgo_ids", duties.dgo_ids),
        funder_ids=_open("funder_ids", duties.funder_ids),
        organization_ids=_open("organization_ids", duties.organization_ids),
        other_organization_ids=_open("other_organization_ids", duties.other_organization_ids),
    )


def _open(name: str, ids: frozenset[int]) -> frozenset[int]:
    # Whoever has none is asked about in other words.
    return cast("frozenset[int]", GivenList(name, length=len(ids))) if ids else ids


def _given(user: User, duties: Duties, *, at: datetime) -> dict[str, Any]:
    """Give what the person's kind leaves open."""
    return {
        "user": user.pk,
        "at": at,
        "day": danish.day_of(at),
        "dgo_ids": list(duties.dgo_ids),
        "funder_ids": list(duties.funder_ids),
        "organization_ids": list(duties.organization_ids),
        "other_organization_ids": list(duties.other_organization_ids),
    }

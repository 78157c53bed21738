"""
What a page showed of each answer, so that a save overwrites nothing that the writer has not seen.

A page carries a `Base` beside every answer. What equals its base was not touched and is left alone; what was touched is
written when nobody else has written it meanwhile, and is a `Conflict` when somebody has.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from proposals.drafting.holding import held
from proposals.models import FieldVersion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User

_WRITTEN = re.compile(r"(\d{1,9})-([0-9a-f]{16})")


@dataclass(frozen=True)
class Base:
    """One answer as it was shown: the number of its version, and a digest of what it said."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}-{self.digest}"

    @classmethod
    def read(cls, text: str) -> Base:
        """Read what a page carried; a page that says nothing legible has seen nothing."""
        found = _WRITTEN.fullmatch(text)
        return cls(int(found[1]), found[2]) if found else UNSEEN

    @classmethod
    def of(cls, number: int, values: Iterable[Any]) -> Base:
        return cls(number, digest(values))


UNSEEN = Base(0, "")
"""Lets a page fill in what nobody has written, and overwrite nothing."""


@dataclass(frozen=True)
class Conflict:
    """Somebody wrote the same answer after the page was shown; `base` is what they left."""

    name: str
    base: Base
    edited_at: datetime
    edited_by: User


def digest(values: Iterable[Any]) -> str:
    """Give a short name of what an answer says, the same for what is typed, cleaned and stored."""
    text = "\0".join(_said(value) for value in values)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, (list, tuple)):
        return ",".join(map(_said, value))
    return str(value)


def versions(number: str, names: Collection[str]) -> dict[str, FieldVersion]:
    """Give the version of each answer that somebody has written, and by whom, in the proposal of that number."""
    rows = FieldVersion.objects.of_proposal(number).of_fields(names).with_people()
    return {row.name: row for row in rows}


def rows_conflict(*, proposal_pk: int, names: Collection[str], base: Base) -> Conflict | None:
    """
    Hold the proposal and say whether somebody has changed rows since they were shown.

    `names` are what the rows are marked by. Belongs in the transaction that then writes the rows.

    :raises NotEditable:
    """
    found = versions(held(proposal_pk).number, names)
    number = rows_number(found)
    if number == base.number:
        return None
    last = max(found.values(), key=lambda row: row.edited_at)
    return Conflict(next(iter(names)), Base(number, ""), last.edited_at, last.edited_by)


def rows_number(found: dict[str, FieldVersion]) -> int:
    """Number rows of several kinds together: it grows whenever one of them does."""
    return sum(row.number for row in found.values())

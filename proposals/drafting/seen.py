"""
What a page showed of each answer, so that a save overwrites nothing that the writer has not seen.

A page carries a `Base` beside every answer. What equals its base was not touched and is left alone; what was touched is
written when nobody else has written it meanwhile, and is a `Conflict` when somebody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klimaspor.seen import Base
from proposals.drafting.holding import held
from proposals.drafting.models import FieldVersion

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from klimaspor.accounts.models import User


@dataclass(frozen=True)
class Conflict:
    """Somebody wrote the same answer after the page was shown; `base` is what they left."""

    name: str
    base: Base
    edited_at: datetime
    edited_by: User


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

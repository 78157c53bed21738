"""
What else stands on the secretariat's list of claims than memberships: told by those who know of it, since accounts know no proposal.

Each table is of at most `MOST` rows, the oldest first: what is answered makes room for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from klimaspor.accounts.models import User

MOST = 100


@dataclass(frozen=True)
class Claim:
    """One that waits for an answer: what is claimed of whom, about what, and the two ways to answer."""

    person: User
    organization: str
    about: str
    about_url: str
    since: date | datetime
    press_url: str
    """Where the one press goes; empty when somebody else must answer."""
    press: str
    other_url: str
    other: str


@dataclass(frozen=True)
class Table:
    heading: str
    lead: str
    about: str
    """What stands over the column of what each is about."""
    rows: tuple[Claim, ...]


MORE: list[Callable[..., Table]] = []
"""Each is given the reader, and `at`."""


def tables(reader: User, *, at: datetime) -> list[Table]:
    """Give what waits elsewhere, without the tables where nothing does."""
    return [table for more in MORE if (table := more(reader, at=at)).rows]

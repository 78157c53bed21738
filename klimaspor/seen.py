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

if TYPE_CHECKING:
    from collections.abc import Iterable

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


Told = list[tuple[str, str]]
"""What somebody wrote, by what a form calls it."""


class Changed(Exception):
    """
    Somebody has saved since the page was opened.

    `told` is what they wrote; `base` is what a page that shows it carries.
    """

    def __init__(self, base: str, told: Told, *, by: User | None, reader: User) -> None:
        who = "Du har selv" if by == reader else f"{by.name} har" if by else "En kollega har"
        super().__init__(
            f"{who} gemt en ny udgave, siden du åbnede siden. "
            "Se begge udgaver, ret din egen, og gem igen."
        )
        self.base = base
        self.told = told


class Reread(Exception):
    """What a last look showed has changed since; `base` is what a page that shows it now carries."""

    def __init__(self, what: str, base: str) -> None:
        super().__init__(
            f"{what} er ændret, siden du åbnede siden. Læs igen, hvad der står, og tryk så."
        )
        self.base = base


GONE = "gone"


class Gone(Reread):
    """What was written about has been taken away; the next press has been told so."""

    def __init__(self, text: str) -> None:
        Exception.__init__(self, text)
        self.base = GONE


def is_seen(base: str | None, stands: str, *, is_blank: bool = False) -> bool:
    """
    Say whether what stands was on the page; a page without a base has seen nothing, and may write where nothing stands.

    None is for whoever acts without a page.
    """
    return base is None or base == stands or (is_blank and not base)


def digest_of(*values: Any) -> str:
    return digest([repr(values)])

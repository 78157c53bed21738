"""
The one guard of what several write on: nothing is saved over what its writer has not seen.

A page carries, hidden, a `Base` of each unit it shows: a question, a table of rows, a field, or the page as a whole. What
equals its base was not touched, and is left alone. What was touched is written when the unit still stands as it was shown;
has somebody saved meanwhile, the step answers `Changed`. The page then shows what stands beside what was typed and carries
the base of that, so the next press has seen it. A last look is `Reread`. A page that carries nothing has seen nothing: it
may fill in what is blank, and overwrites nothing.

Two people may write in different fields of one form, so each is guarded by itself, under the name it has in the form. A new
shared form needs what it shows, and nothing else. A room's `seen.py` says it, the same of what stands and what came:

    def shown_place(agenda: Agenda) -> Shown:
        return Shown.of_fields(("meeting_time", "Klokkeslæt", ...), ("place", "Sted", agenda.place))

its page (`klimaspor.pages.FormPage`) gives it as `shown_now`, and its step, once the row is held, writes what `touched`
gives it:

    names = seen.touched(bases, shown_place(agenda), shown_place(Agenda(place=place, ...)), reader=by)

What takes effect at once, such as an assessment that is given, asks `require` instead: then all of it must have been seen.
A page that shows without being written in, a last look, is one unit: `Shown.of`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from klimaspor.refusals import Part, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from klimaspor.accounts.models import User

PAGE = "page"
"""The unit of a page that is guarded as a whole."""
PREFIX = "base-"
_WRITTEN = re.compile(r"(\d{1,9})-([0-9a-f]{16})")


@dataclass(frozen=True)
class Base:
    """One unit as it was shown: the number of its version where somebody counts, and a digest of what it said."""

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
    text = "\0".join(_written(value) for value in values)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, (list, tuple)):
        return ",".join(map(_written, value))
    return str(value)


GONE = Base.of(0, ["gone"])
"""What a page carries that has shown that its subject was taken away."""


# What a page carries


def base_name(unit: str = PAGE) -> str:
    """Give the name of the hidden field that carries the base of a unit."""
    return f"{PREFIX}{unit}"


def carried(data: Any, unit: str = PAGE) -> Base:
    """Read what a page that was sent carried of a unit."""
    return Base.read(data.get(base_name(unit), ""))


def all_carried(data: Any) -> dict[str, Base]:
    """Read everything a page that was sent carried, by unit."""
    units = [name.removeprefix(PREFIX) for name in data if name.startswith(PREFIX)]
    return {unit: carried(data, unit) for unit in units}


def hidden(bases: Mapping[str, Base]) -> dict[str, str]:
    """Write bases as the hidden fields of a page."""
    return {base_name(unit): str(base) for unit, base in bases.items()}


def together(bases: Mapping[str, Base]) -> str:
    """Write the bases of all the rows that come together, in one hidden field."""
    return " ".join(f"{unit}:{base}" for unit, base in bases.items())


def apart(text: str) -> dict[str, Base]:
    """Read what `together` wrote."""
    pairs = (pair.partition(":") for pair in text.split())
    return {unit: Base.read(base) for unit, _, base in pairs}


# What a page shows


@dataclass(frozen=True)
class Shown:
    """What a page shows of what several write on, in the words a reader sees."""

    parts: tuple[Part, ...]
    about: object = None
    """What it is about, where that may become another one: then nothing of it has been seen, however much they are alike."""
    by: User | None = None
    """Who wrote it last, where that is known."""

    @classmethod
    def of(cls, *texts: tuple[str, str], **more: Any) -> Shown:
        """Take label and text of each part of a page that is guarded as a whole."""
        return cls(tuple(Part(label, text) for label, text in texts), **more)

    @classmethod
    def of_fields(cls, *texts: tuple[str, str, str], **more: Any) -> Shown:
        """Take name, label and text of each field that is guarded by itself."""
        return cls(tuple(Part(label, text, name) for name, label, text in texts), **more)

    @property
    def bases(self) -> dict[str, Base]:
        """The base of each unit."""
        units = dict.fromkeys(part.unit for part in self.parts) or (PAGE,)
        return {unit: self.base_of(unit) for unit in units}

    @property
    def whole(self) -> Shown:
        """The same for a page that is only looked at, as one unit."""
        return replace(self, parts=tuple(Part(part.label, part.text) for part in self.parts))

    @property
    def base(self) -> Base:
        """The base of all of it."""
        return self.whole.base_of(PAGE)

    def base_of(self, unit: str) -> Base:
        texts = [(part.label, part.text) for part in self._of(unit)]
        return Base.of(0, [repr((self.about, texts))])

    def is_blank(self, unit: str = PAGE) -> bool:
        return not any(part.text for part in self._of(unit))

    def _of(self, unit: str) -> list[Part]:
        return [part for part in self.parts if part.unit == unit]


# What a step answers


class Changed(Refused):
    """
    Somebody has saved since the page was opened.

    `bases` are of the units that stand otherwise now, and `shown_now` what they say; `touched` are those that came with
    something else in them than the page showed, and `typed` what came, by unit.
    """

    is_outdated = True

    def __init__(
        self,
        bases: Mapping[str, Base],
        shown_now: Iterable[Part],
        *,
        by: User | None,
        reader: User | None,
        at: datetime | None = None,
        touched: Iterable[str] = (),
        typed: Shown | None = None,
    ) -> None:
        self.bases, self.by, self.at = dict(bases), by, at
        self.touched = frozenset(touched)
        self.typed = {part.unit: part.text for part in typed.parts} if typed else {}
        self.shown_now = tuple(shown_now)
        self.carries = hidden(self.bases)
        self.is_own = by is not None and by == reader
        who = "Du har selv" if self.is_own else f"{by.name} har" if by else "En kollega har"
        super().__init__(
            f"{who} gemt en ny udgave, siden du åbnede siden. "
            "Se begge udgaver, ret din egen, og gem igen."
        )

    @classmethod
    def of(
        cls,
        now: Shown,
        units: Iterable[str],
        typed: Shown,
        *,
        touched: Iterable[str],
        reader: User | None,
    ) -> Changed:
        bases = {unit: now.base_of(unit) for unit in units}
        parts = [part for part in now.parts if part.unit in bases]
        return cls(bases, parts, by=now.by, reader=reader, touched=touched, typed=typed)

    @classmethod
    def together(cls, changes: Iterable[Changed], *, reader: User | None) -> Changed:
        """Make one of several, which may be of different people."""
        changes = list(changes)
        bases = {unit: base for one in changes for unit, base in one.bases.items()}
        people = {one.by for one in changes}
        by = people.pop() if len(people) == 1 else None
        return cls(bases, [part for one in changes for part in one.shown_now], by=by, reader=reader)

    def put_on(self, form: Any, place: Any = str) -> None:
        for part in self.shown_now:
            field = place(part.unit)
            form.add_error(
                field if field in form.fields else None,
                f"{part.label} er ændret, efter du åbnede siden. Se, hvad der står nu. "
                "Ret dit, eller gem igen, hvis dit skal stå",
            )


class Reread(Refused):
    """What a last look showed has changed since; `base` is what a page that shows it now carries."""

    is_outdated = True

    def __init__(self, what: str, base: Base) -> None:
        super().__init__(
            f"{what} er ændret, siden du åbnede siden. Læs igen, hvad der står, og tryk så."
        )
        self.carries = hidden({PAGE: base})


class Gone(Refused):
    """What was written about has been taken away; the next press has been told so."""

    is_outdated = True

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.carries = hidden({PAGE: GONE})


# What a step asks, once it holds what it is about to write


def require(
    bases: Mapping[str, Base] | None, now: Shown, typed: Shown, *, reader: User | None
) -> None:
    """
    Refuse to let something take effect while any of it stands otherwise than it was shown; what came may say the same.

    `bases` is what the page carried; None is for whoever acts without a page.

    :raises Changed:
    """
    if bases is None:
        return
    changed = [
        unit
        for unit, base in typed.bases.items()
        if base != now.base_of(unit) and not _is_seen(bases.get(unit, UNSEEN), now, unit)
    ]
    if changed:
        raise Changed.of(now, changed, typed, touched=_came(bases, typed), reader=reader)


def require_read(what: str, base: Base | None, now: Shown) -> None:
    """
    Refuse to let something take effect that was not on the last look at it.

    :raises Reread:
    """
    if base is not None and base != now.base:
        raise Reread(what, now.base)


def touched(
    bases: Mapping[str, Base] | None, now: Shown, typed: Shown, *, reader: User | None
) -> set[str]:
    """
    Give the units that were touched on the page and may be written; None of bases is for whoever acts without a page.

    :raises Changed: somebody has written some of them since they were shown; nothing may be written.
    """
    if bases is None:
        return set(typed.bases)
    came = _came(bases, typed)
    changed = [
        unit
        for unit in typed.bases
        if unit in came
        and typed.base_of(unit) != now.base_of(unit)
        and not _is_seen(bases.get(unit, UNSEEN), now, unit)
    ]
    if changed:
        raise Changed.of(now, changed, typed, touched=came, reader=reader)
    return came


def _came(bases: Mapping[str, Base], typed: Shown) -> set[str]:
    """Give the units that came with something else in them than the page showed."""
    return {unit for unit, base in typed.bases.items() if base != bases.get(unit)}


def _is_seen(base: Base | None, now: Shown, unit: str) -> bool:
    if base is None or base == now.base_of(unit):
        return True
    return base == UNSEEN and now.is_blank(unit)


# What is chosen between two


@dataclass(frozen=True)
class Choice:
    """
    What the writer chose in a conflict, when the button said so.

    `do=mine:<unit>:<base>` writes over what that base stands for, `do=theirs:<unit>` lets it stand.
    """

    kept: str
    """ "mine", "theirs" or nothing."""
    unit: str
    base: Base

    @classmethod
    def of(cls, pressed: str) -> Choice:
        kept, _, rest = pressed.partition(":")
        unit, _, base = rest.partition(":")
        is_choice = kept in ("mine", "theirs")
        return cls(kept, unit, Base.read(base)) if is_choice else cls("", "", UNSEEN)

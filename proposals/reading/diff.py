"""
What changed between two contents of a proposal: word by word in an answer, row by row in a table. Plain text, bounded, never HTML.

A row is the one it was when all of it is the same, else when what names it is, else when more than half of its cells are. Whether
anything changed costs little; the words are told apart when somebody shows them.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from klimaspor.difference import Piece, differences, shortened
from proposals.answers.sections import BY_SLUG
from proposals.answers.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from proposals.answers.content import Content
    from proposals.answers.tables import Cells, Table

MAX_LINES = 400
"""Past this a field is shown as before and after, since comparing grows with the product of the two."""
MAX_PAIRS = 10_000
"""Past so many pairs of rows nobody looks for those that are most alike."""


@dataclass(frozen=True)
class Line:
    state: str
    """same, added or removed"""
    text: str


@dataclass(frozen=True)
class Cell:
    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class RowChange:
    state: str
    """added, removed or changed"""
    cells: tuple[Cell, ...]

    @property
    def name(self) -> str:
        """What one calls the row, as it stands last."""
        said = [cell.before if self.state == "removed" else cell.after for cell in self.cells]
        return next(filter(None, said), "")

    @property
    def state_text(self) -> str:
        return {"added": "Tilføjet", "removed": "Fjernet"}.get(self.state, "Ændret")


@dataclass(frozen=True)
class RowsChange:
    """What changed in a table: the rows that did, and how many did not."""

    rows: tuple[RowChange, ...]
    unchanged: int
    is_moved: bool
    """Whether rows that stand in both stand in another order."""
    total: Cell | None = None


@dataclass(frozen=True)
class FieldChange:
    name: str
    """The question, or the accessor of the rows, as their version is kept by."""
    section: str
    """The section's title."""
    label: str
    before: str
    after: str
    rows: tuple[Table, Sequence[Any], Sequence[Any]] | None = field(
        default=None, compare=False, repr=False
    )
    """The rows of both, where it is a table."""

    @cached_property
    def table(self) -> RowsChange | None:
        """The table's changes, row by row; whether it changed at all costs less to know."""
        return _rows_change(*self.rows) if self.rows else None

    @cached_property
    def pieces(self) -> tuple[list[Piece], list[Piece]]:
        """Both texts in pieces that say whether they stand in that text only; what is long and the same is left out."""
        one, other = differences(self.before, self.after)
        return shortened(one), shortened(other)


def compare(before: Content, after: Content) -> tuple[FieldChange, ...]:
    """Give what differs, in the order of the form; an unchanged field is left out."""
    old = {answer.name: answer for answer in before.answers}
    new = {answer.name: answer for answer in after.answers}
    changes = [
        FieldChange(
            name,
            BY_SLUG[(new.get(name) or old[name]).section].title,
            (new.get(name) or old[name]).label,
            old[name].text if name in old else "",
            new[name].text if name in new else "",
        )
        for name in dict.fromkeys([*new, *old])
        if (old[name].text if name in old else "") != (new[name].text if name in new else "")
    ]
    for table in TABLES:
        was, becomes = getattr(before, table.in_content), getattr(after, table.in_content)
        if table.cells(was) != table.cells(becomes):
            changes.append(
                FieldChange(
                    table.name,
                    table.section,
                    table.label,
                    table.text(was),
                    table.text(becomes),
                    (table, was, becomes),
                )
            )
    order = {section.title: place for place, section in enumerate(BY_SLUG.values())}
    return tuple(sorted(changes, key=lambda change: order[change.section]))


def _rows_change(table: Table, before: Sequence[object], after: Sequence[object]) -> RowsChange:
    old, new = table.cells(before), table.cells(after)
    pairs = matched(old, new, keys=table.keys)
    came_from = {b: a for a, b in pairs}
    kept = set(came_from.values())
    gone = [row for place, row in enumerate(old) if place not in kept]
    changed = [
        _row(table, "changed", old[came_from[place]], row)
        if place in came_from
        else _row(table, "added", None, row)
        for place, row in enumerate(new)
        if place not in came_from or old[came_from[place]] != row
    ]
    total = Cell("I alt", table.total(before), table.total(after))
    order = [a for a, _ in pairs]
    return RowsChange(
        rows=(*changed, *(_row(table, "removed", row, None) for row in gone)),
        unchanged=sum(old[a] == new[b] for a, b in pairs),
        is_moved=order != sorted(order),
        total=total if total.is_changed else None,
    )


def _row(table: Table, state: str, before: Cells | None, after: Cells | None) -> RowChange:
    blank = ("",) * len(table.heads)
    cells = zip(table.heads, before or blank, after or blank, strict=True)
    return RowChange(state, tuple(Cell(*cell) for cell in cells if any(cell[1:])))


def matched(old: Sequence[Cells], new: Sequence[Cells], *, keys: int) -> list[tuple[int, int]]:
    """Pair the places of rows that are the same row, in the order of `new`."""
    pairs: dict[int, int] = {}
    ways: tuple[Callable[[Cells], Cells], ...] = (lambda row: row, lambda row: row[:keys])
    for named in ways:
        places: dict[Cells, list[int]] = {}
        taken = set(pairs.values())
        for place, row in enumerate(old):
            if place not in taken:
                places.setdefault(named(row), []).append(place)
        for place, row in enumerate(new):
            if place not in pairs and places.get(named(row)):
                pairs[place] = places[named(row)].pop(0)
    left = sorted(set(range(len(old))) - set(pairs.values()))
    came = [place for place in range(len(new)) if place not in pairs]
    if len(left) * len(came) <= MAX_PAIRS:
        for place in came:
            alike = {a: _alike(old[a], new[place]) for a in left}
            best = max(left, key=lambda a: alike[a], default=None)
            if best is not None and 2 * alike[best] > len(new[place]):
                pairs[place] = best
                left.remove(best)
    return [(pairs[place], place) for place in sorted(pairs)]


def _alike(one: Cells, other: Cells) -> int:
    return sum(bool(a) and a == b for a, b in zip(one, other, strict=True))


def lines(before: str, after: str) -> tuple[Line, ...]:
    """Give two texts as one, line by line."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) > MAX_LINES or len(new) > MAX_LINES:
        return (*(Line("removed", text) for text in old), *(Line("added", text) for text in new))
    found: list[Line] = []
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found += [Line("same", text) for text in old[a:b]]
        else:
            found += [Line("removed", text) for text in old[a:b]]
            found += [Line("added", text) for text in new[c:d]]
    return tuple(found)

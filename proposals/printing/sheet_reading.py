"""
The tables of participants and economy in an Excel file that came back.

A sheet is known by its name, else by its head. The last sheet says which proposal and which version of the rows the file was
made from, so that an old one takes nothing back unasked. Read apart, so it knows no models.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.excel import reading
from proposals.printing.word_reading import (
    BUDGET,
    FINANCING,
    PARTICIPANTS,
    SHEETS,
    NotOurs,
    Reading,
    named_by,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ABOUT = "Om filen"
NAMES = {PARTICIPANTS: "Deltagere", BUDGET: "Budget", FINANCING: "Finansiering"}
NUMBER, EDITION = "Forslag", "udgave"


def read(sheets: Iterable[reading.Sheet]) -> Reading:
    """
    Find the tables of participants and economy.

    :raises NotOurs: there is none.
    """
    cells: dict[str, list[list[list[str]]]] = {}
    versions: dict[str, int] = {}
    unread: list[str] = []
    number = ""
    known = {danish.search_key(title): name for name, title in NAMES.items()}
    for sheet in sheets:
        rows = [list(row) for row in sheet.rows]
        name = known.get(danish.search_key(sheet.name)) or named_by(rows)
        if danish.search_key(sheet.name) == danish.search_key(ABOUT):
            number, versions = _about(rows)
        elif name:
            cells.setdefault(name, []).append(rows)
            unread += reading.texts_of(sheet)
        elif rows:
            unread.append(
                f"Arket »{sheet.name}« er ikke læst: det har hverken deltagere eller beløb."
            )
    # A sheet that was emptied says that nobody is left, which nobody means.
    cells = {name: tables for name, tables in cells.items() if any(len(t) > 1 for t in tables)}
    if not cells:
        raise NotOurs
    return Reading(SHEETS, {}, versions, cells, number if _is_number(number) else "", tuple(unread))


def _about(rows: Sequence[Sequence[str]]) -> tuple[str, dict[str, int]]:
    said = {row[0]: row[1] for row in rows if len(row) > 1}
    versions = {
        name: int(text)
        for name, title in NAMES.items()
        if re.fullmatch("[0-9]{1,9}", text := said.get(f"{title}, {EDITION}", ""))
    }
    return said.get(NUMBER, ""), versions


def _is_number(text: str) -> bool:
    return bool(re.fullmatch("KS-[0-9]{4}-[0-9]{4,9}", text))

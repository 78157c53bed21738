"""
The sheets of an xlsx as texts, written as they would be typed in Danish.

Nothing is computed: of a formula it is read what the sheet last saved, and told that it was one. No number in a file is
believed further than the sheets go that people make.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from posixpath import dirname, normpath
from typing import IO, TYPE_CHECKING

from klimaspor import danish
from klimaspor.word.guard import EXCEL, Parcel, Unreadable, opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOOK = f"{MIME}.main+xml"
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
SUM = "I alt"
"""What a column or a row of sums is called."""
MOST_SHEETS = 10
MOST_ROWS = 1000
MOST_COLUMNS = 60
MOST_CHARACTERS = 400_000
LONGEST_CELL = 2000
LARGEST = 15
"""Digits of a number that is an amount."""


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: tuple[tuple[str, ...], ...]
    """Texts as they would be typed in Danish."""
    reckoned: int = 0
    """How many amounts are what a formula last came to, sums apart."""
    unreckoned: tuple[str, ...] = ()
    """The cells whose formula has no saved result, such as "B7"."""


def read(file: IO[bytes], size: int) -> tuple[Sheet, ...]:
    """
    Read the sheets of an xlsx of `size` bytes.

    :raises Unreadable:
    """
    return opened(file, size, EXCEL, _read)


def _read(parcel: Parcel) -> tuple[Sheet, ...]:
    book = next((name for name, kind in parcel.named.items() if kind == BOOK), "")
    if not book:
        raise Unreadable(f"Filen er ikke et {EXCEL.name}. {EXCEL.save_as}")
    folder = dirname(book)
    leads = f"{folder}/_rels/{book.rpartition('/')[2]}.rels"
    targets = {one.get("Id", ""): one.get("Target", "") for one in parcel.xml(leads)}
    strings = next((name for name, kind in parcel.named.items() if kind == STRINGS), "")
    texts = [_text(one) for one in parcel.xml(strings)] if strings else []
    sheets = [one for one in parcel.xml(book).iter() if _name(one) == "sheet"]
    found: list[Sheet] = []
    count = 0
    for sheet in sheets[:MOST_SHEETS]:
        lead = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
        target = targets.get(lead, "")
        part = target.lstrip("/") if target.startswith("/") else normpath(f"{folder}/{target}")
        if not parcel.has(part):
            continue
        read_sheet = _sheet(sheet.get("name", "")[:100], parcel.xml(part), texts)
        count += sum(len(cell) for row in read_sheet.rows for cell in row)
        if count > MOST_CHARACTERS:
            raise Unreadable("Filen har mere tekst, end der er plads til i skemaet. Del den i to")
        found.append(read_sheet)
    return tuple(found)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element) -> str:
    """Join the runs of a text, without how it is pronounced."""
    if _name(element) in ("rPh", "phoneticPr"):
        return ""
    if _name(element) == "t":
        return element.text or ""
    return "".join(map(_text, element))


@dataclass(frozen=True)
class _Cell:
    place: str
    text: str
    is_formula: bool = False


def _sheet(name: str, root: Element, texts: Sequence[str]) -> Sheet:
    rows: list[list[_Cell]] = []
    for row in (one for one in root.iter() if _name(one) == "row"):
        cells = _row(row, texts)
        if any(cell.text or cell.is_formula for cell in cells):
            rows.append(cells)
        if len(rows) > MOST_ROWS:
            raise Unreadable(
                f"Arket »{name}« har flere end {MOST_ROWS} rækker. Slet dem, der ikke skal med, og vælg filen igen"
            )
    head = [cell.text.strip().lower() for cell in rows[0]] if rows else []
    sums = {place for place, text in enumerate(head) if text == SUM.lower()}
    formulas = [
        cell
        for row in rows
        for place, cell in enumerate(row)
        if cell.is_formula and place not in sums and row[0].text.strip().lower() != SUM.lower()
    ]
    return Sheet(
        name,
        tuple(tuple(cell.text for cell in row) for row in rows),
        sum(bool(cell.text) for cell in formulas),
        tuple(cell.place for cell in formulas if not cell.text),
    )


def _row(row: Element, texts: Sequence[str]) -> list[_Cell]:
    found: list[_Cell] = []
    for cell in (one for one in row if _name(one) == "c"):
        place = cell.get("r", "")[:20]
        column = _column(place) if place else len(found)
        if not len(found) <= column < MOST_COLUMNS:
            continue
        found += [_Cell("", "") for _ in range(column - len(found))]
        found.append(_cell(cell, place, texts))
    return found


def _column(place: str) -> int:
    """Read the column of "B12", counted from 0; what is no place is beyond all columns."""
    match = re.fullmatch("([A-Z]{1,3})[0-9]{1,7}", place)
    if not match:
        return MOST_COLUMNS
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _cell(cell: Element, place: str, texts: Sequence[str]) -> _Cell:
    parts = {_name(one): one for one in cell}
    said = (parts["v"].text or "").strip() if "v" in parts else ""
    kind = cell.get("t", "n")
    if kind == "s":
        text = (
            texts[int(said)] if re.fullmatch("[0-9]{1,7}", said) and int(said) < len(texts) else ""
        )
    elif kind == "inlineStr":
        text = _text(parts["is"]) if "is" in parts else ""
    elif kind == "b":
        text = "ja" if said == "1" else "nej"
    elif kind == "n":
        text = _number(said)
    else:
        # A text that a formula came to, or what it says when it fails.
        text = (parts["v"].text or "") if "v" in parts else ""
    return _Cell(place, " ".join(text[:LONGEST_CELL].split()), "f" in parts)


def _number(said: str) -> str:
    """Write a number as it would be typed: whole, or with two decimals after a comma."""
    try:
        number = Decimal(said[:40])
    except InvalidOperation:
        return said
    if not number.is_finite() or not -LARGEST < number.adjusted() < LARGEST:
        return said[:40]
    rounded = round(number, 2)
    whole = f"{rounded:f}"
    return whole.partition(".")[0] if rounded % 1 == 0 else whole.replace(".", ",")


def is_book(file: IO[bytes], size: int) -> bool:
    """Say whether a parcel holds sheets, as far as the names in it say; else it is for Word to tell what it is."""
    try:
        return opened(file, size, EXCEL, lambda parcel: BOOK in parcel.named.values())
    except Unreadable:
        return False
    finally:
        file.seek(0)


def texts_of(sheet: Sheet) -> Iterator[str]:
    """Give what a formula did to a sheet, in words."""
    if sheet.reckoned:
        yield (
            f"Arket »{sheet.name}«: {danish.count_text(sheet.reckoned, 'celle er en formel', 'celler er formler')}. "
            "Vi har læst det, regnearket sidst kom frem til, og regner ikke selv."
        )
    if sheet.unreckoned:
        shown = ", ".join(sheet.unreckoned[:10])
        yield (
            f"Arket »{sheet.name}«: formlerne i {shown} har intet gemt resultat og er ikke læst. "
            "Åbn filen i Excel, gem den, og vælg den igen."
        )

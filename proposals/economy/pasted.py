"""
Rows of the economy as they were typed elsewhere, in Excel or in a table of Word: what they say, and what is doubtful.

`cells_of` takes a copied block apart; `read_budget` and `read_financing` read cells wherever they come from, with years across
or a line a year, with or without a head. Nothing is written and nothing is lost: an amount that cannot be read stays as it
was typed, what is no category of ours becomes the text beside it, and each doubt says row and column. The grid
(`proposals.economy.views.Grid`) shows them before anything is taken in. Another page hands rows over by posting them to
`economy_grid` as `paste-budget` and `paste-financing` (`as_text` writes them) with `do=paste`.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.answers.sums import FinancingStatus
from proposals.economy.models import BudgetCategory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FIRST_YEAR, LAST_YEAR = 2020, 2060
MOST_ROWS, MOST_COLUMNS = 300, 60
"""What is pasted beyond that is no budget."""

Cells = list[list[str]]


@dataclass(frozen=True)
class Doubt:
    """Something that was not understood as it was typed, or was understood by guessing."""

    row: int
    """Which of the rows that were pasted, counted from 1."""
    column: str
    text: str
    is_open: bool = True
    """Whether somebody must choose or mend; else it is only told how it was understood."""

    def __str__(self) -> str:
        return f"Række {self.row}, {self.column}: {self.text}"


@dataclass(frozen=True)
class PastedRow:
    """One row: what it is about by the names of the grid's fields, and what was typed in each year."""

    number: int
    heads: Mapping[str, str]
    """category, description and recipient (a participant's key); or source and status. Empty where it is to be chosen."""
    amounts: Mapping[int, str]


@dataclass(frozen=True)
class Pasted:
    rows: tuple[PastedRow, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    left_out: tuple[str, ...] = ()
    """What is not among the rows and why, a sentence each: sums, headings."""

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({year for row in self.rows for year in row.amounts}))


# A block


def cells_of(text: str) -> Cells:
    """Take a block apart that was copied from a spreadsheet: tabs between cells, else semicolons; a cell may be quoted."""
    sign = "\t" if "\t" in text else ";"
    rows = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=sign)
    try:
        return [[danish.one_line(cell) for cell in row[:MOST_COLUMNS]] for row in rows][:MOST_ROWS]
    except csv.Error:
        # A quotation mark that nobody closes, in something very long.
        lines = text.splitlines()[:MOST_ROWS]
        return [[danish.one_line(cell) for cell in line.split(sign)] for line in lines]


def as_text(cells: Iterable[Iterable[str]]) -> str:
    """Write cells as a spreadsheet copies them, so that `cells_of` gives them back."""
    stream = io.StringIO()
    rows = csv.writer(stream, delimiter="\t", lineterminator="\n")
    rows.writerows([danish.one_line(cell) for cell in row] for row in cells)
    return stream.getvalue()


# What it says


def read_budget(
    cells: Sequence[Sequence[str]], *, years: Sequence[int], recipients: Mapping[str, str]
) -> Pasted:
    """
    Read rows of the budget.

    `years` are those of the proposal, for amounts that have no year over them; `recipients` the participants' names by key.
    """
    return _read(cells, _Budget(recipients), years)


def read_financing(
    cells: Sequence[Sequence[str]], *, years: Sequence[int], statuses: Mapping[str, str]
) -> Pasted:
    """Read rows of the financing; `statuses` says how sure what the sources give stands to be, by the source's name."""
    return _read(cells, _Financing(statuses), years)


@dataclass
class _Reading:
    """What is known so far of a block."""

    rows: list[PastedRow] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    group: str = ""
    """The heading that the rows below stand under."""
    above: str = ""
    """The category, or the source, of the row above, which a blank cell stands for."""

    def doubt(self, row: int, column: str, text: str, *, is_open: bool = True) -> None:
        self.doubts.append(Doubt(row, column, text, is_open))

    def add(self, row: PastedRow) -> None:
        """Take a row; one about the same as an earlier one is put together with it, where they do not meet in a year."""
        for place, other in enumerate(self.rows):
            if other.heads == row.heads and not other.amounts.keys() & row.amounts.keys():
                self.rows[place] = replace(other, amounts={**other.amounts, **row.amounts})
                return
        self.rows.append(row)


class _Budget:
    words = {
        "category": ("post", "budgetpost", "kategori", "udgiftstype", "udgiftsart", "type"),
        "description": ("hvad", "tekst", "beskrivelse", "aktivitet", "note", "bemærkning"),
        "recipient": ("modtager", "partner", "deltager"),
    }
    columns = {"category": "Post", "description": "Hvad", "recipient": "Modtager"}

    def __init__(self, recipients: Mapping[str, str]) -> None:
        self.recipients = {danish.search_key(name): key for key, name in recipients.items()}

    def heads(self, typed: Mapping[str, str], row: int, reading: _Reading) -> dict[str, str]:
        said, description = typed.get("category", ""), typed.get("description", "")
        category, is_sure = _category(said)
        if said and not category and not description and reading.group:
            category, description = reading.group, said
        elif not said:
            category = reading.above or reading.group
            if not category:
                reading.doubt(row, "Post", "Der står ingen post. Vælg post")
        elif not is_sure:
            description = ": ".join(filter(None, (said, description)))
            if category:
                label = BudgetCategory(category).label
                reading.doubt(row, "Post", f"“{said}” er forstået som {label}", is_open=False)
            else:
                reading.doubt(row, "Post", f"“{said}” er ikke en af posterne. Vælg post")
        reading.above = category
        return {
            "category": category,
            "description": description,
            "recipient": self._recipient(typed.get("recipient", ""), row, reading),
        }

    def _recipient(self, said: str, row: int, reading: _Reading) -> str:
        if said.casefold() in ("", "-", "–", "ingen", "ingen deltager"):
            return ""
        key = self.recipients.get(danish.search_key(said), "")
        if not key:
            reading.doubt(row, "Modtager", f"“{said}” er ikke blandt deltagerne. Vælg modtager")
        return key

    def group(self, text: str) -> str:
        return _category(text)[0]


class _Financing:
    words = {
        "source": ("kilde", "finansieringskilde", "bidragyder", "finansiering", "hvem", "fra"),
        "status": ("status", "sikkerhed"),
    }
    columns = {"source": "Kilde", "status": "Status"}

    def __init__(self, statuses: Mapping[str, str]) -> None:
        self.statuses = {danish.search_key(name): status for name, status in statuses.items()}

    def heads(self, typed: Mapping[str, str], row: int, reading: _Reading) -> dict[str, str]:
        source, said = typed.get("source", "") or reading.above, typed.get("status", "")
        reading.above = source
        status = _STATUSES.get(danish.search_key(said), "")
        if not said:
            status = self.statuses.get(danish.search_key(source), "")
        if not status:
            reading.doubt(
                row,
                "Status",
                f"“{said}” er ikke en af mulighederne. Vælg status"
                if said
                else "Der står ikke, hvor sikkert beløbet er. Vælg status",
            )
        return {"source": source, "status": status}

    def group(self, text: str) -> str:
        return ""


_STATUSES = {
    danish.search_key(text): value
    for value, texts in {
        FinancingStatus.REQUESTED: ("ansøgt", "søges"),
        FinancingStatus.GRANTED: ("bevilliget", "bevilling"),
        FinancingStatus.COMMITTED: ("givet tilsagn", "har givet tilsagn"),
        FinancingStatus.EXPECTED: ("forventes",),
        FinancingStatus.OWN_TIME: ("egne timer", "medarbejdertimer", "timer"),
    }.items()
    for text in (*texts, value.label)
}
_CATEGORY_STEMS = {
    BudgetCategory.STAFF: r"l[øo]n\b|l[øo]nninger|projektl[øo]n|\btimer|personale|medarbejder|projektled|årsværk",
    BudgetCategory.CONSULTANTS: r"rådgiv|konsulent",
    BudgetCategory.EQUIPMENT: r"udstyr|material|anskaffelse|inventar",
    BudgetCategory.TESTS: r"\btest|demonstration|forsøg|\bpilot",
    BudgetCategory.SHARING: r"formidling|videndeling|kommunikation|konference",
    BudgetCategory.EVALUATION: r"evaluering|revision|revisor",
    BudgetCategory.OTHER: r"\bandet\b|\bdiverse\b|\bøvrig",
}


def _category(said: str) -> tuple[str, bool]:
    """Give the category that is meant, and whether it was named as we do; nothing where two are meant, or none."""
    wanted = danish.search_key(said)
    for value, label in BudgetCategory.choices:
        if danish.search_key(label) == wanted:
            return value, True
    found = [value for value, stem in _CATEGORY_STEMS.items() if re.search(stem, said.lower())]
    return (found[0].value, False) if len(found) == 1 else ("", False)


# Rows and columns


@dataclass(frozen=True)
class _Columns:
    """What stands in which column."""

    texts: Mapping[str, int]
    years: Mapping[int, int]
    """The column of each year, where they stand across."""
    year: int | None = None
    """The column that says the year, where each line has one."""
    amount: int | None = None
    unused: tuple[int, ...] = ()
    """Columns of amounts that no year belongs to."""


def _read(
    cells: Sequence[Sequence[str]], kind: _Budget | _Financing, years: Sequence[int]
) -> Pasted:
    numbered = [
        (number, [danish.one_line(cell) for cell in row]) for number, row in enumerate(cells, 1)
    ]
    lines = [(number, row) for number, row in numbered if any(row)]
    reading = _Reading()
    head = next((place for place, (_, row) in enumerate(lines) if _is_head(row, kind)), None)
    above = lines[:head] if head else []
    reading.left_out += [
        f"Række {number}, “{_texts(row)}”, er en overskrift" for number, row in above
    ]
    body = lines if head is None else lines[head + 1 :]
    said = " ".join(_texts(row) for _, row in lines[: 0 if head is None else head + 1])
    unit = _unit(said)
    if unit and body:
        reading.doubt(lines[0][0], "overskrift", f"Beløbene er læst som {unit[1]}", is_open=False)
    top = [] if head is None else lines[head][1]
    columns = _columns(top, [row for _, row in body], kind, years)
    reading.left_out += [
        f"Kolonne {place + 1} har beløb, men intet årstal, og er ikke taget med"
        for place in columns.unused
    ]
    for number, row in body:
        _read_row(number, row, columns, kind, reading, unit[0] if unit else "")
    return Pasted(tuple(reading.rows), tuple(reading.doubts), tuple(reading.left_out))


def _read_row(
    number: int,
    row: list[str],
    columns: _Columns,
    kind: _Budget | _Financing,
    reading: _Reading,
    unit: str,
) -> None:
    def cell(place: int | None) -> str:
        return row[place] if place is not None and place < len(row) else ""

    typed = {name: cell(place) for name, place in columns.texts.items()}
    texts = [text for text in typed.values() if text]
    if any(_SUM.match(text) for text in texts[:1]):
        reading.left_out.append(f"Række {number}, “{texts[0]}”, er en sum")
        return
    if columns.amount is not None:
        said = cell(columns.year)
        year = _year(said)
        if year is None:
            reading.doubt(number, "År", f"“{said}” er ikke et årstal. Rækken er ikke taget med")
            return
        amounts = {year: cell(columns.amount)}
    else:
        amounts = {year: cell(place) for place, year in columns.years.items()}
    amounts = {year: _tidy(text, unit) for year, text in amounts.items() if not _is_blank(text)}
    if not amounts:
        if texts:
            reading.left_out.append(f"Række {number}, “{_texts(texts)}”, har ingen beløb")
            reading.group = reading.above = kind.group(texts[0])
        return
    if not texts:
        reading.left_out.append(f"Række {number} har beløb, men ingen tekst, og er læst som en sum")
        return
    for year, text in amounts.items():
        try:
            danish.parse_money(text)
        except ValueError as refusal:
            reading.doubt(number, str(year), f"“{text}” kan ikke læses. {refusal}")
    reading.add(PastedRow(number, kind.heads(typed, number, reading), amounts))


_SUM = re.compile(r"(i alt|ialt|sum|total|subtotal|samlet|mellemsum)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:år |budget |beløb )?(20[2-6][0-9])(?:[ ,(].*)?", re.IGNORECASE)


def _year(text: str) -> int | None:
    found = _YEAR.fullmatch(text)
    return int(found[1]) if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR else None


def _is_blank(text: str) -> bool:
    """Say whether a cell says nothing, also as a spreadsheet writes a nought in a column of money."""
    return text.strip("-–— ").casefold() in ("", "kr", "kr.")


def _is_amount(text: str) -> bool:
    return bool(re.search(r"\d", text)) and not re.search(r"[a-zæøå]{4}", text.lower())


def _texts(row: Iterable[str]) -> str:
    return " ".join(text for text in row if text)


def _tidy(text: str, unit: str) -> str:
    """Write an amount as we do, where it can be read."""
    try:
        return danish.amount_text(danish.parse_money(f"{text} {unit}" if unit else text))
    except ValueError:
        return text


def _unit(said: str) -> tuple[str, str] | None:
    """Give what amounts are counted in when the head says so: the word that goes after them, and how it is said."""
    if re.search(r"\b(i )?(1\.?000|hele tusind|tusinde?)( kr)|\bt\.?kr", said, re.IGNORECASE):
        return "tkr", "1.000 kr."
    if re.search(r"\b(i )?mio\b", said, re.IGNORECASE):
        return "mio.", "mio. kr."
    return None


def _is_head(row: Sequence[str], kind: _Budget | _Financing) -> bool:
    """Say whether a row names columns: years, or words that we know, and no amounts."""
    years = [cell for cell in row if _year(cell)]
    amounts = [cell for cell in row if _is_amount(cell) and not _year(cell)]
    named = {_role(cell, kind) for cell in row} - {""}
    if amounts:
        return False
    return len(named) >= 2 or (
        bool(years) and not (set(named) and len(years) == 1 and len(row) > 3)
    )


def _role(cell: str, kind: _Budget | _Financing) -> str:
    word = re.sub(r"\(.*?\)|[:.]", " ", cell).strip().lower()
    for name, words in kind.words.items():
        if word in words:
            return name
    if word in ("år", "årstal"):
        return "year"
    if re.fullmatch(r"(beløb|kr|dkk|budget)( i)?( kr| kroner| dkk| t ?kr| 1 ?000 kr)?", word):
        return "amount"
    return "sum" if _SUM.match(word) else ""


def _columns(
    top: Sequence[str],
    body: Sequence[Sequence[str]],
    kind: _Budget | _Financing,
    years: Sequence[int],
) -> _Columns:
    width = max((len(row) for row in (top, *body)), default=0)
    column = [
        [row[place] for row in body if place < len(row) and row[place]] for place in range(width)
    ]
    roles = {place: _role(cell, kind) for place, cell in enumerate(top) if cell}
    across = {place: year for place, cell in enumerate(top) if (year := _year(cell)) is not None}
    texts = {role: place for place, role in roles.items() if role in kind.words}
    free = [name for name in kind.words if name not in texts]
    amounts, of_years = [], []
    for place in range(width):
        if (
            place in across
            or place in texts.values()
            or roles.get(place) in ("sum", "amount", "year")
        ):
            continue
        filled = column[place]
        if filled and all(_year(cell) for cell in filled):
            of_years.append(place)
        elif filled and sum(_is_amount(c) or _is_blank(c) for c in filled) * 2 > len(filled):
            amounts.append(place)
        elif free and (filled or not top):
            texts[free.pop(0)] = place
    year = next((p for p, role in roles.items() if role == "year"), next(iter(of_years), None))
    amount = next((p for p, role in roles.items() if role == "amount"), next(iter(amounts), None))
    if not across and year is not None and amount is not None:
        return _Columns(texts, {}, year, amount)
    if across:
        return _Columns(texts, across, unused=tuple(amounts))
    places = sorted([*(p for p, role in roles.items() if role == "amount"), *amounts])
    if len(places) > len(years) and _is_sum(places[-1], places[:-1], body):
        places.pop()
    across = dict(zip(places, years, strict=False))
    return _Columns(texts, across, unused=tuple(places[len(years) :]))


def _is_sum(last: int, others: Sequence[int], body: Sequence[Sequence[str]]) -> bool:
    """Say whether a column adds up the others in every row."""

    def amount(row: Sequence[str], place: int) -> Decimal:
        text = row[place] if place < len(row) else ""
        return Decimal(0) if _is_blank(text) else danish.parse_money(text)

    try:
        return all(amount(row, last) == sum(amount(row, p) for p in others) for row in body)
    except ValueError:
        return False

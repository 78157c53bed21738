"""Rows as an xlsx: what a person wrote is text, whatever it looks like, and only the sums, which are ours, are formulas."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from klimaspor.excel.reading import SUM

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Choices:
    """What may be chosen in the cells of a column, and a few empty rows below."""

    column: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One sheet: a head, rows, and, where `sums` says from which column on, what they add up to."""

    name: str
    head: tuple[str | int, ...]
    rows: tuple[tuple[str | Decimal | None, ...], ...]
    widths: tuple[int, ...] = ()
    choices: tuple[Choices, ...] = ()
    sums: int | None = None


EMPTY_ROWS = 100


def write(tables: Sequence[Table], *, title: str) -> bytes:
    """Return the xlsx."""
    book = openpyxl.Workbook()
    book.properties.title = title
    book.properties.creator = "Klimaspor"
    if book.active is not None:
        book.remove(book.active)
    for table in tables:
        _write(book.create_sheet(table.name), table)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(sheet: Any, table: Table) -> None:
    for column, head in enumerate(table.head, 1):
        cell = _put(sheet, 1, column, head)
        cell.font = Font(bold=True)
    for place, row in enumerate(table.rows, 2):
        for column, value in enumerate(row, 1):
            _put(sheet, place, column, value)
    for column, width in enumerate(table.widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    last = len(table.rows) + 1
    for choices in table.choices:
        listed = DataValidation(
            type="list", formula1=f'"{",".join(choices.texts)}"', allow_blank=True
        )
        letter = get_column_letter(choices.column + 1)
        listed.add(f"{letter}2:{letter}{last + EMPTY_ROWS}")
        sheet.add_data_validation(listed)
    if table.sums is not None:
        _sums(sheet, table.sums, len(table.head), last)


def _put(sheet: Any, row: int, column: int, value: str | Decimal | float | None) -> Any:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _FORBIDDEN.sub("", value)
        # A text stays one, also where it begins as a formula does, and when the sheet is saved again.
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in tuple("=+-@")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif value is not None:
        cell.value = value
        if isinstance(value, Decimal):
            cell.number_format = "#,##0.00" if value % 1 else "#,##0"
    return cell


# XML 1.0 has no place for these.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _sums(sheet: Any, first: int, width: int, last: int) -> None:
    """Add what each row and each column of amounts adds up to, which the sheet reckons itself."""
    end, bottom = get_column_letter(width), last + EMPTY_ROWS
    total = width + 1
    _put(sheet, 1, total, SUM).font = Font(bold=True)
    for row in range(2, last + 1):
        cell = sheet.cell(row, total)
        cell.value = f"=SUM({get_column_letter(first + 1)}{row}:{end}{row})"
        cell.number_format = "#,##0"
    _put(sheet, bottom + 1, 1, SUM).font = Font(bold=True)
    for column in range(first + 1, total + 1):
        letter = get_column_letter(column)
        cell = sheet.cell(bottom + 1, column)
        cell.value = f"=SUM({letter}2:{letter}{bottom})"
        cell.number_format = "#,##0"
    sheet.column_dimensions[get_column_letter(total)].width = 16

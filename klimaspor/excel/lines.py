"""A table as comma-separated text that a Danish Excel opens as it stands: semicolons, a byte order mark, and no formulas."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from klimaspor.excel.writing import Table

MIME = "text/csv; charset=utf-8"
FORMULA = tuple("=+-@\t\r")
"""What a cell begins with that a spreadsheet takes for a formula (OWASP, CSV Injection)."""


def write(table: Table) -> bytes:
    """Return head and rows; a text that looks like a formula gets an apostrophe before it, and stays text."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.head)
    for row in table.rows:
        writer.writerow([_text(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _text(value: object) -> str:
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return f"'{value}" if value.startswith(FORMULA) else value

"""
The lines of the economy as a grid shows them, and what is guarded of each of its rows, see `klimaspor.seen`.

A row is what lines have in common but for year and amount, and is known by just that: so a row whose words are changed is another
row, and the one it was is gone. A cell is the amounts of the lines of that row and year, mostly one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import capfirst

from klimaspor import danish
from klimaspor.seen import Shown, digest
from proposals.answers.sums import FinancingStatus
from proposals.economy.models import BudgetCategory, BudgetLine, Financing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

Heads = tuple[str, ...]
"""Of the budget category, description and the recipient's key; of the financing source and status."""
Cells = dict[int, tuple["Decimal", ...]]
BUDGET, FINANCING = "budget", "financing"


@dataclass(frozen=True)
class GridRow:
    table: str
    heads: Heads
    cells: Cells
    """The amounts of each year, in kroner."""

    @property
    def unit(self) -> str:
        return f"{self.table}-{digest(self.heads)}"


def heads_of(line: BudgetLine | Financing) -> Heads:
    if isinstance(line, BudgetLine):
        return (line.category, line.description, str(line.recipient_id or ""))
    return (line.source, line.status)


def grid_rows(table: str, lines: Iterable[BudgetLine] | Iterable[Financing]) -> list[GridRow]:
    """Put lines together as rows, in the order in which each is first named."""
    found: dict[Heads, dict[int, list[Decimal]]] = {}
    for line in lines:
        cells = found.setdefault(heads_of(line), defaultdict(list))
        cells[line.year].append(line.amount)
    return [
        GridRow(table, heads, {year: tuple(amounts) for year, amounts in sorted(cells.items())})
        for heads, cells in found.items()
    ]


def shown_grid(rows: Iterable[GridRow], recipients: Mapping[str, str]) -> Shown:
    """Show rows, each guarded by itself; `recipients` are the participants' names by key."""
    return Shown.of_fields(
        *((row.unit, row_label(row, recipients), cells_text(row.cells)) for row in rows)
    )


def row_label(row: GridRow, recipients: Mapping[str, str]) -> str:
    if row.table == BUDGET:
        category, description, recipient = row.heads
        label = dict(BudgetCategory.choices).get(category, "")
        words = (label, description, recipients.get(recipient, ""))
    else:
        source, status = row.heads
        words = (source, dict(FinancingStatus.choices).get(status, ""), "")
    return capfirst(", ".join(word for word in words if word))


def cells_text(cells: Cells) -> str:
    """Write e.g. "2027: 100.000, 2028: 50.000 + 20.000"; nothing of a row without amounts."""
    return ", ".join(
        f"{year}: {' + '.join(danish.amount_text(amount) for amount in amounts)}"
        for year, amounts in sorted(cells.items())
        if amounts
    )

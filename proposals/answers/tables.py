"""The rows of a proposal as cells of text, one shape for what is compared and what is kept: participants, economy, files."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from klimaspor import danish
from proposals.answers.sections import BY_SLUG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from proposals.answers.content import AttachmentRow, ParticipantRow
    from proposals.answers.sums import BudgetRow, FinancingRow
    from proposals.line.models import Proposal

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of the proposal."""

    name: str
    """The accessor of its rows, which their version is kept by."""
    in_content: str
    """What `Content` calls them."""
    slug: str
    label: str
    heads: Cells
    keys: int
    """As many of the first cells say which row it is."""
    cells_of: Callable[[Any], Cells]
    """Write one row of `Content`."""
    read: Callable[[Proposal, datetime], Iterable[Any]]
    """Read the rows as they stand: one query."""
    has_total: bool = False

    @property
    def section(self) -> str:
        return BY_SLUG[self.slug].title

    def cells(self, rows: Iterable[Any]) -> list[Cells]:
        return [self.cells_of(row) for row in rows]

    def total(self, rows: Sequence[Any]) -> str:
        """Add the amounts up, where there are some."""
        if not self.has_total or not rows:
            return ""
        return danish.money_text(sum((row.amount for row in rows), Decimal(0)))

    def text(self, rows: Iterable[Any]) -> str:
        """Write the rows as a list, a point each."""
        return "\n".join(f"- {', '.join(filter(None, row))}" for row in self.cells(rows))


def _participant(row: ParticipantRow) -> Cells:
    answer = row.answer_text if row.answer else ""
    return (row.name, row.kind, row.role, answer, row.brought_text, row.plan_action)


def _budget_line(row: BudgetRow) -> Cells:
    return (
        row.category_label,
        row.description,
        f"til {row.recipient}" if row.recipient else "",
        str(row.year),
        danish.money_text(row.amount),
        "statsstøtte?" if row.asks_state_aid else "",
    )


def _financing(row: FinancingRow) -> Cells:
    return (row.source, str(row.year), danish.money_text(row.amount), row.status_label)


def _attachment(row: AttachmentRow) -> Cells:
    return (row.title, row.file_name, f"fingeraftryk {row.sha256[:12]}")


TABLES = (
    Table(
        "participants",
        "participants",
        "deltagere",
        "Deltagere",
        ("Deltager", "Type", "Rolle", "Tilsagn", "Bidrager med", "Handling i planen"),
        1,
        _participant,
        # On which day they must be legal entities decides whether they count, which no cell says.
        lambda proposal, at: proposal.participants.listed().rows(danish.day_of(at)),
    ),
    Table(
        "budget_lines",
        "budget",
        "oekonomi",
        "Budgetlinjer",
        ("Post", "Beskrivelse", "Modtager", "År", "Beløb", "Spørgsmål"),
        4,
        _budget_line,
        lambda proposal, at: proposal.budget_lines.listed().rows(),
        has_total=True,
    ),
    Table(
        "financing",
        "financing",
        "oekonomi",
        "Finansiering",
        ("Kilde", "År", "Beløb", "Status"),
        2,
        _financing,
        lambda proposal, at: proposal.financing.listed().rows(),
        has_total=True,
    ),
    Table(
        "attachments",
        "attachments",
        "bilag",
        "Bilag",
        ("Titel", "Fil", "Indhold"),
        1,
        _attachment,
        lambda proposal, at: proposal.attachments.present().not_infected().listed().rows(),
    ),
)
BY_NAME = {table.name: table for table in TABLES}

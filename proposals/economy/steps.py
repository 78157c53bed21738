"""The lines of the economy: what is spent, and who pays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction

from klimaspor import seen
from klimaspor.seen import Changed
from proposals.drafting.holding import held, mark, touch
from proposals.economy.models import BudgetLine, Financing
from proposals.economy.seen import BUDGET, FINANCING, GridRow, grid_rows, heads_of, shown_grid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from decimal import Decimal

    from klimaspor.accounts.models import User
    from klimaspor.seen import Base
    from proposals.economy.seen import Heads
    from proposals.line.models import Proposal

Line = TypeVar("Line", Financing, BudgetLine)
FINANCING_NAMES = ("year", "source", "amount", "status")
BUDGET_NAMES = ("year", "category", "description", "amount", "recipient_id")


@dataclass(frozen=True)
class TypedRow:
    """A row of the grid as it came."""

    table: str
    heads: Heads
    amounts: Mapping[int, Decimal | None]
    """The amount in kroner of each year that came; None of one that was left empty."""


@transaction.atomic
def save_financing(
    *,
    proposal_pk: int,
    lines: Iterable[tuple[int, str, Decimal, str]],
    by: User,
    at: datetime,
) -> None:
    """
    Replace the lines of the financing: (year, source, amount in kroner, status), in the order they are shown.

    :raises NotEditable:
    :raises ValidationError:
    """
    proposal = held(proposal_pk)
    rows = [
        Financing(
            proposal=proposal,
            position=position,
            year=year,
            source=source,
            amount=amount,
            status=status,
        )
        for position, (year, source, amount, status) in enumerate(lines)
    ]
    saved = list(proposal.financing.listed())
    if _replace(Financing, saved, rows, FINANCING_NAMES):
        _changed(proposal, "financing", by=by, at=at)


@transaction.atomic
def save_budget(
    *,
    proposal_pk: int,
    lines: Iterable[tuple[int, str, str, Decimal, int | None]],
    by: User,
    at: datetime,
) -> None:
    """
    Replace the lines of the budget: (year, category, description, amount in kroner, recipient), as they are shown.

    The recipient is the key of a participant or None. One that is no participant here, or has just left, is nobody, as
    it becomes when a participant leaves.

    :raises NotEditable:
    :raises ValidationError:
    """
    proposal = held(proposal_pk)
    participants = proposal.participants.in_bulk()
    rows = [
        BudgetLine(
            proposal=proposal,
            position=position,
            year=year,
            category=category,
            description=description,
            amount=amount,
            recipient=participants.get(recipient),
        )
        for position, (year, category, description, amount, recipient) in enumerate(lines)
    ]
    saved = list(proposal.budget_lines.listed())
    if _replace(BudgetLine, saved, rows, BUDGET_NAMES):
        _changed(proposal, "budget_lines", by=by, at=at)


def _replace(
    model: type[Line], saved: list[Line], rows: list[Line], names: tuple[str, ...]
) -> bool:
    """Put rows in place of those saved, and say whether that changed anything: what is the same gets no new version."""
    for row in rows:
        row.clean_fields(exclude=["proposal", "recipient"])
    if rows:
        # Each of them asks the database whether the amount is allowed: the smallest answers for all.
        min(rows, key=lambda row: row.amount).validate_constraints()

    def compared(lines: list[Line]) -> list[tuple[Any, ...]]:
        ordered = sorted(lines, key=lambda line: line.position)
        return [tuple(getattr(line, name) for name in names) for line in ordered]

    if compared(saved) == compared(rows):
        return False
    model.objects.filter(pk__in=[line.pk for line in saved]).delete()
    model.objects.bulk_create(rows)
    return True


def _changed(proposal: Proposal, name: str, *, by: User, at: datetime) -> None:
    mark(proposal, [name], by=by, at=at)
    touch(proposal, at)


# As a grid


@transaction.atomic
def save_grid(
    *,
    proposal_pk: int,
    typed: Iterable[TypedRow],
    bases: Mapping[str, Base] | None,
    by: User,
    at: datetime,
) -> None:
    """
    Write the rows of a grid that were touched; a cell is the amount of its line, and an empty one has none.

    A row that the page showed and that does not come was renamed or taken away. A year that does not come is left alone.

    :raises NotEditable:
    :raises Changed: somebody has written in one of the rows since.
    :raises ValidationError:
    """
    proposal = held(proposal_pk)
    # As they were written, which is not by year.
    budget = list(proposal.budget_lines.listed())
    financing = list(proposal.financing.as_written())
    standing = {
        row.unit: row for row in (*grid_rows(BUDGET, budget), *grid_rows(FINANCING, financing))
    }
    recipients = {str(p.pk): p.name for p in proposal.participants.listed()}
    came = _came(standing, [_to_known(row, recipients) for row in typed], bases)
    now, shown = (shown_grid(rows.values(), recipients) for rows in (standing, came))
    if others := _instead(standing, came, bases):
        raise Changed.of(now, others, shown, touched=(), reader=by)
    touched = seen.touched(bases, now, shown, reader=by)
    written = [row for unit, row in came.items() if unit in touched]
    order = [row.heads for row in came.values()]
    spent = [row for row in written if row.table == BUDGET]
    paid = [row for row in written if row.table == FINANCING]
    spent_lines = _with_cells(budget, spent, order, _budget_line)
    paid_lines = _with_cells(financing, paid, order, _financing)
    changed = []
    if _replace(BudgetLine, budget, _placed(proposal, spent_lines), BUDGET_NAMES):
        changed.append("budget_lines")
    if _replace(Financing, financing, _placed(proposal, paid_lines), FINANCING_NAMES):
        changed.append("financing")
    if changed:
        mark(proposal, changed, by=by, at=at)
        touch(proposal, at)


def _to_known(row: TypedRow, recipients: Mapping[str, str]) -> TypedRow:
    """Let what goes to somebody who is no participant here, or has just left, go to nobody."""
    if row.table == BUDGET and row.heads[-1] not in recipients:
        return replace(row, heads=(*row.heads[:-1], ""))
    return row


def _came(
    standing: Mapping[str, GridRow], typed: Iterable[TypedRow], bases: Mapping[str, Base] | None
) -> dict[str, GridRow]:
    """Give the rows as they are to stand: what was typed over what stands, and empty those that were shown and are gone."""
    came = {}
    for row in typed:
        unit = GridRow(row.table, row.heads, {}).unit
        cells = dict(standing[unit].cells) if unit in standing else {}
        for year, amount in row.amounts.items():
            cells[year] = () if amount is None else (amount,)
        if any(cells.values()) or unit in standing:
            came[unit] = GridRow(row.table, row.heads, cells)
    for unit in (bases or {}).keys() - came.keys():
        if unit in standing:
            came[unit] = replace(standing[unit], cells={})
    return came


def _instead(
    standing: Mapping[str, GridRow], came: Mapping[str, GridRow], bases: Mapping[str, Base] | None
) -> list[str]:
    """Give rows that others may have made of one that is renamed here too: written beside them it would count twice."""
    if bases is None:
        return []
    gone = bases.keys() - standing.keys() - came.keys()
    tables = {_table(unit) for unit in came.keys() - standing.keys() - bases.keys()}
    if bases:
        # A page that carries nothing has seen no row at all.
        tables &= {_table(unit) for unit in gone}
    unseen = [unit for unit in standing if unit not in bases and unit not in came]
    return [unit for unit in unseen if _table(unit) in tables]


def _table(unit: str) -> str:
    return unit.partition("-")[0]


def _with_cells(
    lines: list[Line],
    rows: Iterable[GridRow],
    order: list[Heads],
    made: Callable[[Heads, int, Decimal], Line],
) -> list[Line]:
    """Give the lines with what stands in the cells of some rows, each where its row stands in the grid."""
    left = {(row.heads, year): list(amounts) for row in rows for year, amounts in row.cells.items()}
    written = {row.heads for row in rows}
    kept = []
    for line in lines:
        heads = heads_of(line)
        if heads not in written:
            kept.append(made(heads, line.year, line.amount))
        elif amounts := left.get((heads, line.year)):
            kept.append(made(heads, line.year, amounts.pop(0)))
    for (heads, year), amounts in left.items():
        for amount in amounts:
            kept.insert(_place(kept, heads, year, order), made(heads, year, amount))
    return kept


def _place(kept: list[Line], heads: Heads, year: int, order: list[Heads]) -> int:
    """Give where a line goes: by its year among those of its row, else where its row stands among the others."""
    own = [place for place, line in enumerate(kept) if heads_of(line) == heads]
    if own:
        return 1 + max((p for p in own if kept[p].year <= year), default=own[0] - 1)
    here = order.index(heads)
    above, below = order[:here], order[here + 1 :]
    last = [place for place, line in enumerate(kept) if heads_of(line) in above]
    first = [place for place, line in enumerate(kept) if heads_of(line) in below]
    return last[-1] + 1 if last else first[0] if first else len(kept)


def _budget_line(heads: Heads, year: int, amount: Decimal) -> BudgetLine:
    category, description, recipient = heads
    return BudgetLine(
        category=category,
        description=description,
        recipient_id=int(recipient) if recipient else None,
        year=year,
        amount=amount,
    )


def _financing(heads: Heads, year: int, amount: Decimal) -> Financing:
    source, status = heads
    return Financing(source=source, status=status, year=year, amount=amount)


def _placed(proposal: Proposal, lines: list[Line]) -> list[Line]:
    for position, line in enumerate(lines):
        line.proposal, line.position = proposal, position
    return lines

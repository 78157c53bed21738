"""The lines of the economy: what is spent, and who pays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction

from proposals.drafting.holding import held, mark, touch
from proposals.economy.models import BudgetLine, Financing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal

Line = TypeVar("Line", Financing, BudgetLine)


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
    if _replace(Financing, saved, rows, ("year", "source", "amount", "status")):
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
    names = ("year", "category", "description", "amount", "recipient_id")
    if _replace(BudgetLine, saved, rows, names):
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

"""Questions about the lines of the economy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

from proposals.answers.sums import BudgetRow, FinancingRow

if TYPE_CHECKING:
    from proposals.economy.models import BudgetLine, Financing


class BudgetLineQuerySet(QuerySet["BudgetLine"]):
    def rows(self) -> tuple[BudgetRow, ...]:
        """Read them as pages and papers show them."""
        return tuple(budget_row(line) for line in self)

    def listed(self) -> Self:
        return self.select_related("recipient__organization").order_by("position", "pk")


class FinancingQuerySet(QuerySet["Financing"]):
    def rows(self) -> tuple[FinancingRow, ...]:
        """Read them as pages and papers show them."""
        return tuple(financing_row(line) for line in self)

    def listed(self) -> Self:
        return self.order_by("year", "position", "pk")

    def as_written(self) -> Self:
        return self.order_by("position", "pk")


def budget_row(line: BudgetLine) -> BudgetRow:
    return BudgetRow(
        line.category,
        line.get_category_display(),
        line.description,
        line.year,
        line.amount,
        line.recipient.name if line.recipient else "",
        line.goes_to_company,
        pk=line.pk,
    )


def financing_row(line: Financing) -> FinancingRow:
    return FinancingRow(
        line.year,
        line.source,
        line.amount,
        line.status,
        line.get_status_display(),
        pk=line.pk,
    )

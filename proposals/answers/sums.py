"""
The economy added up ("økonomi"): what is spent, who pays, and whether the two agree. Amounts in kroner, in Decimal.

Pages, papers, differences and the sums shown while somebody writes all read this, so they cannot disagree.

What is asked and the stated total are read back from the words that were sent, so that versions from before there
were budget lines open too; a test holds that every amount reads back as it was. Reconsider if an answer's wording
changes.

Every share rounds half up by itself, so that equal amounts have equal shares and a larger one never a smaller; together
they may make 99 or 101, which is then said beside them. No rounding keeps both.

Whether money to a private company is state aid is a person's to judge: the question informs and never blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.db import models

from klimaspor import danish

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ZERO, ONE, WHOLE = Decimal(0), Decimal(1), Decimal(100)
YEARS_ACROSS = 5
"""More columns of amounts than that do not fit across a page."""


@dataclass(frozen=True)
class FinancingRow:
    year: int
    source: str
    amount: Decimal
    status: str
    status_label: str
    pk: int | None = field(default=None, compare=False)
    """Its key, which comments name; none where it was frozen before it was kept."""

    @property
    def said(self) -> str:
        """What a comment is about, in one line."""
        return f"{self.year}: {self.source}, {danish.money_text(self.amount)}, {self.status_label}"


@dataclass(frozen=True)
class BudgetRow:
    """What one amount, in kroner, is spent on."""

    category: str
    category_label: str
    description: str
    year: int
    amount: Decimal
    recipient: str
    goes_to_company: bool
    pk: int | None = field(default=None, compare=False)

    @property
    def said(self) -> str:
        """What a comment is about, in one line."""
        parts = (self.category_label, self.description, danish.money_text(self.amount))
        to = f", til {self.recipient}" if self.recipient else ""
        return f"{self.year}: {', '.join(filter(None, parts))}{to}"

    @property
    def asks_state_aid(self) -> bool:
        """Whether the question of state aid ("statsstøtte") must be asked."""
        return self.goes_to_company and self.amount > 0

    @property
    def amount_text(self) -> str:
        return danish.amount_text(self.amount)


# By year


@dataclass(frozen=True)
class TableLine:
    heads: tuple[str, ...]
    """What the line is about: category, or source and status."""
    by_year: tuple[tuple[int, str], ...]
    """Each year's amount; empty where nothing is said, which is not the same as 0."""
    total: str
    """Of all the years, not only those of the table."""


@dataclass(frozen=True)
class Table:
    """Some of the years of a grid as they are written, in kroner without a unit."""

    years: tuple[int, ...]
    lines: tuple[TableLine, ...]
    by_year: tuple[tuple[int, str], ...]
    """Each year's sum."""
    total: str
    """Of all the years; in the last table only."""

    @property
    def span(self) -> str:
        first, last = self.years[0], self.years[-1]
        return str(first) if first == last else f"{first}-{last}"


@dataclass(frozen=True)
class GridLine:
    heads: tuple[str, ...]
    amounts: tuple[Decimal | None, ...]
    total: Decimal


@dataclass(frozen=True)
class Grid:
    """Amounts with years across and what they are about down, in the order in which it was first named."""

    years: tuple[int, ...]
    lines: tuple[GridLine, ...]
    sums: tuple[Decimal, ...]
    total: Decimal

    @classmethod
    def of(cls, amounts: Iterable[tuple[tuple[str, ...], int, Decimal]]) -> Grid:
        cells: dict[tuple[str, ...], dict[int, Decimal]] = {}
        for heads, year, amount in amounts:
            row = cells.setdefault(heads, {})
            row[year] = row.get(year, ZERO) + amount
        years = tuple(sorted({year for row in cells.values() for year in row}))
        return cls(
            years=years,
            lines=tuple(
                GridLine(heads, tuple(row.get(year) for year in years), sum(row.values(), ZERO))
                for heads, row in cells.items()
            ),
            sums=tuple(
                sum((row.get(year, ZERO) for row in cells.values()), ZERO) for year in years
            ),
            total=sum((amount for row in cells.values() for amount in row.values()), ZERO),
        )

    @property
    def total_text(self) -> str:
        return danish.money_text(self.total)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Give the grid as it is written, a few years at a time."""
        tables = []
        for start in range(0, len(self.years), YEARS_ACROSS):
            shown = slice(start, start + YEARS_ACROSS)
            years = self.years[shown]
            tables.append(
                Table(
                    years=years,
                    lines=tuple(
                        TableLine(
                            line.heads,
                            _written(years, line.amounts[shown]),
                            danish.amount_text(line.total),
                        )
                        for line in self.lines
                    ),
                    by_year=_written(years, self.sums[shown]),
                    total=danish.amount_text(self.total) if years[-1] == self.years[-1] else "",
                )
            )
        return tuple(tables)


def _written(
    years: tuple[int, ...], amounts: tuple[Decimal | None, ...]
) -> tuple[tuple[int, str], ...]:
    return tuple(
        (year, "" if amount is None else danish.amount_text(amount))
        for year, amount in zip(years, amounts, strict=True)
    )


# Of a whole


@dataclass(frozen=True)
class Share:
    """What one part makes of the whole."""

    key: str
    label: str
    amount: Decimal
    percent: int
    """Of parts that are shown together they add up to 100, or all are 0 when the whole is."""
    percent_text: str

    @property
    def amount_text(self) -> str:
        return danish.money_text(self.amount)


def percentages(amounts: Sequence[Decimal]) -> list[int]:
    """Give each amount's share of all of them in whole per cent, half up; all 0 when the amounts are."""
    total = sum(amounts, ZERO)
    return [percentage(amount, total) if total else 0 for amount in amounts]


def percentage(amount: Decimal, whole: Decimal) -> int:
    return int((amount * WHOLE / whole).quantize(ONE, ROUND_HALF_UP))


def rounding_text(*groups: Iterable[Share]) -> str:
    """Say that shares that stand together do not add up, in one of the groups; empty when they do."""
    made = {sum(share.percent for share in shares) for shares in groups}
    if made <= {0, 100}:
        return ""
    return f"Andelene er rundet af hver for sig og giver derfor ikke præcis 100{danish.NBSP}%."


def shares(parts: Iterable[tuple[str, str, Decimal]]) -> tuple[Share, ...]:
    """Add up parts of (key, label, amount) by their key, and say what each makes of the whole."""
    labels: dict[str, str] = {}
    amounts: dict[str, Decimal] = {}
    for key, label, amount in parts:
        labels[key] = label
        amounts[key] = amounts.get(key, ZERO) + amount
    total = sum(amounts.values(), ZERO)
    return tuple(
        Share(key, labels[key], amount, percent, _percent_text(percent, amount, total))
        for (key, amount), percent in zip(
            amounts.items(), percentages(list(amounts.values())), strict=True
        )
    )


def _percent_text(percent: int, amount: Decimal, total: Decimal) -> str:
    if not total:
        return ""
    # A little is not nothing, and nearly all is not all.
    if amount and not percent:
        return f"under 1{danish.NBSP}%"
    if percent == WHOLE and amount != total:
        return f"over 99{danish.NBSP}%"
    return f"{percent}{danish.NBSP}%"


def share_of_range(amount: Decimal, low: Decimal, high: Decimal) -> tuple[int, int] | None:
    """Give how many per cent an amount is of a whole between `low` and `high`, half up; None of nothing."""
    if not low:
        return None
    return percentage(amount, high), percentage(amount, low)


# Whether it agrees


@dataclass(frozen=True)
class Balance:
    """How a sum stands against what it should come to: an amount, or a range of them."""

    low: Decimal
    high: Decimal
    covered: Decimal

    @property
    def fits(self) -> bool:
        return self.low <= self.covered <= self.high

    @property
    def missing(self) -> tuple[Decimal, Decimal]:
        """What is short of the range, at least and at most; nothing when it is reached."""
        if self.covered >= self.low:
            return ZERO, ZERO
        return self.low - self.covered, self.high - self.covered

    @property
    def over(self) -> Decimal:
        """What the sum is above the range."""
        return max(self.covered - self.high, ZERO)

    @property
    def whole_text(self) -> str:
        return _range_text(self.low, self.high)

    @property
    def covered_text(self) -> str:
        return danish.money_text(self.covered)

    @property
    def missing_text(self) -> str:
        return _range_text(*self.missing)

    @property
    def over_text(self) -> str:
        return danish.money_text(self.over)


def _range_text(low: Decimal, high: Decimal) -> str:
    # One amount is written out, as the one beside it is.
    return danish.money_text(low) if low == high else danish.range_text(low, high)


def balance(whole: tuple[Decimal, Decimal], covered: Decimal) -> Balance:
    """Hold a sum against an amount or a range, given as its lowest and highest."""
    low, high = whole
    return Balance(low, high, covered)


@dataclass(frozen=True)
class Remark:
    """A sentence about whether the figures agree."""

    text: str
    is_warning: bool


@dataclass(frozen=True)
class Economy:
    """A proposal's lines added up, and its total and what it asks for held against them."""

    budget: Grid
    """By category and year."""
    financing: Grid
    """By source with status, and year."""
    by_category: tuple[Share, ...]
    by_status: tuple[Share, ...]
    by_source: tuple[Share, ...]
    requested: Decimal | None
    """What is asked of Klimaalliancen."""
    stated: tuple[Decimal, Decimal] | None
    """The project's total as it is stated, which may be a range."""
    to_companies: tuple[tuple[str, Decimal], ...]
    """What goes to each private company, which raises the question of state aid ("statsstøtte")."""

    @classmethod
    def of(
        cls,
        *,
        financing: Sequence[FinancingRow] = (),
        budget: Sequence[BudgetRow] = (),
        requested: Decimal | None = None,
        stated: tuple[Decimal, Decimal] | None = None,
    ) -> Economy:
        companies: dict[str, Decimal] = {}
        for line in budget:
            if line.asks_state_aid:
                companies[line.recipient] = companies.get(line.recipient, ZERO) + line.amount
        in_order: Mapping[str, int] = {
            status: place for place, status in enumerate(FinancingStatus.values)
        }
        return cls(
            budget=Grid.of(((b.category_label,), b.year, b.amount) for b in budget),
            financing=Grid.of(((f.source, f.status_label), f.year, f.amount) for f in financing),
            by_category=shares((b.category, b.category_label, b.amount) for b in budget),
            by_status=shares(
                (f.status, f.status_label, f.amount)
                for f in sorted(financing, key=lambda f: in_order[f.status])
            ),
            by_source=shares((f.source, f.source, f.amount) for f in financing),
            requested=requested,
            stated=stated,
            to_companies=tuple(companies.items()),
        )

    @property
    def whole(self) -> tuple[Decimal, Decimal] | None:
        """Give what must be financed: the lines of the budget added up, or the total as it is stated."""
        if self.budget.lines:
            return self.budget.total, self.budget.total
        return self.stated

    @property
    def budget_balance(self) -> Balance | None:
        """Hold the lines of the budget against the stated total; None while one of them is missing."""
        if self.stated is None or not self.budget.lines:
            return None
        return balance(self.stated, self.budget.total)

    @property
    def financing_balance(self) -> Balance | None:
        """Hold the financing against the budget; None while one of them is missing."""
        if self.whole is None or not self.financing.lines:
            return None
        return balance(self.whole, self.financing.total)

    @property
    def asked_percent(self) -> tuple[int, int] | None:
        """Give how many per cent of the project Klimaalliancen is asked for, at least and at most."""
        of = self.stated or self.whole
        return None if self.requested is None or of is None else share_of_range(self.requested, *of)

    # In words

    @property
    def rounding_text(self) -> str:
        """Say of the shares by status, which pages and papers show, that they do not add up."""
        return rounding_text(self.by_status)

    @property
    def all_rounding_text(self) -> str:
        """Say it of all the shares there are."""
        return rounding_text(self.by_status, self.by_source, self.by_category)

    @property
    def asked_text(self) -> str:
        """Write e.g. "1.500.000 kr., 13-15 % af budgettet"; empty when nothing is asked."""
        if self.requested is None:
            return ""
        said = danish.money_text(self.requested)
        if self.asked_percent is None:
            return said
        low, high = self.asked_percent
        percent = str(low) if low == high else f"{low}{danish.TO}{high}"
        return f"{said}, {percent}{danish.NBSP}% af budgettet"

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Say in sentences whether the figures agree; nothing of what is not answered yet."""
        said = (self._budget_remark, self._financing_remark, self._requested_remark)
        return tuple(remark for remark in said if remark)

    @property
    def _budget_remark(self) -> Remark | None:
        found = self.budget_balance
        if found is None:
            return None
        said = f"Budgetlinjerne giver {found.covered_text}, og det samlede budget er {found.whole_text}"
        # "kr." ends a sentence too.
        if found.fits:
            return Remark(f"{said} Tallene stemmer.", is_warning=False)
        if found.over:
            return Remark(f"{said} Budgetlinjerne er {found.over_text} højere.", is_warning=True)
        return Remark(f"{said} Der mangler budgetlinjer for {found.missing_text}", is_warning=True)

    @property
    def _financing_remark(self) -> Remark | None:
        found = self.financing_balance
        if found is None:
            return None
        said = f"Budgettet er {found.whole_text}, og finansieringen er {found.covered_text}"
        if found.fits:
            return Remark(f"{said} Tallene stemmer.", is_warning=False)
        if found.over:
            return Remark(f"{said} Finansieringen er {found.over_text} højere.", is_warning=True)
        return Remark(f"{said} Der mangler finansiering for {found.missing_text}", is_warning=True)

    @property
    def _requested_remark(self) -> Remark | None:
        asked = [share.amount for share in self.by_status if share.key == FinancingStatus.REQUESTED]
        if not asked or self.requested is None or asked[0] == self.requested:
            return None
        return Remark(
            f"Linjerne med status søgt giver {danish.money_text(asked[0])}, og beløbet, der søges hos "
            f"Klimaalliancen, er {danish.money_text(self.requested)} Se, om de skal være ens.",
            is_warning=True,
        )

    @property
    def state_aid_text(self) -> str:
        """Say what goes to private companies; empty when nothing does."""
        if not self.to_companies:
            return ""
        said = danish.join_text(
            [f"{danish.money_text(amount)} til {name}" for name, amount in self.to_companies]
        )
        return f"Budgettet har {said}."


class FinancingStatus(models.TextChoices):
    REQUESTED = "requested", "søgt"
    GRANTED = "granted", "bevilget"
    COMMITTED = "committed", "tilsagn"
    EXPECTED = "expected", "forventet"
    OWN_TIME = "own_time", "egen tid"

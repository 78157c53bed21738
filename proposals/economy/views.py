"""
The section about the economy, and what its lines add up to, also while they are written.

The sums are the server's also while somebody writes: the form is posted to an address that adds up what can be read
and writes nothing, so that script and server cannot disagree. Without JavaScript they come with the next save.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.forms.formsets import TOTAL_FORM_COUNT
from django.http import HttpResponse

from klimaspor import danish
from klimaspor.dkfds.formsets import as_sent, unjudged
from klimaspor.seen import base_name, together
from proposals.answers.pages import share_bars
from proposals.answers.sums import Economy
from proposals.drafting.pages import SectionPage
from proposals.economy import steps as drafting
from proposals.economy.forms import (
    GRID,
    HEAD_NAMES,
    GridForm,
    budget_formset,
    copy_to_empty,
    financing_formset,
    paste_name,
    put_among,
)
from proposals.economy.models import BudgetLine, Financing
from proposals.economy.pasted import (
    FIRST_YEAR,
    LAST_YEAR,
    PastedRow,
    cells_of,
    read_budget,
    read_financing,
)
from proposals.economy.queries import budget_row, financing_row
from proposals.economy.seen import BUDGET, FINANCING, grid_rows, shown_grid
from proposals.line.pages import StepPage, is_editable, not_now

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.http import HttpRequest

    from klimaspor.seen import Shown
    from proposals.answers.content import Content
    from proposals.drafting.parts import SectionForm
    from proposals.economy.forms import LineRows


class EconomyPage(SectionPage):
    template_name = "proposals/economy/economy.html"
    slug = "oekonomi"
    row_prefixes = ("linjer-", "budgetlinjer-")
    row_names = ("financing", "budget_lines")

    def row_forms(self, data: Any) -> dict[str, Any]:
        self.participants = list(self.proposal.participants.listed())
        return {
            "formset": financing_formset(list(self.proposal.financing.listed()), data),
            "budget": budget_formset(
                list(self.proposal.budget_lines.listed()), self.participants, data
            ),
        }

    def rows_agree(self, rows: dict[str, Any], standing: dict[str, Any]) -> bool:
        tables = [(rows[name], standing[name]) for name in ("formset", "budget")]
        return all(
            not typed.is_bound or (typed.is_valid() and typed.says(stand.initial))
            for typed, stand in tables
        )

    def save_rows(self, rows: dict[str, Any]) -> str | None:
        financing, budget = rows["formset"], rows["budget"]
        if not self.rows_touched:
            is_growing = financing.is_growing or budget.is_growing
            return None if is_growing else super().save_rows(rows)
        if financing.is_valid():
            drafting.save_financing(
                proposal_pk=self.proposal.pk,
                lines=_values(financing, "year", "source", "amount", "status"),
                by=self.user,
                at=self.at,
            )
        if budget.is_valid():
            drafting.save_budget(
                proposal_pk=self.proposal.pk,
                lines=_values(budget, "year", "category", "description", "amount", "recipient"),
                by=self.user,
                at=self.at,
            )
        if any(shown.is_bound and not shown.is_valid() for shown in (financing, budget)):
            return None
        return super().save_rows(rows)

    def show(self, **more: Any) -> HttpResponse:
        if any(more[name].is_growing for name in ("formset", "budget") if name in more):
            # One row more was asked for: nothing is wrong.
            more["is_partly_saved"] = False
        return super().show(**more)

    def rows_shown(self, content: Content, forms: dict[str, Any]) -> dict[str, Any]:
        return {
            **shown_sums(content.economy),
            "is_typed": forms["formset"].is_bound or forms["budget"].is_bound,
            "is_budget_folded": _is_folded(forms["budget"]),
            "is_financing_folded": _is_folded(forms["formset"]),
            "sums_url": self.url("economy_sums"),
        }

    def success_url(self) -> str:
        return self.url("economy_grid") if self.pressed == "grid" else super().success_url()


MOST_UNFOLDED = 12
"""More lines than that are easier read by year."""


def _is_folded(rows: LineRows) -> bool:
    return not rows.is_bound and rows.initial_form_count() > MOST_UNFOLDED


class EconomySums(EconomyPage):
    """What the lines add up to as they stand in the form, before they are saved."""

    template_name = "proposals/economy/_economy_sums.html"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_editable(self.proposal):
            return HttpResponse(status=409)
        rows = self.row_forms(request.POST)
        financing, budget = rows["formset"], rows["budget"]
        economy = self._typed(self.form(request.POST), financing, budget)
        unread = financing.unread + budget.unread
        return super(SectionPage, self).show(
            **shown_sums(economy),
            is_live=True,
            unread=danish.count_text(unread, "linje", "linjer") if unread else "",
        )

    def _typed(self, form: SectionForm, financing: LineRows, budget: LineRows) -> Economy:
        """Add up what can be read; nothing is written."""
        form.is_valid()
        answers = form.answers
        low, high = answers.get("budget_min"), answers.get("budget_max")
        given = {participant.pk: participant for participant in self.participants}
        return Economy.of(
            financing=[financing_row(Financing(**line)) for line in financing.lines],
            budget=[
                budget_row(BudgetLine(**{**line, "recipient": given.get(line["recipient"])}))
                for line in budget.lines
            ],
            requested=answers.get("requested_amount"),
            stated=None if low is None or high is None else (low, high),
        )


def _values(rows: LineRows, *names: str) -> list[Any]:
    return [tuple(line[name] for name in names) for line in rows.lines]


def shown_sums(economy: Economy) -> dict[str, Any]:
    """Give what templates/proposals/economy/_economy_sums.html shows."""
    return {
        "economy": economy,
        "budget_bars": share_bars(economy.by_category),
        "status_bars": share_bars(economy.by_status),
        "source_bars": share_bars(economy.by_source),
    }


# As a grid


@dataclass(frozen=True)
class Understood:
    """What was read of the cells that were pasted into one table."""

    title: str
    count: str
    guessed: tuple[str, ...]
    left_out: tuple[str, ...]


TITLES = {BUDGET: "Budget", FINANCING: "Finansiering"}
HINTS = {BUDGET: "Hvad pengene går til", FINANCING: "Hvor pengene kommer fra"}
YEARS_AHEAD, MOST_YEARS = 3, 12


class Grid(StepPage):
    """
    The same lines with years across, to write in as in a spreadsheet; each row is guarded by itself.

    What is pasted is put among the rows as if it had been typed there, and nothing of it is saved before it is seen.
    """

    template_name = "proposals/economy/grid.html"
    permission = "proposals.edit"
    heading = "Budget og finansiering år for år"
    button = "Gem"
    is_autosaved = True
    rows_unit = GRID
    above = ("proposals:economy", "Økonomi")
    understood: tuple[Understood, ...] = ()

    @property
    def is_possible_now(self) -> bool:
        return is_editable(self.proposal)

    def load(self) -> None:
        super().load()
        self.participants = list(self.proposal.participants.listed())
        self.recipients = {str(p.pk): p.name for p in self.participants}
        self.grid = [
            *grid_rows(BUDGET, self.proposal.budget_lines.listed()),
            *grid_rows(FINANCING, self.proposal.financing.as_written()),
        ]

    def form(self, data: Any = None) -> GridForm:
        return GridForm(
            data, rows=self.grid, years=self.years(data), participants=self.participants
        )

    def years(self, data: Any = None) -> tuple[int, ...]:
        """Give the years of the period and of the lines, and those that came."""
        found = {year for row in self.grid for year in row.cells}
        found |= {
            int(name[-4:]) for name in data or () if re.fullmatch(rf"{GRID}-.*-y20\d\d", name)
        }
        start, end = self.proposal.period_start, self.proposal.period_end
        first = start.year if start else min(found, default=self.proposal.round.meeting_date.year)
        last = end.year if end else first + YEARS_AHEAD - 1
        found |= set(range(first, min(last, first + MOST_YEARS - 1) + 1))
        years = tuple(sorted(year for year in found if FIRST_YEAR <= year <= LAST_YEAR))
        return years or (self.proposal.round.meeting_date.year,)

    def shown_now(self) -> Shown:
        return shown_grid(self.grid, self.recipients)

    def units(self, form: Any) -> dict[str, dict[str, Any]]:
        return {}

    def act(self, form: GridForm) -> str:
        drafting.save_grid(
            proposal_pk=self.proposal.pk,
            typed=form.typed,
            bases=self.bases,
            by=self.user,
            at=self.at,
        )
        return "Budget og finansiering er gemt."

    def renew(self, data: Any, *, but: Collection[str]) -> None:
        """Let what others have written since stand in the grid as well, where it can be taken away."""
        known = self.bases_in(data).keys()
        for row in self.grid:
            if row.unit in known:
                continue
            amounts = {y: danish.amount_text(a[0]) for y, a in row.cells.items() if len(a) == 1}
            heads = dict(zip(HEAD_NAMES[row.table], row.heads, strict=True))
            put_among(data, row.table, [PastedRow(0, heads, amounts)])
            data[base_name(row.unit)] = str(self.shown_now().base_of(row.unit))

    def success_url(self) -> str:
        leads_back = self.request.POST.get("do") == "back"
        return self.cancel_url() if leads_back else self.url("economy_grid")

    # What is pasted or copied

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        act, _, table = request.POST.get("do", "").partition(":")
        copied = request.POST.get("copy", "")
        if act != "paste" and not copied:
            return super().post(request, **kwargs)
        if not self.is_possible_now:
            return not_now(self)
        self.typed = self._came_or_stands()
        if copied:
            copy_to_empty(self.typed, copied, self.years(self.typed))
            return self.show(form=unjudged(self.form(self.typed)))
        self.understood = tuple(self._paste([table] if table in TITLES else list(TITLES)))
        form = self.form(self.typed)
        form.is_valid()
        if not self.understood:
            place = paste_name(table if table in TITLES else BUDGET)
            form.add_error(place, "Sæt cellerne fra Excel ind i feltet først")
        return self.show(form=form, is_look=bool(self.understood))

    def _came_or_stands(self) -> Any:
        """Give the grid as it came; another page that hands over rows sends none, and then it is as it stands."""
        data = self.request.POST.copy()
        for name, values in as_sent(self.form()).items():
            if f"{GRID}-{BUDGET}-{TOTAL_FORM_COUNT}" not in self.request.POST:
                data.setlistdefault(name, values)
        data.setdefault(base_name(GRID), together(self.shown_now().bases))
        return data

    def _paste(self, tables: Collection[str]) -> Iterator[Understood]:
        """Put what was pasted for these tables among the rows: the text stays, and another press is not to read it again."""
        sources: dict[str, set[str]] = {}
        for row in self.grid:
            if row.table == FINANCING:
                sources.setdefault(row.heads[0], set()).add(row.heads[1])
        sure = {name: statuses.pop() for name, statuses in sources.items() if len(statuses) == 1}
        years = self.years(self.typed)
        for table in tables:
            cells = cells_of(self.typed.get(paste_name(table), ""))
            if not any(map(any, cells)):
                continue
            if table == BUDGET:
                read = read_budget(cells, years=years, recipients=self.recipients)
            else:
                read = read_financing(cells, years=years, statuses=sure)
            put_among(self.typed, table, read.rows)
            yield Understood(
                TITLES[table],
                danish.count_text(len(read.rows), "række", "rækker"),
                tuple(str(doubt) for doubt in read.doubts),
                read.left_out,
            )

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "understood": self.understood,
            "lines_url": self.url("economy"),
            "sums_url": self.url("economy_grid_sums"),
            "period_url": self.url("section", "periode"),
            "has_period": bool(self.proposal.period_start and self.proposal.period_end),
        }

    def show(self, **more: Any) -> HttpResponse:
        if form := more.get("form"):
            more |= {
                "tables": [
                    {
                        "rows": rows,
                        "caption": TITLES[table],
                        "hint": HINTS[table],
                        "paste": form[paste_name(table)],
                    }
                    for table, rows in form.tables.items()
                ],
                "is_wrong": any(rows.total_error_count() for rows in form.formsets),
                "economy": self.added_up(form),
                "unread": _unread(form),
            }
        return super().show(**more)

    def added_up(self, form: GridForm) -> Economy:
        """Add up what can be read in the grid; nothing is written."""
        given = {str(p.pk): p for p in self.participants}
        low, high = self.proposal.budget_min, self.proposal.budget_max
        budget = [
            BudgetLine(
                category=row.heads[0],
                description=row.heads[1],
                recipient=given.get(row.heads[2]),
                year=year,
                amount=amount,
            )
            for row in form.tables[BUDGET].whole
            for year, amount in row.sums.items()
        ]
        financing = [
            Financing(source=row.heads[0], status=row.heads[1], year=year, amount=amount)
            for row in form.tables[FINANCING].whole
            for year, amount in row.sums.items()
        ]
        return Economy.of(
            budget=[budget_row(line) for line in budget],
            financing=[financing_row(line) for line in financing],
            requested=self.proposal.requested_amount,
            stated=None if low is None or high is None else (low, high),
        )


def _unread(form: GridForm) -> str:
    """Say how many rows lack what they are about; nothing when none does."""
    count = sum(len(rows.staying) - len(rows.whole) for rows in form.formsets)
    return danish.count_text(count, "række", "rækker") if count else ""


class GridSums(Grid):
    """What the grid adds up to as it stands in the form, before it is saved."""

    is_autosaved = False
    template_name = "proposals/economy/_grid_sums.html"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.is_possible_now:
            return HttpResponse(status=409)
        return self.show(form=unjudged(self.form(self._came_or_stands())), is_live=True)

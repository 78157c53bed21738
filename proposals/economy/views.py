"""
The section about the economy, and what its lines add up to, also while they are written.

The sums are the server's also while somebody writes: the form is posted to an address that adds up what can be read
and writes nothing, so that script and server cannot disagree. Without JavaScript they come with the next save.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from klimaspor import danish
from proposals.answers.pages import share_bars
from proposals.answers.sums import Economy
from proposals.drafting.pages import SectionPage
from proposals.economy import steps as drafting
from proposals.economy.forms import budget_formset, financing_formset
from proposals.economy.models import BudgetLine, Financing
from proposals.economy.queries import budget_row, financing_row
from proposals.line.pages import is_editable

if TYPE_CHECKING:
    from django.http import HttpRequest

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
            "sums_url": self.url("economy_sums"),
        }


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

"""The section about the economy, and what its lines add up to."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from klimaspor import danish
from proposals import drafting
from proposals.forms.economy import financing_formset
from proposals.models import FinancingStatus
from proposals.views.drafting import SectionPage

if TYPE_CHECKING:
    from proposals.content import Content
    from proposals.models import Proposal


class EconomyPage(SectionPage):
    template_name = "proposals/economy.html"
    slug = "oekonomi"
    row_prefixes = ("linjer-",)
    row_names = ("financing",)

    def row_forms(self, data: Any) -> dict[str, Any]:
        return {"formset": financing_formset(list(self.proposal.financing.listed()), data)}

    def save_rows(self, rows: dict[str, Any]) -> str | None:
        formset = rows["formset"]
        if not self.rows_touched and not formset.is_growing:
            return super().save_rows(rows)
        if not formset.is_valid():
            return None
        drafting.save_financing(
            proposal_pk=self.proposal.pk,
            lines=[
                (line["year"], line["source"], line["amount"], line["status"])
                for line in formset.lines
            ],
            by=self.user,
            at=self.at,
        )
        return super().save_rows(rows)

    def rows_shown(self, content: Content, forms: dict[str, Any]) -> dict[str, Any]:
        economy = content.economy
        return {
            "by_year": _bars((str(year), amount) for year, amount in economy.by_year),
            "by_status": _bars(economy.by_status),
            "total": danish.money_text(economy.total),
            "balance": balance(self.proposal, economy.total),
            "requested_gap": requested_gap(self.proposal, content),
        }


def _bars(sums: Any) -> list[dict[str, Any]]:
    return [
        {"label": capfirst(label), "value": amount, "text": danish.money_text(amount)}
        for label, amount in sums
    ]


def balance(proposal: Proposal, total: Decimal) -> str:
    """Say in a sentence how the lines stand against the budget; empty while one of them is missing."""
    low, high = proposal.budget_min, proposal.budget_max
    if low is None or high is None or not total:
        return ""
    said = (
        f"Linjerne giver {danish.money_text(total)} i alt, og det samlede budget er "
        f"{danish.range_text(low, high)}"
    )
    if low <= total <= high:
        return f"{said} Det passer."
    if total > high:
        return f"{said} Linjerne er {danish.money_text(total - high)} højere."
    # "kr." ends the sentence too.
    return f"{said} Der mangler linjer for {danish.range_text(low - total, high - total)}"


def requested_gap(proposal: Proposal, content: Content) -> str:
    """Say when the lines ask for another amount than the proposal does; empty when they agree or say nothing."""
    lines = [line.amount for line in content.financing if line.status == FinancingStatus.REQUESTED]
    if not lines or proposal.requested_amount is None or sum(lines) == proposal.requested_amount:
        return ""
    return (
        f"Linjerne med status søgt giver {danish.money_text(sum(lines, Decimal(0)))}, men beløbet, I søger, er "
        f"{danish.money_text(proposal.requested_amount)}"
    )

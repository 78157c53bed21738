"""What sending a proposal back to its proposer is as a form and a step, whoever does it: what must change, by section, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klimaspor import danish
from proposals.drafting.parts import ReturnForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from proposals.line.models import Proposal
    from proposals.line.pages import StepPage


def return_form(proposal: Proposal, data: Any = None) -> ReturnForm:
    return ReturnForm(data, initial={"revision": proposal.revision})


def send_back(page: StepPage, form: ReturnForm, step: Callable[..., object]) -> str:
    """Take the step that the page leads to, and give what is said when it went well."""
    day = form.cleaned_data["answer_date"]
    step(
        proposal_pk=page.proposal.pk,
        revision=form.cleaned_data["revision"],
        reasons=form.reasons,
        answer_date=day,
        by=page.user,
        at=page.at,
    )
    return (
        f"{page.proposal.number} er sendt tilbage. Forslagsstilleren får besked nu "
        f"og skal sende det igen senest {danish.date_text(day)}."
    )

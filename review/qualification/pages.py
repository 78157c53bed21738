"""What sending a proposal back to its proposer is as a page, whoever does it: what must change, by section, and by when."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from klimaspor import danish
from proposals.drafting.parts import ReturnForm
from proposals.line.pages import StepPage


class ReturnStep(StepPage):
    template_name = "review/qualification/return.html"
    button = "Send tilbage"

    def form(self, data: Any = None) -> ReturnForm:
        return ReturnForm(data, initial={"revision": self.proposal.revision})

    @abstractmethod
    def step(self, **given: Any) -> object:
        """Take the step."""

    def act(self, form: ReturnForm) -> str:
        day = form.cleaned_data["answer_date"]
        self.step(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            reasons=form.reasons,
            answer_date=day,
            by=self.user,
            at=self.at,
        )
        return (
            f"{self.proposal.number} er sendt tilbage. Forslagsstilleren får besked nu "
            f"og skal sende det igen senest {danish.date_text(day)}."
        )

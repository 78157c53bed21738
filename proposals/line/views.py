"""Raising the question of one's own impartiality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect

from proposals.line import impartiality
from proposals.line.forms import DeclareForm
from proposals.line.pages import StepPage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proposals.line.models import Proposal


class Declare(StepPage):
    """Raise the question of one's own impartiality; another person settles it."""

    permission = "proposals.declare"
    heading = "Oplys om din habilitet"
    button = "Send oplysningen"
    text = (
        "Når du har sendt oplysningen, kan du ikke behandle forslaget, før en anden har taget stilling. Bliver du fundet "
        "inhabil, kan du heller ikke læse det."
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if _is_raised(self.proposal, self):
            messages.info(
                request,
                "Spørgsmålet om din habilitet er allerede rejst. En anden skal tage stilling til det.",
            )
            return redirect(self.address)
        return super().get(request, **kwargs)

    def form(self, data: Any = None) -> DeclareForm:
        tie = impartiality.tie(self.user, self.proposal, at=self.at)
        return DeclareForm(data, initial={"reason": tie})

    def act(self, form: DeclareForm) -> str:
        impartiality.declare(
            proposal_pk=self.proposal.pk,
            user=self.user,
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return "Oplysningen er sendt. En anden tager stilling til din habilitet."


def _is_raised(proposal: Proposal, page: StepPage) -> bool:
    return proposal.impartialities.of_user(page.user).unsettled().exists()

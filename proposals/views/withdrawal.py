"""Leaving the line or the round, and raising the question of one's own habilitet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from klimaspor import danish
from proposals import impartiality, withdrawal
from proposals.forms.steps import DeclareForm, MoveRoundForm, WithdrawForm
from proposals.lifecycle import MOVE_ROUND, WITHDRAW
from proposals.models import IMPARTIAL_FUNCTIONS, Round
from proposals.views.pages import NOT_YOURS, StepPage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proposals.models import Proposal
    from proposals.querysets import RoundQuerySet


class Withdraw(StepPage):
    permission = "proposals.withdraw"
    heading = "Træk forslaget tilbage"
    button = "Træk forslaget tilbage"
    open_in = WITHDRAW.sources
    danger = True
    text = (
        "Forslaget forlader sagsgangen, og det kan ikke fortrydes. Det, I har skrevet og sendt, kan stadig læses af "
        "dem, der kunne læse det."
    )

    def form(self, data: Any = None) -> WithdrawForm:
        return WithdrawForm(data, initial={"revision": self.proposal.revision})

    def act(self, form: WithdrawForm) -> str:
        withdrawal.withdraw(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return f"{self.proposal.number} er trukket tilbage. De, der behandlede forslaget, har fået besked."


class MoveRound(StepPage):
    template_name = "proposals/move_round.html"
    permission = "proposals.move_round"
    heading = "Flyt til en anden runde"
    button = "Flyt forslaget"
    open_in = MOVE_ROUND.sources
    refusals = (*StepPage.refusals, withdrawal.RoundNotOpen)
    text = (
        "Forslaget bliver en kladde i den nye runde. Alt, hvad I har skrevet, følger med, og det, der er sagt om "
        "forslaget, kan stadig læses."
    )

    @property
    def rounds(self) -> RoundQuerySet:
        others = Round.objects.upcoming(at=self.at).exclude(pk=self.proposal.round_id)
        return others.soonest_first()

    def form(self, data: Any = None) -> MoveRoundForm:
        return MoveRoundForm(data, rounds=self.rounds, initial={"revision": self.proposal.revision})

    def act(self, form: MoveRoundForm) -> str:
        round_ = form.cleaned_data["round"]
        withdrawal.move_round(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            round=round_,
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        due = danish.datetime_text(round_.qualification_deadline_at)
        return f"Forslaget er flyttet til {round_.name}. Indsend det til faglig kvalificering senest {due}."

    def context(self) -> dict[str, Any]:
        return {**super().context(), "has_rounds": self.rounds.exists()}


class Declare(StepPage):
    """Raise the question of one's own impartiality; another person settles it."""

    heading = "Meld om din habilitet"
    button = "Meld det"
    text = (
        "Når du har meldt det, kan du ikke behandle forslaget, før en anden har taget stilling. Bliver du fundet "
        "inhabil, kan du heller ikke læse det."
    )

    def load(self) -> None:
        super().load()
        if not self.proposal.functions_of(self.user, at=self.at) & IMPARTIAL_FUNCTIONS:
            raise PermissionDenied(NOT_YOURS)

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
        return "Det er meldt. En anden tager stilling til din habilitet."


def _is_raised(proposal: Proposal, page: StepPage) -> bool:
    return proposal.impartialities.of_user(page.user).exists()

"""Whether people are impartial ("habilitet"), which the secretariat settles, and asks again when something new is known."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor.pages import FormPage
from klimaspor.refusals import Refused
from proposals.line import impartiality
from proposals.line.models import Impartiality, Proposal
from review.impartiality.forms import AskAgainForm, Filters, SettleForm
from review.pages import SecretariatPage


class Impartialities(SecretariatPage):
    """Ties that nobody has settled yet; or the answers that hold."""

    template_name = "review/impartiality/impartialities.html"

    def context(self) -> dict[str, Any]:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        found = Impartiality.objects.about(visible).with_people()
        filters = Filters(self.request.GET)
        wanted = filters.cleaned_data if filters.is_valid() else {}
        if wanted.get("soeg"):
            found = found.matching(wanted["soeg"])
        is_settled = wanted.get("vis") == "afgjort"
        listed = (
            found.settled().latest_settled_first()
            if is_settled
            else found.unsettled().oldest_first()
        )
        return {
            **super().context(),
            "form": filters,
            "is_settled": is_settled,
            "rows": self.rows(listed),
            "me": self.user,
            "breadcrumbs": self.crumbs((None, "Habilitet")),
        }


class Settle(FormPage, SecretariatPage):
    """Whether one person is impartial about one proposal."""

    template_name = "review/impartiality/settle.html"
    heading = "Tag stilling til habilitet"
    button = "Gem svaret"

    def load(self) -> None:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        raised = Impartiality.objects.about(visible).with_people()
        self.raised: Impartiality = get_object_or_404(raised, pk=self.kwargs["pk"])
        if self.raised.settled_at and self.request.method == "GET":
            raise Http404

    def form(self, data: Any = None) -> Any:
        return SettleForm(data)

    def act(self, form: Any) -> str:
        is_impartial = form.cleaned_data["is_impartial"] == "yes"
        impartiality.settle(
            impartiality_pk=self.raised.pk,
            is_impartial=is_impartial,
            note=form.cleaned_data["note"],
            by=self.user,
            at=self.at,
        )
        whom, number = self.raised.user, self.raised.proposal.number
        if is_impartial:
            return f"{whom} er habil og kan arbejde med {number}."
        return f"{whom} er inhabil og kan ikke længere læse {number} i den rolle."

    def success_url(self) -> str:
        return reverse("review:impartialities")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "raised": self.raised,
            "subject": f"{self.raised.user}, {self.raised.proposal.number}",
            "is_own": self.raised.user_id == self.user.pk,
            "answers": Impartiality.objects.about([self.raised.proposal_id])
            .of_user(self.raised.user)
            .answered()
            .with_people()
            .oldest_first(),
            "cancel": self.success_url(),
            "breadcrumbs": self.crumbs(
                (self.success_url(), "Habilitet"), (None, self.raised.proposal.number)
            ),
        }


class AskAgain(FormPage, SecretariatPage):
    """The question of one person's impartiality, put again: what was answered holds until another has settled it anew."""

    template_name = "review/impartiality/ask_again.html"
    heading = "Stil spørgsmålet om habilitet igen"
    button = "Stil spørgsmålet igen"

    def load(self) -> None:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        settled = Impartiality.objects.settled().about(visible).with_people()
        self.settled: Impartiality = get_object_or_404(settled, pk=self.kwargs["pk"])

    def form(self, data: Any = None) -> Any:
        return AskAgainForm(data)

    def act(self, form: Any) -> str:
        about = Impartiality.objects.about([self.settled.proposal_id])
        if about.of_user(self.settled.user).unsettled().exists():
            raise Refused("Spørgsmålet er allerede stillet igen og venter på svar.")
        impartiality.declare(
            proposal_pk=self.settled.proposal_id,
            user=self.settled.user,
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return (
            f"Spørgsmålet om {self.settled.user} og {self.settled.proposal.number} er stillet igen."
        )

    def success_url(self) -> str:
        return reverse("review:impartialities")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "settled": self.settled,
            "subject": f"{self.settled.user}, {self.settled.proposal.number}",
            "cancel": f"{self.success_url()}?vis=afgjort",
            "breadcrumbs": self.crumbs(
                (self.success_url(), "Habilitet"), (None, self.settled.proposal.number)
            ),
        }

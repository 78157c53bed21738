"""Whether people are impartial ("habilitet"), which the secretariat settles."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor.pages import FormPage
from proposals.line import impartiality
from proposals.line.models import Impartiality, Proposal
from review.impartiality.forms import SettleForm
from review.pages import SecretariatPage


class Impartialities(SecretariatPage):
    """Ties that nobody has settled yet."""

    template_name = "review/impartiality/impartialities.html"

    def context(self) -> dict[str, Any]:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        return {
            "rows": Impartiality.objects.unsettled().about(visible).with_people().oldest_first(),
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
            "cancel": self.success_url(),
            "breadcrumbs": self.crumbs(
                (self.success_url(), "Habilitet"), (None, self.raised.proposal.number)
            ),
        }

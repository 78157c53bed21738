"""The secretariat's pages of the criteria of each round."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.people import Refused
from klimaspor.accounts.views.pages import Administration, FormPage, Press
from proposals.eligibility.requirements import REQUIREMENTS
from proposals.rounds.models import Round
from review.criteria import steps as criteria
from review.criteria.forms import CopyForm, CriterionForm
from review.criteria.models import Criterion
from review.criteria.pages import PublicPage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from klimaspor.accounts.views.pages import Crumbs


class CriteriaRounds(Administration):
    """The rounds that have criteria, or should have."""

    template_name = "review/criteria/criteria_rounds.html"
    heading = "Vurderingskriterier"

    def context(self) -> dict[str, Any]:
        counts = Criterion.objects.count_by_round()
        rounds = [
            (round_, counts.get(round_.pk, 0))
            for round_ in Round.objects.current(at=self.at).newest_first()
        ]
        return {**super().context(), "rounds": rounds}


class _OfRound(Administration):
    """What the pages about one round's criteria share."""

    round: Round

    def above(self) -> Crumbs:
        return [(reverse("review:criteria"), CriteriaRounds.heading)]

    def round_url(self) -> str:
        return reverse("review:round_criteria", args=[self.round.pk])

    def find_round(self, pk: int) -> Round:
        return get_object_or_404(Round.objects.current(at=self.at), pk=pk)


class RoundCriteria(_OfRound):
    """One round's criteria in their order."""

    template_name = "review/criteria/round_criteria.html"

    def load(self) -> None:
        self.round = self.find_round(self.kwargs["pk"])

    def title(self) -> str:
        return f"Kriterier i {self.round}"

    def context(self) -> dict[str, Any]:
        found = list(Criterion.objects.of_round(self.round).with_use().listed())
        others = copyable_rounds(self.round)
        return {
            **super().context(),
            "round": self.round,
            "criteria": found,
            "copy_form": CopyForm(rounds=others) if others.exists() else None,
        }


def copyable_rounds(round_: Round) -> Any:
    with_criteria = set(Criterion.objects.count_by_round()) - {round_.pk}
    return Round.objects.among(with_criteria).newest_first()


class NewCriterion(_OfRound, FormPage):
    template_name = "review/criteria/criterion.html"
    heading = "Nyt kriterium"

    def load(self) -> None:
        self.round = self.find_round(self.kwargs["pk"])

    def above(self) -> Crumbs:
        return [*super().above(), (self.round_url(), f"Kriterier i {self.round}")]

    def form(self, data: Any = None) -> CriterionForm:
        return CriterionForm(data, initial={"code": next_code(self.round)})

    def act(self, form: CriterionForm) -> str:
        said = {name: form.cleaned_data[name] for name in form._meta.fields or ()}
        return f"{criteria.add(round_pk=self.round.pk, **said, by=self.user)} er tilføjet."

    def success_url(self) -> str:
        return self.round_url()

    def context(self) -> dict[str, Any]:
        return {**super().context(), "cancel": self.round_url()}


def next_code(round_: Round) -> str:
    """Suggest the number after the highest."""
    numbers = [
        int(match[1])
        for code in Criterion.objects.of_round(round_).codes()
        if (match := re.fullmatch(r"V(\d+)", code))
    ]
    return f"V{max(numbers, default=0) + 1}"


class _OfCriterion(_OfRound):
    def load(self) -> None:
        self.criterion = get_object_or_404(
            Criterion.objects.with_round().with_use(), pk=self.kwargs["pk"]
        )
        self.round = self.find_round(self.criterion.round_id)
        self.name = str(self.criterion)

    def above(self) -> Crumbs:
        return [*super().above(), (self.round_url(), f"Kriterier i {self.round}")]


class EditCriterion(_OfCriterion, FormPage):
    template_name = "review/criteria/criterion.html"

    def title(self) -> str:
        return self.name

    def form(self, data: Any = None) -> CriterionForm:
        return CriterionForm(data, instance=self.criterion, is_used=self.criterion.is_used)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            is_used = self.criterion.is_used
            self.criterion = Criterion.objects.locked(self.criterion.pk)
            self.criterion.is_used = is_used
            form = self.form(request.POST)
            if form.is_valid():
                messages.success(request, f"{form.save()} er gemt.")
                return redirect(self.round_url())
        return self.show(form=form)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "cancel": self.round_url(),
            "is_used": self.criterion.is_used,
        }


class MoveCriterion(_OfCriterion, Press):
    def act(self) -> str:
        up = self.request.POST.get("retning") == "op"
        moved = criteria.move(criterion_pk=self.criterion.pk, up=up, by=self.user)
        return f"{moved} er flyttet {'op' if up else 'ned'}."

    def back(self) -> str:
        return self.round_url()


class RemoveCriterion(_OfCriterion):
    template_name = "accounts/confirm.html"
    heading = "Fjern kriterium"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            removed = criteria.remove(criterion_pk=self.criterion.pk, by=self.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"{removed} er fjernet.")
        return redirect(self.round_url())

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "text": f"{self.criterion} er ikke længere et kriterium i {self.round}.",
            "button": "Fjern kriteriet",
            "danger": True,
            "cancel": self.round_url(),
        }


class CopyCriteria(_OfRound, Press):
    def load(self) -> None:
        self.round = self.find_round(self.kwargs["pk"])

    def act(self) -> str:
        form = CopyForm(self.request.POST, rounds=copyable_rounds(self.round))
        if not form.is_valid():
            raise Refused("Vælg den runde, kriterierne skal kopieres fra.")
        number = criteria.copy(
            from_round_pk=form.cleaned_data["from_round"].pk,
            to_round_pk=self.round.pk,
            by=self.user,
        )
        return f"{danish.count_text(number, 'kriterium', 'kriterier')} er kopieret."

    def back(self) -> str:
        return self.round_url()


class Requirements(PublicPage):
    """K1-K9 with where each comes from, and the criteria of the round."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        round_ = self.open_round()
        return render(
            request,
            "review/criteria/requirements.html",
            {
                "at": self.at,
                "round": round_,
                "requirements": REQUIREMENTS,
                "criteria": Criterion.objects.of_round(round_).listed() if round_ else (),
                "breadcrumbs": [("/", "Forside"), (None, "Krav og kriterier")],
                "new_url": reverse("proposals:new"),
            },
        )

"""The secretariat's pages of the criteria of each round."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.forms import SeenForm
from klimaspor.accounts.people import Refused
from klimaspor.accounts.views.pages import Administration, FormPage, Press
from klimaspor.fields import PlainTextField
from proposals.models import Round
from review import criteria
from review.models import Criterion

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from klimaspor.accounts.views.pages import Crumbs

LONGEST_TEXT = 1000


class CriterionForm(SeenForm):
    text = PlainTextField(
        label="Uddybning",
        max_length=LONGEST_TEXT,
        required=False,
        help_text="Hvad der skal vurderes. Både forslagsstillere og DGO'er ser det.",
    )

    class Meta:
        model = Criterion
        fields = ("code", "title", "text", "is_placeholder")
        labels: ClassVar[dict[str, str]] = {
            "code": "Nummer",
            "is_placeholder": "Foreløbigt: vis, at det ikke er endeligt",
        }
        error_messages: ClassVar[dict[str, Any]] = {
            "code": {
                "required": "Indtast nummeret, fx V10",
                "max_length": "Nummeret må højst være på %(limit_value)d tegn",
            },
            "title": {
                "required": "Indtast kriteriets titel",
                "max_length": "Titlen må højst være på %(limit_value)d tegn",
            },
        }

    def __init__(self, *args: Any, is_used: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["class"] = "input-char-8"
        if is_used:
            # It is quoted by what has been written.
            self.fields["code"].disabled = True
            self.fields[
                "code"
            ].help_text = "Nummeret kan ikke ændres, for der er skrevet om kriteriet."


class CopyForm(forms.Form):
    from_round = forms.ModelChoiceField(
        label="Kopier kriterier fra",
        help_text="Kun dem, hvis nummer ikke er her i forvejen.",
        queryset=Round.objects.none(),
        empty_label="Vælg runde",
        error_messages={"required": "Vælg en runde", "invalid_choice": "Vælg en runde på listen"},
    )

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_round"].queryset = rounds  # type: ignore[attr-defined]  # a choice among rows


class CriteriaRounds(Administration):
    """The rounds that have criteria, or should have."""

    template_name = "review/administration/criteria_rounds.html"
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

    template_name = "review/administration/round_criteria.html"

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
    template_name = "review/administration/criterion.html"
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
    template_name = "review/administration/criterion.html"

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

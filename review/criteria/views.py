"""The secretariat's pages of the criteria of each round."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.views.pages import Administration, Confirm, Register
from klimaspor.pages import FormPage, Press, PublicPage
from klimaspor.refusals import Refused
from proposals.eligibility.requirements import REQUIREMENTS
from proposals.rounds.models import Round
from review.criteria import steps as criteria
from review.criteria.forms import CopyForm, CriterionForm
from review.criteria.models import Criterion

if TYPE_CHECKING:
    from klimaspor.pages import Crumbs


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
    """A page about one round's criteria, or one of them."""

    round: Round
    criterion: Any
    """A Criterion that knows whether it is used."""

    def load(self) -> None:
        pk = self.kwargs.get("round")
        if pk is None:
            known = Criterion.objects.with_round().with_use()
            self.criterion = get_object_or_404(known, pk=self.kwargs["criterion"])
            pk = self.criterion.round_id
        self.round = get_object_or_404(Round.objects.current(at=self.at), pk=pk)

    def above(self) -> Crumbs:
        return [
            (reverse("review:criteria"), CriteriaRounds.heading),
            (self.round_url, f"Kriterier i {self.round}"),
        ]

    def subject(self) -> str:
        return str(self.round)

    @property
    def round_url(self) -> str:
        return reverse("review:round_criteria", args=[self.round.pk])


class RoundCriteria(_OfRound):
    """One round's criteria in their order."""

    template_name = "review/criteria/round_criteria.html"

    def above(self) -> Crumbs:
        return super().above()[:1]

    def title(self) -> str:
        return f"Kriterier i {self.round}"

    def subject(self) -> str:
        return ""

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
    makes = True

    def form(self, data: Any = None) -> CriterionForm:
        return CriterionForm(data, initial={"code": next_code(self.round)})

    def act(self, form: CriterionForm) -> str:
        said = {name: form.cleaned_data[name] for name in form._meta.fields or ()}
        return f"{criteria.add(round_pk=self.round.pk, **said, by=self.user)} er tilføjet."

    def success_url(self) -> str:
        return self.round_url

    def context(self) -> dict[str, Any]:
        return {**super().context(), "cancel": self.round_url}


def next_code(round_: Round) -> str:
    """Suggest the number after the highest."""
    numbers = [
        int(match[1])
        for code in Criterion.objects.of_round(round_).codes()
        if (match := re.fullmatch(r"V(\d+)", code))
    ]
    return f"V{max(numbers, default=0) + 1}"


class EditCriterion(_OfRound, Register):
    template_name = "review/criteria/criterion.html"

    def load(self) -> None:
        super().load()
        self.name = str(self.criterion)

    def hold(self) -> None:
        known = self.criterion
        self.criterion = Criterion.objects.locked(known.pk)
        self.criterion.is_used, self.criterion.is_judged = known.is_used, known.is_judged

    def title(self) -> str:
        return self.name

    def form(self, data: Any = None) -> CriterionForm:
        return CriterionForm(data, instance=self.criterion, is_used=self.criterion.is_used)

    def success_url(self) -> str:
        return self.round_url

    def context(self) -> dict[str, Any]:
        is_replaceable = self.criterion.is_used and not self.criterion.replaced_by_id
        return {
            **super().context(),
            "is_used": self.criterion.is_used,
            "is_judged": self.criterion.is_judged,
            "replaced_by": self.criterion.replaced_by,
            "replace": reverse("review:replace_criterion", args=[self.criterion.pk])
            if is_replaceable
            else "",
        }


class ReplaceCriterion(NewCriterion):
    """Another criterion in place of one that has been judged by: what is judged keeps the words it was judged by."""

    heading = "Nyt kriterium i stedet"

    def form(self, data: Any = None) -> CriterionForm:
        old = self.criterion
        return CriterionForm(
            data,
            initial={
                "code": next_code(self.round),
                "title": old.title,
                "text": old.text,
                "is_placeholder": old.is_placeholder,
            },
        )

    def subject(self) -> str:
        return f"{self.criterion}, {self.round}"

    def act(self, form: CriterionForm) -> str:
        said = {name: form.cleaned_data[name] for name in form._meta.fields or ()}
        new = criteria.replace(criterion_pk=self.criterion.pk, **said, by=self.user)
        return (
            f"{new} er tilføjet og afløser {self.criterion}. "
            "Udtalelser, der er afgivet, viser stadig det gamle."
        )

    def context(self) -> dict[str, Any]:
        return {**super().context(), "replaces": self.criterion}


class MoveCriterion(_OfRound, Press):
    def act(self) -> str:
        up = self.request.POST.get("retning") == "op"
        moved = criteria.move(criterion_pk=self.criterion.pk, up=up, by=self.user)
        return f"{moved} er flyttet {'op' if up else 'ned'}."

    def back(self) -> str:
        return f"{self.round_url}#kriterium-{self.criterion.pk}"


class RemoveCriterion(_OfRound, Confirm):
    heading = "Fjern kriterium"
    button = "Fjern kriteriet"
    beside: int | None = None
    """The criterion where one goes on."""

    def load(self) -> None:
        super().load()
        self.beside = self.criterion.pk

    def subject(self) -> str:
        return f"{self.criterion}, {self.round}"

    def text(self) -> str:
        return f"{self.criterion} er ikke længere et kriterium i {self.round}."

    def act(self) -> str:
        pks = [one.pk for one in Criterion.objects.of_round(self.round).listed()]
        here = pks.index(self.criterion.pk)
        removed = criteria.remove(criterion_pk=self.criterion.pk, by=self.user)
        self.beside = next(iter(pks[here + 1 :] or reversed(pks[:here])), None)
        return f"{removed} er fjernet."

    def back(self) -> str:
        return f"{self.round_url}#kriterium-{self.beside}" if self.beside else self.round_url


class CopyCriteria(_OfRound, Press):
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
        return self.round_url


class Requirements(PublicPage):
    """K1-K9 with where each comes from, and the criteria of the round."""

    template_name = "review/criteria/requirements.html"

    def context(self) -> dict[str, Any]:
        round_ = Round.objects.next_gate(at=self.at)
        return {
            **super().context(),
            "round": round_,
            "requirements": REQUIREMENTS,
            "criteria": Criterion.objects.of_round(round_).asked().listed() if round_ else (),
            "breadcrumbs": [("/", "Forside"), (None, "Krav og kriterier")],
            "new_url": reverse("proposals:new"),
        }

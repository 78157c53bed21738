"""The rounds as the secretariat keeps them. A deadline that people wait for is not moved by a slip of the keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from proposals.forms.rounds import RoundForm
from proposals.lifecycle import Gate, Status
from proposals.models import Proposal, Round
from proposals.views.pages import FormPage, Page

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

ADMINISTRATION = "/administration/"

# Whose term each deadline is.
WAITING = {
    Gate.QUALIFICATION: (Status.DRAFT,),
    Gate.APPROVAL: (Status.IN_QUALIFICATION, Status.QUALIFIED),
}


@dataclass(frozen=True)
class Moved:
    """A deadline that is about to be another one."""

    gate: Gate
    before: datetime
    after: datetime
    has_passed: bool


class RoundPage(Page):
    def load(self) -> None:
        if not self.user.has_perm("accounts.administer"):
            raise PermissionDenied("Kun sekretariatet kan ændre runder.")


class RoundList(RoundPage):
    template_name = "proposals/rounds_admin.html"

    def context(self) -> dict[str, Any]:
        return {
            "rounds": Round.objects.newest_first(),
            "breadcrumbs": [("/", "Forside"), (ADMINISTRATION, "Administration"), (None, "Runder")],
        }


class RoundEdit(FormPage, RoundPage):
    """A new round, or one that is there; moving a deadline first shows whom it concerns."""

    template_name = "proposals/round_edit.html"
    button = "Gem runden"

    def load(self) -> None:
        super().load()
        self.round = get_object_or_404(Round, pk=self.kwargs["pk"]) if self.is_old else Round()
        self.name = self.round.name

    @property
    def is_old(self) -> bool:
        return "pk" in self.kwargs

    def form(self, data: Any = None) -> RoundForm:
        return RoundForm(data, instance=self.round)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            if self.is_old:
                self.round = Round.objects.locked(self.kwargs["pk"])
            before = {gate: self.round.deadline_at(gate) for gate in Gate} if self.is_old else {}
            form = self.form(request.POST)
            if form.is_valid():
                moved = self.moved(before)
                if not moved or request.POST.get("moved") == _sign(moved):
                    messages.success(request, f"{form.save().name} er gemt.")
                    return redirect(self.success_url())
                return self.show(
                    form=form, moved=moved, sign=_sign(moved), affected=self.affected(moved)
                )
        return self.show(form=form)

    def moved(self, before: dict[Gate, datetime]) -> list[Moved]:
        return [
            Moved(gate, old, new, has_passed=new < self.at)
            for gate, old in before.items()
            if (new := self.round.deadline_at(gate)) != old
        ]

    def affected(self, moved: list[Moved]) -> list[Proposal]:
        """List the proposals the reader may see whose term is moved; drafts nobody has opened are not counted."""
        waiting = [status for each in moved for status in WAITING[each.gate]]
        visible = Proposal.objects.visible_to(self.user, at=self.at).in_round(self.round)
        return list(
            visible.in_status(*waiting)
            .without_own_term()
            .with_reading(self.user, at=self.at)
            .with_frame()
            .by_number()
        )

    def success_url(self) -> str:
        return reverse("proposals:rounds_admin")

    def context(self) -> dict[str, Any]:
        heading = self.name or "Ny runde"
        return {
            **super().context(),
            "heading": heading,
            "cancel": self.success_url(),
            "breadcrumbs": [
                ("/", "Forside"),
                (ADMINISTRATION, "Administration"),
                (self.success_url(), "Runder"),
                (None, heading),
            ],
        }


def _sign(moved: list[Moved]) -> str:
    """Say which moves were shown, so that a yes to one is not a yes to another."""
    return " ".join(f"{each.gate}={each.after.isoformat()}" for each in moved)

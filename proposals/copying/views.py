"""A new draft from an earlier proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor.accounts.context import acting_for
from klimaspor.accounts.models import Organization
from proposals.copying import steps as copying
from proposals.copying.forms import CopyForm
from proposals.line.pages import StepPage
from proposals.line.standing import standing
from proposals.rounds.models import Round

if TYPE_CHECKING:
    from datetime import date

    from proposals.rounds.queries import RoundQuerySet


class Copy(StepPage):
    template_name = "proposals/copying/copy.html"
    permission = "proposals.copy"
    heading = "Kopiér til et nyt forslag"
    button = "Opret kopien"
    makes = True
    text = (
        "Du får en ny kladde med sit eget nummer. Tekst, beløb og deltagere følger med. Kun du kan se kladden, og det "
        "forslag, du kopierer fra, ændres ikke."
    )

    @property
    def rounds(self) -> RoundQuerySet:
        return Round.objects.open(at=self.at).upcoming(at=self.at).soonest_first()

    def form(self, data: Any = None) -> CopyForm:
        rounds = self.rounds
        return CopyForm(data, rounds=rounds, initial={"round": rounds.first()})

    def act(self, form: CopyForm) -> str:
        self.made = copying.copy(
            proposal_pk=self.proposal.pk,
            organization=self.organization(form.cleaned_data["round"].meeting_date),
            round=form.cleaned_data["round"],
            by=self.user,
            at=self.at,
        )
        return (
            f"{self.made.number} er oprettet som kopi af {self.proposal.number}. Deltagerne skal bekræfte igen, og bilag "
            "skal hentes frem igen."
        )

    def organization(self, day: date) -> Organization | None:
        """
        Give on whose behalf the copy is: the source's for those who write it, else whom the reader acts for.

        One that is merged into another by the day is what it becomes.
        """
        chosen = acting_for(self.request)
        if standing(self.user, self.proposal, at=self.at).is_writer:
            chosen = self.proposal.organization_id
        found = Organization.objects.with_successor().filter(pk=chosen).first() if chosen else None
        return found.entity_on(day) if found else None

    def success_url(self) -> str:
        return reverse("proposals:tasks", args=[self.made.number])

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "has_rounds": self.rounds.exists(),
            "files": copying.missing_files(self.proposal),
        }

"""What the secretariat does when a DGO is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from proposals.content import Content
from proposals.lifecycle import QUALIFY, Gate
from review import bases, qualification
from review.forms import StepInForm
from review.models import Criterion
from review.views.pages import Reasoned, SharedPage, StepPage, read_text

if TYPE_CHECKING:
    from proposals.models import Version


class StepIn(SharedPage, StepPage):
    """Gives the assessment for a DGO that is silent, with the reason why."""

    template_name = "review/step_in.html"
    duty = "review.step_in"
    transition = QUALIFY
    heading = "Træd ind for DGO'en"
    button = "Afgiv udtalelse"

    def load(self) -> None:
        super().load()
        sent = self.proposal.versions.at_gate(Gate.QUALIFICATION)
        self.version: Version | None = sent.newest_first().first()
        self.criteria = list(Criterion.objects.of_round(self.proposal.round_id).listed())
        open_ones = self.proposal.qualifications.open().of_version(self.version)
        self.draft = open_ones.with_statements().first()

    def form(self, data: Any = None) -> Any:
        return StepInForm(
            data,
            criteria=self.criteria,
            qualification=self.draft,
            initial={"revision": self.proposal.revision},
        )

    def stands(self) -> str:
        return bases.of_qualification(self.draft)

    def act(self, form: Any) -> str:
        qualification.complete_for_dgo(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            outcome=form.cleaned_data["outcome"],
            summary=form.cleaned_data["summary"],
            statements=form.statements,
            reason=form.cleaned_data["reason"],
            base=self.base,
            by=self.user,
            at=self.at,
        )
        return "Udtalelsen er afgivet i DGO'ens sted. Forslagsstilleren og DGO'en får besked nu."

    def context(self) -> dict[str, Any]:
        sent = Content.of_version(self.version) if self.version else None
        return {
            **super().context(),
            **read_text(self, sent, self.version),
            "waive": reverse("review:waive", args=[self.proposal.number]),
        }


class Waive(Reasoned):
    duty = "review.step_in"
    transition = QUALIFY
    heading = "Frafald den faglige kvalificering"
    button = "Frafald kvalificeringen"
    danger = True
    reason_label = "Hvorfor frafaldes kvalificeringen?"
    reason_help = "Forslagsstilleren, DGO'en og forretningsudvalget kan læse begrundelsen."
    text = "Forslaget går videre uden en udtalelse fra DGO'en."
    said = "er gået videre uden faglig kvalificering. Forslagsstilleren og DGO'en får besked nu."

    def step(self, **given: Any) -> Any:
        return qualification.waive(**given)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "cancel": reverse("review:step_in", args=[self.proposal.number]),
        }

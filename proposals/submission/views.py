"""Tjek dine svar, Indsend and the receipt; and the pages that say what to do when a gate does not open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect

from klimaspor import danish
from klimaspor.refusals import Refused
from proposals.answers.content import Content
from proposals.answers.pages import cpr_places, unsaved_places
from proposals.answers.sections import SECTION_OF
from proposals.eligibility import requirements as eligibility
from proposals.eligibility.pages import meter
from proposals.gates import deadlines
from proposals.gates.deadlines import DeadlinePassed
from proposals.gates.pages import clock, term
from proposals.line.lifecycle import EDITABLE, Transition
from proposals.line.pages import ProposalPage, StepPage, is_editable
from proposals.line.parts import StepForm
from proposals.reading.shown import attachments_shown, shown_sections
from proposals.rounds.models import Gate, Round
from proposals.submission import steps as submission
from proposals.submission import taking_back, withdrawal
from proposals.submission.forms import MoveRoundForm, SubmitForm, WithdrawForm
from proposals.submission.steps import AlreadySubmitted, NotEligible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from proposals.answers.sections import Field
    from proposals.eligibility.requirements import Finding
    from proposals.line.models import Version
    from proposals.rounds.queries import RoundQuerySet

SUBMITS = {
    Gate.QUALIFICATION: submission.submit,
    Gate.APPROVAL: submission.submit_for_approval,
}
BUTTONS = {
    Gate.QUALIFICATION: "Indsend til faglig kvalificering",
    Gate.APPROVAL: "Indsend til godkendelsesforløb",
}


class Check(ProposalPage):
    """Everything on one page as others will read it, and the button that sends it."""

    template_name = "proposals/submission/check.html"
    permission = "proposals.submit"
    heading = "Tjek dine svar"
    open_in = EDITABLE

    def context(self) -> dict[str, Any]:
        base = super().context()
        if not is_editable(self.proposal):
            return base
        gate = deadlines.gate_ahead(self.proposal)
        content = Content.of(self.proposal, at=self.at)
        leave = deadlines.leave_from(self.proposal)
        findings = eligibility.assess(self.proposal, at=self.at, content=content, leave=leave)
        missing = _missing(
            self,
            eligibility.blocking(self.proposal, findings, gate),
            eligibility.unanswered(self.proposal),
        )
        own = term(self, leave)
        in_time = deadlines.is_in_time(own.at, at=self.at)
        return {
            **base,
            "content": content,
            "unsaved": unsaved_places(self),
            "sections": shown_sections(
                content,
                lambda slug: self.url("section", slug),
                attachments_shown(content, proposal=self.proposal, user=self.user, at=self.at),
            ),
            "meter": meter(self, findings),
            "missing": missing,
            "remarks": [
                {"text": one.text, "url": self.url("section", one.section)}
                for one in eligibility.remarks(self.proposal, content)
            ],
            "cpr": cpr_places(self, content),
            "is_in_time": in_time,
            "is_ready": in_time and not missing,
            "term": own,
            "granted": None if in_time else deadlines.granted(self.proposal, gate, at=self.at),
            "gate": gate,
            "clock": clock(self),
            "form": SubmitForm(
                initial={"revision": self.proposal.revision, "gate": gate}, auto_id=False
            ),
            "button": BUTTONS[gate],
            "next_round": None if in_time else _next_round(self),
            "told": _told(self, gate),
        }


def _told(page: ProposalPage, gate: Gate) -> list[str]:
    """Say who gets to know, and what the proposer can no longer do."""
    dgo = page.proposal.lead_dgo
    name = dgo.name if dgo else "Din DGO"
    if gate == Gate.QUALIFICATION:
        return [
            f"{name} får besked nu, læser forslaget og afgiver en faglig udtalelse.",
            "Sekretariatet kan læse forslaget.",
            "I kan ikke rette i forslaget, mens DGO'en har det.",
            "Indtil fristen kan ejeren tage det tilbage, hvis DGO'en ikke er begyndt på det.",
            "Du får en kvittering med forslaget som PDF.",
        ]
    return [
        "Sekretariatet får besked nu og kontrollerer, at forslaget opfylder kravene.",
        f"{name} kan stadig læse forslaget.",
        "I kan ikke rette i forslaget, mens sekretariatet har det.",
        "Indtil fristen kan ejeren tage det tilbage, hvis sekretariatet ikke er begyndt på det.",
        "Når dagsordenen er udsendt, læser forretningsudvalget forslaget, som det er nu.",
        "Du får en kvittering med forslaget som PDF.",
    ]


def _missing(
    page: ProposalPage, findings: Iterable[Finding], unanswered: Iterable[Field]
) -> list[dict[str, str]]:
    """List everything that stops the submission at once, each with where to put it right."""
    return [
        *(
            {
                "text": f"{f.requirement.id}: {f.message}",
                "url": page.url("section", f.section) if f.section else "",
            }
            for f in findings
        ),
        *(
            {
                "text": f"Besvar: {question.label}",
                "url": f"{page.url('section', SECTION_OF[question.name])}#id_{question.name}",
            }
            for question in unanswered
        ),
    ]


def _next_round(page: ProposalPage) -> Round | None:
    others = Round.objects.upcoming(at=page.at).exclude(pk=page.proposal.round_id)
    return others.soonest_first().first()


class Submit(ProposalPage):
    """The press of Indsend; opened as an address it leads back to the check."""

    template_name = "proposals/submission/refused.html"
    permission = "proposals.submit"
    heading = "Indsend"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.url("check"))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = SubmitForm(request.POST)
        if not form.is_valid():
            return redirect(self.url("check"))
        try:
            version = SUBMITS[Gate(form.cleaned_data["gate"])](
                proposal_pk=self.proposal.pk,
                revision=form.cleaned_data["revision"],
                by=self.user,
                at=self.at,
            )
        except AlreadySubmitted as first:
            version = first.version
        except NotEligible as refusal:
            return self.show(
                template="proposals/submission/not_eligible.html",
                status=409,
                heading="Forslaget kan ikke indsendes endnu",
                missing=_missing(self, refusal.findings, refusal.unanswered),
            )
        except DeadlinePassed as refusal:
            return self.show(
                template="proposals/submission/deadline_passed.html",
                status=409,
                heading="Fristen er overskredet",
                refusal=refusal,
                received=danish.to_the_second(self.at),
            )
        except Refused as refusal:
            self.proposal.refresh_from_db()
            return self.show(
                status=409,
                heading="Forslaget er ikke sendt",
                text=str(refusal),
                is_editable=is_editable(self.proposal),
            )
        return redirect(self.url("receipt", version.number))


class Receipt(ProposalPage):
    template_name = "proposals/submission/receipt.html"
    permission = "proposals.see_receipt"
    heading = "Kvittering"

    def load(self) -> None:
        super().load()
        versions = self.proposal.versions.with_people()
        self.version: Version = get_object_or_404(versions, number=self.kwargs["version"])

    def context(self) -> dict[str, Any]:
        gate = Gate(self.version.gate)
        return {
            **super().context(),
            "version": self.version,
            "paper": self.version.paper,
            "received": f"{self.version.title} er sendt til {gate.label} i runden {self.version.round.name}.",
            "facts": [
                {
                    "label": "Nummer",
                    "value": f"{self.proposal.number}, version {self.version.number}",
                },
                {"label": "Modtaget", "value": danish.to_the_second(self.version.frozen_at)},
                {"label": "Sendt af", "value": self.version.frozen_by.name},
                {"label": "Fingeraftryk (SHA-256)", "value": self.version.sha256},
                *(
                    {"label": "Jeres sagsnr.", "value": text}
                    for text in Content.of_version(self.version).case_numbers
                ),
            ],
            "is_qualification": gate == Gate.QUALIFICATION,
            "dgo": self.proposal.lead_dgo,
            "pdf_url": self.url("version_pdf", self.version.number),
        }


class Withdraw(StepPage):
    permission = "proposals.withdraw"
    heading = "Træk forslaget tilbage"
    button = "Træk forslaget tilbage"
    transition = Transition.WITHDRAW
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
        return f"{self.proposal.number} er trukket tilbage. Dem, der behandlede forslaget, har fået besked."


class TakeBack(StepPage):
    """The last look before what was sent is taken back, with what that does and until when it can be sent again."""

    template_name = "proposals/submission/take_back.html"
    permission = "proposals.take_back"
    heading = "Tag forslaget tilbage"
    button = "Tag tilbage og ret"
    transition = Transition.TAKE_BACK

    def load(self) -> None:
        super().load()
        self.sent = taking_back.sent_last([self.proposal]).get(self.proposal.pk)

    def form(self, data: Any = None) -> StepForm:
        return StepForm(data, initial={"revision": self.proposal.revision})

    def act(self, form: StepForm) -> str:
        taking_back.take_back(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            by=self.user,
            at=self.at,
        )
        return (
            f"{self.proposal.number} er taget tilbage, og I kan rette det. {self.whom} har fået besked. "
            "Husk at indsende det igen."
        )

    @property
    def whom(self) -> str:
        """Name who has it now."""
        if self.sent and self.sent.version.gate == Gate.APPROVAL:
            return "Sekretariatet"
        dgo = self.proposal.lead_dgo
        return dgo.name if dgo else "Din DGO"

    def context(self) -> dict[str, Any]:
        context = super().context()
        if self.sent is None or not self.is_possible_now:
            return context
        version = self.sent.version
        until_at = taking_back.own_term(self.proposal, self.sent, by=self.user, at=self.at)
        return {
            **context,
            "hindrance": self.sent.hindrance(until_at, at=self.at),
            "facts": [
                {"label": "Det, du tager tilbage", "value": f"Version {version.number}"},
                {"label": "Sendt til", "value": version.get_gate_display()},
                {"label": "Modtaget", "value": danish.to_the_second(version.frozen_at)},
                {"label": "Send det igen senest", "value": danish.datetime_text(until_at)},
            ],
            "told": [
                f"{self.whom} får besked nu og kan ikke begynde på forslaget, før du sender det igen.",
                f"Version {version.number} bliver stående i forløbet, og dem, der har fået den sendt, kan stadig læse den.",
                "I kan rette i forslaget igen.",
                "Forslaget er ikke indsendt, før du sender det igen. Fristen flytter sig ikke.",
            ],
        }


class MoveRound(StepPage):
    template_name = "proposals/submission/move_round.html"
    permission = "proposals.move_round"
    heading = "Flyt til en anden runde"
    button = "Flyt forslaget"
    transition = Transition.MOVE_ROUND
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

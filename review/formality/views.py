"""The formal check ("formel kontrol") of what was sent to approval, and what may come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor import autosave
from proposals.line.lifecycle import Status, Transition
from proposals.line.pages import ReasonedStep
from review.formality import steps as formality
from review.formality.forms import FormalityForm
from review.formality.pages import ApprovalPage
from review.formality.seen import shown_check
from review.qualification.pages import return_form, send_back

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klimaspor.seen import Shown


class Formality(ApprovalPage):
    """Each requirement with the program's finding and a person's answer."""

    template_name = "review/formality/formality.html"
    permission = "review.check"
    open_in = (Status.IN_APPROVAL,)
    is_autosaved = True
    heading = "Formel kontrol"
    button = "Gem kontrollen"

    def load(self) -> None:
        super().load()
        self.judgements = formality.judgements(self.proposal)

    def form(self, data: Any = None) -> Any:
        met = {True: "yes", False: "no", None: ""}
        initial = {}
        for judgement in self.judgements:
            answer = judgement.answer
            if answer:
                initial[f"{judgement.requirement.id}_met"] = met[answer.is_met]
                initial[f"{judgement.requirement.id}_note"] = answer.note
        return FormalityForm(data, initial=initial)

    def act(self, form: Any) -> str:
        check = formality.save_answers(
            proposal_pk=self.proposal.pk,
            answers=form.answers,
            bases=self.bases,
            by=self.user,
            at=self.at,
        )
        if check.checked_at:
            return "Kontrollen er gemt, og alle krav er besvaret."
        return "Kontrollen er gemt. Der mangler stadig svar på krav, som portalen ikke kan afgøre."

    def context(self) -> dict[str, Any]:
        earlier = formality.earlier_check(self.proposal, self.version)
        rows = [
            {"label": part.label, "value": part.text, "prose": True}
            for part in shown_check(None, earlier).parts
            if earlier
        ]
        return {**super().context(), "earlier": earlier, "earlier_rows": rows}

    def shown_now(self) -> Shown:
        check = formality.check_of(self.version) if self.version else None
        return shown_check(self.version, check)

    def place(self, name: str) -> str:
        return f"{name}_note"

    def names_of(self, unit: str, names: Iterable[str]) -> list[str]:
        return [name for name in names if name in (f"{unit}_met", f"{unit}_note")]

    def success_url(self) -> str:
        if "next" in self.request.POST:
            return reverse("review:recommendation", args=[self.proposal.number])
        return reverse("review:formality", args=[self.proposal.number])

    def units(self, form: Any) -> dict[str, dict[str, Any]]:
        """Give each requirement with what is answered about it: whether it is met and why is saved together."""
        panels = autosave.panels(self.refusal)
        return {
            judgement.requirement.id: {
                "name": judgement.requirement.id,
                "fields": [
                    form[name] for name in self.names_of(judgement.requirement.id, form.fields)
                ],
                "judgement": judgement,
                "conflict": panels.get(judgement.requirement.id),
            }
            for judgement in self.judgements
        }


class RequestCompletion(ApprovalPage):
    """Sends the proposal back with what is missing, by section, and a term."""

    template_name = "review/qualification/return.html"
    permission = "review.check"
    transition = Transition.REQUEST_COMPLETION
    heading = "Bed om at få forslaget gjort færdigt"
    button = "Send tilbage"

    def form(self, data: Any = None) -> Any:
        return return_form(self.proposal, data)

    def act(self, form: Any) -> str:
        return send_back(self, form, formality.request_completion)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "latest_date": self.proposal.round.meeting_date}


class Refuse(ReasonedStep):
    permission = "review.check"
    transition = Transition.REFUSE
    heading = "Afvis på formalia"
    button = "Afvis forslaget"
    danger = True
    reason_label = "Hvilke krav opfylder forslaget ikke, og hvorfor?"
    reason_help = "Forslagsstilleren får begrundelsen i et brev."
    text = "Forslaget kommer ikke videre i runden. Sekretariatet kan genoptage det senere."
    done = "er afvist på formalia. Forslagsstilleren får brev med begrundelsen nu."

    def step(self, **given: Any) -> Any:
        return formality.refuse(**given)


class Reopen(ReasonedStep):
    permission = "review.reopen"
    transition = Transition.REOPEN
    heading = "Genoptag forslaget"
    button = "Genoptag"
    reason_label = "Hvorfor genoptages forslaget?"
    text = "Forslaget kommer tilbage i godkendelsesforløbet, som det blev sendt."
    done = "er genoptaget og i godkendelsesforløb igen. Forslagsstilleren får besked nu."

    def step(self, **given: Any) -> Any:
        return formality.reopen(**given)

"""The list of proposals, and the proposal's own page with its tabs: both worlds in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.models import Role, User
from proposals.answers.content import Content
from proposals.drafting.parts import ReturnForm
from proposals.gates import deadlines
from proposals.line.lifecycle import Transition
from proposals.line.parts import StepForm
from proposals.line.steps import AlreadyDone
from proposals.reading.shown import read_text
from proposals.rounds.models import Gate
from review.criteria.models import Criterion
from review.pages import REFUSALS, Crumbs, Reasoned, SharedPage, StepPage
from review.qualification import seen as bases
from review.qualification import steps as qualification
from review.qualification.forms import AssignForm, QualificationForm, ReplyForm, StepInForm
from review.qualification.shown import criteria_said

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proposals.line.models import Version
    from review.qualification.models import Qualification


class Reply(SharedPage, StepPage):
    """The proposer's answer to the assessment, which goes with it to the committee."""

    template_name = "review/qualification/reply.html"
    duty = "review.reply"
    open_in = qualification.REPLY_STATUSES
    heading = "Svar på udtalelsen"
    button = "Send svaret"

    def load(self) -> None:
        super().load()
        given = self.proposal.qualifications.completed().with_statements().newest_first()
        self.given: Qualification | None = given.first()

    def stands(self) -> str:
        return bases.of_reply(self.given)

    def form(self, data: Any = None) -> ReplyForm:
        return ReplyForm(data, initial={"text": self.given.reply if self.given else ""})

    def act(self, form: Any) -> str:
        qualification.reply(
            proposal_pk=self.proposal.pk,
            text=form.cleaned_data["text"],
            base=self.base,
            by=self.user,
            at=self.at,
        )
        return "Svaret er gemt og følger med udtalelsen. Du kan rette det, indtil forslaget er på en udsendt dagsorden."

    def context(self) -> dict[str, Any]:
        given = self.given
        return {
            **super().context(),
            "qualification": given,
            "criteria": criteria_said(given, [s.criterion for s in given.statements.all()])
            if given
            else [],
        }


class QualificationPage(StepPage):
    """What the pages of an open assessment share: the version, the criteria, and what is written so far."""

    duty = "review.qualify"
    transition = Transition.QUALIFY

    def load(self) -> None:
        super().load()
        sent = self.proposal.versions.at_gate(Gate.QUALIFICATION)
        self.version: Version | None = sent.newest_first().first()
        self.criteria = list(Criterion.objects.of_round(self.proposal.round_id).listed())
        written = self.proposal.qualifications.open().with_statements()
        self.draft: Qualification | None = written.of_version(self.version).first()

    @property
    def sent(self) -> Content | None:
        return Content.of_version(self.version) if self.version else None

    def context(self) -> dict[str, Any]:
        return {**super().context(), "leave": deadlines.leave_from(self.proposal)}

    def crumbs(self) -> Crumbs:
        way: Crumbs = [("/", "Forside"), (reverse("review:dgo_desk"), "Kvalificering")]
        return [*way, (self.here, self.proposal.number), (None, self.heading)]

    @property
    def here(self) -> str:
        return reverse("review:qualify", args=[self.proposal.number])


class Qualify(QualificationPage):
    """The assessment with the proposal beside it; saved as often as one likes, given from a page of its own."""

    template_name = "review/qualification/qualify.html"
    heading = "Faglig kvalificering"
    refusals = (qualification.ConflictingEdit,)
    conflict: qualification.ConflictingEdit | None = None

    def form(self, data: Any = None) -> Any:
        return QualificationForm(
            data,
            criteria=self.criteria,
            qualification=self.draft,
            initial={"revision": self.proposal.revision},
        )

    def act(self, form: Any) -> str:
        draft = self.draft or qualification.begin(
            proposal_pk=self.proposal.pk, by=self.user, at=self.at
        )
        qualification.save(
            qualification_pk=draft.pk,
            revision=form.cleaned_data["draft_revision"] if self.draft else draft.revision,
            outcome=form.cleaned_data["outcome"],
            summary=form.cleaned_data["summary"] or "",
            statements=form.statements,
            by=self.user,
            at=self.at,
        )
        return "Kladden er gemt. Forslagsstilleren kan ikke se den endnu."

    def refused(self, form: Any, refusal: Exception) -> HttpResponse:
        if isinstance(refusal, qualification.ConflictingEdit):
            # The next press has seen the other text, which the page now shows.
            self.conflict = refusal
            form.data = form.data.copy()
            form.data["draft_revision"] = str(refusal.saved.revision)
        return super().refused(form, refusal)

    def success_url(self) -> str:
        if "check" in self.request.POST:
            return reverse("review:complete_qualification", args=[self.proposal.number])
        return self.here

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            **read_text(self, self.sent, self.version),
            "draft": self.draft,
            "assign": AssignForm(
                advisers=advisers(self),
                initial={"to_user": self.draft and self.draft.assigned_to_id},
            ),
            "saved": self._saved(),
        }

    def _saved(self) -> list[dict[str, str]]:
        """Show what a colleague saved meanwhile."""
        if self.conflict is None:
            return []
        saved = self.conflict.saved
        said = {s.criterion_id: s.text for s in saved.statements.all()}
        return [
            *({"label": str(c), "value": said.get(c.pk, "")} for c in self.criteria),
            {"label": "Udfald", "value": saved.get_outcome_display()},
            {"label": "Samlet udtalelse", "value": saved.summary},
        ]


class Begin(QualificationPage):
    """Opens the assessment, with what an earlier one said when the proposal came back."""

    http_method_names = ["post"]  # Django's own attribute

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            qualification.begin(proposal_pk=self.proposal.pk, by=self.user, at=self.at)
        except AlreadyDone as done:
            messages.info(request, str(done))
        return redirect(self.here)


class Assign(QualificationPage):
    """Says which adviser has it."""

    http_method_names = ["post"]  # Django's own attribute

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = AssignForm(request.POST, advisers=advisers(self))
        draft = get_object_or_404(self.proposal.qualifications.open(), version=self.version)
        if form.is_valid():
            chosen = form.cleaned_data["to_user"]
            try:
                qualification.assign(
                    qualification_pk=draft.pk, to_user=chosen, by=self.user, at=self.at
                )
            except REFUSALS as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(
                    request,
                    f"{chosen} har nu forslaget." if chosen else "Ingen har forslaget lige nu.",
                )
        else:
            messages.error(request, "Vælg en rådgiver fra listen.")
        return redirect(self.here)


class Complete(SharedPage, QualificationPage):
    """The last look at the assessment, as the proposer will read it, before it is given."""

    template_name = "review/qualification/complete_qualification.html"
    heading = "Afgiv udtalelse"
    button = "Afgiv udtalelse"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return super().get(request, **kwargs) if self.draft else redirect(self.here)

    def form(self, data: Any = None) -> Any:
        return StepForm(data, initial={"revision": self.proposal.revision})

    def stands(self) -> str:
        return bases.of_qualification(self.draft)

    def act(self, form: Any) -> str:
        given = self.draft or get_object_or_404(
            self.proposal.qualifications.newest_first(), version=self.version
        )
        qualification.complete(
            qualification_pk=given.pk,
            revision=form.cleaned_data["revision"],
            base=self.base,
            by=self.user,
            at=self.at,
        )
        due = danish.datetime_text(self.proposal.round.approval_deadline_at)
        return (
            "Udtalelsen er afgivet. Forslagsstilleren får besked nu og kan sende forslaget "
            f"til godkendelsesforløbet senest {due}."
        )

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "qualification": self.draft,
            "criteria": criteria_said(self.draft, self.criteria),
            "back": self.here,
            "deadline": self.proposal.round.approval_deadline_at,
        }


class Return(QualificationPage):
    """Sends the proposal back with what must change, by section, and a date."""

    template_name = "review/qualification/return.html"
    transition = Transition.RETURN_FOR_CHANGES
    heading = "Send tilbage til forslagsstiller"
    button = "Send tilbage"

    def form(self, data: Any = None) -> Any:
        return ReturnForm(data, initial={"revision": self.proposal.revision})

    def act(self, form: Any) -> str:
        day = form.cleaned_data["answer_date"]
        qualification.return_for_changes(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            reasons=form.reasons,
            answer_date=day,
            by=self.user,
            at=self.at,
        )
        return (
            f"{self.proposal.number} er sendt tilbage. Forslagsstilleren får besked nu "
            f"og skal sende det igen senest {danish.date_text(day)}."
        )

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            **read_text(self, self.sent, self.version),
            "latest_at": qualification.latest_answer_at(self.proposal, at=self.at),
            "cancel": self.here,
        }


def advisers(page: QualificationPage) -> Any:
    return User.objects.holding(Role.DGO_ADVISER, at=page.at, dgo=page.proposal.lead_dgo).by_name()


class StepIn(SharedPage, StepPage):
    """Gives the assessment for a DGO that is silent, with the reason why."""

    template_name = "review/qualification/step_in.html"
    duty = "review.step_in"
    transition = Transition.QUALIFY
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
    transition = Transition.QUALIFY
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

"""The professional assessment ("faglig kvalificering"): written, given, sent back, answered, and stepped in for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from klimaspor import autosave, danish, unsent
from klimaspor.accounts.models import Role, User
from klimaspor.pages import Press
from klimaspor.refusals import AlreadyDone, Refused
from proposals.answers.content import Content
from proposals.drafting import dgo as drafting_dgo
from proposals.drafting.parts import ReturnForm
from proposals.gates import deadlines
from proposals.line.lifecycle import Transition
from proposals.line.pages import ProposalPage, ReasonedStep, StepPage
from proposals.line.parts import StepForm
from proposals.reading.shown import read_text
from proposals.rounds.models import Gate
from review.qualification import holding
from review.qualification import steps as qualification
from review.qualification.forms import (
    AmendForm,
    AssignForm,
    QualificationForm,
    ReplyForm,
    StepInForm,
    named_criteria,
)
from review.qualification.pages import return_form, send_back
from review.qualification.seen import (
    Words,
    asked_criteria,
    criteria_of,
    shown_qualification,
    shown_reply,
)
from review.qualification.shown import cosignatures, document, since_return

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from klimaspor.pages import Crumbs
    from klimaspor.seen import Shown
    from proposals.line.models import Proposal, Version
    from review.criteria.models import Criterion
    from review.qualification.models import Qualification


GIVE = "Afgiv udtalelse"


def is_anyway(page: StepPage) -> bool:
    """Say whether the press knows that criteria are left empty."""
    return "anyway" in page.request.POST


def asked_first(empty: tuple[Criterion, ...], button: str) -> dict[str, Any]:
    """Give the criteria that are left empty, and what the button says then."""
    return {"empty": empty, "button": qualification.ANYWAY if empty else button}


class Giving(StepPage):
    """A page whose press gives an assessment: where criteria are left empty it asks first."""

    button = GIVE

    def empty(self) -> tuple[Criterion, ...]:
        """Give the criteria that the reader is asked about."""
        refusal = self.refusal
        return refusal.criteria if isinstance(refusal, qualification.CriteriaEmpty) else ()

    def context(self) -> dict[str, Any]:
        return {**super().context(), **asked_first(self.empty(), self.button)}


class Reply(StepPage):
    """The proposer's answer to the assessment, which goes with it to the committee."""

    template_name = "review/qualification/reply.html"
    permission = "review.reply"
    open_in = qualification.REPLY_STATUSES
    heading = "Svar på udtalelsen"
    button = "Send svaret"

    def load(self) -> None:
        super().load()
        self.given = qualification.standing_assessment(self.proposal)

    def shown_now(self) -> Shown | None:
        return shown_reply(self.given) if self.given else None

    def form(self, data: Any = None) -> ReplyForm:
        return ReplyForm(data, initial={"text": self.given.reply if self.given else ""})

    def act(self, form: Any) -> str:
        qualification.reply(
            proposal_pk=self.proposal.pk,
            text=form.cleaned_data["text"],
            bases=self.bases,
            by=self.user,
            at=self.at,
        )
        return "Svaret er gemt og følger med udtalelsen. Du kan rette det, indtil forslaget er på en udsendt dagsorden."

    def context(self) -> dict[str, Any]:
        return {**super().context(), "document": document(self.given) if self.given else None}


class QualificationPage(StepPage):
    """What the pages of an open assessment share: the version, the criteria, and what is written so far."""

    permission = "review.qualify"
    transition = Transition.QUALIFY

    handed_over_to: str = ""
    """The DGO that has the proposal now, while an adviser of the one before was typing."""

    def load(self) -> None:
        try:
            super().load()
        except (Http404, PermissionDenied):
            self.handed_over_to = self._handed_over_to()
            if self.handed_over_to:
                return
            raise
        self.version = sent_version(self.proposal)
        written = self.proposal.qualifications.open().with_statements()
        self.draft: Qualification | None = written.of_version(self.version).first()
        self.criteria = (
            criteria_of(self.draft) if self.draft else asked_criteria(self.proposal.round_id)
        )

    def _handed_over_to(self) -> str:
        # Who only opens the address has typed nothing, and the proposal is no longer theirs to hear of.
        is_sent = self.request.method == "POST"
        return (
            drafting_dgo.handed_over_to(self.kwargs["number"], self.user, at=self.at)
            if is_sent
            else ""
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.handed_over_to:
            return super().dispatch(request, *args, **kwargs)
        said = f"{self.kwargs['number']} er givet videre til {self.handed_over_to}."
        if unsent.UNIT in request.POST:
            return autosave.gone(said)
        shown = {
            "at": self.at,
            "said": said,
            "rows": typed_rows(self.typed_form(request.POST)),
            "breadcrumbs": [("/", "Forside"), (None, "Givet videre")],
        }
        return render(request, "review/qualification/handed_over.html", shown, status=409)

    def typed_form(self, data: Any) -> Any:
        """Make the form of what was typed, where its proposal is no longer to be seen."""
        return StepForm(data)

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
    is_autosaved = True
    heading = "Faglig kvalificering"

    def shown_now(self) -> Shown | None:
        return shown_qualification(self.draft) if self.draft else None

    def form(self, data: Any = None) -> Any:
        return QualificationForm(
            data,
            criteria=self.criteria,
            qualification=self.draft,
            sent=self.sent,
            initial={"revision": self.proposal.revision},
        )

    def typed_form(self, data: Any) -> Any:
        return QualificationForm(data, criteria=named_criteria(data))

    def act(self, form: Any) -> str:
        draft = self.draft or qualification.begin(
            proposal_pk=self.proposal.pk, by=self.user, at=self.at
        )
        qualification.save(
            qualification_pk=draft.pk,
            bases=self.bases,
            words=form.words,
            by=self.user,
            at=self.at,
        )
        return f"Kladden er gemt. Forslagsstilleren kan ikke se den endnu.{self._lapsed(draft)}"

    def _lapsed(self, draft: Qualification) -> str:
        """Say whose signature the new text ended."""
        lapsed = draft.cosignatures.with_people().filter(lapsed_at=self.at)
        if names := danish.join_text([str(one.signed_by) for one in lapsed.listed()]):
            return f" Medunderskriften fra {names} er bortfaldet, for teksten er ændret."
        return ""

    def success_url(self) -> str:
        if "check" in self.request.POST:
            return reverse("review:complete_qualification", args=[self.proposal.number])
        return self.here

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            **read_text(self, self.sent, self.version, back="kvalificering"),
            "draft": self.draft,
            "cosignatures": cosignatures(self.draft) if self.draft else [],
            "since": since_return(self.proposal, self.version),
            "threads": self.proposal.advice.readable_by(self.standing)
            .open()
            .select_related("created_by")
            .oldest_first(),
        }

    def others(self, data: Any = None) -> dict[str, Any]:
        has_it = self.draft and self.draft.assigned_to_id
        return {"assign": AssignForm(data, advisers=advisers(self), initial={"to_user": has_it})}


class Begin(Press, ProposalPage):
    """Opens the assessment, with what an earlier one said when the proposal came back."""

    permission = "review.qualify"
    http_method_names = ["post"]  # Django's own attribute

    def act(self) -> str:
        qualification.begin(proposal_pk=self.proposal.pk, by=self.user, at=self.at)
        # The page shows it.
        return ""

    def back(self) -> str:
        return reverse("review:qualify", args=[self.proposal.number])


class Assign(Press, ProposalPage):
    """Says which adviser has it."""

    permission = "review.qualify"
    http_method_names = ["post"]  # Django's own attribute

    def act(self) -> str:
        form = AssignForm(self.request.POST, advisers=advisers(self))
        if not form.is_valid():
            raise Refused("Vælg en rådgiver fra listen.")
        chosen = form.cleaned_data["to_user"]
        # Saved as it stands it is no refusal.
        with suppress(AlreadyDone):
            holding.pass_on(
                proposal_pk=self.proposal.pk, to_user=chosen, note="", by=self.user, at=self.at
            )
        return f"{chosen} har nu forslaget." if chosen else "Ingen har forslaget lige nu."

    def back(self) -> str:
        return reverse("review:qualify", args=[self.proposal.number])


class Complete(QualificationPage):
    """The last look at the assessment, as the proposer will read it, before it is given."""

    template_name = "review/qualification/complete_qualification.html"
    heading = "Afgiv udtalelse"
    button = GIVE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return super().get(request, **kwargs) if self.draft else redirect(self.here)

    def form(self, data: Any = None) -> Any:
        return StepForm(data, initial={"revision": self.proposal.revision})

    def empty(self) -> tuple[Criterion, ...]:
        # The last look shows it, so that one press is enough.
        if self.draft is None:
            return ()
        return tuple(Words.of(self.draft).empty(self.criteria))

    def shown_now(self) -> Shown | None:
        return shown_qualification(self.draft).whole if self.draft else None

    def act(self, form: Any) -> str:
        given = self.draft or get_object_or_404(
            self.proposal.qualifications.newest_first(), version=self.version
        )
        qualification.complete(
            qualification_pk=given.pk,
            revision=form.cleaned_data["revision"],
            base=self.base,
            anyway=is_anyway(self),
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
            **asked_first(self.empty(), self.button),
            "document": document(self.draft) if self.draft else None,
            "back": self.here,
            "deadline": self.proposal.round.approval_deadline_at,
            "reply_due_at": qualification.reply_due_at(self.proposal, at=self.at),
        }


class CoSign(QualificationPage):
    """The last look at the assessment of somebody else, which one puts one's name under before it is given."""

    template_name = "review/qualification/cosign.html"
    permission = "review.cosign"
    heading = "Medunderskriv udtalelsen"
    button = "Medunderskriv"

    def crumbs(self) -> Crumbs:
        # The secretariat, which may sign too, has no desk of a DGO.
        return [*self.way, (None, self.heading)]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return super().get(request, **kwargs) if self.draft else redirect(self.address)

    def form(self, data: Any = None) -> Any:
        return StepForm(data, initial={"revision": self.proposal.revision})

    def shown_now(self) -> Shown | None:
        return shown_qualification(self.draft).whole if self.draft else None

    def act(self, form: Any) -> str:
        draft = self.draft or get_object_or_404(
            self.proposal.qualifications.newest_first(), version=self.version
        )
        qualification.cosign(qualification_pk=draft.pk, base=self.base, by=self.user, at=self.at)
        return (
            "Du har medunderskrevet udtalelsen. Bliver teksten ændret, før den afgives, "
            "bortfalder din underskrift."
        )

    def success_url(self) -> str:
        return reverse("review:cosign", args=[self.proposal.number])

    def context(self) -> dict[str, Any]:
        shown = document(self.draft) if self.draft else None
        return {
            **super().context(),
            "document": shown,
            "has_signed": shown is not None
            and any(
                one.signed_by_id == self.user.pk and not one.lapsed_at
                for one in shown["cosignatures"]
            ),
        }


class TakeBackSignature(Press, ProposalPage):
    """Takes one's name off an assessment that is not given."""

    permission = "review.cosign"
    http_method_names = ["post"]  # Django's own attribute

    def act(self) -> str:
        draft = get_object_or_404(
            self.proposal.qualifications.open(), version=sent_version(self.proposal)
        )
        qualification.take_back_signature(qualification_pk=draft.pk, by=self.user, at=self.at)
        return "Din underskrift er taget tilbage."

    def back(self) -> str:
        return reverse("review:cosign", args=[self.proposal.number])


class Amend(Giving):
    """Gives another assessment in place of one that stands, with the reason why."""

    template_name = "review/qualification/amend.html"
    permission = "review.amend"
    open_in = qualification.REPLY_STATUSES
    heading = "Ændr udtalelsen"
    button = "Afgiv den ændrede udtalelse"

    def load(self) -> None:
        super().load()
        self.given = qualification.standing_assessment(self.proposal)
        if self.given and not qualification.may_amend(self.standing, self.given):
            raise PermissionDenied("Udtalelsen ændres af dem, der har afgivet den.")

    @property
    def is_possible_now(self) -> bool:
        return super().is_possible_now and self.given is not None

    @property
    def sent(self) -> Content | None:
        return Content.of_version(self.given.version) if self.given else None

    def shown_now(self) -> Shown | None:
        return shown_qualification(self.given) if self.given else None

    def form(self, data: Any = None) -> Any:
        return AmendForm(
            data,
            criteria=criteria_of(self.given) if self.given else (),
            qualification=self.given,
            sent=self.sent,
            initial={"revision": self.proposal.revision},
        )

    def act(self, form: Any) -> str:
        given = qualification.amend(
            proposal_pk=self.proposal.pk,
            words=form.words,
            reason=form.cleaned_data["reason"],
            bases=self.bases,
            anyway=is_anyway(self),
            by=self.user,
            at=self.at,
        )
        due = danish.datetime_text(given.reply_due_at) if given.reply_due_at else ""
        return (
            "Den ændrede udtalelse er afgivet. Forslagsstilleren får besked nu "
            f"og kan svare senest {due}. Den første udtalelse kan stadig læses."
        )

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            **read_text(self, self.sent, self.given.version if self.given else None),
        }


class Return(QualificationPage):
    """Sends the proposal back with what must change, by section, and a date."""

    template_name = "review/qualification/return.html"
    transition = Transition.RETURN_FOR_CHANGES
    heading = "Send tilbage til forslagsstiller"
    button = "Send tilbage"

    def form(self, data: Any = None) -> Any:
        return return_form(self.proposal, data)

    def typed_form(self, data: Any) -> Any:
        return ReturnForm(data)

    def act(self, form: Any) -> str:
        return send_back(self, form, qualification.return_for_changes)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            **read_text(self, self.sent, self.version),
            "latest_at": qualification.latest_answer_at(self.proposal, at=self.at),
            "cancel": self.here,
        }


def typed_rows(form: Any) -> list[dict[str, Any]]:
    """Give what was typed in a form, to be copied."""
    rows = ((field.label, field.value()) for field in form.visible_fields())
    return [{"label": label, "value": text, "prose": True} for label, text in rows if text]


def sent_version(proposal: Proposal) -> Version | None:
    """Give what was sent to qualification last."""
    sent = proposal.versions.at_gate(Gate.QUALIFICATION)
    version: Version | None = sent.newest_first().first()
    return version


def advisers(page: ProposalPage) -> Any:
    return User.objects.holding(Role.DGO_ADVISER, at=page.at, dgo=page.proposal.lead_dgo).by_name()


class StepIn(Giving):
    """Gives the assessment for a DGO that is silent, with the reason why."""

    template_name = "review/qualification/step_in.html"
    permission = "review.step_in"
    transition = Transition.QUALIFY
    heading = "Afgiv udtalelse for DGO'en"

    def load(self) -> None:
        super().load()
        self.version = sent_version(self.proposal)
        open_ones = self.proposal.qualifications.open().of_version(self.version)
        self.draft = open_ones.with_statements().first()
        self.criteria = (
            criteria_of(self.draft) if self.draft else asked_criteria(self.proposal.round_id)
        )

    def form(self, data: Any = None) -> Any:
        return StepInForm(
            data,
            criteria=self.criteria,
            qualification=self.draft,
            sent=self.sent,
            initial={"revision": self.proposal.revision},
        )

    def shown_now(self) -> Shown | None:
        return shown_qualification(self.draft) if self.draft else None

    def act(self, form: Any) -> str:
        qualification.complete_for_dgo(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            words=form.words,
            reason=form.cleaned_data["reason"],
            bases=self.bases,
            anyway=is_anyway(self),
            by=self.user,
            at=self.at,
        )
        return "Udtalelsen er afgivet for DGO'en. Forslagsstilleren og DGO'en får besked nu."

    @property
    def sent(self) -> Content | None:
        return Content.of_version(self.version) if self.version else None

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            **read_text(self, self.sent, self.version),
            "is_begun": self.draft is not None and self.draft.edited_at is not None,
            "waive": reverse("review:waive", args=[self.proposal.number]),
        }


class Waive(ReasonedStep):
    permission = "review.step_in"
    transition = Transition.QUALIFY
    heading = "Frafald den faglige kvalificering"
    button = "Frafald kvalificeringen"
    danger = True
    reason_label = "Hvorfor frafaldes kvalificeringen?"
    reason_help = "Forslagsstilleren, DGO'en og forretningsudvalget kan læse begrundelsen."
    text = "Forslaget går videre uden en udtalelse fra DGO'en."
    done = "er gået videre uden faglig kvalificering. Forslagsstilleren og DGO'en får besked nu."

    def step(self, **given: Any) -> Any:
        return qualification.waive(**given)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "cancel": reverse("review:step_in", args=[self.proposal.number]),
        }

"""The DGO's desk, and the professional assessment ("faglig kvalificering") with the proposal beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.anybody import Question
from klimaspor.accounts.models import Role, User
from klimaspor.counts import KeptPaginator
from proposals import deadlines
from proposals.content import Content
from proposals.lifecycle import QUALIFY, RETURN_FOR_CHANGES, Gate, Status
from proposals.models import Proposal
from review import bases, qualification
from review.forms import AssignForm, QualificationForm, ReturnForm, StepForm
from review.models import Criterion, Qualification
from review.steps import AlreadyDone
from review.views.pages import (
    REFUSALS,
    Crumbs,
    Page,
    SharedPage,
    StepPage,
    read_text,
    shown_title,
)

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from proposals.models import Version

PAGE_SIZE = 25
LONGEST_BAR = 15
"""Working days that fill the bar; a qualification window is 8 to 13 of them."""


@Question
def _lying(user: User, *, at: datetime) -> QuerySet[Proposal]:
    """Give what lies with the person's DGOs."""
    lying = (
        Proposal.objects.visible_to(user, at=at)
        .opened_to_dgos(user.duties_at(at).dgo_ids, at=at)
        .in_status(Status.IN_QUALIFICATION, Status.DRAFT, Status.QUALIFIED)
    )
    rows = lying.with_frame().with_reading(user, at=at).with_participants()
    return rows.with_due().with_counts().dgo_turn_first()


class Desk(Page):
    """What lies with the reader's DGOs, most urgent first."""

    template_name = "review/dgo_desk.html"

    def load(self) -> None:
        if not self.user.duties.dgo_ids:
            raise PermissionDenied("Kvalificeringen er for rådgivere i en DGO.")
        lying: Any = _lying(self.user, at=self.at)
        asked = (self.user.pk, "dgo desk")
        pages = KeptPaginator(lying, PAGE_SIZE, asked=asked, at=self.at)
        self.page = pages.get_page(self.request.GET.get("page"))

    def context(self) -> dict[str, Any]:
        proposals = list(self.page)
        open_ones = (
            Qualification.objects.open().of_proposals([p.pk for p in proposals]).with_holder()
        )
        holders = {one.proposal_id: one.assigned_to for one in open_ones}
        return {
            "page": self.page,
            "rows": [self._row(p, holders.get(p.pk)) for p in proposals],
            "breadcrumbs": [("/", "Forside"), (None, "Kvalificering")],
        }

    def _row(self, proposal: Any, holder: User | None) -> dict[str, Any]:
        days = None
        if proposal.due_at:
            today, due = danish.day_of(self.at), danish.day_of(proposal.due_at)
            days = danish.working_days_between(today, due)
        is_here = proposal.status == Status.IN_QUALIFICATION
        return {
            "proposal": proposal,
            "title": shown_title(proposal),
            "authorities": _authorities(proposal),
            "days": days,
            "bar": None if days is None else max(0, min(days, LONGEST_BAR)) * 100 // LONGEST_BAR,
            "holder": holder,
            "is_here": is_here,
            "url": reverse(
                "review:qualify" if is_here else "review:proposal", args=[proposal.number]
            ),
        }


def _authorities(proposal: Any) -> list[str]:
    """Name the kommuner and regioner of the text that the reader reads."""
    if proposal.reads_live:
        rows = proposal.participants.all()
        return [p.name for p in rows if p.organization and p.organization.is_authority]
    return [row["name"] for row in proposal.sent_participants or [] if row["code"]]


class QualificationPage(StepPage):
    """What the pages of an open assessment share: the version, the criteria, and what is written so far."""

    duty = "review.qualify"
    transition = QUALIFY

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

    template_name = "review/qualify.html"
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

    template_name = "review/complete_qualification.html"
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

    template_name = "review/return.html"
    transition = RETURN_FOR_CHANGES
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


def criteria_said(
    given: Qualification | None, criteria: list[Criterion]
) -> list[dict[str, object]]:
    """List every criterion with what is said about it, which may be nothing."""
    said = {s.criterion_id: s.text for s in given.statements.all()} if given else {}
    return [{"label": str(c), "value": said.get(c.pk, ""), "prose": True} for c in criteria]

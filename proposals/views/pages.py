"""What the pages stand on: who reads and when, which proposal, and how a step's refusal becomes a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import CharField
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from klimaspor import unsent
from klimaspor.accounts.anybody import Question
from klimaspor.prepared import Given
from proposals import deadlines, privacy, timeline
from proposals.content import Content
from proposals.lifecycle import BEFORE_DECISION, EDITABLE, Gate, Status
from proposals.models import IllegalTransition, Proposal, Stale
from proposals.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django import forms
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from klimaspor.accounts.models import User
    from proposals.eligibility import Finding
    from proposals.models import Dispensation
    from proposals.timeline import Mark

LONGEST_SEARCH = 100
NOT_YOURS = "Du kan læse forslaget, men ikke gøre dette."


class Page(View):
    """A page for somebody signed in."""

    template_name: ClassVar[str]
    at: datetime
    user: User

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.at = request.received_at  # type: ignore[attr-defined]  # stamped by the first middleware
        self.user = cast("User", request.user)
        self.load()

    def load(self) -> None:
        """Read what the page is about, and refuse whoever may not see it or may not act."""

    def context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def show(self, *, template: str = "", status: int = 200, **more: Any) -> HttpResponse:
        shown = {"at": self.at, **self.context(), **more}
        return render(self.request, template or self.template_name, shown, status=status)


def visible_or_404(user: User, number: str, *, at: datetime) -> Proposal:
    """
    Give the proposal with what every page about it shows.

    :raises Http404: there is none, or the person may not see it.
    """
    for proposal in _visible(user, at=at, number=number):
        return cast("Proposal", proposal)
    raise Http404


@Question
def _visible(user: User, *, at: datetime) -> QuerySet[Any]:
    visible = Proposal.objects.visible_to(user, at=at).with_frame().with_reading(user, at=at)
    return visible.filter(number=Given("number", CharField()))


class ProposalPage(Page):
    """A page about one proposal: 404 for whoever cannot see it, 403 for whoever may not do this."""

    permission: ClassVar[str] = "proposals.read"
    heading: ClassVar[str] = ""
    """The page's own name, at the end of the way that leads here."""
    proposal: Proposal

    def load(self) -> None:
        self.proposal = visible_or_404(self.user, self.kwargs["number"], at=self.at)
        if not self.user.has_perm(self.permission, self.proposal):
            raise PermissionDenied(NOT_YOURS)

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"proposals:{name}", args=[self.proposal.number, *args])

    @property
    def address(self) -> str:
        """Where the proposal's own page is."""
        return proposal_address(self.proposal)

    def crumbs(self) -> list[tuple[str | None, str]]:
        return [
            ("/", "Forside"),
            ("/forslag/", "Forslag"),
            (self.address, self.proposal.number),
            (None, self.heading),
        ]

    def context(self) -> dict[str, Any]:
        return {
            "proposal": self.proposal,
            "state": Status(self.proposal.status).state,
            "heading": self.heading,
            "breadcrumbs": self.crumbs(),
            "address": self.address,
        }


class FormPage(Page):
    """
    A form and the one step it leads to.

    A refusal is said in the summary of errors; what was typed stays in the form, also over an expired session.
    """

    refusals: ClassVar[tuple[type[Exception], ...]] = ()
    """What the step may answer instead."""
    button: ClassVar[str] = "Gem"

    def form(self, data: Any = None) -> forms.BaseForm:
        raise NotImplementedError

    def act(self, form: Any) -> str:
        """Take the step and return what is said when it went well."""
        raise NotImplementedError

    def success_url(self) -> str:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        typed = unsent.take(request)
        return self.show(form=self.form(typed), is_restored=typed is not None)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                said = self.act(form)
            except self.refusals as refusal:
                return self.refused(form, refusal)
            messages.success(request, said)
            return redirect(self.success_url())
        return self.show(form=form)

    def refused(self, form: Any, refusal: Exception) -> HttpResponse:
        form.add_error(None, str(refusal))
        return self.show(form=form)

    def context(self) -> dict[str, Any]:
        return {
            "button": self.button,
            "slip": unsent.slip(self.request),
            "slip_name": unsent.SLIP,
            **super().context(),
        }


class StepPage(FormPage, ProposalPage):
    """One step about one proposal, at a fixed place in the line."""

    template_name = "proposals/step.html"
    refusals: ClassVar[tuple[type[Exception], ...]] = (Stale, IllegalTransition)
    open_in: ClassVar[tuple[Status, ...]] = ()
    """Where the step may be taken; everywhere when nothing is said."""
    text: ClassVar[str] = ""
    danger: ClassVar[bool] = False

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.open_in and self.proposal.status not in self.open_in:
            return not_now(self)
        return super().get(request, **kwargs)

    def refused(self, form: Any, refusal: Exception) -> HttpResponse:
        if isinstance(refusal, IllegalTransition):
            self.proposal.refresh_from_db()
            return not_now(self)
        if isinstance(refusal, Stale):
            # The next press is about the proposal as it stands now.
            self.proposal.refresh_from_db()
            form.data = form.data.copy()
            form.data["revision"] = str(self.proposal.revision)
        return super().refused(form, refusal)

    def success_url(self) -> str:
        return self.address

    def context(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "danger": self.danger,
            "cancel": self.address,
            **super().context(),
        }


def proposal_address(proposal: Proposal) -> str:
    """Give the address of the proposal's page, which lies in the room above this one."""
    return f"/forslag/{proposal.number}/"


def sparring_address(proposal: Proposal) -> str:
    return f"/forslag/{proposal.number}/sparring/"


def searched(data: Any, name: str) -> str:
    """Give what is searched for, in one line of a sane length that a database can read."""
    return " ".join(data.get(name, "").replace("\0", " ").split())[:LONGEST_SEARCH]


def not_now(page: ProposalPage, **more: Any) -> HttpResponse:
    """Say where the proposal stands, when what was asked for cannot be done from there."""
    return page.show(template="proposals/not_now.html", status=409, **more)


def is_editable(proposal: Proposal) -> bool:
    return proposal.status in EDITABLE


def gate_ahead(proposal: Proposal) -> Gate:
    """Give the gate the text is on its way to."""
    return Gate.QUALIFICATION if proposal.status == Status.DRAFT else Gate.APPROVAL


def due_at(proposal: Proposal) -> datetime:
    return deadlines.due_at(proposal, gate_ahead(proposal))


def clock(page: ProposalPage, closes_at: datetime) -> timeline.Clock | None:
    """Give the server's clock when the gate ahead, which closes then, closes for this person within a day."""
    gate = gate_ahead(page.proposal)
    if not deadlines.is_in_time(closes_at, at=page.at):
        mine = page.proposal.dispensations.in_force(gate, at=page.at).held_by(page.user)
        longest = mine.longest_first().first()
        closes_at = longest.until_at if longest else closes_at
    return timeline.clock(closes_at, at=page.at)


def way(
    proposal: Proposal,
    *,
    at: datetime,
    content: Content | None = None,
    leave: list[Dispensation] | None = None,
) -> tuple[Mark, ...]:
    """Give the way to the meeting; at most three queries, one fewer for each of text and leave that was read."""
    if proposal.status not in BEFORE_DECISION:
        return ()
    asks = proposal.status in timeline.WRITING
    content = content or (Content.of(proposal, at=at, rows=["participants"]) if asks else None)
    rows = content.participants if content else ()
    versions = proposal.versions.sent_in(proposal.round).oldest_first()
    # One that has never moved was never sent.
    sent = dict(versions.values_list("gate", "frozen_at")) if proposal.revision > 1 else {}
    if leave is None:
        leave = deadlines.leave_from(proposal)
    return timeline.marks(proposal, sent=sent, participants=rows, leave=leave, at=at)


def cpr_places(page: ProposalPage, content: Content) -> list[dict[str, str]]:
    """Give where the text looks like it holds a CPR number, each with where to change it."""
    return [
        {
            "label": place.label,
            "url": page.url("section", place.section)
            + (f"#{place.anchor}" if place.anchor else ""),
        }
        for place in privacy.cpr_places(content)
    ]


def unsaved_places(page: ProposalPage) -> list[dict[str, str]]:
    """Give each section with the names that a browser keeps what is typed in it by."""
    return [
        {
            "title": section.title,
            "url": page.url("section", section.slug),
            "units": " ".join([*(q.name for q in section.fields), section.rows]),
        }
        for section in SECTIONS
    ]


def meter(
    page: ProposalPage, findings: Iterable[Finding], *, links: bool = True
) -> list[dict[str, Any]]:
    """Give the rows of the requirements' meter, each leading to where it is fixed."""
    return [
        {
            "id": finding.requirement.id,
            "text": finding.requirement.text,
            "state": str(finding.state),
            "message": finding.message,
            "details": finding.details,
            "url": page.url("section", finding.section)
            if links and finding.section and finding.state in ("missing", "warning")
            else "",
        }
        for finding in findings
    ]

"""What every page about a proposal stands on: who sees it, who may do this, and whether it can be done now; how a file is sent."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from klimaspor.pages import FormPage, Page, TurnedAway
from proposals.line import impartiality
from proposals.line.addresses import PROPOSALS, proposal_address
from proposals.line.lifecycle import EDITABLE, ENDED, Status
from proposals.line.parts import ReasonForm
from proposals.line.queries import shown_proposal
from proposals.line.standing import standing

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from klimaspor.accounts.models import User
    from klimaspor.pages import Crumbs
    from proposals.line.lifecycle import Transition
    from proposals.line.models import Proposal
    from proposals.line.standing import Standing

FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


CONTENT_TYPES = {".pdf": "application/pdf", ".zip": "application/zip"}


def send_file(file: Any, name: str, content_type: str = "") -> FileResponse:
    """Send a stored file to be saved: never shown as a page of ours, never guessed to be anything else than we say."""
    known = CONTENT_TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=content_type or known,
        headers=FILE_HEADERS,
    )


def send_bytes(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Send a file that was made for this answer, in the same way."""
    # The first is whether it is an attachment.
    disposition = content_disposition_header(True, name) or "attachment"  # Django's own
    headers = {**FILE_HEADERS, "Content-Disposition": disposition}
    return HttpResponse(content, content_type=content_type, headers=headers)


NOT_YOURS = "Du kan læse forslaget, men ikke gøre dette."


def visible_or_404(user: User, number: str, *, at: datetime) -> Proposal:
    """
    Give the proposal with what every page about it shows.

    :raises Http404: there is none, or the person may not see it.
    """
    for proposal in shown_proposal(user, at=at, number=number):
        return cast("Proposal", proposal)
    raise Http404


class ProposalPage(Page):
    """A page about one proposal: 404 for whoever cannot see it, 403 for whoever may not do this, 409 when it cannot be done now."""

    permission: ClassVar[str] = "proposals.read"
    open_in: ClassVar[Collection[Status]] = ()
    """Where it can be done; everywhere when nothing is said."""
    proposal: Proposal
    standing: Standing
    """What the reader is to the proposal."""

    def load(self) -> None:
        self.proposal = self.found()
        # Permissions, buttons and texts all ask it, and find it read.
        self.standing = standing(self.user, self.proposal, at=self.at)
        if not self.user.has_perm(self.permission, self.proposal):
            raise self.tied() if self.standing.is_blocked else PermissionDenied(NOT_YOURS)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # What was typed must not be lost, so a late POST goes to the step, which refuses it beside the text.
        if request.method in ("GET", "HEAD") and not self.is_possible_now:
            return not_now(self)
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_possible_now(self) -> bool:
        return not self.open_in or self.proposal.status in self.open_in

    def found(self) -> Proposal:
        """
        Find the proposal, as far as the reader may see it.

        :raises Http404:
        """
        return visible_or_404(self.user, self.kwargs["number"], at=self.at)

    def tied(self) -> TurnedAway:
        """Say that another person must settle whether the reader is impartial."""
        return turned_away(self.user, self.proposal, at=self.at)

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"proposals:{name}", args=[self.proposal.number, *args])

    @property
    def address(self) -> str:
        """Where the proposal's own page is."""
        return proposal_address(self.proposal.number)

    def _identity(self) -> dict[str, Any]:
        """Let the header say on whose behalf the proposal is made to those who make it, whatever they chose for the session."""
        if not self.standing.is_writer:
            return {}
        whom = self.proposal.on_behalf_text
        return {"identity": {"name": str(self.user), "on_behalf_of": whom}}

    def crumbs(self) -> Crumbs:
        return [*self.way, (None, self.heading)]

    @property
    def way(self) -> Crumbs:
        """The way to the proposal's own page."""
        return [("/", "Forside"), (PROPOSALS, "Forslag"), (self.address, self.proposal.number)]

    def context(self) -> dict[str, Any]:
        return {
            **self._identity(),
            "proposal": self.proposal,
            "state": Status(self.proposal.status).state,
            "heading": self.heading,
            "breadcrumbs": self.crumbs(),
            "address": self.address,
            "title": shown_title(self.proposal),
            "subject": f"{shown_title(self.proposal)} ({self.proposal.number})",
            **super().context(),
        }


class StepPage(FormPage, ProposalPage):
    """One step about one proposal: who may is asked first, then whether it can be taken where the proposal stands."""

    template_name = "proposals/line/step.html"
    transition: ClassVar[Transition | None] = None
    """The arrow it takes; a step that moves nothing says `open_in`."""
    above: ClassVar[tuple[str, str] | None] = None
    """The page between the proposal's own and this one, by the name of its address and its label."""
    text: ClassVar[str] = ""
    danger: ClassVar[bool] = False

    @property
    def is_possible_now(self) -> bool:
        if self.transition:
            return self.proposal.status in self.transition.sources
        return super().is_possible_now

    def carried(self) -> dict[str, str]:
        return {**super().carried(), "revision": str(self.proposal.revision)}

    def success_url(self) -> str:
        return self.address

    def cancel_url(self) -> str:
        """Give where one goes who changes their mind."""
        return reverse(self.above[0], args=[self.proposal.number]) if self.above else self.address

    def crumbs(self) -> Crumbs:
        *way, here = super().crumbs()
        return [*way, (self.cancel_url(), self.above[1]), here] if self.above else [*way, here]

    def context(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "danger": self.danger,
            "cancel": self.cancel_url(),
            **super().context(),
        }


class ReasonedStep(StepPage):
    """A step that takes a reason and nothing else."""

    reason_label: ClassVar[str] = "Begrundelse"
    reason_help: ClassVar[str] = ""
    done: ClassVar[str]
    """What is said of the proposal when it went well."""

    def form(self, data: Any = None) -> ReasonForm:
        return ReasonForm(
            data,
            label=self.reason_label,
            help_text=self.reason_help,
            initial={"revision": self.proposal.revision},
        )

    @abstractmethod
    def step(self, **given: Any) -> object:
        """Take the step."""

    def act(self, form: ReasonForm) -> str:
        self.step(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return f"{self.proposal.number} {self.done}"


def turned_away(
    user: User, proposal: Proposal, *, at: datetime, as_funder: bool = False
) -> TurnedAway:
    """Say that another person must settle whether the person is impartial, or has: a party that is partial still reads its own."""
    rows = proposal.impartialities.of_user(user)
    address = proposal_address(proposal.number)
    return TurnedAway(
        "proposals/line/not_impartial.html",
        at=at,
        proposal=proposal,
        title=shown_title(proposal),
        address=address,
        breadcrumbs=[
            ("/", "Forside"),
            (PROPOSALS, "Forslag"),
            (address, proposal.number),
            (None, "Habilitet"),
        ],
        tie=impartiality.tie(user, proposal, at=at, as_funder=as_funder),
        raised=rows.unsettled().first(),
        partial=rows.partial().first(),
    )


def not_now(page: ProposalPage, **more: Any) -> HttpResponse:
    """Say where the proposal stands, when what was asked for cannot be done from there."""
    return page.show(template="proposals/line/not_now.html", status=409, **more)


def shown_title(proposal: Proposal) -> str:
    return getattr(proposal, "shown_title", proposal.title) or "Uden titel"


def is_editable(proposal: Proposal) -> bool:
    return proposal.status in EDITABLE


UNENDED = tuple(status for status in Status if status not in ENDED)


class SecretariatPage(Page):
    """A page for the secretariat alone."""

    def admit(self) -> None:
        if not self.user.duties.is_secretariat:
            raise PermissionDenied("Siden er for sekretariatet.")

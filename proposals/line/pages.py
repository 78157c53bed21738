"""The files that go with a proposal, as a list to read and one by one to fetch; and how any stored file is sent."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse

from klimaspor import uploads
from klimaspor.pages import FormPage, Page
from proposals.line.addresses import proposal_address
from proposals.line.lifecycle import EDITABLE, ENDED, Status
from proposals.line.models import IllegalTransition, Proposal, Stale
from proposals.line.queries import shown_proposal

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from klimaspor.accounts.models import User

FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def send_file(file: Any, name: str, content_type: str = uploads.PDF.mime) -> FileResponse:
    """Send a stored file to be saved: never shown as a page of ours, never guessed to be anything else."""
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=content_type,
        headers=FILE_HEADERS,
    )


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


class StepPage(FormPage, ProposalPage):
    """One step about one proposal, at a fixed place in the line."""

    template_name = "proposals/line/step.html"
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


def not_now(page: ProposalPage, **more: Any) -> HttpResponse:
    """Say where the proposal stands, when what was asked for cannot be done from there."""
    return page.show(template="proposals/line/not_now.html", status=409, **more)


def is_editable(proposal: Proposal) -> bool:
    return proposal.status in EDITABLE


UNENDED = tuple(status for status in Status if status not in ENDED)
ADMINISTRATION = "/administration/"


class SecretariatPage(Page):
    def load(self) -> None:
        if not self.user.duties.is_secretariat:
            raise PermissionDenied("Kun sekretariatet kan se siden.")


CONTENT_TYPES = {".pdf": "application/pdf", ".zip": "application/zip"}


def download(file: Any, name: str) -> HttpResponse:
    """Send a file to be kept, never to be run: its type is what we say it is."""
    response = FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=CONTENT_TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return cast("HttpResponse", response)

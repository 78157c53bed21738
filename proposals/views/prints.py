"""The proposal as a file to keep: the form for Word, the full print and the regions' form, each in the text its reader reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from klimaspor import danish, pdf, word
from proposals import papers, wordform
from proposals.content import Content, latest_sent, reads_live
from proposals.sections import FIELDS
from proposals.views.files import FILE_HEADERS
from proposals.views.pages import ProposalPage

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proposals.models import Version

PDF = "application/pdf"
LONGEST_NAME = 80


class WordForm(ProposalPage):
    """The form with guidance and what is already written, to write in and read back."""

    permission = "proposals.edit"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        content = Content.of(self.proposal, at=self.at)
        known = self.proposal.field_versions.of_fields(FIELDS)
        versions = {version.name: version.number for version in known}
        return sent(content, "docx", wordform.write_form(content, versions))


class Print(ProposalPage):
    """What this person reads, whole or as the regions' form, as Word or PDF."""

    template_name = "proposals/busy.html"
    heading = "Hent forslaget"
    kinds = {("forslag", "docx"), ("forslag", "pdf"), ("rus", "docx"), ("rus", "pdf")}

    def load(self) -> None:
        super().load()
        if (self.kwargs["what"], self.kwargs["kind"]) not in self.kinds:
            raise Http404
        self.version: Version | None = None
        if not reads_live(self.user, self.proposal, at=self.at):
            self.version = latest_sent(self.user, self.proposal, at=self.at)
            if self.version is None:
                raise Http404

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        what, kind = self.kwargs["what"], self.kwargs["kind"]
        if self.version and (what, kind) == ("forslag", "pdf"):
            # The worker has set it already, and it has a fingerprint.
            return redirect(self.url("version_pdf", self.version.number))
        content = (
            Content.of_version(self.version)
            if self.version
            else Content.of(self.proposal, at=self.at)
        )
        try:
            return sent(content, kind, self.made(content), form=what)
        except pdf.Busy as refusal:
            return self.show(status=503, text=str(refusal), again=request.path)

    def made(self, content: Content) -> bytes:
        what, kind = self.kwargs["what"], self.kwargs["kind"]
        if what == "rus":
            write = papers.print_rus if kind == "pdf" else wordform.write_rus
            return write(content, said=self.said)
        if kind == "pdf":
            return papers.print_live(content, at=self.at)
        return wordform.write_print(content, said=self.said)

    @property
    def said(self) -> str:
        if self.version:
            return f"Version {self.version.number}, modtaget {danish.datetime_text(self.version.frozen_at)}"
        return f"Forslaget, som det stod {danish.datetime_text(self.at)}. Det er ikke sendt"


def sent(content: Content, kind: str, file: bytes, *, form: str = "") -> HttpResponse:
    """Send a file to be saved under the proposal's number and title: never shown as a page of ours."""
    name = file_name(content, kind, "RUS-skema" if form == "rus" else "")
    return HttpResponse(
        file,
        content_type=PDF if kind == "pdf" else word.MIME,
        headers={
            **FILE_HEADERS,
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
        },
    )


def file_name(content: Content, kind: str, form: str = "") -> str:
    """Give e.g. "KS-2027-0012 Lavbundsjord.docx", without what a disk or a header cannot hold."""
    words = f"{content.number} {form} {content.title}"
    tidy = " ".join(re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]', " ", words).split())
    return f"{tidy[:LONGEST_NAME].rstrip(' .')}.{kind}"

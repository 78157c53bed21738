"""The section with the files that go with the proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proposals import drafting
from proposals.forms.attachments import MAX_FILES, MAX_TITLE, PDF, AttachmentForm
from proposals.views.drafting import SectionPage

if TYPE_CHECKING:
    from proposals.content import Content


def _title_of(file_name: str) -> str:
    return (file_name.rpartition(".")[0] or file_name)[:MAX_TITLE]


class AttachmentsPage(SectionPage):
    template_name = "proposals/attachments.html"
    slug = "bilag"

    def row_forms(self, data: Any) -> dict[str, Any]:
        files = self.request.FILES if self.request.method == "POST" else None
        return {"upload": AttachmentForm(data, files)}

    def save_rows(self, rows: dict[str, Any]) -> str | None:
        upload = rows["upload"]
        act, _, key = self.pressed.partition(":")
        if act == "remove" and key.isdecimal():
            drafting.remove_attachment(
                proposal_pk=self.proposal.pk, attachment_pk=int(key), by=self.user, at=self.at
            )
            return "Bilaget er fjernet. Versioner, det er sendt med, har det stadig."
        if not upload.is_valid():
            return None
        file = upload.cleaned_data["file"]
        if file is None:
            if act == "upload":
                upload.add_error("file", "Vælg en PDF-fil")
                return None
            return ""
        try:
            attachment = drafting.add_attachment(
                proposal_pk=self.proposal.pk,
                title=upload.cleaned_data["title"] or _title_of(file.name),
                file=file,
                file_name=file.name,
                content_type=PDF,
                by=self.user,
                at=self.at,
            )
        except drafting.TooManyAttachments as refusal:
            upload.add_error("file", str(refusal))
            return None
        return f"{attachment.title} er tilføjet."

    def rows_shown(self, content: Content, forms: dict[str, Any]) -> dict[str, Any]:
        upload = forms["upload"]
        return {
            "attachments": content.attachments,
            "most": MAX_FILES,
            "row_errors": [upload] if upload.is_bound else [],
        }

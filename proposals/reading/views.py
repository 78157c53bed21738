"""What was sent as a page, a paper and a difference; the files that go with it; and for everybody the tracks and the example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst

from klimaspor import danish, uploads
from klimaspor.pages import PublicPage
from proposals.answers import examples
from proposals.answers.content import Content
from proposals.answers.sections import SECTIONS, Kind
from proposals.answers.sums import Grid
from proposals.attachments.files import OPEN_STATES
from proposals.attachments.models import Attachment, ScanState
from proposals.line.models import Proposal
from proposals.line.pages import ProposalPage, send_file
from proposals.line.standing import standing
from proposals.reading import diff
from proposals.reading.shown import attachments_shown, shown_sections
from proposals.reading.texts import readable_versions, reads_live

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from proposals.line.models import Version


class AttachmentFile(ProposalPage):
    """A file to be saved, for whoever reads the text it goes with; one that is confidential only for those who need it."""

    template_name = "proposals/reading/file_withheld.html"
    heading = "Bilag"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # a file is streamed
        attachment: Attachment = get_object_or_404(
            self.proposal.attachments.all(), pk=self.kwargs["pk"]
        )
        if not self._may_read(attachment):
            raise Http404
        if attachment.scan_state not in OPEN_STATES:
            is_gone = attachment.scan_state == ScanState.INFECTED
            return self.show(status=410 if is_gone else 409, attachment=attachment, is_gone=is_gone)
        return send_file(
            attachment.file, attachment.file_name, uploads.of_mime(attachment.content_type).mime
        )

    def _may_read(self, attachment: Attachment) -> bool:
        to_it = standing(self.user, self.proposal, at=self.at)
        if attachment.is_confidential and not to_it.reads_confidential:
            return False
        if attachment.removed_at is None and reads_live(self.user, self.proposal, at=self.at):
            return True
        versions = readable_versions(self.user, self.proposal, at=self.at)
        return bool(versions.with_attachment(attachment.pk).exists())


class Tracks(PublicPage):
    """Tracks that were set in motion: what the committee approved, and no more of it than anybody may know."""

    template_name = "proposals/reading/tracks.html"

    def context(self) -> dict[str, Any]:
        tracks = []
        for proposal in Proposal.objects.tracks():
            sent = getattr(proposal, "sent_content", None)
            if sent is None:
                continue
            content = Content.from_json(sent)
            tracks.append(
                {
                    "title": content.title,
                    "facts": [
                        {"label": "Status", "value": capfirst(proposal.get_status_display())},
                        {
                            "label": "Kommuner og regioner",
                            "value": danish.join_text([r.name for r in content.authorities]),
                        },
                        {"label": "Periode", "value": _period(content)},
                        {
                            "label": "DGO",
                            "value": proposal.lead_dgo.name if proposal.lead_dgo else "",
                        },
                    ],
                }
            )
        return {"tracks": tracks, "breadcrumbs": [("/", "Forside"), (None, "Klimaudviklingsspor")]}


def _period(content: Content) -> str:
    start, end = content.answer("period_start"), content.answer("period_end")
    return f"{start} - {end}" if start and end else start or end


class Example(PublicPage):
    """A model proposal, filled in whole and made up, to open beside one's own."""

    template_name = "proposals/reading/example.html"

    def context(self) -> dict[str, Any]:
        return {
            "sections": [
                {
                    "slug": section.slug,
                    "title": section.title,
                    "rows": section.rows,
                    "answers": [
                        {
                            "label": question.label,
                            "value": question.example,
                            "prose": question.kind in (Kind.PROSE, Kind.GOALS),
                        }
                        for question in section.fields
                    ],
                }
                for section in SECTIONS
                if section.fields
            ],
            "participants": examples.PARTICIPANTS,
            "budget": _grid(((category,), amounts) for category, _, amounts in examples.BUDGET),
            "financing": _grid(
                ((source, status), amounts) for source, status, amounts in examples.FINANCING
            ),
            "breadcrumbs": [("/", "Forside"), (None, "Et udfyldt eksempel")],
        }


def _grid(lines: Iterable[tuple[tuple[str, ...], Sequence[Decimal]]]) -> Grid:
    """Add up lines of the example, an amount a year, as a proposal's are added up."""
    return Grid.of(
        (heads, year, amount)
        for heads, amounts in lines
        for year, amount in zip(examples.YEARS, amounts, strict=True)
    )


class VersionPage(ProposalPage):
    """What was sent, as it was then."""

    template_name = "proposals/reading/version.html"

    def load(self) -> None:
        super().load()
        versions = readable_versions(self.user, self.proposal, at=self.at)
        self.version: Version = get_object_or_404(
            versions.with_people(), number=self.kwargs["version"]
        )

    @property
    def heading(self) -> str:  # type: ignore[override]  # it says which version
        return f"Version {self.version.number}"

    def context(self) -> dict[str, Any]:
        content = Content.of_version(self.version)
        others = [
            v
            for v in readable_versions(self.user, self.proposal, at=self.at)
            if v.number != self.version.number
        ]
        return {
            **super().context(),
            "version": self.version,
            "content": content,
            "sections": shown_sections(
                content,
                attachments=attachments_shown(
                    content, proposal=self.proposal, user=self.user, at=self.at
                ),
            ),
            "pdf_url": self.url("version_pdf", self.version.number),
            "comparisons": [
                {
                    "url": self.url("compare", *sorted((v.number, self.version.number))),
                    "label": f"Se, hvad der er ændret {'siden' if v.number < self.version.number else 'i'} "
                    f"version {v.number} ({v.get_gate_display()})",
                }
                for v in others
            ],
        }


class VersionPdf(VersionPage):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # a file is streamed
        paper = self.version.paper
        if not paper.built_at:
            return self.show(template="proposals/reading/not_built.html", status=404, paper=paper)
        name = f"{self.proposal.number}-version-{self.version.number}.pdf"
        return send_file(paper.file, name)


class Compare(ProposalPage):
    """What changed between two versions, field by field."""

    template_name = "proposals/reading/compare.html"

    def load(self) -> None:
        super().load()
        numbers = sorted((self.kwargs["first"], self.kwargs["second"]))
        versions = readable_versions(self.user, self.proposal, at=self.at)
        self.before, self.after = (get_object_or_404(versions, number=n) for n in numbers)

    @property
    def heading(self) -> str:  # type: ignore[override]  # it says which versions
        return f"Ændringer fra version {self.before.number} til {self.after.number}"

    def context(self) -> dict[str, Any]:
        changes = diff.compare(Content.of_version(self.before), Content.of_version(self.after))
        return {
            **super().context(),
            "before": self.before,
            "after": self.after,
            "changes": changes,
        }


class ChangedSince(ProposalPage):
    """What the writers have changed since the latest version that was sent: the difference from the qualified one."""

    template_name = "proposals/reading/compare.html"
    permission = "proposals.edit"
    heading = "Ændringer siden den seneste version"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.before = self.proposal.versions.newest_first().first()
        return self.show() if self.before else redirect(self.url("tasks"))

    before: Version | None = None

    def context(self) -> dict[str, Any]:
        shown = {**super().context(), "before": self.before, "after": None}
        if self.before:
            live = Content.of(self.proposal, at=self.at)
            shown["changes"] = diff.compare(Content.of_version(self.before), live)
        return shown

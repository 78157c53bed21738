"""Reading what was sent: a version, its PDF, what changed between two; and how a content is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst

from klimaspor import danish
from proposals import diff
from proposals.content import CONFIRMED, DECLINED, Content
from proposals.sections import Kind
from proposals.views.files import attachments_shown, readable_versions, send_file
from proposals.views.pages import ProposalPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from proposals.content import ParticipantRow
    from proposals.economy import Share
    from proposals.models import Version

WRITTEN = frozenset({Kind.PROSE, Kind.GOALS})


def shown_sections(
    content: Content,
    change_url: Callable[[str], str] | None = None,
    attachments: Sequence[dict[str, Any]] = (),
) -> list[dict[str, Any]]:
    """
    Give what templates/proposals/_content.html shows: section by section, with where to change it when that may be done.

    `attachments` is what `attachments_shown` gives.
    """
    return [
        {
            "slug": part.section.slug,
            "title": part.section.title,
            "rows_kind": part.section.rows,
            "change_url": change_url(part.section.slug) if change_url else "",
            "answers": [
                {
                    "label": answer.label,
                    "value": answer.text,
                    "prose": answer.kind in WRITTEN,
                    "url": f"{change_url(part.section.slug)}#id_{answer.name}"
                    if change_url
                    else "",
                }
                for answer in part.answers
            ],
            "participants": content.participants if part.section.rows == "participants" else (),
            "economy": content.economy if part.section.rows == "financing" else None,
            "budget": content.budget if part.section.rows == "financing" else (),
            "bars": share_bars(content.economy.by_status),
            "attachments": attachments if part.section.rows == "attachments" else (),
        }
        for part in content.sections
    ]


def share_bars(shares: Iterable[Share]) -> list[dict[str, Any]]:
    """Give parts of a whole as rows for templates/components/bar.html."""
    return [
        {
            "label": capfirst(share.label),
            "value": share.amount,
            "text": f"{share.amount_text} ({share.percent_text})"
            if share.percent_text
            else share.amount_text,
        }
        for share in shares
    ]


def map_groups(participants: tuple[ParticipantRow, ...]) -> list[dict[str, Any]]:
    """Give the kommuner that take part as marks on the map: those that have confirmed, and those that have not."""
    # A region's code, of four digits, has no outline.
    marked = [row for row in participants if len(row.code) == 3 and row.answer != DECLINED]
    groups = (
        ("Har bekræftet", "1", [row for row in marked if row.answer == CONFIRMED]),
        ("Har ikke svaret", "2", [row for row in marked if row.answer != CONFIRMED]),
    )
    return [
        {
            "codes": [row.code for row in rows],
            "label": label,
            "tone": tone,
            "names": [row.name for row in rows],
        }
        for label, tone, rows in groups
        if rows
    ]


def map_text(groups: list[dict[str, Any]]) -> str:
    """Say in words what the map shows."""
    return " ".join(f"{group['label']}: {danish.join_text(group['names'])}." for group in groups)


class VersionPage(ProposalPage):
    """What was sent, as it was then."""

    template_name = "proposals/version.html"

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
            return self.show(template="proposals/not_built.html", status=404, paper=paper)
        name = f"{self.proposal.number}-version-{self.version.number}.pdf"
        return send_file(paper.file, name)


class Compare(ProposalPage):
    """What changed between two versions, field by field."""

    template_name = "proposals/compare.html"

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

    template_name = "proposals/compare.html"
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

"""The text of a proposal and the files that go with it, as pages show them to one who reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from proposals.answers.pages import share_bars
from proposals.answers.sections import Kind
from proposals.attachments.files import OPEN_STATES, scan_text
from proposals.attachments.models import Attachment
from proposals.line.standing import standing
from proposals.sparring.pages import Margin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.answers.content import Answer, Content
    from proposals.answers.sections import Section
    from proposals.line.models import Proposal, Version
    from proposals.line.pages import ProposalPage


def attachments_shown(
    content: Content, *, proposal: Proposal, user: User, at: datetime, before: str = ""
) -> list[dict[str, Any]]:
    """
    Give the lines of the list of files: each with its number, what it is, and its address when this person may fetch it.

    `before` stands before the number, e.g. that of the item on an agenda.
    """
    if not content.attachments:
        return []
    found = {one.pk: one for one in Attachment.objects.among(a.pk for a in content.attachments)}
    may_open_closed = standing(user, proposal, at=at).reads_confidential
    lines = []
    for number, row in enumerate(content.attachments, 1):
        now = found.get(row.pk)
        # What its people say of it now also holds for what was sent before.
        is_confidential = now.is_confidential if now else row.is_confidential
        is_closed = is_confidential and not may_open_closed
        is_there = now is not None and now.scan_state in OPEN_STATES
        lines.append(
            {
                "label": f"Bilag {before}{number}",
                "row": row,
                "is_confidential": is_confidential,
                "is_closed": is_closed,
                "reason": now.confidential_reason
                if now and is_confidential and not is_closed
                else "",
                "note": scan_text(now) if now else "Filen findes ikke længere",
                "url": reverse("proposals:attachment", args=[proposal.number, row.pk])
                if is_there and not is_closed
                else "",
            }
        )
    return lines


WRITTEN = frozenset({Kind.PROSE, Kind.GOALS})


def shown_sections(
    content: Content,
    change_url: Callable[[str], str] | None = None,
    attachments: Sequence[dict[str, Any]] = (),
    margin: Margin | None = None,
) -> list[dict[str, Any]]:
    """
    Give what templates/proposals/reading/_content.html shows: section by section, with where to change it when that may be done.

    `attachments` is what `attachments_shown` gives; `margin` what was said about it, for whoever reads that.
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
                    **_beside(margin, answer),
                }
                for answer in part.answers
            ],
            "margin": _rows_beside(margin, part.section, content) if margin else None,
            "participants": content.participants if part.section.rows == "participants" else (),
            "economy": content.economy if part.section.rows == "financing" else None,
            "budget": content.budget if part.section.rows == "financing" else (),
            "bars": share_bars(content.economy.by_status),
            "attachments": attachments if part.section.rows == "attachments" else (),
        }
        for part in content.sections
    ]


def _beside(margin: Margin | None, answer: Answer) -> dict[str, Any]:
    """Give what templates/proposals/reading/_answers.html shows beside an answer."""
    if margin is None:
        return {}
    return {
        "id": f"svar-{answer.name}",
        "marks": margin.marks(answer.section, answer.name),
        "margin": margin.beside(answer.section, answer.name),
    }


def _rows_beside(margin: Margin, section: Section, content: Content) -> dict[str, Any]:
    """Give what stands beside a section's rows, by their accessor, and beside the section as a whole."""
    slug = section.slug
    tables: dict[str, tuple[tuple[str, Sequence[Any]], ...]] = {
        "participants": (("participants", content.participants),),
        "financing": (("budget_lines", content.budget), ("financing", content.financing)),
    }
    return {
        "whole": margin.beside(slug),
        "gone": margin.gone(slug),
        **{
            name: _lines([(row, margin.beside(slug, name, row.pk)) for row in rows if row.pk])
            for name, rows in tables.get(section.rows, ())
        },
    }


def _lines(rows: list[tuple[Any, dict[str, Any]]]) -> dict[str, Any]:
    count = sum(len(margin["open"]) for _, margin in rows)
    is_shown = any(margin["url"] or margin["open"] or margin["resolved"] for _, margin in rows)
    return {"rows": rows if is_shown else [], "count": count}


def read_text(
    page: ProposalPage, content: Content | None, version: Version | None, *, back: str = ""
) -> dict[str, Any]:
    """
    Give what shows a proposal's text beside something else.

    With `back`, the name of the page in `sparring.views.READ_AT`, what was said stands beside each answer.
    """
    margin = Margin(page, content, back=back) if back and page.standing.takes_part else None
    return {
        "whole_margin": margin.beside() if margin else None,
        "content": content,
        "version": version,
        "sections": shown_sections(
            content,
            attachments=attachments_shown(
                content, proposal=page.proposal, user=page.user, at=page.at
            ),
            margin=margin,
        )
        if content
        else [],
    }

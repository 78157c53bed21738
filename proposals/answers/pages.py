"""Parts of pages that show what was answered: where a CPR number may stand, bars, and the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from klimaspor import danish
from proposals.answers import privacy
from proposals.answers.content import CONFIRMED, DECLINED, Content
from proposals.answers.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.answers.content import ParticipantRow
    from proposals.answers.sums import Share
    from proposals.line.pages import ProposalPage


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
        ("Har ikke bekræftet", "2", [row for row in marked if row.answer != CONFIRMED]),
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

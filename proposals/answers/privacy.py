"""
What does not belong in a proposal ("personfølsomme oplysninger"): CPR numbers, found to be warned of, never to block.

A number that says it is a case, a telephone or an account is left alone, and the warning does not repeat what it
found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.answers.sections import BY_SLUG

if TYPE_CHECKING:
    from proposals.answers.content import Content

COMMENT_WARNING = (
    "Noget i din kommentar ligner et CPR-nummer. Personfølsomme oplysninger hører ikke hjemme her. Er det et CPR-nummer, "
    "så bed sekretariatet om at få kommentaren fjernet."
)

IDEA_WARNING = (
    "Noget i det, du har skrevet, ligner et CPR-nummer. Personfølsomme oplysninger hører ikke hjemme i en idé. Er idéen ikke "
    "sendt, så fjern det, før du sender den; ellers bed sekretariatet om hjælp."
)


@dataclass(frozen=True)
class Place:
    """Where something looks like a CPR number; the number itself is not repeated."""

    section: str
    label: str
    anchor: str
    """The id of the field on the section's page; empty for rows."""


def cpr_places(content: Content) -> tuple[Place, ...]:
    """Find where the text, its participants, economy or attachments' names look like they hold a CPR number."""
    found = [
        Place(answer.section, answer.label, f"id_{answer.name}")
        for answer in content.answers
        if danish.has_cpr_number(answer.text)
    ]
    rows: dict[str, list[str]] = {
        "deltagere": [f"{r.name}\n{r.plan_action}" for r in content.participants],
        "oekonomi": [
            *(row.source for row in content.financing),
            *(row.description for row in content.budget),
        ],
        "bilag": [f"{row.title}\n{row.file_name}" for row in content.attachments],
    }
    found += [
        Place(slug, _ROWS.get(slug, BY_SLUG[slug].title), "")
        for slug, texts in rows.items()
        if any(danish.has_cpr_number(text) for text in texts)
    ]
    return tuple(found)


_ROWS = {"oekonomi": "Linjerne i økonomien", "bilag": "Bilagenes navne"}

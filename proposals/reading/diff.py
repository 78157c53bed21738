"""What changed between two contents of a proposal, field by field: plain text, bounded, never HTML."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.answers.sections import BY_SLUG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proposals.answers.content import Content

MAX_LINES = 400
"""Past this a field is shown as before and after, since comparing grows with the product of the two."""


@dataclass(frozen=True)
class Line:
    state: str
    """same, added or removed"""
    text: str


@dataclass(frozen=True)
class FieldChange:
    section: str
    """The section's title."""
    label: str
    before: str
    after: str
    lines: tuple[Line, ...]


def compare(before: Content, after: Content) -> tuple[FieldChange, ...]:
    """Give what differs, in the order of the form; an unchanged field is left out."""
    old = {answer.name: answer for answer in before.answers}
    new = {answer.name: answer for answer in after.answers}
    changes = [
        _change(
            BY_SLUG[(new.get(name) or old[name]).section].title,
            (new.get(name) or old[name]).label,
            old[name].text if name in old else "",
            new[name].text if name in new else "",
        )
        for name in dict.fromkeys([*new, *old])
        if (old[name].text if name in old else "") != (new[name].text if name in new else "")
    ]
    for title, label, was, becomes in (
        ("Deltagere", "Deltagere", _participants(before), _participants(after)),
        ("Økonomi og medfinansiering", "Budgetlinjer", _budget(before), _budget(after)),
        ("Økonomi og medfinansiering", "Finansiering", _financing(before), _financing(after)),
        ("Bilag", "Bilag", _attachments(before), _attachments(after)),
    ):
        if was != becomes:
            changes.append(_change(title, label, "\n".join(was), "\n".join(becomes)))
    order = {section.title: place for place, section in enumerate(BY_SLUG.values())}
    return tuple(sorted(changes, key=lambda change: order[change.section]))


def _change(section: str, label: str, before: str, after: str) -> FieldChange:
    return FieldChange(section, label, before, after, lines(before, after))


def lines(before: str, after: str) -> tuple[Line, ...]:
    """Give two texts as one, line by line."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) > MAX_LINES or len(new) > MAX_LINES:
        return (*(Line("removed", text) for text in old), *(Line("added", text) for text in new))
    found: list[Line] = []
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found += [Line("same", text) for text in old[a:b]]
        else:
            found += [Line("removed", text) for text in old[a:b]]
            found += [Line("added", text) for text in new[c:d]]
    return tuple(found)


def _participants(content: Content) -> Sequence[str]:
    return [
        line
        for row in content.participants
        for line in (
            ", ".join(
                filter(
                    None,
                    (
                        f"{row.name} ({row.kind})",
                        row.role,
                        row.answer_text.lower() if row.answer else "",
                        row.brought_text,
                    ),
                )
            ),
            *row.plan_action.splitlines(),
        )
    ]


def _budget(content: Content) -> Sequence[str]:
    said = []
    for row in content.budget:
        parts = [row.category_label, row.description, danish.money_text(row.amount)]
        if row.recipient:
            parts.append(f"til {row.recipient}")
        if row.asks_state_aid:
            parts.append("statsstøtte?")
        said.append(f"{row.year}: {', '.join(part for part in parts if part)}")
    return [*said, f"I alt {content.economy.budget.total_text}"] if said else []


def _financing(content: Content) -> Sequence[str]:
    said = [
        f"{row.year}: {row.source}, {danish.money_text(row.amount)}, {row.status_label}"
        for row in content.financing
    ]
    return [*said, f"I alt {content.economy.financing.total_text}"] if said else []


def _attachments(content: Content) -> Sequence[str]:
    return [f"{row.title} ({row.file_name})" for row in content.attachments]

"""
The paper form of the regions' development funds ("Projektforslag til RUS-puljen"): its rows in order, and what a proposal says in each.

The answers that have no row there are left to the full print.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.answers.content import CONFIRMED

if TYPE_CHECKING:
    from proposals.answers.content import Content

HEADING = "Projektforslag til RUS-puljen"
PROJECT = "Projektet, som det er beskrevet i klimaspor"
HEAD = ("Spørgsmål", "Svar")


@dataclass(frozen=True)
class Row:
    label: str
    text: str
    """What was written; empty where nothing was."""
    asides: tuple[str, ...] = ()
    """What the proposal says elsewhere and the form asks for here."""

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.asides


LABELS = {
    "title": "Titel",
    "challenges": "Hvilke udfordringer skal projektet løse",
    "purpose": "Overordnet formål",
    "effects": "Effekt",
    "activities": "Tiltag/handlinger i projektet",
    "period": "Projektperiode",
    "organization_text": "Partnere og projektorganisering",
    "finances": "Økonomi",
    "rus_areas": "Indsatsområde i RUS-handlingsplan",
    "goals_text": "Bidrager til FN's verdensmål",
}


def rows(content: Content) -> tuple[Row, ...]:
    asides = {
        "organization_text": _participants(content),
        "finances": _figures(content),
    }
    texts = {name: content.answer(name) for name in LABELS if name != "period"}
    texts["period"] = _period(content)
    texts["goals_text"] = "\n\n".join(
        filter(None, (content.answer("goals"), content.answer("goals_text")))
    )
    return tuple(Row(label, texts[name], asides.get(name, ())) for name, label in LABELS.items())


def _period(content: Content) -> str:
    start, end = content.answer("period_start"), content.answer("period_end")
    if start and end:
        return danish.period_text(danish.parse_month(start), danish.parse_month(end))
    return f"Fra {start}" if start else f"Til {end}" if end else ""


def _participants(content: Content) -> tuple[str, ...]:
    if not content.participants:
        return ()
    said = [f"{row.name} ({row.role})" for row in content.participants]
    confirmed = [row.name for row in content.participants if row.answer == CONFIRMED]
    rest = [row for row in content.participants if row.answer != CONFIRMED]
    whose = [f"Har bekræftet: {danish.join_text(confirmed)}."] if confirmed else []
    if rest:
        whose.append(f"{'Resten er o' if confirmed else 'O'}plyst af forslagsstilleren.")
    return (f"Deltagere: {danish.join_text(said)}.", " ".join(whose))


def _figures(content: Content) -> tuple[str, ...]:
    asked = (
        ("requested_amount", "Søges hos Klimaalliancen"),
        ("budget", "Samlet budget for hele perioden"),
        ("program_budget", "Samlet budget for det program, projektet er en del af"),
    )
    figures = [f"{label}: {content.answer(name)}" for name, label in asked if content.answer(name)]
    lines = [
        f"{line.year}: {line.source}, {danish.money_text(line.amount)} ({line.status_label})"
        for line in content.financing
    ]
    return (*figures, *lines)

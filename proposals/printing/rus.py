"""
The paper form of the regions' development funds ("Projektforslag til RUS-puljen"): its rows in order, and what a proposal says in each.

The answers that have no row there are left to the full print.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import capfirst

from klimaspor import danish
from proposals.answers.content import CONFIRMED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from proposals.answers.content import Content
    from proposals.answers.sums import Grid

HEADING = "Projektforslag til RUS-puljen"
PROJECT = "Projektet, som det er beskrevet i Klimaspor"
HEAD = ("Spørgsmål", "Svar")


@dataclass(frozen=True)
class Aside:
    """A sentence, or the heading of a list."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    label: str
    text: str
    """What was written; empty where nothing was."""
    asides: tuple[Aside, ...] = ()
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


def _participants(content: Content) -> tuple[Aside, ...]:
    if not content.participants:
        return ()
    count = danish.count_text(len(content.participants), "deltager", "deltagere")
    confirmed = [row for row in content.participants if row.answer == CONFIRMED]
    points = tuple(
        f"{row.name} ({row.role})" + (", har bekræftet" if row.answer == CONFIRMED else "")
        for row in content.participants
    )
    listed = Aside(f"{count}:", points)
    if len(confirmed) == len(content.participants):
        return (listed,)
    whose = "Resten er o" if confirmed else "O"
    return (listed, Aside(f"{whose}plyst af forslagsstilleren."))


def _figures(content: Content) -> tuple[Aside, ...]:
    asked = (
        ("requested_amount", "Søges hos Klimaalliancen"),
        ("budget", "Samlet budget for hele perioden"),
        ("program_budget", "Samlet budget for det program, projektet er en del af"),
    )
    figures = [
        Aside(f"{label}: {content.answer(name)}") for name, label in asked if content.answer(name)
    ]
    economy = content.economy
    lists = [
        Aside(
            _summed(f"{heading} i alt", grid.sums, grid.total, grid),
            tuple(
                _summed(", ".join(line.heads), line.amounts, line.total, grid)
                for line in grid.lines
            ),
        )
        for heading, grid in (("Budget", economy.budget), ("Finansiering", economy.financing))
        if grid.lines
    ]
    return (*figures, *lists, *(Aside(remark.text) for remark in economy.remarks))


def _summed(label: str, amounts: Sequence[Decimal | None], total: Decimal, grid: Grid) -> str:
    """Write e.g. "Løn og timer: 300.000 kr. (2027: 100.000, 2028: 200.000)"."""
    by_year = [
        f"{year}:{danish.NBSP}{danish.amount_text(amount)}"
        for year, amount in zip(grid.years, amounts, strict=True)
        if amount is not None
    ]
    return f"{capfirst(label)}: {danish.money_text(total)} ({', '.join(by_year)})"

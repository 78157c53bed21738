"""What the pages of the committee's decisions show, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.refusals import Part
from klimaspor.seen import Shown
from review.meeting.seen import shown_attendance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review.agenda.models import Agenda, AgendaItem
    from review.decision.models import Decision


def shown_item(item: AgendaItem) -> Shown:
    """Show what is decided on an item; nothing, before anybody has written."""
    decision: Decision | None = getattr(item, "decision", None)
    return shown_decision(decision, (row.name for row in item.recusals.all()))


def shown_decision(decision: Decision | None, recused: Iterable[str]) -> Shown:
    if decision is None:
        return Shown.of()
    to_round = decision.back_to_round
    return Shown.of(
        ("Beslutning", decision.get_outcome_display()),
        ("Beslutningens ordlyd", decision.text),
        ("Begrundelse", decision.reason),
        ("Betingelser", decision.conditions),
        ("Sendes tilbage til", decision.get_back_to_display()),
        ("Til runden", to_round.name if to_round else ""),
        ("Deltog ikke i sagens behandling", danish.join_text(sorted(recused))),
        by=decision.recorded_by if decision.recorded_by_id else None,
    )


def shown_release(agenda: Agenda) -> Shown:
    """Show who was there, what is decided, and which proposals have left."""
    parts = list(shown_attendance(agenda).parts)
    for item in agenda.items.with_cases().with_decisions().listed():
        parts += [
            Part(f"Punkt {item.number}", "udgår" if item.is_dropped else item.title),
            *shown_item(item).parts,
        ]
    return Shown(tuple(parts))

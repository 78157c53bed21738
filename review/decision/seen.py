"""What the pages of the committee's decisions show, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.refusals import Part
from klimaspor.seen import Shown
from review.decision.models import Decision, DecisionDraft
from review.meeting.seen import shown_attendance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review.agenda.models import Agenda, AgendaItem


RECUSED = "recused"


def shown_item(item: AgendaItem) -> Shown:
    """Show what is decided on an item; nothing, before anybody has written."""
    decision: Decision | None = getattr(item, "decision", None)
    if decision is None:
        return shown_decision(Decision(), ())
    return shown_decision(decision, (row.name for row in item.recusals.all()))


def shown_decision(decision: Decision | DecisionDraft, recused: Iterable[str]) -> Shown:
    """Show such words and such people."""
    to_round = decision.back_to_round
    return Shown.of_fields(
        ("outcome", "Beslutning", decision.get_outcome_display()),
        ("text", "Beslutningens ordlyd", decision.text),
        ("reason", "Begrundelse", decision.reason),
        ("conditions", "Betingelser", decision.conditions),
        ("back_to", "Sendes tilbage til", decision.get_back_to_display()),
        ("back_to_round", "Til runden", to_round.name if to_round else ""),
        (RECUSED, "Deltog ikke i sagens behandling", danish.join_text(sorted(recused))),
    )


def shown_release(agenda: Agenda) -> Shown:
    """Show who was there, what is decided, and which proposals have left."""
    parts = list(shown_attendance(agenda).parts)
    for item in agenda.items.with_cases().with_decisions().listed():
        parts += [
            Part(f"Punkt {item.number}", "udgår" if item.is_dropped else item.title),
            *shown_item(item).parts,
        ]
    return Shown(tuple(parts)).whole

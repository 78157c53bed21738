"""
What a page showed of what several write on together, so that a save overwrites nothing its writer has not seen.

A page carries a base, a short mark of what stood when it was opened. What stands otherwise by now is shown beside what was
typed before it is written over, and a last look is read again before it is pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klimaspor import danish
from klimaspor.seen import digest_of
from review.meeting.seen import of_attendance

if TYPE_CHECKING:
    from klimaspor.seen import Told
    from review.agenda.models import Agenda, AgendaItem
    from review.decision.models import Decision


def of_decision(item: AgendaItem) -> str:
    """Empty before anybody has written."""
    decision: Decision | None = getattr(item, "decision", None)
    return digest_of(decided(decision), recused(item)) if decision else ""


def decided(decision: Decision) -> tuple[Any, ...]:
    """Give what a decision says, to be held against what was typed."""
    return (
        str(decision.outcome),
        decision.text,
        decision.reason,
        decision.conditions,
        str(decision.back_to),
        decision.back_to_round_id,
    )


def recused(item: AgendaItem) -> list[str]:
    return sorted(row.name for row in item.recusals.all())


def told_decision(decision: Decision) -> Told:
    to_round = decision.back_to_round
    return [
        ("Beslutning", decision.get_outcome_display()),
        ("Beslutningens ordlyd", decision.text),
        ("Begrundelse", decision.reason),
        ("Betingelser", decision.conditions),
        ("Sendes tilbage til", decision.get_back_to_display()),
        ("Til runden", to_round.name if to_round else ""),
        ("Deltog ikke i sagens behandling", danish.join_text(recused(decision.item))),
    ]


def of_decisions(agenda: Agenda) -> str:
    """Give the base of who was there, what is decided, and which proposals have left."""
    items = agenda.items.with_cases().with_decisions().listed()
    rows = [(item.pk, item.is_dropped, of_decision(item)) for item in items]
    return digest_of(of_attendance(agenda), rows)

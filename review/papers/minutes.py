"""The minutes ("referat"): the agenda with what was decided about each item, and who was there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klimaspor import danish, pdf
from proposals.line.lifecycle import Status
from review.decision.models import DecisionOutcome, outcome_text
from review.meeting.models import Presence, presence_text
from review.papers.papers import advised, fingerprint, meeting_of

if TYPE_CHECKING:
    from datetime import datetime

    from review.agenda.models import Agenda, AgendaItem, Dossier
    from review.decision.models import Decision
    from review.papers.papers import Advised, Meeting


@dataclass(frozen=True)
class Decided:
    """The committee's decision ("beslutning")."""

    outcome: str
    text: str
    conditions: str
    reason: str
    back_to: str


@dataclass(frozen=True)
class DecidedItem:
    number: int
    title: str
    kind: str
    is_closed: bool
    advised: Advised | None
    decided: Decided
    recused: str
    """The sentence about those who took no part, or empty."""

    @property
    def anchor(self) -> str:
        return f"punkt-{self.number}"


@dataclass(frozen=True)
class Attended:
    name: str
    presence: str


@dataclass(frozen=True)
class Minutes:
    """The agenda with what was decided, resolved."""

    meeting: Meeting
    fingerprint: str
    attended: tuple[Attended, ...]
    items: tuple[DecidedItem, ...]


def collect_minutes(agenda: Agenda, *, at: datetime, edition: int = 1) -> Minutes:
    """Read what was decided and who was there: a constant number of queries, however many items there are."""
    items = [_decided_item(row) for row in agenda.items.with_papers().with_decisions().listed()]
    order = [*Presence.values, ""]
    attended = sorted(
        agenda.attendance.all(),
        key=lambda row: (order.index(row.presence), danish.sort_key(row.name), row.pk),
    )
    word = "beslutningerne frigivet" if agenda.released_at else "kladde, som den stod"
    people = [Attended(row.name, presence_text(row.presence)) for row in attended]
    return Minutes(
        meeting_of(agenda, edition=edition, act=word, act_at=agenda.released_at or at),
        fingerprint([*people, *items]),
        tuple(people),
        tuple(items),
    )


def _decided_item(row: AgendaItem) -> DecidedItem:
    names = [recusal.name for recusal in row.recusals.all()]
    return DecidedItem(
        number=row.number or row.position,
        title=row.title,
        kind=row.get_kind_display(),
        is_closed=row.is_closed,
        advised=advised(row),
        decided=_decided(row),
        recused=f"{danish.join_text(sorted(names, key=danish.sort_key))} deltog ikke i sagens behandling."
        if names
        else "",
    )


def _decided(row: AgendaItem) -> Decided:
    outcome = outcome_text(row, is_over=True)
    decision: Decision | None = getattr(row, "decision", None)
    if decision is None:
        return Decided(outcome, text="", conditions="", reason="", back_to="")
    back_to = ""
    if decision.outcome == DecisionOutcome.SENT_BACK and decision.back_to_round:
        where = "kladde" if decision.back_to == Status.DRAFT else "efter den faglige kvalificering"
        back_to = f"Sendes tilbage til runden {decision.back_to_round.name}, {where}."
    return Decided(
        outcome=outcome,
        text=decision.text,
        conditions=decision.conditions,
        reason=decision.reason,
        back_to=back_to,
    )


def typeset(dossier: Dossier, *, at: datetime) -> bytes:
    return pdf.render(
        "review/papers/pdf/minutes.html",
        {"minutes": collect_minutes(dossier.agenda, at=at, edition=dossier.number)},
    )

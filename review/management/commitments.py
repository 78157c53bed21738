"""What the participants of two made-up proposals say for themselves, by the real steps."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from proposals.commitments import steps as commitment
from proposals.writers import invitation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal


@dataclass(frozen=True)
class Said:
    """What one participant says; `contact` is the key of a demo person, and none has accepted when it is empty."""

    participant: str
    contact: str = ""
    is_confirmed: bool | None = None
    plan_action: str = ""
    hours: int | None = None
    amount: int | None = None
    case_number: str = ""


IN_SPARRING = (
    Said(
        "Aarhus Kommune",
        contact="mette",
        is_confirmed=True,
        plan_action="Klimahandlingsplanen, handling om klimavenlig mad i kommunens køkkener.",
        hours=400,
        amount=150_000,
        case_number="26/014233",
    ),
    Said("Skive Kommune", contact="lene"),
    Said("Holstebro Kommune"),
)
QUALIFIED = (
    Said(
        "Næstved Kommune",
        contact="jonas",
        is_confirmed=True,
        plan_action="Klimahandlingsplanen, handling om veje og anlæg.",
        hours=250,
        amount=0,
        case_number="05.01.00-P20-7-26",
    ),
    Said(
        "Slagelse Kommune",
        contact="troels",
        is_confirmed=True,
        plan_action="Klimahandlingsplanen, handling om indkøb af asfalt:\n\n- To af de seks teststrækninger ligger hos os",
        hours=320,
        amount=200_000,
        case_number="2026-5567",
    ),
)


def let_answer(
    proposal: Proposal,
    said: tuple[Said, ...],
    people: Mapping[str, User],
    *,
    asked_at: datetime,
    answered_at: datetime,
) -> None:
    """Ask each contact by the owner's letter, but for the owner; let them accept and answer."""
    participants = {p.name: p for p in proposal.participants.listed()}
    for row in said:
        participant = participants[row.participant]
        contact = people.get(row.contact)
        if contact == proposal.owner:
            commitment.answer_oneself(participant_pk=participant.pk, by=contact, at=asked_at)
        else:
            sent = commitment.ask(
                participant_pk=participant.pk,
                name=contact.name if contact else "Signe Toftegaard",
                email=contact.email if contact else "signe.toftegaard@demo.invalid",
                by=proposal.owner,
                at=asked_at,
            )
            if contact:
                invitation.accept(token=sent.token, by=contact, at=answered_at)
        if contact and row.is_confirmed is not None:
            commitment.answer(
                participant_pk=participant.pk,
                is_confirmed=row.is_confirmed,
                brought={
                    "plan_action": row.plan_action,
                    "hours": row.hours,
                    "amount": None if row.amount is None else Decimal(row.amount),
                    "case_number": row.case_number,
                },
                by=contact,
                at=answered_at,
            )

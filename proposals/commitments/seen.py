"""What a participant's page shows of what it brings, field by field, and the page of contacts row by row, see `klimaspor.seen`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.refusals import Part
from klimaspor.seen import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.participants.models import Commitment, Participant


def shown_commitment(participant: Participant, commitment: Commitment | None) -> Shown:
    hours = commitment.hours if commitment else None
    amount = commitment.amount if commitment else None
    return Shown(
        (
            Part("Rolle", participant.get_role_display(), "role"),
            Part(
                "Handling i klimahandlingsplanen",
                commitment.plan_action if commitment else "",
                "plan_action",
            ),
            Part("Timer", "" if hours is None else danish.number_text(hours), "hours"),
            Part("Medfinansiering", "" if amount is None else danish.money_text(amount), "amount"),
            Part("Sagsnr.", commitment.case_number if commitment else "", "case_number"),
        )
    )


@dataclass(frozen=True)
class Contact:
    """Who is to answer for a participant."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} ({self.email})" if self.email else self.name


def contact_unit(participant: Participant) -> str:
    """Name the row of a participant, which is guarded by itself."""
    return f"kontakt-{participant.pk}"


def shown_contacts(contacts: Iterable[tuple[Participant, Contact]]) -> Shown:
    return Shown(tuple(Part(p.name, str(contact), contact_unit(p)) for p, contact in contacts))

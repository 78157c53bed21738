"""What a participant's page shows of what it brings, field by field, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.refusals import Part
from klimaspor.seen import Shown

if TYPE_CHECKING:
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

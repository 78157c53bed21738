"""What the letters of intake say, one function each: name = folder under templates/mail = function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proposals.line.mails import put_letter

if TYPE_CHECKING:
    from datetime import datetime

    from proposals.gates.models import Dispensation


def dispensation_granted(dispensation: Dispensation, *, at: datetime) -> None:
    proposal = dispensation.proposal
    put_letter(
        "dispensation_granted",
        str(dispensation.pk),
        dispensation.granted_to,
        at,
        dispensation=dispensation,
        proposal=proposal,
    )


def dispensation_withdrawn(dispensation: Dispensation, *, reason: str, at: datetime) -> None:
    put_letter(
        "dispensation_withdrawn",
        str(dispensation.pk),
        dispensation.granted_to,
        at,
        dispensation=dispensation,
        proposal=dispensation.proposal,
        reason=reason,
    )

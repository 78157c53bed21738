"""Leave from a deadline ("dispensation"): personal, for one proposal and one deadline, reasoned, expiring, logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from proposals import mails
from proposals.models import Dispensation, Event, Proposal

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.lifecycle import Gate


class NotAhead(Exception):
    """A dispensation must run to a time that has not been."""


@transaction.atomic
def grant(
    *, proposal_pk: int, gate: Gate, until_at: datetime, reason: str, by: User, at: datetime
) -> Dispensation:
    """
    Let one proposal in at one gate until a later time.

    :raises NotAhead:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    if until_at <= at:
        raise NotAhead("Vælg et tidspunkt, der ligger efter nu.")
    dispensation = Dispensation.objects.create(
        proposal=proposal, gate=gate, until_at=until_at, reason=reason, granted_at=at, granted_by=by
    )
    Event.objects.create(
        proposal=proposal,
        transition="dispensation_granted",
        at=at,
        by=by,
        reason=reason,
        note=str(dispensation),
    )
    mails.dispensation_granted(dispensation, at=at)
    return dispensation

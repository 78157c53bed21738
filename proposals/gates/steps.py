"""
The deadlines of a round, and leave from one ("dispensation"): personal, for one proposal, reasoned, expiring, logged.

Leave that belonged to a proposal could be used by whoever writes it. So only its holder may send late, everybody else
is told whose it is, and K7 carries who, until when and why into the version and the committee's papers. A handed-over
proposal needs a new one. Reconsider if deputies become usual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor.refusals import Refused
from proposals.gates import mails
from proposals.gates.models import Dispensation
from proposals.line.functions import WRITER_FUNCTIONS
from proposals.line.models import Duty, Event, Proposal

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.queries import AccessQuerySet
    from proposals.rounds.models import Gate, Round


class NotAhead(Refused):
    """A dispensation must run to a time that has not been."""


class NotAWriter(Refused):
    """The person could not send the proposal in time either."""


class NotInForce(Refused):
    """The dispensation has run out, or was taken back already."""


@transaction.atomic
def save_round(*, round: Round, by: User, at: datetime) -> Round:  # noqa: A002  # the model's own word
    """Keep a round as it was written; what waits for its deadlines and its meeting gets their new terms."""
    round.save()
    held = Proposal.objects.in_round(round).unended().locked_in_order().values_list("pk", flat=True)
    Duty.objects.settle(*held, by=by, at=at)
    return round


@transaction.atomic
def grant(
    *,
    proposal_pk: int,
    gate: Gate,
    granted_to: User,
    until_at: datetime,
    reason: str,
    by: User,
    at: datetime,
) -> Dispensation:
    """
    Let one person send one proposal through one gate until a later time.

    :raises NotAhead:
    :raises NotAWriter:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    if until_at <= at:
        raise NotAhead("Vælg et tidspunkt, der ligger efter nu.")
    if not writers(proposal, at=at).of_user(granted_to).exists():
        raise NotAWriter(
            f"{granted_to.name} kan ikke indsende forslaget. Vælg en, der skriver det."
        )
    dispensation = Dispensation.objects.create(
        proposal=proposal,
        gate=gate,
        granted_to=granted_to,
        until_at=until_at,
        reason=reason,
        granted_at=at,
        granted_by=by,
    )
    Event.objects.create(
        proposal=proposal,
        transition="dispensation_granted",
        at=at,
        by=by,
        reason=reason,
        note=_told(dispensation),
    )
    Duty.objects.settle(proposal.pk, by=by, at=at)
    mails.dispensation_granted(dispensation, at=at)
    return dispensation


@transaction.atomic
def withdraw(*, dispensation_pk: int, reason: str, by: User, at: datetime) -> Dispensation:
    """
    Take back a dispensation that is in force; what was sent with it stays sent.

    :raises NotInForce:
    """
    dispensation: Dispensation = Dispensation.objects.with_people().get(pk=dispensation_pk)
    # The proposal's row is what a submission holds, so the two cannot pass each other.
    proposal = Proposal.objects.locked(dispensation.proposal_id)
    dispensation.refresh_from_db()
    if dispensation.withdrawn_at or dispensation.until_at < at.replace(microsecond=0):
        raise NotInForce("Dispensationen gælder ikke mere.")
    dispensation.withdrawn_at, dispensation.withdrawn_by = at, by
    dispensation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    Event.objects.create(
        proposal=proposal,
        transition="dispensation_withdrawn",
        at=at,
        by=by,
        reason=reason,
        note=_told(dispensation),
    )
    Duty.objects.settle(proposal.pk, by=by, at=at)
    mails.dispensation_withdrawn(dispensation, reason=reason, at=at)
    return dispensation


def writers(proposal: Proposal, *, at: datetime) -> AccessQuerySet:
    """Give the accesses of those who may send the proposal, and so may be given leave."""
    rows: AccessQuerySet = proposal.accesses.current(at=at).of_functions(WRITER_FUNCTIONS)
    return rows.with_holders()


def _told(dispensation: Dispensation) -> str:
    return f"{dispensation}, givet til {dispensation.granted_to.name}"

"""What follows the funders' answers: launch, lapse or being tabled again; and how a track ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish
from klimaspor.refusals import Missing, Refused
from proposals.line import impartiality
from proposals.line.lifecycle import Transition
from proposals.line.steps import hold
from review.funding.steps import state
from review.track import mails

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Event, Proposal


class ConsentsPending(Refused):
    """Not every funder has consented."""


class NoRefusal(Refused):
    """No funder has refused, so there is nothing to give up."""


@transaction.atomic
def launch(*, proposal_pk: int, revision: int, by: User, at: datetime) -> Event:
    """
    Set the track going, when every funder that was asked has consented.

    :raises ConsentsPending:
    :raises AlreadyDone:
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = hold(proposal_pk, Transition.LAUNCH, revision=revision)
    impartiality.require(by, proposal, at=at)
    consents = state(proposal)
    if not consents.may_launch:
        names = danish.join_text([c.funder.name for c in [*consents.pending, *consents.refused]])
        raise ConsentsPending(f"Sporet kan ikke sættes i gang, før {names} har givet tilsagn.")
    event = proposal.move(Transition.LAUNCH, by=by, at=at)
    mails.launched(proposal, event, at=at)
    return event


@transaction.atomic
def lapse(*, proposal_pk: int, revision: int, reason: str, by: User, at: datetime) -> Event:
    """
    Give the proposal up, when a funder has refused.

    :raises Missing: reason.
    :raises NoRefusal:
    :raises AlreadyDone:
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = _refused(proposal_pk, Transition.LAPSE, revision, reason, by=by, at=at)
    event = proposal.move(Transition.LAPSE, by=by, at=at, reason=reason.strip())
    mails.lapsed(proposal, event, at=at)
    return event


@transaction.atomic
def retable(*, proposal_pk: int, revision: int, reason: str, by: User, at: datetime) -> Event:
    """
    Put the proposal to the committee again, when a funder has refused; the funders are asked anew after that.

    :raises Missing: reason.
    :raises NoRefusal:
    :raises AlreadyDone:
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = _refused(proposal_pk, Transition.RETABLE, revision, reason, by=by, at=at)
    proposal.consents.standing().update(superseded_at=at)
    event = proposal.move(Transition.RETABLE, by=by, at=at, reason=reason.strip())
    mails.retabled(proposal, event, at=at)
    return event


@transaction.atomic
def complete(*, proposal_pk: int, revision: int, reason: str, by: User, at: datetime) -> Event:
    """
    End an active track; `reason` says where the final report is, or what came of it.

    :raises Missing: reason.
    :raises AlreadyDone:
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    event = _end(proposal_pk, Transition.COMPLETE, revision, reason, by=by, at=at)
    mails.completed(event.proposal, event, at=at)
    return event


@transaction.atomic
def discontinue(*, proposal_pk: int, revision: int, reason: str, by: User, at: datetime) -> Event:
    """
    Stop an active track before it is done.

    :raises Missing: reason.
    :raises AlreadyDone:
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    event = _end(proposal_pk, Transition.DISCONTINUE, revision, reason, by=by, at=at)
    mails.discontinued(event.proposal, event, at=at)
    return event


def _refused(
    proposal_pk: int, transition: Transition, revision: int, reason: str, *, by: User, at: datetime
) -> Proposal:
    proposal = hold(proposal_pk, transition, revision=revision)
    impartiality.require(by, proposal, at=at)
    if not state(proposal).is_refused:
        raise NoRefusal(
            f"Ingen bidragyder har givet afslag på {proposal.number}. Vent på svarene, eller indtast dem."
        )
    if not reason.strip():
        raise Missing({"reason": "Skriv begrundelsen"})
    return proposal


def _end(
    proposal_pk: int, transition: Transition, revision: int, reason: str, *, by: User, at: datetime
) -> Event:
    proposal = hold(proposal_pk, transition, revision=revision)
    impartiality.require(by, proposal, at=at)
    if not reason.strip():
        raise Missing({"reason": "Skriv begrundelsen"})
    return proposal.move(transition, by=by, at=at, reason=reason.strip())

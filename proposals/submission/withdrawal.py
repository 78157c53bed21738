"""Leaving the line, or moving to another round: what was said and sent stays readable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor.accounts.models import Role, User
from klimaspor.refusals import Refused
from proposals.line import impartiality
from proposals.line.lifecycle import Transition
from proposals.line.mails import following
from proposals.line.models import Event, Proposal, Stale
from proposals.rounds.models import Round
from proposals.submission import mails

if TYPE_CHECKING:
    from datetime import datetime


class RoundNotOpen(Refused):
    """The round takes nothing in any more, or is the one the proposal is in."""


@transaction.atomic
def withdraw(*, proposal_pk: int, revision: int, reason: str, by: User, at: datetime) -> Event:
    """
    Take the proposal back before a decision is released; a published item then reads "udgår".

    Those who treat it and those who answer for its participants are told.

    :raises Stale:
    :raises IllegalTransition:
    """
    proposal = _at_revision(proposal_pk, revision)
    told = [person for person in _staff(proposal, at=at) if person != by]
    why = following(proposal, without=[by, *told], at=at)
    event = proposal.move(Transition.WITHDRAW, by=by, at=at, reason=reason)
    mails.withdrawn(event, [*told, *why], why=why, at=at)
    return event


@transaction.atomic
def move_round(
    *,
    proposal_pk: int,
    revision: int,
    round: Round,  # noqa: A002  # the model's own word
    reason: str,
    by: User,
    at: datetime,
) -> Event:
    """
    Move a draft or a qualified proposal to another round, where it is a draft again.

    :raises Stale:
    :raises IllegalTransition:
    :raises RoundNotOpen:
    """
    proposal = _at_revision(proposal_pk, revision)
    open_rounds = Round.objects.upcoming(at=at).exclude(pk=proposal.round_id)
    if not open_rounds.filter(pk=round.pk).exists():
        raise RoundNotOpen("Vælg en runde, hvor den første frist ikke er overskredet.")
    event = proposal.move(
        Transition.MOVE_ROUND, by=by, at=at, reason=reason, round=round, note=round.name
    )
    people = dict.fromkeys([*_staff(proposal, at=at), proposal.owner])
    told = [person for person in people if person != by]
    why = following(proposal, without=[by, *told], at=at)
    mails.moved_round(event, [*told, *why], why=why, at=at)
    return event


def _at_revision(pk: int, revision: int) -> Proposal:
    proposal: Proposal = Proposal.objects.locked(pk)
    if proposal.revision != revision:
        raise Stale(proposal)
    return proposal


def _staff(proposal: Proposal, *, at: datetime) -> list[User]:
    """The lead DGO's advisers when they see it, and the secretariat once it has been sent."""
    held = proposal.accesses.current(at=at)
    people: dict[int, User] = {}
    if proposal.lead_dgo and held.filter(dgo=proposal.lead_dgo).exists():
        advisers = User.objects.holding(Role.DGO_ADVISER, at=at, dgo=proposal.lead_dgo)
        people |= {user.pk: user for user in advisers}
    if held.filter(group="secretariat", function="recommend").exists():
        people |= {user.pk: user for user in User.objects.holding(Role.SECRETARIAT, at=at)}
    return impartiality.impartial(people.values(), proposal, at=at)

"""
Who may do what at each stop: predicates about people only; status, deadlines and guards are asked elsewhere.

The clock is the request's (`user.clock`, set by the middleware).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rules

from proposals.models import (
    IMPARTIAL_FUNCTIONS,
    PARTY_FUNCTIONS,
    WRITER_FUNCTIONS,
    Access,
    Function,
    Proposal,
)
from review.querysets import blocked_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import Duties, User
    from review.models import FunderConsent


@dataclass(frozen=True)
class Standing:
    """What a person is to one proposal now."""

    duties: Duties
    functions: frozenset[Function]
    is_blocked: bool
    """Tied to it, and nobody has dismissed the tie: may not act in a function."""
    is_raised: bool
    """The question of the person's impartiality has been put, whatever became of it."""
    registered_it: bool
    """Typed it in for somebody else, and so may act for the owner."""

    @property
    def is_owner(self) -> bool:
        return Function.OWN in self.functions

    @property
    def is_writer(self) -> bool:
        return bool(self.functions & WRITER_FUNCTIONS)

    @property
    def is_party(self) -> bool:
        return bool(self.functions & PARTY_FUNCTIONS)

    @property
    def may_qualify(self) -> bool:
        return Function.QUALIFY in self.functions and not self.is_blocked

    @property
    def may_recommend(self) -> bool:
        """Whether the person does the secretariat's work with it, from formal check to launch."""
        return (
            self.duties.is_secretariat
            and Function.RECOMMEND in self.functions
            and not self.is_blocked
        )

    @property
    def may_decide(self) -> bool:
        return Function.DECIDE in self.functions and not self.is_blocked

    @property
    def may_hand_over(self) -> bool:
        return self.is_owner or self.duties.is_secretariat

    @property
    def may_administer(self) -> bool:
        """Whether the person is of the secretariat and sees the proposal, partial or not."""
        return self.duties.is_secretariat and bool(self.functions)

    @property
    def may_withdraw(self) -> bool:
        return self.is_owner or self.registered_it

    @property
    def may_move_round(self) -> bool:
        return self.is_owner or self.may_administer


def duties_of(user: User, *, at: datetime) -> Duties:
    """Read a person's duties, once in a request."""
    return user.duties if user.clock == at else user.duties_at(at)


def standings(user: User, proposals: Iterable[Proposal], *, at: datetime) -> dict[int, Standing]:
    """Say what the person is to each proposal, in four queries at most."""
    pks = [proposal.pk for proposal in proposals]
    duties = duties_of(user, at=at)
    held: dict[int, set[Function]] = {pk: set() for pk in pks}
    rows = Access.objects.current(at=at).filter(proposal__in=pks)
    for row in (rows.filter(user=user) | rows.through_function(duties)).values_list(
        "proposal_id", "function", "user_id"
    ):
        held[row[0]].add(Function(row[1]))
    is_actor = any(functions & IMPARTIAL_FUNCTIONS for functions in held.values())
    raised = _raised(user, pks) if is_actor else {}
    blocked = _blocked(user, duties, pks, at=at) if is_actor else set()
    return {
        proposal.pk: Standing(
            duties=duties,
            functions=frozenset(
                held[proposal.pk] - IMPARTIAL_FUNCTIONS
                if raised.get(proposal.pk) is False
                else held[proposal.pk]
            ),
            is_blocked=proposal.pk in blocked,
            is_raised=proposal.pk in raised,
            registered_it=duties.is_secretariat
            and proposal.created_by_id == user.pk
            and proposal.owner_id != user.pk,
        )
        for proposal in proposals
    }


def standing(user: User, proposal: Proposal, *, at: datetime) -> Standing:
    """Say what the person is to a proposal; read once for each object and moment."""
    known: dict[Any, Standing] = proposal.__dict__.setdefault("_standings", {})
    key = (user.pk, at, proposal.revision)
    if key not in known:
        known[key] = standings(user, [proposal], at=at)[proposal.pk]
    return known[key]


def _raised(user: User, pks: list[int]) -> dict[int, bool | None]:
    """Give where the question has been put, with the answer: impartial, not, or not settled."""
    rows = user.impartialities.filter(proposal__in=pks)
    return dict(rows.values_list("proposal_id", "is_impartial"))


def _blocked(user: User, duties: Duties, pks: list[int], *, at: datetime) -> set[int]:
    rows = Proposal.objects.filter(pk__in=pks).filter(blocked_for(user, duties, at=at))
    return set(rows.values_list("pk", flat=True))


def _standing(user: User, proposal: Proposal) -> Standing:
    if user.clock is None:
        raise LookupError("No clock: permissions are asked inside a request.")
    return standing(user, proposal, at=user.clock)


@rules.predicate
def is_writer(user: User, proposal: Proposal) -> bool:
    return _standing(user, proposal).is_writer


@rules.predicate
def may_qualify(user: User, proposal: Proposal) -> bool:
    return _standing(user, proposal).may_qualify


@rules.predicate
def may_recommend(user: User, proposal: Proposal) -> bool:
    return _standing(user, proposal).may_recommend


@rules.predicate
def is_secretariat(user: User) -> bool:
    return user.duties.is_secretariat


@rules.predicate
def is_committee(user: User) -> bool:
    return user.duties.is_committee


@rules.predicate
def is_asked(user: User, consent: FunderConsent) -> bool:
    """Whether the person answers for the funder."""
    return consent.funder_id in user.duties.funder_ids


rules.add_perm("review.qualify", may_qualify)
rules.add_perm("review.reply", is_writer)
rules.add_perm("review.step_in", may_recommend)
rules.add_perm("review.check", may_recommend)
rules.add_perm("review.refuse", may_recommend)
rules.add_perm("review.reopen", may_recommend)
rules.add_perm("review.recommend", may_recommend)
rules.add_perm("review.correct", may_recommend)
rules.add_perm("review.decide", may_recommend)
rules.add_perm("review.launch", may_recommend)
rules.add_perm("review.enter_consent", may_recommend)
rules.add_perm("review.fund", is_asked)
rules.add_perm("review.manage_agendas", is_secretariat)
rules.add_perm("review.read_meetings", is_secretariat | is_committee)

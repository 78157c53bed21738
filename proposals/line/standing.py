"""
Who may do what at each stop: predicates about people only; status, deadlines and guards are asked elsewhere.

The clock is the request's (`user.clock`, set by the middleware).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, OuterRef, Subquery, When

from klimaspor.accounts.anybody import Question
from klimaspor.prepared import GivenList
from proposals.line.functions import (
    IMPARTIAL_FUNCTIONS,
    PARTY_FUNCTIONS,
    WRITER_FUNCTIONS,
    Function,
)
from proposals.line.models import Access, Impartiality, Proposal
from proposals.line.queries import blocked_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from klimaspor.accounts.models import Duties, User


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


def standings(user: User, proposals: Iterable[Proposal], *, at: datetime) -> dict[int, Standing]:
    """Say what the person is to each proposal, in two queries at most; read once for each object and moment."""
    proposals = list(proposals)
    unread = [p for p in proposals if _key(user, p, at) not in _known(p)]
    if unread:
        read = _read(user, unread, at=at)
        for proposal in unread:
            found = read[proposal.pk]
            _known(proposal)[_key(user, proposal, at)] = found
            proposal.keep_functions(user, found.functions, at=at)
    return {p.pk: _known(p)[_key(user, p, at)] for p in proposals}


def standing(user: User, proposal: Proposal, *, at: datetime) -> Standing:
    """Say what the person is to a proposal."""
    return standings(user, [proposal], at=at)[proposal.pk]


def _known(proposal: Proposal) -> dict[tuple[object, ...], Standing]:
    known: dict[tuple[object, ...], Standing] = proposal.__dict__.setdefault("_standings", {})
    return known


def _key(user: User, proposal: Proposal, at: datetime) -> tuple[object, ...]:
    return (user.pk, at, proposal.revision)


def _read(user: User, proposals: list[Proposal], *, at: datetime) -> dict[int, Standing]:
    pks = [proposal.pk for proposal in proposals]
    duties = user.duties_at(at)
    held: dict[int, set[Function]] = {pk: set() for pk in pks}
    for pk, function in _functions(user, at=at, proposal_ids=pks):
        held[pk].add(Function(function))
    is_actor = any(functions & IMPARTIAL_FUNCTIONS for functions in held.values())
    ties = {pk: Tie(*tie) for pk, *tie in _ties(user, at=at, proposal_ids=pks)} if is_actor else {}
    untied = Tie(is_blocked=False, is_raised=False, is_impartial=None)
    return {
        proposal.pk: Standing(
            duties=duties,
            functions=frozenset(
                held[proposal.pk] - IMPARTIAL_FUNCTIONS
                if ties.get(proposal.pk, untied).is_impartial is False
                else held[proposal.pk]
            ),
            is_blocked=ties.get(proposal.pk, untied).is_blocked,
            is_raised=ties.get(proposal.pk, untied).is_raised,
            registered_it=duties.is_secretariat
            and proposal.created_by_id == user.pk
            and proposal.owner_id != user.pk,
        )
        for proposal in proposals
    }


@dataclass(frozen=True)
class Tie:
    """Whether a person may not act, whether the question has been put, and its answer: None when not settled."""

    is_blocked: bool
    is_raised: bool
    is_impartial: bool | None


PROPOSALS = GivenList("proposal_ids")


@Question
def _functions(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    rows = Access.objects.current(at=at).filter(proposal__in=PROPOSALS)
    mine = rows.filter(user=user) | rows.through_function(user.duties_at(at))
    return mine.values_list("proposal_id", "function")


@Question
def _ties(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    raised = Impartiality.objects.of_user(user).filter(proposal=OuterRef("pk"))
    blocked = blocked_for(user, user.duties_at(at), at=at)
    rows = Proposal.objects.filter(pk__in=PROPOSALS).annotate(
        is_blocked=Case(When(blocked, then=True), default=False),
        is_raised=Exists(raised),
        answer=Subquery(raised.values("is_impartial")[:1]),
    )
    return rows.values_list("pk", "is_blocked", "is_raised", "answer")


def standing_now(user: User, proposal: Proposal) -> Standing:
    if user.clock is None:
        raise LookupError("No clock: permissions are asked inside a request.")
    return standing(user, proposal, at=user.clock)

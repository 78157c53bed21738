"""
What a person is to a proposal: every permission, every button and every text asks it here.

About people only. Status, deadlines and guards are asked elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from proposals.line.editions import Edition, edition_of
from proposals.line.functions import (
    CONFIDENTIAL_FUNCTIONS,
    EARLY_FUNCTIONS,
    IMPARTIAL_FUNCTIONS,
    LEAD_FUNCTIONS,
    PARTY_FUNCTIONS,
    SPARRING_FUNCTIONS,
    WRITER_FUNCTIONS,
    Function,
)
from proposals.line.models import Access, Proposal
from proposals.line.queries import Ties

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import Duties, User
    from proposals.line.models import Version
    from proposals.line.queries import VersionQuerySet


@dataclass(frozen=True)
class Standing:
    """What a person is to one proposal now."""

    duties: Duties
    functions: frozenset[Function]
    is_blocked: bool
    """Tied to it, and nobody has dismissed the tie: may not act in a function."""
    is_blocked_as_funder: bool
    """The same where the person answers for a funder, whose own part in the proposal is no tie."""
    is_raised: bool
    """The question of the person's impartiality has been put, and nobody has settled it yet."""
    registered_it: bool
    """Typed it in for somebody else, and so may act for the owner."""

    @property
    def is_reader(self) -> bool:
        return bool(self.functions)

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
    def takes_part(self) -> bool:
        """Whether the person is in the conversation about it: its people, the DGO's advisers and the secretariat."""
        return self.is_party or bool(self.functions & EARLY_FUNCTIONS)

    @property
    def is_among_advisers(self) -> bool:
        """Whether the person stands in the circle of DGO and secretariat: tied to nothing, and none of those who propose."""
        works_with_it = bool(self.functions & EARLY_FUNCTIONS) and not self.is_blocked
        return works_with_it and (self.registered_it or not self.is_party)

    @property
    def reads_confidential(self) -> bool:
        return bool(self.functions & CONFIDENTIAL_FUNCTIONS)

    @property
    def may_invite(self) -> bool:
        return self.is_owner or (self.registered_it and self.is_writer)

    @property
    def may_leave(self) -> bool:
        return self.is_party and not self.is_owner

    @property
    def may_withdraw(self) -> bool:
        return self.is_owner or self.registered_it

    @property
    def may_take_back(self) -> bool:
        return self.may_withdraw

    @property
    def may_hand_over(self) -> bool:
        return self.is_owner or self.duties.is_secretariat

    @property
    def may_administer(self) -> bool:
        """Whether the person is of the secretariat and sees the proposal, partial or not."""
        return self.duties.is_secretariat and self.is_reader

    @property
    def may_settle(self) -> bool:
        """Whether the person answers for the secretariat who is who to the proposal."""
        return self.may_administer and not self.is_blocked

    @property
    def may_remove(self) -> bool:
        return self.may_invite or self.may_settle

    @property
    def may_move_round(self) -> bool:
        return self.is_owner or self.may_administer

    @property
    def may_be_partial(self) -> bool:
        """Whether the person works with it in a function that asks for impartiality."""
        return bool(self.functions & (IMPARTIAL_FUNCTIONS | {Function.FUND}))

    @property
    def may_fund(self) -> bool:
        """Whether the person answers for a funder that is asked."""
        return Function.FUND in self.functions and not self.is_blocked_as_funder

    @property
    def may_advise(self) -> bool:
        return bool(self.functions & SPARRING_FUNCTIONS) and not self.is_blocked

    @property
    def may_lead(self) -> bool:
        """Whether the person is an adviser of the DGO whose proposal it is, or advises for the secretariat."""
        return bool(self.functions & LEAD_FUNCTIONS) and not self.is_blocked

    @property
    def may_change_dgo(self) -> bool:
        return self.may_administer or self.may_lead

    @property
    def may_choose_co_readers(self) -> bool:
        """Whether the person says which other DGOs read along."""
        return self.may_invite or self.may_settle or self.may_lead

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


def standings(user: User, proposals: Iterable[Proposal], *, at: datetime) -> dict[int, Standing]:
    """Say what the person is to each proposal, in two queries at most; read once for each object and moment."""
    proposals = list(proposals)
    unread = [p for p in proposals if _key(user, p, at) not in _known(p)]
    if unread:
        read = _read(user, unread, at=at)
        for proposal in unread:
            _known(proposal)[_key(user, proposal, at)] = read[proposal.pk]
    return {p.pk: _known(p)[_key(user, p, at)] for p in proposals}


def standing(user: User, proposal: Proposal, *, at: datetime) -> Standing:
    """Say what the person is to a proposal."""
    return standings(user, [proposal], at=at)[proposal.pk]


def standing_now(user: User, proposal: Proposal) -> Standing:
    """
    Say what the person is to a proposal at the clock of the request.

    :raises LookupError: outside a request.
    """
    if user.clock is None:
        raise LookupError("No clock: permissions are asked inside a request.")
    return standing(user, proposal, at=user.clock)


def edition(user: User, proposal: Proposal, *, at: datetime) -> Edition | None:
    """Say which text of the proposal the person reads; None when none is theirs."""
    functions = standing(user, proposal, at=at).functions
    return edition_of(functions, is_sparring_open=proposal.is_sparring_open)


def readable_versions(user: User, proposal: Proposal, *, at: datetime) -> VersionQuerySet:
    """Narrow the proposal's versions to those the person may read, the newest first."""
    versions: VersionQuerySet = proposal.versions.read_as(edition(user, proposal, at=at))
    return versions.newest_first()


def latest_sent(user: User, proposal: Proposal, *, at: datetime) -> Version | None:
    """Give the version that the person reads, unless it is the live text; None when nothing was sent to them."""
    version: Version | None = readable_versions(user, proposal, at=at).first()
    return version


def _known(proposal: Proposal) -> dict[tuple[object, ...], Standing]:
    known: dict[tuple[object, ...], Standing] = proposal.__dict__.setdefault("_standings", {})
    return known


def _key(user: User, proposal: Proposal, at: datetime) -> tuple[object, ...]:
    return (user.pk, at, proposal.revision)


def _read(user: User, proposals: list[Proposal], *, at: datetime) -> dict[int, Standing]:
    duties = user.duties_at(at)
    held: dict[int, set[Function]] = {proposal.pk: set() for proposal in proposals}
    worked_with, funded = set(), set()
    for pk, function, is_held in Access.objects.functions_of(user, held, at=at):
        if is_held:
            held[pk].add(Function(function))
        if function in IMPARTIAL_FUNCTIONS:
            worked_with.add(pk)
        if function == Function.FUND:
            funded.add(pk)
    # Only who works with it, or answers for a funder, can be tied.
    asked = worked_with | funded
    ties = Proposal.objects.ties_of(user, asked, at=at) if asked else {}
    read = {}
    for proposal in proposals:
        tied = ties.get(proposal.pk, Ties())
        read[proposal.pk] = Standing(
            duties=duties,
            functions=frozenset(held[proposal.pk]),
            is_blocked=tied.is_blocked and proposal.pk in worked_with,
            is_blocked_as_funder=tied.is_blocked_as_funder and proposal.pk in funded,
            is_raised=tied.is_raised,
            registered_it=duties.is_secretariat
            and proposal.created_by_id == user.pk
            and proposal.owner_id != user.pk,
        )
    return read

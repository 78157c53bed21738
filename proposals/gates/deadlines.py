"""
Whether a gate still takes a proposal in: one function, whole seconds, the server's time of receipt.

"Senest kl. 9.00" means received at 9.00.00 or before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.refusals import Refused
from proposals.line.lifecycle import EDITABLE, Status
from proposals.rounds.models import Gate, Round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.gates.models import Dispensation
    from proposals.line.models import Proposal, Version


class DeadlinePassed(Refused):
    """The gate has closed for this proposal. Says what to do next; `next_round` is None when none is announced."""

    granted: Dispensation | None = None
    """The dispensation that is in force, and is another person's."""

    def __init__(
        self, proposal: Proposal, gate: Gate, due_at: datetime, next_round: Round | None
    ) -> None:
        self.proposal, self.gate, self.due_at, self.next_round = proposal, gate, due_at, next_round
        move = (
            f"Du kan flytte det til runden {next_round.name} eller kontakte sekretariatet."
            if next_round
            else "Kontakt sekretariatet for at høre om næste runde."
        )
        super().__init__(
            f"Fristen for {gate.label} var {danish.datetime_text(due_at)}. Dit forslag er gemt. {move}"
        )


class GrantedToAnother(DeadlinePassed):
    """The gate has closed for all but the person who has a dispensation ("dispensation")."""

    def __init__(self, passed: DeadlinePassed, granted: Dispensation) -> None:
        super().__init__(passed.proposal, passed.gate, passed.due_at, passed.next_round)
        self.granted = granted
        said = (
            f"Fristen for {passed.gate.label} var {danish.datetime_text(passed.due_at)}. "
            f"Dispensationen gælder {granted.granted_to.name}, som kan sende forslaget senest "
            f"{danish.datetime_text(granted.until_at)}. Skal en anden sende det, så kontakt sekretariatet."
        )
        self.args = (said,)


@dataclass(frozen=True)
class Term:
    """The moment a gate closes for one person, wherever that person is told one."""

    at: datetime
    is_leave: bool = False
    """Whether it is the person's own: a dispensation that reaches beyond the deadline."""

    @property
    def text(self) -> str:
        return f"{danish.datetime_text(self.at)}{' (dispensation)' if self.is_leave else ''}"


def own_term(closes_at: datetime, leave: Iterable[Dispensation], gate: Gate, of: User) -> Term:
    """Give the term of one person at a gate that closes then for everybody else; `leave` is any of the proposal's."""
    longest = max(
        (row.until_at for row in leave if row.gate == gate and row.granted_to_id == of.pk),
        default=closes_at,
    )
    return Term(max(longest, closes_at), is_leave=longest > closes_at)


def gate_ahead(proposal: Proposal) -> Gate:
    """Give the gate the text is on its way to."""
    return Gate.QUALIFICATION if proposal.status == Status.DRAFT else Gate.APPROVAL


def is_common(proposal: Proposal, due_at: datetime) -> bool:
    """Say whether a term is everybody's who writes the proposal, and not one person's by a dispensation: no queries."""
    return due_at in (proposal.answer_due_at, *map(proposal.round.deadline_at, Gate))


def terms(proposal: Proposal) -> Callable[[User], dict[str, Term]]:
    """Give what a letter says to each of those it is to of the gate ahead, as its `term`; nothing where they do not write."""
    if proposal.status not in EDITABLE:
        return lambda _: {}
    gate = gate_ahead(proposal)
    closes_at, leave = due_at(proposal, gate), list(proposal.dispensations.standing())
    return lambda person: {"term": own_term(closes_at, leave, gate, person)}


def due_at(proposal: Proposal, gate: Gate) -> datetime:
    """
    Give the moment the gate closes for this proposal, dispensations apart.

    A term set by a return or a request replaces the round's deadline. One that has been sent to qualification in the
    round and came back without a term (a correction) has until the second deadline; not one that was taken back.
    """
    was_sent = (
        not proposal.answer_due_at
        and gate == Gate.QUALIFICATION
        and proposal.revision > 1
        and proposal.versions.standing().sent_in(proposal.round).exists()
    )
    return closes_at(proposal, gate, was_sent=was_sent)


def again_at(version: Version, *, is_first: bool) -> datetime:
    """
    Give the moment until which what was sent last can be taken back, and sent again; dispensations apart: no queries.

    `is_first` says that nothing else that was sent in the round stands. The version has its proposal with it.
    """
    gate = Gate(version.gate)
    return version.answer_due_at or closes_at(version.proposal, gate, was_sent=not is_first)


def closes_at(proposal: Proposal, gate: Gate, *, was_sent: bool) -> datetime:
    """Say the same as `due_at` of one that is known to have been sent in its round, or not: no queries."""
    if proposal.answer_due_at:
        return proposal.answer_due_at
    if gate == Gate.QUALIFICATION and was_sent:
        return proposal.round.approval_deadline_at
    return proposal.round.deadline_at(gate)


def answer_due_at(proposal: Proposal) -> datetime:
    """Give the moment by which a participant answers: the second gate; a term of its own is that gate's where it is ahead."""
    if proposal.status == Status.QUALIFIED:
        return closes_at(proposal, Gate.APPROVAL, was_sent=True)
    return proposal.round.approval_deadline_at


def may_enter(proposal: Proposal, gate: Gate, *, by: User, at: datetime) -> bool:
    """Say whether what the person sent, and was received at `at`, is in time; a dispensation is for one person."""
    return (
        is_in_time(due_at(proposal, gate), at=at)
        or proposal.dispensations.in_force(gate, at=at).held_by(by).exists()
    )


def granted(proposal: Proposal, gate: Gate, *, at: datetime) -> Dispensation | None:
    """Give the dispensation from the gate that is in force, the longest of several."""
    in_force = proposal.dispensations.in_force(gate, at=at).with_people()
    return in_force.longest_first().first()


def is_in_time(deadline_at: datetime, *, at: datetime) -> bool:
    return at.replace(microsecond=0) <= deadline_at


def late_from(deadline_at: datetime) -> datetime:
    """Give the first moment that is not in time."""
    return deadline_at.replace(microsecond=0) + timedelta(seconds=1)


def leave_from(proposal: Proposal) -> list[Dispensation]:
    """Give the dispensations that reach beyond a deadline of the round the proposal is in, also those that have run out."""
    rows = proposal.dispensations.standing().with_people().oldest_first()
    return [row for row in rows if row.until_at > proposal.round.deadline_at(Gate(row.gate))]


def require(proposal: Proposal, gate: Gate, *, by: User, at: datetime) -> None:
    """
    Refuse what comes too late.

    :raises DeadlinePassed:
    :raises GrantedToAnother: a dispensation is in force, and somebody else's
    """
    if may_enter(proposal, gate, by=by, at=at):
        return
    next_round = Round.objects.upcoming(at=at).exclude(pk=proposal.round_id).soonest_first()
    passed = DeadlinePassed(proposal, gate, due_at(proposal, gate), next_round.first())
    others = granted(proposal, gate, at=at)
    raise GrantedToAnother(passed, others) if others else passed

"""
Who else writes or reads a proposal: invited by letter, let in, gone again.

Links and terms are those of every invitation (`klimaspor.accounts.links`).

The proposal's row is held while one is accepted or taken back, so never both happen.

An owner never learns who has an account: every address that is not in already is answered alike, also when a proposal
is handed over, where whoever is not in is invited to write first, and nobody becomes an owner unasked. Only the
secretariat, which sees everybody anyway, hands over straight to an address.

One person has one capacity as a party. Writing replaces reading, owning replaces writing; so ending it ends all of
it, with what waits in the outbox for a paper. What comes with a role stays, and an adviser who has written along
stays a question of habilitet after leaving.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor.accounts import links
from klimaspor.refusals import Refused
from proposals.line import impartiality
from proposals.line import mails as line_mails
from proposals.line.functions import IMPARTIAL_FUNCTIONS, WRITER_FUNCTIONS, Function
from proposals.line.models import Access, Duty, Event, Proposal
from proposals.participants import steps as drafting
from proposals.participants.models import Commitment
from proposals.search import steps as search
from proposals.writers import mails
from proposals.writers.models import ProposalInvitation

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.links import Sent
    from klimaspor.accounts.models import User
    from proposals.participants.models import Participant

MOST_OPEN = 20
"""Of one proposal, so that nobody writes to everybody through it."""
SHARES = {Function.WRITE: "skrive", Function.READ: "læse"}
"""What one may be invited to, as a verb."""


class AlreadyIn(Refused):
    """Said of the address that those who are in are known by here, and of no other: it tells nothing of strangers."""

    def __init__(self, person: User, function: str) -> None:
        verb = "skrive" if function in WRITER_FUNCTIONS else "læse"
        super().__init__(f"{person.name} kan allerede {verb}.")


class AlreadyInvited(Refused):
    def __init__(self, invitation: ProposalInvitation) -> None:
        super().__init__(
            f"{invitation.email} er allerede inviteret. "
            "Send invitationen igen fra listen, eller træk den tilbage."
        )


class TooManyOpen(Refused):
    def __init__(self) -> None:
        super().__init__(
            f"Forslaget har {MOST_OPEN} invitationer, der venter på svar. "
            "Træk en af dem tilbage, før du sender en ny."
        )


class OwnerStays(Refused):
    def __init__(self, proposal: Proposal) -> None:
        super().__init__(f"{proposal.owner.name} ejer forslaget. Overdrag det til en anden først.")


@transaction.atomic
def invite(
    *,
    proposal_pk: int,
    email: str,
    name: str,
    function: str,
    participant: Participant | None = None,
    by: User,
    at: datetime,
) -> Sent[ProposalInvitation]:
    """
    Ask an address to write or read the proposal, or to answer for one participant of it, who then reads it.

    One that has expired is replaced.

    :raises AlreadyIn:
    :raises AlreadyInvited:
    :raises TooManyOpen:
    :raises TooManyToday:
    :raises LookupError: it is no invitation to write or read, or the participant belongs elsewhere
    """
    if function not in SHARES:
        raise LookupError(f"Not to be invited to: {function}")
    if participant is not None and participant.proposal_id != proposal_pk:
        raise LookupError(f"Takes part elsewhere: {participant}")
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    email = links.clean_address(email)
    if participant is None:
        _refuse_who_is_in(proposal, email, function, at=at)
    standing = proposal.invitations.unanswered().to_address(email).answering_for(participant)
    still_open = standing.open(at=at).first()
    if still_open:
        raise AlreadyInvited(still_open)
    standing.withdraw(by=by, at=at)
    # Of those who answer for a participant there are no more than participants.
    others = proposal.invitations.open(at=at).answering_for(None)
    if participant is None and others.count() >= MOST_OPEN:
        raise TooManyOpen
    offer = ProposalInvitation(
        proposal=proposal, email=email, name=name, function=function, participant=participant
    )
    sent = links.send([offer], by=by, at=at)
    mails.proposal_invitation(sent.invitation, sent.token, at=at)
    return sent


@transaction.atomic
def want(*, token: str, by: User, at: datetime) -> ProposalInvitation:
    """
    Ask whoever sent it to send what the link offers to the address of `by`.

    :raises Unknown:
    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    """
    (found,) = links.find(token, ProposalInvitation.objects.with_people())
    held = _held(found)
    (invitation,) = links.offered(token, ProposalInvitation.objects.with_people(), at=at)
    invitation.proposal = held.proposal
    if links.want([invitation], by=by, at=at):
        mails.proposal_invitation_wanted(invitation, at=at)
    return invitation


@transaction.atomic
def send_again(
    *, invitation_pk: int, is_elsewhere: bool = False, by: User, at: datetime
) -> Sent[ProposalInvitation]:
    """
    Send a new letter with a new link; the old link stops working.

    With `is_elsewhere`, to the address that somebody has asked to have it sent to.

    :raises NotWanted:
    :raises AlreadyAccepted:
    :raises AlreadyIn:
    :raises AlreadyInvited:
    :raises TooManyOpen:
    :raises TooManyToday:
    """
    invitation = withdraw(invitation_pk=invitation_pk, by=by, at=at)
    return invite(
        proposal_pk=invitation.proposal_id,
        email=links.wanted_address(invitation) if is_elsewhere else invitation.email,
        name=invitation.name,
        function=invitation.function,
        participant=invitation.participant,
        by=by,
        at=at,
    )


@transaction.atomic
def withdraw(*, invitation_pk: int, by: User, at: datetime) -> ProposalInvitation:
    """
    Take an invitation back before it is accepted; taken back already is as good.

    :raises AlreadyAccepted:
    """
    invitation = _held(ProposalInvitation.objects.get(pk=invitation_pk))
    links.withdraw(invitation, by=by, at=at)
    return invitation


def look_up(token: str, *, at: datetime) -> ProposalInvitation:
    """
    Find what a link offers, whoever asks.

    :raises Unknown:
    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    """
    (invitation,) = links.offered(token, ProposalInvitation.objects.with_people(), at=at)
    return invitation


@transaction.atomic
def accept(*, token: str, by: User, at: datetime) -> ProposalInvitation:
    """
    Let `by` in, as the link offers; whoever is asked to answer for a participant becomes its contact.

    :raises WrongAddress: `by` has not proved that the invited address is theirs.
    :raises Unknown:
    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    """
    invitations = ProposalInvitation.objects.with_people()
    (found,) = links.find(token, invitations)
    proposal: Proposal = Proposal.objects.locked(found.proposal_id)
    # Read again, now that nobody else takes it or takes it back.
    (invitation,) = links.offered(token, invitations, at=at)
    invitation.proposal = proposal
    links.accept([invitation], by=by, at=at)
    _let_in(proposal, Function(invitation.function), by, at=at)
    if invitation.participant:
        invitation.participant.proposal = proposal
        drafting.let_contact_go(invitation.participant, but=by, by=by, at=at)
        commitment, _ = Commitment.objects.get_or_create(participant=invitation.participant)
        commitment.contact = by
        commitment.save(update_fields=["contact"])
        ask_of_ties(by, proposal, at=at)
    Event.objects.create(
        proposal=proposal,
        transition="joined",
        at=at,
        by=by,
        note=f"svarer for {invitation.participant}"
        if invitation.participant
        else f"kan {SHARES[Function(invitation.function)]}",
    )
    Duty.objects.settle(proposal.pk, by=by, at=at)
    mails.invitation_accepted(invitation, {invitation.sent_by, proposal.owner} - {by}, at=at)
    return invitation


@transaction.atomic
def leave(*, proposal_pk: int, by: User, at: datetime) -> None:
    """
    Give up one's own part in the proposal; gone already is as good.

    :raises OwnerStays:
    """
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    if _let_out(proposal, by, by=by, at=at):
        Event.objects.create(proposal=proposal, transition="left", at=at, by=by)
        mails.left(proposal, by, at=at)


@transaction.atomic
def remove_person(*, proposal_pk: int, user: User, by: User, at: datetime) -> None:
    """
    End what a person may see and write as a party, at once; ended already is as good.

    :raises OwnerStays:
    """
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    if _let_out(proposal, user, by=by, at=at):
        Event.objects.create(proposal=proposal, transition="removed", at=at, by=by, note=user.name)
        line_mails.removed(proposal, user, by=by, at=at)


@transaction.atomic
def keep_person(*, access_pk: int, by: User, at: datetime) -> Access:
    """Decide that somebody who has left an organization of the proposal's goes on seeing it."""
    access: Access = Access.objects.with_holders().get(pk=access_pk)
    proposal: Proposal = Proposal.objects.locked(access.proposal_id)
    if proposal.accesses.left_behind(at=at).filter(pk=access.pk).exists():
        access.kept_at, access.kept_by = at, by
        access.save(update_fields=["kept_at", "kept_by"])
        Event.objects.create(
            proposal=proposal, transition="kept", at=at, by=by, note=str(access.user)
        )
    return access


def _let_in(proposal: Proposal, function: Function, person: User, *, at: datetime) -> None:
    """Give the capacity, unless the person has a wider one; reading ends where writing begins."""
    held = proposal.accesses.current(at=at).of_user(person)
    functions = set(held.values_list("function", flat=True))
    if function in functions or functions & WRITER_FUNCTIONS:
        return
    held.filter(function=Function.READ).end(at=at)
    Access.objects.grant(proposal, function, user=person, by=person, at=at)
    search.index([proposal.pk])
    if function == Function.WRITE:
        ask_of_ties(person, proposal, at=at)


def _let_out(proposal: Proposal, person: User, *, by: User, at: datetime) -> bool:
    """End every capacity of a party, and what waits for the person; return whether there was one."""
    if proposal.owner_id == person.pk:
        raise OwnerStays(proposal)
    held = proposal.accesses.current(at=at).of_user(person).of_parties()
    was_in = held.exists()
    held.end(at=at)
    search.index([proposal.pk])
    Commitment.objects.of_proposal(proposal).of_contact(person).update(contact=None)
    proposal.invitations.unanswered().to_address(person.email).withdraw(by=by, at=at)
    line_mails.forget(proposal, person)
    Duty.objects.settle(proposal.pk, by=by, at=at)
    return was_in


def ask_of_ties(person: User, proposal: Proposal, *, at: datetime) -> None:
    """Put the question of habilitet of somebody who has become a party of what they work with; it stays when they leave again."""
    through = proposal.accesses.current(at=at).through_function(person.duties_at(at))
    held = set(through.values_list("function", flat=True))
    if held & IMPARTIAL_FUNCTIONS:
        impartiality.raise_ties([person], proposal, by=person, at=at)
    elif Function.FUND in held:
        impartiality.raise_ties([person], proposal, by=person, at=at, as_funder=True)


def _held(invitation: ProposalInvitation) -> ProposalInvitation:
    """Hold the proposal's row, as every step does, and read the invitation again."""
    proposal: Proposal = Proposal.objects.locked(invitation.proposal_id)
    again = ProposalInvitation.objects.with_people().filter(pk=invitation.pk).first()
    if again is None:
        # Gone with its participant.
        raise links.Unknown
    again.proposal = proposal
    return again


def _refuse_who_is_in(proposal: Proposal, email: str, function: str, *, at: datetime) -> None:
    held = proposal.accesses.current(at=at).of_parties().filter(user__email__iexact=email)
    wide = held if function == Function.READ else held.filter(function__in=WRITER_FUNCTIONS)
    access = wide.with_holders().first()
    if access and access.user:
        raise AlreadyIn(access.user, access.function)

"""
What each participant says for itself ("tilsagn"): whom we ask, what it brings, and whether it is in.

The contact answers until the proposal is sent to approval. While there is none the proposal's writers may fill in what
the participant brings, where they may write at all, and never the answer.

A participant answers through one person who accepted a letter. The answer is the participant's own only where that
person spoke for its organization when it was given: confirmed by the secretariat, or with an address of it
(`klimaspor.accounts.belonging`). What others say is kept, shown as theirs and not counted as confirmed, and who said it
stands among the claims that the secretariat answers: confirmed there, the answer counts. Who answers with a code
(`visits`) is known by a mailbox alone: it is kept which, and confirms nothing. A writer becomes the contact
of an organization they speak for, and of no other. A "no" is taken from any contact, since nobody is to be counted who
may not be in. Reading that came with being asked ends with that "no", with the participant, or when another contact
accepts; who was let in to read goes on reading. Whoever said no keeps the answer (`views.OwnAnswer`), may change it
while answers are taken, and then reads again. Why it declined is for the parties alone and is not frozen in what DGO and committee
read.

Commitments are required only where the round says so, and only at the second gate: at the first nobody could have
answered yet. Who has declined never counts. Answers are taken also while the DGO has the proposal, since they are
frozen with the version that is sent to approval. Reconsider if the committee wants an answer after that.
"""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from klimaspor import seen
from klimaspor.accounts import belonging, links, people
from klimaspor.accounts.models import Membership
from klimaspor.refusals import Refused
from proposals.answers.content import counting_day
from proposals.commitments import mails
from proposals.commitments.seen import (
    Contact,
    contact_unit,
    shown_commitment,
    shown_contacts,
)
from proposals.drafting.holding import NotEditable, mark, touch
from proposals.line.functions import Function
from proposals.line.lifecycle import ANSWERED_IN, EDITABLE, Status
from proposals.line.models import Access, Duty, Event, Proposal
from proposals.participants.models import Commitment, Participant, ParticipantRole
from proposals.participants.steps import add_participant, end_reading, let_contact_go
from proposals.search import steps as search
from proposals.writers import invitation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from klimaspor.accounts.links import Sent
    from klimaspor.accounts.models import Organization, User
    from klimaspor.seen import Base
    from proposals.writers.models import ProposalInvitation

BROUGHT = ("plan_action", "hours", "amount", "case_number")
"""What a participant brings, by the attributes of Commitment."""
SPOKEN = ("spoken_at", "spoken_by", "spoken_through")
ANSWERED = ("answered_at", "answered_by", "answered_through")
ROLE = "role"
"""In what role it does so, by the attribute of Participant."""


@dataclass(frozen=True)
class Asked:
    """What came of asking everybody at once."""

    asked: list[Participant]
    unasked: list[Participant]
    """For whom a letter must wait: no more may be sent that day."""
    is_changed: bool
    """Whether somebody else is named than before."""


class Closed(Refused):
    """The proposal is past the point where a participant can answer."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        super().__init__(
            f"{proposal.number} {Status(proposal.status).state}, og jeres svar kan ikke ændres her. "
            f"Kontakt {proposal.owner.name}, hvis noget skal ændres."
        )


class NotTheContact(Refused):
    """Only whoever answers for the participant can do this."""

    def __init__(self, commitment: Commitment) -> None:
        who = "deltagerens kontaktperson"
        if commitment.contact:
            who = commitment.contact.name
        elif commitment.visitor:
            who = commitment.visitor.person_text
        super().__init__(f"Kun {who} kan svare for {commitment.participant.name}.")


class Answers(Refused):
    """Whoever answers already is not asked again."""

    def __init__(self, contact: User, participant: Participant) -> None:
        super().__init__(f"{contact.name} svarer allerede for {participant.name}.")


class NotTheirs(Refused):
    """Nobody has confirmed that the person acts for the organization."""

    def __init__(self, participant: Participant) -> None:
        super().__init__(
            f"Du kan først svare for {participant.name}, når sekretariatet har bekræftet, at du handler på vegne af "
            "den. Tilføj organisationen på din profil, hvis du ikke har gjort det, eller spørg en kontaktperson."
        )


@transaction.atomic
def ask(
    *, participant_pk: int, name: str, email: str, by: User, at: datetime
) -> Sent[ProposalInvitation]:
    """
    Ask a named contact to answer for a participant; whoever was asked before and has not answered is asked no more.

    :raises Closed:
    :raises Answers: the person answers for it already
    :raises Refused: as `invitation.invite` refuses
    """
    participant = _held(participant_pk)
    proposal: Proposal = participant.proposal
    contact = _of(participant).contact
    if contact and contact.email.lower() == email.strip().lower():
        raise Answers(contact, participant)
    participant.contact_name, participant.contact_email = name.strip(), email.strip().lower()
    participant.full_clean(exclude=["proposal", "organization"])
    participant.save(update_fields=["contact_name", "contact_email"])
    others = proposal.invitations.answering_for(participant)
    others.exclude(email__iexact=participant.contact_email).withdraw(by=by, at=at)
    return invitation.invite(
        proposal_pk=proposal.pk,
        email=participant.contact_email,
        name=participant.contact_name,
        function=Function.READ,
        participant=participant,
        by=by,
        at=at,
    )


@transaction.atomic
def bring_in(
    *, proposal_pk: int, organization: Organization, name: str, email: str, by: User, at: datetime
) -> Participant:
    """
    Add a kommune or region that counts where a participant does not, and ask its contact where one is named.

    :raises NotEditable:
    :raises AlreadyParticipant:
    :raises Refused: as `ask` refuses
    """
    participant = add_participant(
        proposal_pk=proposal_pk,
        organization=organization,
        role=ParticipantRole.PARTICIPANT,
        by=by,
        at=at,
    )
    if email:
        ask(participant_pk=participant.pk, name=name, email=email, by=by, at=at)
    return participant


@transaction.atomic
def ask_all(
    *,
    proposal_pk: int,
    contacts: Mapping[int, Contact],
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> Asked:
    """
    Keep who is to answer for each participant, and ask those who are new: one letter each, and never the same again.

    With `bases`, a row that was not touched is left as it is, and nothing is written over unseen. Whoever was named and never
    asked is asked too, and whoever let the term pass; not who was asked and turned away from it. What a day takes no more
    of is kept, and asked by the next press.

    :raises Closed:
    :raises Changed:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    if proposal.status not in ANSWERED_IN:
        raise Closed(proposal)
    listed = {p.pk: p for p in proposal.participants.listed() if p.pk in contacts}
    now = shown_contacts((p, contact_of(p)) for p in listed.values())
    typed = shown_contacts((p, contacts[p.pk]) for p in listed.values())
    touched = seen.touched(bases, now, typed, reader=by)
    last = proposal.invitations.last_of(listed.values())
    asked, unasked, is_changed = [], [], False
    for participant in listed.values():
        is_touched = contact_unit(participant) in touched
        contact = contacts[participant.pk] if is_touched else contact_of(participant)
        is_touched = is_touched and contact != contact_of(participant)
        is_changed = is_changed or is_touched
        if _is_to_be_asked(participant, contact, last, is_touched=is_touched, at=at):
            try:
                ask(
                    participant_pk=participant.pk,
                    name=contact.name,
                    email=contact.email,
                    by=by,
                    at=at,
                )
            except links.TooManyToday:
                unasked.append(participant)
            else:
                asked.append(participant)
                continue
        if is_touched:
            _name_contact(participant, contact, by=by, at=at)
    return Asked(asked, unasked, is_changed=is_changed)


def _is_to_be_asked(
    participant: Participant,
    contact: Contact,
    last: Mapping[tuple[int | None, str], ProposalInvitation],
    *,
    is_touched: bool,
    at: datetime,
) -> bool:
    answers = _answers_now(participant)
    if not contact.email or (answers and answers.email.lower() == contact.email):
        return False
    before = last.get((participant.pk, contact.email))
    if before is None:
        return is_touched or answers is None
    if before.accepted_at or before.withdrawn_at or _has_answered_through(before, participant):
        return is_touched
    return before.expires_at <= at


def _has_answered_through(asked: ProposalInvitation, participant: Participant) -> bool:
    commitment = getattr(participant, "commitment", None)
    return commitment is not None and commitment.answered_through_id == asked.pk


def _name_contact(participant: Participant, contact: Contact, *, by: User, at: datetime) -> None:
    """Keep whom to ask, without a letter; whoever was asked at another address is asked no more."""
    others = participant.proposal.invitations.answering_for(participant)
    others.exclude(email__iexact=contact.email).withdraw(by=by, at=at)
    participant.contact_name, participant.contact_email = contact.name, contact.email
    participant.full_clean(exclude=["proposal", "organization"])
    participant.save(update_fields=["contact_name", "contact_email"])


def contact_of(participant: Participant) -> Contact:
    """Give whom a proposal's writers have named for a participant, or else who answers for it; comes after `listed`."""
    answers = _answers_now(participant)
    if answers and not participant.contact_email:
        return Contact(answers.name, answers.email.lower())
    return Contact(participant.contact_name, participant.contact_email.lower())


def _answers_now(participant: Participant) -> User | None:
    commitment = getattr(participant, "commitment", None)
    return commitment.contact if commitment else None


@transaction.atomic
def answer_oneself(*, participant_pk: int, by: User, at: datetime) -> Commitment:
    """
    Make a writer of the proposal the contact for an organization they speak for.

    :raises Closed:
    :raises NotTheirs:
    """
    participant = _held(participant_pk)
    if not speaks_for(by, participant, at=at):
        raise NotTheirs(participant)
    let_contact_go(participant, but=by, by=by, at=at)
    commitment = _of(participant)
    commitment.contact = by
    commitment.save(update_fields=["contact"])
    participant.contact_name, participant.contact_email = by.name, by.email
    participant.save(update_fields=["contact_name", "contact_email"])
    participant.proposal.invitations.answering_for(participant).withdraw(by=by, at=at)
    Duty.objects.settle(participant.proposal_id, by=by, at=at)
    return commitment


@transaction.atomic
def save(
    *,
    participant_pk: int,
    brought: Mapping[str, Any],
    bases: Mapping[str, Base] | None = None,
    by: User | None = None,
    through: ProposalInvitation | None = None,
    at: datetime,
) -> Commitment:
    """
    Keep what the participant brings, and its role; `brought` maps names in BROUGHT and ROLE to clean values.

    With `bases`, what was not touched is left as it is, and nothing is written over unseen. It is written by somebody
    signed in, or with a code `through` an invitation.

    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    :raises Closed:
    :raises Changed:
    :raises NotEditable: nobody answers for it, and the proposal's text is with somebody else
    :raises NotTheContact: somebody answers for the participant, and it is not `by`
    :raises LookupError: an attribute is none of a participant's to write
    :raises ValidationError: a value breaks an invariant
    """
    participant = _held(participant_pk)
    commitment = _of(participant)
    if through:
        _take_over(commitment, through, at=at)
    elif commitment.visitor or (commitment.contact and commitment.contact != by):
        raise NotTheContact(commitment)
    elif commitment.contact is None and participant.proposal.status not in EDITABLE:
        raise NotEditable(participant.proposal)
    touched = _touched(commitment, brought, bases, by=by)
    is_contact = through is not None or (by is not None and commitment.contact == by)
    if touched or is_contact:
        commitment.spoken_at, commitment.spoken_by, commitment.spoken_through = (
            (at, by, through) if is_contact else (None, None, None)
        )
    return _write(commitment, touched, *SPOKEN, by=by, at=at)


@transaction.atomic
def answer(
    *,
    participant_pk: int,
    is_confirmed: bool,
    reason: str = "",
    brought: Mapping[str, Any] | None = None,
    bases: Mapping[str, Base] | None = None,
    by: User | None = None,
    through: ProposalInvitation | None = None,
    at: datetime,
) -> Commitment:
    """
    Confirm or decline on the participant's behalf, with what it brings; the latest answer holds.

    It is given by its contact, or with a code `through` an invitation.

    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    :raises Closed:
    :raises Changed:
    :raises NotTheContact:
    :raises ValidationError: declined without a reason, or a value breaks an invariant
    """
    participant = _held(participant_pk)
    commitment = _of(participant)
    if through:
        _take_over(commitment, through, at=at)
    elif by is None or commitment.contact != by:
        raise NotTheContact(commitment)
    touched = _touched(commitment, brought or {}, bases, by=by)
    before = _counted(participant.proposal, at=at)
    is_new = (commitment.is_confirmed, commitment.reason) != (is_confirmed, reason)
    commitment.is_confirmed, commitment.reason = is_confirmed, reason
    commitment.answered_at, commitment.answered_by, commitment.answered_through = at, by, through
    commitment.spoken_at, commitment.spoken_by, commitment.spoken_through = at, by, through
    _write(commitment, touched, "is_confirmed", "reason", *ANSWERED, *SPOKEN, by=by, at=at)
    # Known by a mailbox alone, who answers with a code is let in to nothing, and claims nothing.
    if by is not None:
        if is_confirmed:
            _claim(participant, by=by, at=at)
            _let_read_again(participant, by, at=at)
        else:
            end_reading(participant.proposal, by, at=at)
        Duty.objects.settle(participant.proposal_id, by=by, at=at)
    if is_new:
        Event.objects.create(
            proposal=participant.proposal,
            transition="commitment_confirmed" if is_confirmed else "commitment_declined",
            at=at,
            by=by,
            note=f"{participant.name} ({through.person_text}, med en kode)"
            if through
            else participant.name,
        )
        is_own = Participant.objects.filter(pk=participant_pk).says_itself()
        after = _counted(participant.proposal, at=at)
        mails.commitment_answered(commitment, is_own=is_own, counted=(before, after), at=at)
    return commitment


def speaks_for(user: User, participant: Participant, *, at: datetime) -> bool:
    """Say whether the person speaks for the participant's organization; nobody does for one that was typed in."""
    organization = participant.organization
    return organization is not None and belonging.speaks_for(user, organization, at=at)


def _take_over(commitment: Commitment, through: ProposalInvitation, *, at: datetime) -> None:
    """
    Let whoever was asked last answer with a code, in the place of whoever did until now; the proposal's row is held.

    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    """
    participant = commitment.participant
    standing = participant.proposal.invitations.with_people().get(pk=through.pk)
    links.require_open(standing, at=at)
    if standing.participant_id != participant.pk:
        raise LookupError(f"Asked about another: {standing}")
    if commitment.contact:
        let_contact_go(participant, by=standing.sent_by, at=at)
        commitment.contact = None
        Duty.objects.settle(participant.proposal_id, by=standing.sent_by, at=at)


def _let_read_again(participant: Participant, contact: User, *, at: datetime) -> None:
    """Give back the reading that ended with a "no", to whoever was asked and is in after all."""
    proposal = participant.proposal
    if proposal.accesses.current(at=at).of_user(contact).of_parties().exists():
        return
    Access.objects.grant(proposal, Function.READ, user=contact, by=contact, at=at)
    search.index([proposal.pk])


def _counted(proposal: Proposal, *, at: datetime) -> int:
    """Count the kommuner and regioner of K1."""
    rows = proposal.participants.listed().rows(counting_day(proposal, at))
    return sum(row.counts for row in rows)


def _claim(participant: Participant, *, by: User, at: datetime) -> None:
    """Put it to the secretariat that the person acts for the organization, unless it has been, or speaks for it."""
    organization = participant.organization
    if organization is None or speaks_for(by, participant, at=at):
        return
    if Membership.objects.of(by).refused().filter(organization=organization).exists():
        return
    # Whoever has asked too much, or asked already, has only not asked again.
    with suppress(people.AlreadyClaimed, people.NoLongerValid, people.TooManyUnanswered):
        people.claim(organization=organization, by=by, at=at)


def _held(participant_pk: int) -> Participant:
    """
    Hold the proposal's row, as every content write does, and read the participant again.

    :raises Closed:
    :raises Participant.DoesNotExist: it has been removed
    """
    proposal_pk = Participant.objects.values_list("proposal_id", flat=True).get(pk=participant_pk)
    proposal = Proposal.objects.locked(proposal_pk)
    if proposal.status not in ANSWERED_IN:
        raise Closed(proposal)
    participant = Participant.objects.select_related("organization").get(pk=participant_pk)
    participant.proposal = proposal
    return participant


def _of(participant: Participant) -> Commitment:
    known = Commitment.objects.select_related("contact", "spoken_through", "answered_through")
    commitment, _ = known.get_or_create(participant=participant)
    commitment.participant = participant
    return commitment


def _touched(
    commitment: Commitment,
    brought: Mapping[str, Any],
    bases: Mapping[str, Base] | None,
    *,
    by: User | None,
) -> Mapping[str, Any]:
    """Give what came that was touched on the page, and may be written."""
    foreign = set(brought) - {*BROUGHT, ROLE}
    if foreign:
        raise LookupError(f"Not a participant's to write: {sorted(foreign)}")
    now = shown_commitment(commitment.participant, commitment)
    typed, participant = copy(commitment), copy(commitment.participant)
    for name, value in brought.items():
        setattr(participant if name == ROLE else typed, name, value)
    names = seen.touched(bases, now, shown_commitment(participant, typed), reader=by)
    return {name: value for name, value in brought.items() if name in names}


def _write(
    commitment: Commitment, brought: Mapping[str, Any], *fields: str, by: User | None, at: datetime
) -> Commitment:
    participant = commitment.participant
    proposal = participant.proposal
    if brought.get(ROLE, participant.role) != participant.role:
        participant.role = brought[ROLE]
        participant.full_clean(exclude=["proposal", "organization"])
        participant.save(update_fields=[ROLE])
    said = [name for name in BROUGHT if name in brought]
    for name in said:
        setattr(commitment, name, brought[name])
    commitment.full_clean(
        exclude=["participant", "contact", "answered_by", "answered_through", "spoken_through"]
    )
    commitment.save(update_fields=[*said, *fields])
    mark(proposal, ["participants"], by=by, at=at)
    touch(proposal, at)
    return commitment

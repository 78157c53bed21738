"""Sparring: comments between the proposer, its DGO and the secretariat, from draft to launch. Moves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor.accounts.models import Role, User
from klimaspor.refusals import Refused
from proposals.line import impartiality
from proposals.line.functions import IMPARTIAL_FUNCTIONS, PARTY_FUNCTIONS, Function, Group
from proposals.line.lifecycle import SPARRING, Status
from proposals.line.models import Access, Event, Proposal
from proposals.line.standing import standing
from proposals.sparring import mails
from proposals.sparring.models import Advice
from proposals.sparring.places import About, Chosen, Places, read_by

if TYPE_CHECKING:
    from datetime import datetime


WHOLE = Chosen()
"""Nothing is quoted."""


class NoDgo(Refused):
    """Nobody to open to."""


class SparringClosed(Refused):
    """Comments are no longer taken."""


@transaction.atomic
def open_sparring(*, proposal_pk: int, by: User, at: datetime) -> Proposal:
    """
    Let the DGO and the secretariat read the live text and comment on it; open already, it stays as it is.

    :raises NoDgo:
    :raises SparringClosed:
    """
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    if proposal.status not in SPARRING:
        raise SparringClosed(f"{proposal.number} {Status(proposal.status).state}.")
    if proposal.lead_dgo is None:
        raise NoDgo("Vælg en DGO i afsnittet Deltagere, før du åbner for sparring.")
    if proposal.sparring_opened_at:
        return proposal
    Access.objects.grant(proposal, Function.ADVISE, dgo=proposal.lead_dgo, by=by, at=at)
    Access.objects.grant(proposal, Function.ADVISE, group=Group.SECRETARIAT, by=by, at=at)
    proposal.sparring_opened_at = at
    proposal.save(update_fields=["sparring_opened_at"])
    Event.objects.create(proposal=proposal, transition="sparring_opened", at=at, by=by)
    advisers = User.objects.holding(Role.DGO_ADVISER, at=at, dgo=proposal.lead_dgo)
    impartiality.raise_ties(advisers, proposal, by=by, at=at)
    mails.sparring_opened(proposal, impartiality.impartial(advisers, proposal, at=at), by=by, at=at)
    return proposal


@transaction.atomic
def close_sparring(*, proposal_pk: int, by: User, at: datetime) -> Proposal:
    """Stop letting advisers read the live text; what was said stays, and what was sent stays theirs to read."""
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    if proposal.sparring_opened_at is None:
        return proposal
    proposal.accesses.filter(function=Function.ADVISE).end(at=at)
    proposal.sparring_opened_at = None
    proposal.save(update_fields=["sparring_opened_at"])
    Event.objects.create(proposal=proposal, transition="sparring_closed", at=at, by=by)
    return proposal


@transaction.atomic
def comment(
    *,
    proposal_pk: int,
    section: str,
    text: str,
    name: str = "",
    row: int | None = None,
    chosen: Chosen = WHOLE,
    by: User,
    at: datetime,
) -> Advice:
    """
    Begin a thread about one section, an answer or a row in it, or about the whole when `section` is empty.

    What is `chosen` are words of the answer, as the person reads it.

    :raises SparringClosed:
    :raises NotImpartial:
    :raises Missing: the words do not stand there, or what it is about does not.
    """
    proposal = _open(proposal_pk, by=by, at=at)
    about = About(section, name, row)
    read = read_by(by, proposal, at=at) if name else Places(None)
    anchor = read.anchored(about, chosen)
    given = Advice.objects.create(
        proposal=proposal,
        section=section,
        name=name,
        row=row,
        quote=anchor.quote,
        before=anchor.before,
        after=anchor.after,
        text=text,
        author_role=role_of(by, proposal, at=at),
        created_at=at,
        created_by=by,
    )
    mails.advice_given(given, _others(proposal, by=by, at=at), at=at)
    return given


@transaction.atomic
def answer(*, thread_pk: int, text: str, by: User, at: datetime) -> Advice:
    """
    Answer in a thread; an answer to a finished thread opens it again.

    :raises SparringClosed:
    :raises NotImpartial:
    """
    thread = Advice.objects.threads().get(pk=thread_pk)
    proposal = _open(thread.proposal_id, by=by, at=at)
    row = Advice.objects.create(
        proposal=proposal,
        section=thread.section,
        name=thread.name,
        row=thread.row,
        parent=thread,
        text=text,
        author_role=role_of(by, proposal, at=at),
        created_at=at,
        created_by=by,
    )
    if thread.resolved_at:
        thread.resolved_at = thread.resolved_by = None
        thread.save(update_fields=["resolved_at", "resolved_by"])
    mails.advice_given(row, _others(proposal, by=by, at=at), at=at)
    return row


@transaction.atomic
def resolve(*, thread_pk: int, by: User, at: datetime) -> Advice:
    """Mark a thread finished; finished already, it stays as it is."""
    thread = Advice.objects.select_for_update(of=("self",)).threads().get(pk=thread_pk)
    if thread.resolved_at is None:
        thread.resolved_at, thread.resolved_by = at, by
        thread.save(update_fields=["resolved_at", "resolved_by"])
    return thread


def role_of(user: User, proposal: Proposal, *, at: datetime) -> str:
    """Say in what capacity a person speaks about the proposal."""
    if standing(user, proposal, at=at).is_party and proposal.created_by_id != user.pk:
        return "forslagsstiller"
    if proposal.owner_id == user.pk:
        return "forslagsstiller"
    duties = user.duties_at(at)
    if proposal.lead_dgo and proposal.lead_dgo_id in duties.dgo_ids:
        return proposal.lead_dgo.name
    return "sekretariatet" if duties.is_secretariat else "forslagsstiller"


def readers(proposal: Proposal, *, at: datetime) -> tuple[str, ...]:
    """Say who will read what is written, in words, before it is posted."""
    held = list(proposal.accesses.current(at=at).with_holders())
    people = [a.user.name for a in held if a.user and a.function in PARTY_FUNCTIONS]
    parts = [f"{name} (forslagsstiller)" for name in sorted(set(people))]
    working = [a for a in held if a.function in IMPARTIAL_FUNCTIONS]
    parts += sorted({f"rådgiverne i {a.dgo.name}" for a in working if a.dgo})
    if any(a.group == Group.SECRETARIAT for a in working):
        parts.append("sekretariatet")
    return tuple(parts)


def is_open(proposal: Proposal) -> bool:
    """Say whether comments are taken: sparring is open, or something has been sent."""
    if proposal.status not in SPARRING:
        return False
    # Past the draft something has been sent.
    is_sent = proposal.status != Status.DRAFT
    return proposal.sparring_opened_at is not None or is_sent or proposal.versions.exists()


def _open(pk: int, *, by: User, at: datetime) -> Proposal:
    proposal: Proposal = Proposal.objects.locked(pk)
    if not is_open(proposal):
        raise SparringClosed("Forslaget er ikke åbent for sparring. Din tekst er ikke sendt.")
    if not standing(by, proposal, at=at).is_party:
        impartiality.require(by, proposal, at=at)
    return proposal


def _others(proposal: Proposal, *, by: User, at: datetime) -> list[User]:
    """The parties, and the advisers when a party wrote."""
    held = proposal.accesses.current(at=at)
    parties = User.objects.active().filter(
        pk__in=held.filter(function__in=PARTY_FUNCTIONS).exclude(user=None).values("user_id")
    )
    people = {user.pk: user for user in parties}
    if by.pk in people and proposal.lead_dgo:
        advisers = User.objects.holding(Role.DGO_ADVISER, at=at, dgo=proposal.lead_dgo)
        people |= {user.pk: user for user in impartiality.impartial(advisers, proposal, at=at)}
    people.pop(by.pk, None)
    return list(people.values())

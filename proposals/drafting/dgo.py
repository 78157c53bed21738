"""Which DGO has a proposal: suggested, chosen, changed; and which others read along where it crosses areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish
from klimaspor.accounts.models import Dgo, Organization, Role, User
from klimaspor.refusals import AlreadyDone, Missing, Refused
from proposals.answers.content import answer_text
from proposals.answers.sections import FIELDS
from proposals.drafting import mails
from proposals.drafting.holding import number
from proposals.drafting.models import AnswerChange
from proposals.line import impartiality
from proposals.line.functions import LEAD_FUNCTIONS, Function
from proposals.line.lifecycle import SPARRING, Status
from proposals.line.mails import parties
from proposals.line.models import Access, Duty, Event, Proposal
from proposals.line.standing import standing
from proposals.line.steps import require_status
from proposals.search import steps as search

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.querysets import DgoQuerySet


def suggested_dgo(organization: Organization | None) -> Dgo | None:
    """Give the DGO whose municipality this is; never derived from a region."""
    if organization is None:
        return None
    return Dgo.objects.of_municipality(organization).by_name().first()


def first_suggested_dgo(organizations: Iterable[Organization]) -> Dgo | None:
    """Give the DGO of the first organization that has one."""
    organizations = list(organizations)
    place = {organization.pk: number for number, organization in enumerate(organizations)}
    found = Dgo.objects.of_municipalities(organizations).by_name()
    return min(found, key=lambda dgo: place[dgo.municipality_id], default=None)


def may_choose_dgo(proposal: Proposal) -> bool:
    """Say whether the proposer may still choose: until the DGO has received it in this round."""
    return (
        proposal.status == Status.DRAFT and not proposal.versions.sent_in(proposal.round).exists()
    )


@transaction.atomic
def change_dgo(
    *,
    proposal_pk: int,
    dgo: Dgo,
    reason: str,
    stays: bool = False,
    by: User,
    at: datetime,
) -> Proposal:
    """
    Give the proposal to another DGO, with a note to it; the one before no longer sees it, unless it saw it and `stays` to read along.

    What was written of an assessment goes with the proposal. The DGO that gets it and the proposal's people are told.

    :raises NotImpartial:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    before = proposal.lead_dgo
    if before and before.pk == dgo.pk:
        return proposal
    _require_impartial(by, proposal, at=at)
    had = move_dgo_access(proposal, dgo, by=by, at=at)
    question = FIELDS["lead_dgo"]
    said = answer_text(proposal, question)
    proposal.lead_dgo = dgo
    proposal.save(update_fields=["lead_dgo"])
    number(proposal, [question.name], by=by, at=at)
    texts = {question.name: (said, answer_text(proposal, question))}
    AnswerChange.objects.keep(proposal, texts, by=by, at=at)
    search.index([proposal.pk])
    Event.objects.create(
        proposal=proposal, transition="dgo_changed", at=at, by=by, reason=reason, note=dgo.name
    )
    if had:
        advisers = User.objects.holding(Role.DGO_ADVISER, at=at, dgo=dgo)
        impartiality.raise_ties(advisers, proposal, by=by, at=at)
        told = impartiality.impartial(advisers, proposal, at=at)
        mails.dgo_changed(proposal, told, reason=reason, is_party=False, by=by, at=at)
        people = [p for p in parties(proposal, at=at) if p != by and p not in told]
        mails.dgo_changed(proposal, people, reason=reason, is_party=True, by=by, at=at)
        if stays and before:
            Access.objects.grant(proposal, Function.CO_READ, dgo=before, by=by, at=at)
    Duty.objects.settle(proposal.pk, by=by, at=at)
    return proposal


def handed_over_to(number: str, user: User, *, at: datetime) -> str:
    """Name the DGO that has the proposal now, to an adviser of the one that had it before; nothing to anybody else."""
    dgo_ids = user.duties_at(at).dgo_ids
    had = Access.objects.of_functions(LEAD_FUNCTIONS).ended(at=at).filter(dgo__in=dgo_ids)
    found = Proposal.objects.numbered([number]).filter(pk__in=had.values("proposal"))
    proposal = found.with_frame().first()
    if proposal is None or proposal.lead_dgo is None or proposal.lead_dgo_id in dgo_ids:
        return ""
    if proposal.impartialities.partial().of_user(user).exists():
        return ""
    return str(proposal.lead_dgo.name)


def move_dgo_access(proposal: Proposal, dgo: Dgo | None, *, by: User, at: datetime) -> list[str]:
    """Give what was open to the DGO before to another, and say what that was; who reads along goes on, but not beside itself."""
    held = proposal.accesses.current(at=at).exclude(dgo=None)
    lead = held.of_functions(LEAD_FUNCTIONS)
    functions = list(lead.values_list("function", flat=True))
    lead.end(at=at)
    held.of_co_readers().filter(dgo=dgo).end(at=at)
    if dgo is not None:
        for function in functions:
            Access.objects.grant(proposal, function, dgo=dgo, by=by, at=at)
    return functions


# Other DGOs that read along


class NotWithDgo(Refused):
    """Nothing is open to the DGO itself yet."""


def suggested_co_readers(proposal: Proposal, names: Iterable[str], *, at: datetime) -> list[Dgo]:
    """Give the DGOs of the participants of those names, by name, that neither have the proposal nor read along."""
    authorities = Organization.objects.valid(danish.day_of(at)).filter(name__in=list(names))
    return list(may_co_read(proposal, at=at).filter(municipalities__in=authorities).distinct())


def may_co_read(proposal: Proposal, *, at: datetime) -> DgoQuerySet:
    """Give the DGOs that could read along, by name."""
    along = proposal.accesses.current(at=at).of_co_readers().values("dgo")
    others = Dgo.objects.valid(danish.day_of(at)).exclude(pk=proposal.lead_dgo_id)
    return others.exclude(pk__in=along).by_name()


def is_with_dgo(proposal: Proposal, *, at: datetime) -> bool:
    """Say whether something is open to the DGO whose proposal it is."""
    held = proposal.accesses.current(at=at).filter(dgo=proposal.lead_dgo).exclude(dgo=None)
    return bool(held.exists())


@transaction.atomic
def add_co_reader(*, proposal_pk: int, dgo: Dgo, note: str, by: User, at: datetime) -> Proposal:
    """
    Let another DGO read what the proposal's own reads, and comment on it; its advisers are told, with the note.

    :raises AlreadyDone:
    :raises NotWithDgo:
    :raises Missing: dgo.
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    require_status(proposal, *SPARRING, act="Lad en anden DGO læse med")
    _require_impartial(by, proposal, at=at)
    if not is_with_dgo(proposal, at=at):
        raise NotWithDgo(
            "Åbn for sparring, eller indsend forslaget, før en anden DGO kan læse med."
        )
    if dgo.pk == proposal.lead_dgo_id:
        raise Missing({"dgo": f"{dgo.name} har allerede forslaget. Vælg en anden DGO"})
    if proposal.accesses.current(at=at).of_co_readers().filter(dgo=dgo).exists():
        raise AlreadyDone(f"{dgo.name} læser allerede med på {proposal.number}.")
    Access.objects.grant(proposal, Function.CO_READ, dgo=dgo, by=by, at=at)
    Event.objects.create(
        proposal=proposal, transition="co_reader_added", at=at, by=by, reason=note, note=dgo.name
    )
    advisers = User.objects.holding(Role.DGO_ADVISER, at=at, dgo=dgo)
    impartiality.raise_ties(advisers, proposal, by=by, at=at)
    told = impartiality.impartial(advisers, proposal, at=at)
    mails.co_reader_added(proposal, dgo, told, note=note, by=by, at=at)
    return proposal


@transaction.atomic
def remove_co_reader(*, proposal_pk: int, dgo: Dgo, by: User, at: datetime) -> Proposal:
    """
    Let it read along no longer; what it said stays.

    :raises AlreadyDone:
    :raises NotImpartial:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    _require_impartial(by, proposal, at=at)
    held = proposal.accesses.current(at=at).of_co_readers().filter(dgo=dgo)
    if not held.exists():
        raise AlreadyDone(f"{dgo.name} læser ikke længere med på {proposal.number}.")
    held.end(at=at)
    Event.objects.create(
        proposal=proposal, transition="co_reader_removed", at=at, by=by, note=dgo.name
    )
    return proposal


def _require_impartial(by: User, proposal: Proposal, *, at: datetime) -> None:
    """
    Refuse an adviser or a secretary who is tied; the secretariat's own right to move a proposal asks nothing of it.

    :raises NotImpartial:
    """
    its = standing(by, proposal, at=at)
    if not (its.is_party or its.may_administer):
        impartiality.require(by, proposal, at=at)

"""Which DGO has a proposal: suggested, chosen, changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor.accounts.models import Dgo, Role, User
from proposals.answers.content import answer_text
from proposals.answers.sections import FIELDS
from proposals.drafting import mails
from proposals.drafting.holding import number
from proposals.drafting.models import AnswerChange
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Duty, Event, Proposal
from proposals.search import steps as search

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import Organization


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
def change_dgo(*, proposal_pk: int, dgo: Dgo, reason: str, by: User, at: datetime) -> Proposal:
    """Give the proposal to another DGO, as the secretariat may at any time; the one before no longer sees it."""
    proposal = Proposal.objects.locked(proposal_pk)
    if proposal.lead_dgo_id == dgo.pk:
        return proposal
    move_dgo_access(proposal, dgo, by=by, at=at)
    question = FIELDS["lead_dgo"]
    before = answer_text(proposal, question)
    proposal.lead_dgo = dgo
    proposal.save(update_fields=["lead_dgo"])
    number(proposal, [question.name], by=by, at=at)
    texts = {question.name: (before, answer_text(proposal, question))}
    AnswerChange.objects.keep(proposal, texts, by=by, at=at)
    search.index([proposal.pk])
    Event.objects.create(
        proposal=proposal, transition="dgo_changed", at=at, by=by, reason=reason, note=dgo.name
    )
    if proposal.accesses.current(at=at).filter(dgo=dgo).exists():
        mails.dgo_changed(
            proposal,
            User.objects.holding(Role.DGO_ADVISER, at=at, dgo=dgo),
            reason=reason,
            at=at,
        )
    Duty.objects.settle(proposal.pk, by=by, at=at)
    return proposal


def move_dgo_access(proposal: Proposal, dgo: Dgo | None, *, by: User, at: datetime) -> None:
    held = proposal.accesses.current(at=at).exclude(dgo=None)
    functions = list(held.values_list("function", flat=True))
    held.end(at=at)
    if dgo is not None:
        for function in functions:
            Access.objects.grant(proposal, function, dgo=dgo, by=by, at=at)

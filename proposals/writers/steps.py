"""Whose proposal it is: handed over to another owner, or made on behalf of another organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor.refusals import Refused
from proposals.drafting.dgo import suggested_dgo
from proposals.drafting.holding import NotEditable, held, mark, touch
from proposals.line import behalf, impartiality
from proposals.line.functions import PARTY_FUNCTIONS, Function
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Duty, Event, Proposal
from proposals.participants.models import Commitment, Participant
from proposals.search import steps as search
from proposals.writers import mails

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import Organization, User


class AnotherOrganization(Refused):
    """The proposal is made on behalf of another organization than the page showed."""

    is_outdated = True

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(
            f"{proposal.number} stilles nu på vegne af {proposal.on_behalf_text or 'ingen organisation'}. "
            "Se det igen, og svar én gang til."
        )


class NotAParty(Refused):
    """The person cannot own the proposal."""


@transaction.atomic
def hand_over(
    *,
    proposal_pk: int,
    to_user: User,
    reason: str,
    keeps_writing: bool = False,
    by: User,
    at: datetime,
) -> Proposal:
    """
    Make another person the owner; the one before keeps nothing, unless they are to go on writing.

    :raises NotAParty: the person cannot sign in
    """
    proposal = Proposal.objects.locked(proposal_pk)
    if not to_user.is_active:
        raise NotAParty(f"{to_user.name} kan ikke logge på. Vælg en anden.")
    if proposal.owner_id == to_user.pk:
        return proposal
    before = proposal.owner
    # Each of the two has one capacity afterwards, so that nothing is left behind when it ends.
    proposal.accesses.filter(user__in=(before, to_user), function__in=PARTY_FUNCTIONS).end(at=at)
    Access.objects.grant(proposal, Function.OWN, user=to_user, by=by, at=at)
    if keeps_writing:
        Access.objects.grant(proposal, Function.WRITE, user=before, by=by, at=at)
    else:
        Commitment.objects.of_proposal(proposal).of_contact(before).update(contact=None)
    proposal.owner = to_user
    behalf.claim(proposal, at=at)
    proposal.save(update_fields=["owner", *behalf.FIELDS])
    search.index([proposal.pk])
    Event.objects.create(
        proposal=proposal,
        transition="handed_over",
        at=at,
        by=by,
        reason=reason,
        note=to_user.name,
    )
    Duty.objects.settle(proposal.pk, by=by, at=at)
    mails.handed_over(proposal, to_user, by=by, reason=reason, at=at)
    return proposal


@transaction.atomic
def change_organization(
    *, proposal_pk: int, organization: Organization | None, by: User, at: datetime
) -> Proposal:
    """
    Say on whose behalf ("på vegne af") the draft is made; a kommune or region takes part in what it proposes.

    Whoever else takes part stays.

    :raises NotEditable: it is no draft now
    """
    proposal = held(proposal_pk)
    if proposal.status != Status.DRAFT:
        raise NotEditable(proposal)
    if proposal.organization_id == (organization.pk if organization else None):
        return proposal
    proposal.organization = organization
    proposal.is_listed = False
    changed = []
    if proposal.lead_dgo is None:
        proposal.lead_dgo = suggested_dgo(organization)
        changed += ["lead_dgo"] if proposal.lead_dgo else []
    behalf.claim(proposal, at=at)
    touch(proposal, at, "organization", "is_listed", "lead_dgo", *behalf.FIELDS)
    takes_part = proposal.participants.filter(organization=organization)
    if organization and organization.is_authority and not takes_part.exists():
        Participant.objects.create(
            proposal=proposal, organization=organization, role="participant", added_at=at
        )
        changed.append("participants")
    mark(proposal, changed, by=by, at=at)
    search.index([proposal.pk])
    Event.objects.create(
        proposal=proposal,
        transition="organization_changed",
        at=at,
        by=by,
        note=organization.name if organization else "ingen organisation",
    )
    return proposal


@transaction.atomic
def list_to_members(*, proposal_pk: int, is_listed: bool, by: User, at: datetime) -> Proposal:
    """
    Let the confirmed members of its organizations see title and state of the proposal, or let them no longer; so already is as good.

    It ends by itself where the proposal is made on behalf of another organization: its members were never thought of.
    """
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    if proposal.is_listed == is_listed:
        return proposal
    proposal.is_listed = is_listed
    proposal.save(update_fields=["is_listed"])
    Event.objects.create(
        proposal=proposal, transition="listed" if is_listed else "unlisted", at=at, by=by
    )
    return proposal


@transaction.atomic
def confirm_organization(
    *, proposal_pk: int, organization_pk: int, by: User, at: datetime
) -> Proposal:
    """
    Say for the secretariat that the proposal is made on behalf of the organization; confirmed already is as good.

    :raises AnotherOrganization: it is made on behalf of another
    :raises NotImpartial:
    """
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    impartiality.require(by, proposal, at=at)
    if proposal.organization_id != organization_pk:
        raise AnotherOrganization(proposal)
    if proposal.organization_confirmed_at is None:
        behalf.confirm(proposal, by=by, at=at)
        mails.organization_confirmed(proposal, at=at)
    return proposal


@transaction.atomic
def correct_organization(
    *,
    proposal_pk: int,
    organization: Organization | None,
    reason: str,
    by: User,
    at: datetime,
) -> Proposal:
    """
    Say for the secretariat on behalf of whom the proposal is made, which then is confirmed, and tell the owner why.

    What was sent stays as it was sent, and so does who takes part.

    :raises NotImpartial:
    """
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    impartiality.require(by, proposal, at=at)
    if organization is not None and proposal.organization_id == organization.pk:
        return confirm_organization(
            proposal_pk=proposal.pk, organization_pk=organization.pk, by=by, at=at
        )
    proposal.organization = organization
    proposal.is_listed = False
    is_confirmed = organization is not None
    proposal.organization_confirmed_at = at if is_confirmed else None
    proposal.organization_confirmed_by = by if is_confirmed else None
    proposal.save(update_fields=["organization", "is_listed", *behalf.FIELDS])
    search.index([proposal.pk])
    Event.objects.create(
        proposal=proposal,
        transition="organization_changed",
        at=at,
        by=by,
        reason=reason,
        note=organization.name if organization else "ingen organisation",
    )
    mails.organization_corrected(proposal, by=by, reason=reason, at=at)
    return proposal

"""
On behalf of whom ("på vegne af") a proposal is made: a claim of its owner, until somebody else has said so.

It is confirmed where the owner speaks for the organization (`klimaspor.accounts.belonging`) when the proposal is begun,
handed over, changed or sent, when the secretariat confirms that the owner acts for it, or by a press on the
secretariat's list of claims. Until then every page and paper says "ikke bekræftet". What was confirmed stays so when the
owner leaves the organization, which the owner's access says and the secretariat is shown; another owner begins anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.accounts import belonging, people
from proposals.line.models import Event, Proposal

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import Membership, User

FIELDS = ("organization_confirmed_at", "organization_confirmed_by")


def claim(proposal: Proposal, *, at: datetime) -> None:
    """Set on the proposal whether its owner speaks for its organization; the caller saves `FIELDS`."""
    whose = proposal.organization
    is_owners = whose is not None and belonging.speaks_for(proposal.owner, whose, at=at)
    proposal.organization_confirmed_at = at if is_owners else None
    proposal.organization_confirmed_by = proposal.owner if is_owners else None


def claim_again(proposal: Proposal, *, at: datetime) -> None:
    """Ask once more of what nobody has confirmed, when it is sent."""
    if proposal.organization_id and proposal.organization_confirmed_at is None:
        claim(proposal, at=at)
        proposal.save(update_fields=FIELDS)


def confirm(proposal: Proposal, *, by: User, at: datetime) -> None:
    """Write that the secretariat says so too; the proposal's row is held by the caller."""
    proposal.organization_confirmed_at, proposal.organization_confirmed_by = at, by
    proposal.save(update_fields=FIELDS)
    Event.objects.create(
        proposal=proposal,
        transition="organization_confirmed",
        at=at,
        by=by,
        note=str(proposal.organization),
    )


def confirm_with(membership: Membership, *, by: User, at: datetime) -> None:
    """Confirm what the person has made on behalf of an organization they have been confirmed to act for."""
    made = Proposal.objects.unended().made_by(membership.user, membership.organization)
    for proposal in made.locked_in_order():
        confirm(proposal, by=by, at=at)


people.CONFIRMED.append(confirm_with)

"""What the secretariat's list of claims holds of proposals: on behalf of whom they were sent, and who has left whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor.accounts import claims
from klimaspor.accounts.claims import Claim, Table
from proposals.line.addresses import proposal_address
from proposals.line.models import Access, Proposal
from proposals.line.standing import standings

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User


def on_behalf(reader: User, *, at: datetime) -> Table:
    """List what was sent on behalf of an organization, and which nobody but the sender has said is the organization's."""
    visible = Proposal.objects.visible_to(reader, at=at).unvouched()
    found = list(visible.longest_here_first()[: claims.MOST])
    may = standings(reader, found, at=at)
    return Table(
        heading="Forslag, der er sendt på vegne af en organisation",
        lead="Ejeren siger selv, at forslaget stilles på vegne af organisationen. Det står som ikke bekræftet, til I svarer.",
        about="Forslag",
        rows=tuple(
            Claim(
                person=proposal.owner,
                organization=proposal.organization.name if proposal.organization else "",
                about=proposal.number,
                about_url=proposal_address(proposal.number),
                since=proposal.status_since,
                press_url=reverse(
                    "proposals:confirm_organization",
                    args=[proposal.number, proposal.organization_id],
                )
                if may[proposal.pk].may_settle
                else "",
                press="Bekræft",
                other_url=reverse("proposals:correct_organization", args=[proposal.number]),
                other="Ret",
            )
            for proposal in found
        ),
    )


def left_behind(reader: User, *, at: datetime) -> Table:
    """List who still sees a proposal of an organization they have left."""
    visible = Proposal.objects.visible_to(reader, at=at).values("pk")
    held = Access.objects.filter(proposal__in=visible).left_behind(at=at)
    found: list[Any] = list(held.with_proposals().longest_gone_first()[: claims.MOST])
    may = standings(reader, [access.proposal for access in found], at=at)
    return Table(
        heading="Har forladt en organisation og er stadig med i dens forslag",
        lead="Forslagets ejer kan også se det og svare.",
        about="Forslag",
        rows=tuple(
            Claim(
                person=access.user,
                organization=access.left_organization,
                about=f"{access.proposal.number} ({access.get_function_display()})",
                about_url=proposal_address(access.proposal.number),
                since=access.left_date,
                press_url=reverse("proposals:keep_person", args=[access.proposal.number, access.pk])
                if may[access.proposal_id].may_settle
                else "",
                press="Behold adgangen",
                other_url=reverse("proposals:hand_over", args=[access.proposal.number])
                if access.user_id == access.proposal.owner_id
                else reverse("proposals:remove_person", args=[access.proposal.number, access.pk]),
                other="Overdrag" if access.user_id == access.proposal.owner_id else "Fjern",
            )
            for access in found
        ),
    )

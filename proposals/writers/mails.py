"""What the letters of intake say, one function each: name = folder under templates/mail = function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from klimaspor.mail import outbox
from proposals.line.mails import put_letter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal
    from proposals.writers.models import ProposalInvitation


def handed_over(proposal: Proposal, to: User, *, by: User, reason: str, at: datetime) -> None:
    put_letter(
        "handed_over",
        f"{proposal.pk}:{at.isoformat()}",
        to,
        at,
        proposal=proposal,
        by=by,
        reason=reason,
    )


def proposal_invitation(invitation: ProposalInvitation, token: str, *, at: datetime) -> None:
    """Ask the address in; the link is in this letter and nowhere else."""
    outbox.put(
        name="proposal_invitation",
        key=f"proposal_invitation:{invitation.pk}",
        to=invitation.email,
        context={
            "name": invitation.name,
            "invitation": invitation,
            "proposal": invitation.proposal,
            "by": invitation.sent_by,
            "path": reverse("proposals:invitation", args=[token]),
        },
        at=at,
        is_secret=True,
    )


def proposal_invitation_wanted(invitation: ProposalInvitation, *, at: datetime) -> None:
    """Tell whoever sent it that somebody asks to have it sent to another address."""
    put_letter(
        "proposal_invitation_wanted",
        f"{invitation.pk}:{invitation.wanted_by_id}",
        invitation.sent_by,
        at,
        proposal=invitation.proposal,
        invitation=invitation,
        who=invitation.wanted_by,
        path=reverse("proposals:access", args=[invitation.proposal.number]),
    )


def invitation_accepted(
    invitation: ProposalInvitation, to: Iterable[User], *, at: datetime
) -> None:
    for person in to:
        put_letter(
            "invitation_accepted",
            str(invitation.pk),
            person,
            at,
            proposal=invitation.proposal,
            invitation=invitation,
            path=reverse("proposals:access", args=[invitation.proposal.number]),
        )


def left(proposal: Proposal, who: User, *, at: datetime) -> None:
    put_letter(
        "left",
        f"{proposal.pk}:{who.pk}:{at.isoformat()}",
        proposal.owner,
        at,
        proposal=proposal,
        who=who,
        path=reverse("proposals:access", args=[proposal.number]),
    )


def organization_confirmed(proposal: Proposal, *, at: datetime) -> None:
    put_letter(
        "organization_confirmed",
        f"{proposal.pk}:{at.isoformat()}",
        proposal.owner,
        at,
        proposal=proposal,
    )


def organization_corrected(proposal: Proposal, *, by: User, reason: str, at: datetime) -> None:
    put_letter(
        "organization_corrected",
        f"{proposal.pk}:{at.isoformat()}",
        proposal.owner,
        at,
        proposal=proposal,
        by=by,
        reason=reason,
    )

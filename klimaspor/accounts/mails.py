"""What the letters about people and their roles say: one function each, named as its folder in templates/mail/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from klimaspor.accounts.models import Role, User
from klimaspor.mail import outbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from klimaspor.accounts.models import Invitation, Membership, Organization, TwoStepReset


def invitation(invitations: Sequence[Invitation], token: str, *, at: datetime) -> None:
    """Offer the roles to their address; the link is in this letter and nowhere else."""
    first = invitations[0]
    outbox.put(
        name="invitation",
        key=f"invitation:{first.pk}:{first.email}",
        to=first.email,
        context={
            "name": first.name,
            "roles": [each.offer for each in invitations],
            "invited_by": first.sent_by,
            "email": first.email,
            "expires_at": first.expires_at,
            "path": reverse("accounts:invitation", args=[token]),
        },
        at=at,
        is_secret=True,
    )


def invitation_wanted(invitation: Invitation, *, at: datetime) -> None:
    """Tell whoever sent it that somebody asks to have it sent to another address."""
    sender, wants = invitation.sent_by, invitation.wanted_by
    if sender is None or wants is None:
        return
    outbox.put(
        name="invitation_wanted",
        key=f"invitation_wanted:{invitation.pk}:{wants.pk}",
        to=sender.email,
        context={
            "name": sender.name,
            "who": wants,
            "email": invitation.email,
            "path": reverse("accounts:invitations"),
        },
        at=at,
    )


def claim_confirmed(membership: Membership, *, at: datetime) -> None:
    outbox.put(
        name="claim_confirmed",
        key=f"claim_confirmed:{membership.pk}:{membership.user.email}",
        to=membership.user.email,
        context={
            "name": membership.user.name,
            "organization": membership.organization,
            "path": reverse("accounts:profile"),
        },
        at=at,
    )


def claim_refused(
    user: User, organization: Organization | str, *, key: str, reason: str, at: datetime
) -> None:
    outbox.put(
        name="claim_refused",
        key=f"claim_refused:{key}:{user.email}",
        to=user.email,
        context={
            "name": user.name,
            "organization": organization,
            "reason": reason,
            "path": reverse("accounts:profile"),
        },
        at=at,
    )


def two_steps_reset(reset: TwoStepReset, *, at: datetime) -> None:
    """Tell the person, who may not be the one who asked."""
    outbox.put(
        name="two_steps_reset",
        key=f"two_steps_reset:{reset.pk}:{reset.user.email}",
        to=reset.user.email,
        context={
            "name": reset.user.name,
            "reset": reset,
            "path": reverse("mfa_index"),
        },
        at=at,
    )


def two_steps_reset_for_somebody(reset: TwoStepReset, *, at: datetime) -> None:
    """Tell everybody in the secretariat but the person."""
    for colleague in User.objects.holding(Role.SECRETARIAT, at=at).by_name():
        if colleague != reset.user:
            outbox.put(
                name="two_steps_reset_for_somebody",
                key=f"two_steps_reset_for_somebody:{reset.pk}:{colleague.email}",
                to=colleague.email,
                context={
                    "name": colleague.name,
                    "reset": reset,
                    "path": reverse("accounts:person", args=[reset.user.pk]),
                },
                at=at,
            )


def role_ended(membership: Membership, *, at: datetime) -> None:
    outbox.put(
        name="role_ended",
        key=f"role_ended:{membership.pk}:{membership.user.email}",
        to=membership.user.email,
        context={"name": membership.user.name, "role": str(membership)},
        at=at,
    )

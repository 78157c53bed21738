"""People who write or read with the owner: invited, in, and with addresses they have proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress

from klimaspor.accounts.models import Organization
from proposals.writers import invitation
from tests.factories.intake import NOW, person

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal


def verify(user: User) -> User:
    """Let the person have proved that the address is theirs."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def proved(name: str) -> User:
    return verify(person(name))


def known_addresses(*organizations: Organization) -> None:
    """The secretariat has written that the addresses of the tests' people are those of the organizations."""
    keys = [organization.pk for organization in organizations]
    Organization.objects.filter(pk__in=keys).update(domains=["example.org"])


def let_in(proposal: Proposal, user: User, function: str = "write", *, at: datetime = NOW) -> None:
    """The owner invites, and the person, whose address is proved, accepts."""
    sent = invitation.invite(
        proposal_pk=proposal.pk,
        email=user.email,
        name=user.name,
        function=function,
        by=proposal.owner,
        at=at,
    )
    invitation.accept(token=sent.token, by=user, at=at)

"""Invitations to the roles that nobody can give themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from klimaspor.accounts import links, mails
from klimaspor.accounts.links import MOST_OFFERS, AlreadyAccepted, Sent
from klimaspor.accounts.models import Dgo, Invitation, Membership, Role, User
from klimaspor.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from klimaspor.accounts.models import Organization


class ChooseDgo(Refused):
    def __init__(self) -> None:
        super().__init__(f"Vælg mindst én DGO, og højst {MOST_OFFERS}.")


class ChooseFunder(Refused):
    def __init__(self) -> None:
        super().__init__("Vælg den bidragyder, personen repræsenterer.")


class AlreadyHolds(Refused):
    def __init__(self, offer: str) -> None:
        super().__init__(f"Personen har allerede rollen: {offer}.")


class AlreadyInvited(Refused):
    def __init__(self, offer: str) -> None:
        super().__init__(
            f"Adressen er allerede inviteret som {offer}. Send invitationen igen fra listen, eller træk den tilbage."
        )


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    role: Role,
    dgos: Sequence[Dgo] = (),
    organization: Organization | None = None,
    by: User | None,
    at: datetime,
) -> Sent[Invitation]:
    """
    Offer a role to an address in one letter; a role for several DGOs is one invitation each.

    `by` is nobody only for the first of the secretariat.

    :raises ChooseDgo:
    :raises ChooseFunder:
    :raises AlreadyHolds:
    :raises AlreadyInvited:
    :raises TooManyToday:
    """
    email = links.clean_address(email)
    if role == Role.DGO_ADVISER and not 0 < len(dgos) <= MOST_OFFERS:
        raise ChooseDgo
    if role == Role.FUNDER and (organization is None or not organization.is_funder):
        raise ChooseFunder
    if by is not None:
        # Held, so that of two presses at once the second sees what the first has sent.
        User.objects.locked(by.pk)
    offers: list[Dgo | None] = [*dgos] or [None]
    for dgo in offers:
        _refuse_twice(email, role, organization, dgo, by=by, at=at)
    sent = links.send(
        [
            Invitation(email=email, name=name, role=role, organization=organization, dgo=dgo)
            for dgo in offers
        ],
        by=by,
        at=at,
    )
    mails.invitation(sent.invitations, sent.token, at=at)
    return sent


@transaction.atomic
def want(*, token: str, by: User, at: datetime) -> Invitation:
    """
    Ask whoever sent it to send what the link offers to the address of `by`.

    :raises Unknown:
    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    """
    offered: tuple[Invitation, ...] = links.offered(
        token, Invitation.objects.locked_in_order(), at=at
    )
    if links.want(offered, by=by, at=at):
        mails.invitation_wanted(offered[0], at=at)
    return offered[0]


@transaction.atomic
def send_again(
    *, invitation_pk: int, is_elsewhere: bool = False, by: User, at: datetime
) -> Sent[Invitation]:
    """
    Send what one letter offered in a new letter with a new link; the old link stops working.

    With `is_elsewhere`, to the address that somebody has asked to have it sent to.

    :raises NotWanted:
    :raises AlreadyAccepted:
    :raises TooManyToday:
    """
    first: Invitation = Invitation.objects.locked_in_order().get(pk=invitation_pk)
    together = [
        each
        for each in Invitation.objects.sent_with(first).locked_in_order()
        if not each.withdrawn_at
    ] or [first]
    if first.accepted_at:
        raise AlreadyAccepted(first)
    email = links.wanted_address(first) if is_elsewhere else first.email
    for each in together:
        links.withdraw(each, by=by, at=at)
    return invite(
        email=email,
        name=first.name,
        role=Role(first.role),
        dgos=[each.dgo for each in together if each.dgo],
        organization=first.organization,
        by=by,
        at=at,
    )


@transaction.atomic
def withdraw(*, invitation_pk: int, by: User, at: datetime) -> Invitation:
    """
    Take an invitation back before it is accepted.

    :raises AlreadyAccepted:
    """
    invitation: Invitation = Invitation.objects.locked_in_order().get(pk=invitation_pk)
    links.withdraw(invitation, by=by, at=at)
    return invitation


def look_up(token: str, *, at: datetime) -> tuple[Invitation, ...]:
    """
    Find what a link offers, whoever asks.

    :raises Unknown:
    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    """
    return links.offered(token, Invitation.objects.with_people(), at=at)


@transaction.atomic
def accept(*, token: str, by: User, at: datetime) -> tuple[Membership, ...]:
    """
    Give `by` the roles the link offers.

    :raises WrongAddress: `by` has not proved that the invited address is theirs.
    :raises Unknown:
    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    """
    invitations = links.offered(token, Invitation.objects.locked_in_order(), at=at)
    links.accept(invitations, by=by, at=at)
    memberships = tuple(_give(invitation, by, at=at) for invitation in invitations)
    if invitations[0].role == Role.ADMINISTRATOR:
        by.is_staff = True
        by.save(update_fields=["is_staff"])
    return memberships


def _give(invitation: Invitation, person: User, *, at: datetime) -> Membership:
    held = Membership.objects.of(person).unrefused(at)
    same = held.same_as(
        role=invitation.role, organization=invitation.organization, dgo=invitation.dgo
    ).first()
    return same or Membership.objects.create(
        user=person,
        role=invitation.role,
        organization=invitation.organization,
        dgo=invitation.dgo,
        claimed_at=at,
        confirmed_at=at,
        confirmed_by=invitation.sent_by or person,
    )


def _refuse_twice(
    email: str,
    role: Role,
    organization: Organization | None,
    dgo: Dgo | None,
    *,
    by: User | None,
    at: datetime,
) -> None:
    same: dict[str, Any] = {"role": role, "organization": organization, "dgo": dgo}
    person = User.objects.active().with_address(email).first()
    offer = Invitation(role=role, organization=organization, dgo=dgo).offer
    if person and Membership.objects.of(person).unrefused(at).same_as(**same).exists():
        raise AlreadyHolds(offer)
    standing = Invitation.objects.open(at=at).to_address(email).same_as(**same)
    if by is None:
        # Whoever has the machine has lost the link, and there may be nobody yet to take it back.
        standing.update(expires_at=at)
    elif standing.exists():
        raise AlreadyInvited(offer)

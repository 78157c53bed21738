"""
Invitations to the roles that nobody can give themselves.

The link is random, known only to the letter that carries it, good for one address and for fourteen days.
Reading it changes nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from klimaspor import danish
from klimaspor.accounts import mails
from klimaspor.accounts.models import Dgo, Invitation, Membership, Role, User
from klimaspor.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from klimaspor.accounts.models import Organization
    from klimaspor.accounts.querysets import InvitationQuerySet

GOOD_FOR = timedelta(days=14)

MOST_A_DAY = 50
"""From one person, so that a stolen account cannot write to everybody in our name."""


MOST_OFFERS = 20
"""In one letter."""


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


class TooMany(Refused):
    def __init__(self) -> None:
        super().__init__(
            f"Du har sendt {MOST_A_DAY} invitationer det seneste døgn. Vent til i morgen med resten."
        )


class Unknown(Refused):
    """The link was never sent, or has lost its end on the way."""

    def __init__(self) -> None:
        super().__init__("Linket kender vi ikke. Se efter, at du har fået det hele med fra brevet.")


class Expired(Refused):
    def __init__(self, invitation: Invitation) -> None:
        super().__init__(
            f"Invitationen udløb {danish.datetime_text(invitation.expires_at)}. "
            "Bed sekretariatet om at sende den igen."
        )


class Withdrawn(Refused):
    def __init__(self) -> None:
        super().__init__(
            "Invitationen er trukket tilbage. Kontakt sekretariatet, hvis du mener, det er en fejl."
        )


class AlreadyAccepted(Refused):
    def __init__(self, invitation: Invitation) -> None:
        super().__init__("Invitationen er allerede taget imod.")
        self.accepted_by = invitation.accepted_by


class WrongAddress(Refused):
    def __init__(self, invitation: Invitation, person: User) -> None:
        super().__init__(
            f"Invitationen er sendt til {invitation.email}, og du er logget på som {person.email}. "
            "Log af, og log på med den adresse, invitationen er sendt til."
        )


@dataclass(frozen=True)
class Sent:
    """One letter's invitations, and the token that only the letter holds."""

    invitations: tuple[Invitation, ...]
    token: str


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
) -> Sent:
    """
    Offer a role to an address in one letter; a role for several DGOs is one invitation each.

    `by` is nobody only for the first of the secretariat.

    :raises ChooseDgo:
    :raises ChooseFunder:
    :raises AlreadyHolds:
    :raises AlreadyInvited:
    :raises TooMany:
    """
    email = email.strip().lower()
    if role == Role.DGO_ADVISER and not 0 < len(dgos) <= MOST_OFFERS:
        raise ChooseDgo
    if role == Role.FUNDER and (organization is None or not organization.is_funder):
        raise ChooseFunder
    if by is not None:
        User.objects.locked(by.pk)
        recent = Invitation.objects.sent_by(by).sent_since(at - timedelta(days=1))
        if recent.count() + max(len(dgos), 1) > MOST_A_DAY:
            raise TooMany
    offers: list[Dgo | None] = [*dgos] or [None]
    for dgo in offers:
        _refuse_twice(email, role, organization, dgo, by=by, at=at)
    token = secrets.token_urlsafe(32)
    invitations = tuple(
        Invitation.objects.create(
            email=email,
            name=name,
            role=role,
            organization=organization,
            dgo=dgo,
            token_hash=_hash(token, number),
            created_at=at,
            created_by=by,
            expires_at=at + GOOD_FOR,
        )
        for number, dgo in enumerate(offers)
    )
    mails.invitation(invitations, token, at=at)
    return Sent(invitations, token)


@transaction.atomic
def send_again(*, invitation_pk: int, by: User, at: datetime) -> Sent:
    """
    Send what one letter offered in a new letter with a new link; the old link stops working.

    :raises AlreadyAccepted:
    :raises TooMany:
    """
    first: Invitation = Invitation.objects.held().get(pk=invitation_pk)
    together = [
        each for each in Invitation.objects.sent_with(first).held() if not each.withdrawn_at
    ] or [first]
    if first.accepted_at:
        raise AlreadyAccepted(first)
    for each in together:
        _withdraw(each, by=by, at=at)
    return invite(
        email=first.email,
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
    invitation: Invitation = Invitation.objects.held().get(pk=invitation_pk)
    if invitation.accepted_at:
        raise AlreadyAccepted(invitation)
    _withdraw(invitation, by=by, at=at)
    return invitation


def look_up(token: str, *, at: datetime) -> tuple[Invitation, ...]:
    """
    Find what a link offers, whoever asks.

    :raises Unknown:
    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    """
    return _offered(token, Invitation.objects.with_people(), at=at)


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
    invitations = _offered(token, Invitation.objects.held(), at=at)
    first = invitations[0]
    if not User.objects.active().with_address(first.email).filter(pk=by.pk).exists():
        raise WrongAddress(first, by)
    memberships = []
    for invitation in invitations:
        invitation.accepted_at = at
        invitation.accepted_by = by
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        memberships.append(_give(invitation, by, at=at))
    if first.role == Role.ADMINISTRATOR:
        by.is_staff = True
        by.save(update_fields=["is_staff"])
    return tuple(memberships)


def _offered(token: str, among: InvitationQuerySet, *, at: datetime) -> tuple[Invitation, ...]:
    hashes = [_hash(token, number) for number in range(MOST_OFFERS)]
    together = list(among.with_hashes(hashes).oldest_first())
    if not together:
        raise Unknown
    standing = tuple(each for each in together if not each.withdrawn_at)
    if not standing:
        raise Withdrawn
    if standing[0].accepted_at:
        raise AlreadyAccepted(standing[0])
    if standing[0].expires_at <= at:
        raise Expired(standing[0])
    return standing


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
        confirmed_by=invitation.created_by or person,
    )


def _withdraw(invitation: Invitation, *, by: User, at: datetime) -> None:
    if invitation.withdrawn_at:
        return
    invitation.withdrawn_at = at
    invitation.withdrawn_by = by
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])


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


def _hash(token: str, number: int) -> str:
    """Give what is stored of a token; one letter's second offer and those after it have a hash of their own."""
    return hashlib.sha256((f"{token}/{number}" if number else token).encode()).hexdigest()

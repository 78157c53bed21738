"""
The one machine under every invitation: its link, its term, how many a day, and why it may not be used.

The link is random, known only to the letter that carries it, good for one address and for fourteen days. One letter may
offer several things. What they are, who may be asked and what the letter says, each kind knows for itself.

Mail programs open every link by themselves, so a letter's link only shows what is offered; a press accepts, for
whoever has proved that the invited address is theirs. Whoever opens it with another address of theirs may ask to have it
sent there, and whoever sent it decides, since a letter is passed on to others too. Reconsider if people are let in by
their organization's directory.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from klimaspor import danish
from klimaspor.accounts.models import InvitationByLink, User
from klimaspor.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from klimaspor.accounts.querysets import InvitationByLinkQuerySet

GOOD_FOR = timedelta(days=14)
MOST_A_DAY = 50
"""From one person, of every kind together, so that a stolen account cannot write to everybody in our name."""
MOST_OFFERS = 20
"""In one letter."""

Kind = TypeVar("Kind", bound=InvitationByLink)


class TooManyToday(Refused):
    def __init__(self) -> None:
        super().__init__(
            f"Du har sendt {MOST_A_DAY} invitationer det seneste døgn. Vent til i morgen med resten."
        )


class Unknown(Refused):
    """The link was never sent, or has lost its end on the way."""

    def __init__(self) -> None:
        super().__init__("Linket kender vi ikke. Se efter, at du har fået det hele med fra brevet.")


class Expired(Refused):
    def __init__(self, invitation: InvitationByLink) -> None:
        super().__init__(
            f"Invitationen udløb {danish.datetime_text(invitation.expires_at)}. "
            f"Bed {invitation.sender_text} om at sende den igen."
        )


class Withdrawn(Refused):
    def __init__(self, invitation: InvitationByLink) -> None:
        super().__init__(
            "Invitationen er trukket tilbage, eller der er sendt en nyere. "
            f"Kontakt {invitation.sender_text}, hvis du mener, det er en fejl."
        )


class AlreadyAccepted(Refused):
    def __init__(self, invitation: InvitationByLink) -> None:
        super().__init__("Invitationen er allerede taget imod.")
        self.invitation = invitation


ENDED = (Expired, Withdrawn, AlreadyAccepted)


class NotWanted(Refused):
    """Nobody asks any more to have it sent to another address."""

    def __init__(self) -> None:
        super().__init__("Ingen beder længere om at få invitationen sendt et andet sted hen.")


class WrongAddress(Refused):
    def __init__(self, invitation: InvitationByLink, person: User) -> None:
        super().__init__(
            f"Invitationen er sendt til {invitation.email}, og du er logget på som {person.email}. "
            "Log af, og log på med den adresse, invitationen er sendt til."
        )


@dataclass(frozen=True)
class Sent(Generic[Kind]):
    """One letter's invitations, and the token that only the letter holds."""

    invitations: tuple[Kind, ...]
    token: str

    @property
    def invitation(self) -> Kind:
        """Give the first, which is the only one of kinds that offer one thing a letter."""
        return self.invitations[0]


def clean_address(email: str) -> str:
    """Give an address as invitations keep it."""
    return email.strip().lower()


def send(offers: Sequence[Kind], *, by: User | None, at: datetime) -> Sent[Kind]:
    """
    Save what one letter offers, with a new link; the letter is the caller's to write.

    `by` is nobody only for the first of the secretariat, whom nobody is there to invite.

    :raises TooManyToday:
    """
    if by is not None:
        _refuse_too_many(len(offers), by=by, at=at)
    token = secrets.token_urlsafe(32)
    for number, offer in enumerate(offers):
        offer.email, offer.name = clean_address(offer.email), offer.name.strip()
        offer.token_hash = hash_of(token, number)
        offer.sent_at, offer.expires_at = at, at + GOOD_FOR
        offer.sent_by = by  # type: ignore[assignment]  # only the kind that allows it is sent by nobody
        offer.save(force_insert=True)
    return Sent(tuple(offers), token)


def offered(token: str, among: InvitationByLinkQuerySet[Kind], *, at: datetime) -> tuple[Kind, ...]:
    """
    Find what a link offers, whoever asks.

    :raises Unknown:
    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    """
    together = find(token, among)
    standing = tuple(each for each in together if not each.withdrawn_at)
    require_open(standing[0] if standing else together[0], at=at)
    return standing


def require_open(invitation: InvitationByLink, *, at: datetime) -> None:
    """
    Refuse what is offered no more.

    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    """
    if invitation.withdrawn_at:
        raise Withdrawn(invitation)
    if invitation.accepted_at:
        raise AlreadyAccepted(invitation)
    if invitation.expires_at <= at:
        raise Expired(invitation)


def find(token: str, among: InvitationByLinkQuerySet[Kind]) -> tuple[Kind, ...]:
    """
    Find what a link offered, whatever has become of it.

    :raises Unknown:
    """
    hashes = [hash_of(token, number) for number in range(MOST_OFFERS)]
    together = tuple(among.with_hashes(hashes).order_by("pk"))
    if not together:
        raise Unknown
    return together


def accept(invitations: Iterable[InvitationByLink], *, by: User, at: datetime) -> None:
    """
    Write that `by` takes what one link offers; what follows from it is the caller's to do.

    :raises WrongAddress: `by` has not proved that the invited address is theirs.
    """
    for invitation in invitations:
        if not is_theirs(invitation, by):
            raise WrongAddress(invitation, by)
        invitation.accepted_at, invitation.accepted_by = at, by
        invitation.save(update_fields=["accepted_at", "accepted_by"])


def want(invitations: Iterable[InvitationByLink], *, by: User, at: datetime) -> bool:
    """Write that `by` asks to have what one link offers sent to their own address; return whether it is new."""
    is_new = False
    for invitation in invitations:
        if invitation.wanted_by_id != by.pk and not is_theirs(invitation, by):
            invitation.wanted_at, invitation.wanted_by = at, by
            invitation.save(update_fields=["wanted_at", "wanted_by"])
            is_new = True
    return is_new


def wanted_address(invitation: InvitationByLink) -> str:
    """
    Give the address it is asked to be sent to.

    :raises NotWanted:
    """
    if invitation.wanted_by is None:
        raise NotWanted
    return invitation.wanted_by.email


def withdraw(invitation: InvitationByLink, *, by: User, at: datetime) -> None:
    """
    Take back one that is not accepted; taken back already is as good.

    :raises AlreadyAccepted:
    """
    if invitation.accepted_at:
        raise AlreadyAccepted(invitation)
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at, invitation.withdrawn_by = at, by
        invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])


def is_theirs(invitation: InvitationByLink, person: User) -> bool:
    """Say whether the person has proved that the invited address is theirs."""
    active: QuerySet[User] = User.objects.active().with_address(invitation.email)
    return active.filter(pk=person.pk).exists()


def hash_of(token: str, number: int = 0) -> str:
    """Give what is stored of a token; one letter's second offer and those after it have a hash of their own."""
    return hashlib.sha256((f"{token}/{number}" if number else token).encode()).hexdigest()


def _refuse_too_many(more: int, *, by: User, at: datetime) -> None:
    # Held, so that two presses at once are counted one after the other.
    User.objects.locked(by.pk)
    since = at - timedelta(days=1)
    sent = sum(
        kind.objects.sent_by(by).sent_since(since).count()  # type: ignore[attr-defined]  # the kinds have managers, their base has none
        for kind in InvitationByLink.__subclasses__()
    )
    if sent + more > MOST_A_DAY:
        raise TooManyToday

"""
Whom people act for ("på vegne af"), and the end of their roles.

A claim is only what somebody says of themselves; a confirmed one still lets nobody read anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from allauth.mfa.models import Authenticator

from klimaspor import danish
from klimaspor.accounts import mails
from klimaspor.accounts.models import (
    AUTHORITY_KINDS,
    Membership,
    Organization,
    OrganizationRequest,
    Role,
    TwoStepReset,
    User,
)
from klimaspor.refusals import AlreadyDone, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from klimaspor.accounts.models import Dgo

CONFIRMED: list[Callable[..., None]] = []
"""What follows elsewhere from confirming a membership; each is given it, and `by` and `at`."""
MOST_UNANSWERED = 10
"""So that nobody fills the secretariat's queue."""
KEEP_NAMES: list[Callable[[Organization | Dgo | User], None]] = []
"""What those who keep people's names elsewhere do when one is another; accounts know none of them."""


class AlreadyClaimed(Refused):
    def __init__(self, organization: Organization | str) -> None:
        super().__init__(f"{organization} står allerede på din liste.")


class NoLongerValid(Refused):
    def __init__(self, organization: Organization) -> None:
        successor = organization.successor
        instead = f"Vælg {successor}" if successor else "Vælg en anden"
        super().__init__(f"{organization} findes ikke i dag. {instead}.")


class TooManyUnanswered(Refused):
    def __init__(self) -> None:
        super().__init__(
            f"Du har {MOST_UNANSWERED} tilknytninger, der venter på svar. "
            "Vent på sekretariatet, eller fjern en af dem."
        )


class AlreadyOnTheList(Refused):
    def __init__(self, organization: Organization) -> None:
        super().__init__(f"{organization} findes allerede. Vælg den på listen.")
        self.organization = organization


class ChooseFromTheList(Refused):
    def __init__(self) -> None:
        super().__init__("Alle kommuner og regioner står på listen. Søg den frem, og vælg den dér.")


class AlreadyAnswered(Refused):
    def __init__(self) -> None:
        super().__init__("En anden har allerede svaret. Se listen igen.")


class OwnClaim(Refused):
    def __init__(self) -> None:
        super().__init__("En anden end dig selv skal svare på din tilknytning.")


class AlreadyEnded(Refused):
    def __init__(self) -> None:
        super().__init__("Rollen er allerede ophørt.")


class NoPeriod(Refused):
    def __init__(self) -> None:
        super().__init__(
            "En administrators rolle har ingen datoer. Afslut den, når den skal ophøre."
        )


class LastSecretariat(Refused):
    def __init__(self) -> None:
        super().__init__(
            "Det er den sidste i sekretariatet. Invitér en anden, før du afslutter rollen."
        )


class NotYourself(Refused):
    def __init__(self) -> None:
        super().__init__("Du kan ikke lukke din egen adgang. Bed en anden i sekretariatet om det.")


class NotYourOwnPhone(Refused):
    def __init__(self) -> None:
        super().__init__(
            "Du kan ikke nulstille to trin for dig selv. Bed en anden i administrationen om det."
        )


class NoSecondStep(AlreadyDone):
    def __init__(self, person: User) -> None:
        super().__init__(f"{person} logger ikke på i to trin, så der er intet at nulstille.")


@transaction.atomic
def claim(*, organization: Organization, by: User, at: datetime) -> Membership:
    """
    Put an organization on the list of those `by` acts for; it waits for the secretariat's answer.

    :raises AlreadyClaimed:
    :raises NoLongerValid:
    :raises TooManyUnanswered:
    """
    person: User = User.objects.locked(by.pk)
    if organization.has_ended(danish.day_of(at)):
        raise NoLongerValid(organization)
    held = Membership.objects.of(person).unrefused(at)
    if held.same_as(role=Role.MEMBER, organization=organization, dgo=None).exists():
        raise AlreadyClaimed(organization)
    _refuse_too_many(person, at=at)
    return Membership.objects.create(
        user=person, role=Role.MEMBER, organization=organization, claimed_at=at
    )


@transaction.atomic
def request_organization(*, name: str, kind: str, by: User, at: datetime) -> OrganizationRequest:
    """
    Ask the secretariat to put an organization on the list, and to confirm that `by` acts for it.

    :raises AlreadyOnTheList:
    :raises ChooseFromTheList: kommuner and regioner are all there.
    :raises AlreadyClaimed:
    :raises TooManyUnanswered:
    """
    person: User = User.objects.locked(by.pk)
    if kind in AUTHORITY_KINDS:
        raise ChooseFromTheList
    known = Organization.objects.named(name).first()
    if known:
        raise AlreadyOnTheList(known)
    if OrganizationRequest.objects.of(person).open().named(name).exists():
        raise AlreadyClaimed(name)
    _refuse_too_many(person, at=at)
    return OrganizationRequest.objects.create(user=person, name=name, kind=kind, requested_at=at)


@transaction.atomic
def leave(*, membership_pk: int, by: User, at: datetime) -> Membership:
    """
    Take an organization off the list of those `by` acts for, from today.

    :raises AlreadyEnded: also for what is somebody else's, or no claim.
    """
    membership = Membership.objects.of(by).members().unrefused(at).locked_or_none(membership_pk)
    if membership is None:
        raise AlreadyEnded
    # A claim to act for an organization is never a role of the secretariat.
    _end([membership], set(), at=at)
    return membership  # type: ignore[no-any-return]  # the queryset cannot import the model it holds


@transaction.atomic
def take_back_request(*, request_pk: int, by: User) -> None:
    """Remove what `by` asked for, as long as nobody has answered."""
    OrganizationRequest.objects.of(by).open().filter(pk=request_pk).delete()


@transaction.atomic
def confirm(*, membership_pk: int, by: User, at: datetime) -> Membership:
    """
    Confirm that somebody acts for an organization, and tell them.

    :raises AlreadyAnswered:
    :raises OwnClaim:
    """
    membership = _unanswered(membership_pk, by)
    membership.confirmed_at = at
    membership.confirmed_by = by
    membership.save(update_fields=["confirmed_at", "confirmed_by"])
    mails.claim_confirmed(membership, at=at)
    for follow in CONFIRMED:
        follow(membership, by=by, at=at)
    return membership


@transaction.atomic
def refuse(*, membership_pk: int, reason: str, by: User, at: datetime) -> Membership:
    """
    Say that somebody does not act for an organization, and tell them why.

    :raises AlreadyAnswered:
    :raises OwnClaim:
    """
    membership = _unanswered(membership_pk, by)
    membership.refused_at = at
    membership.refused_by = by
    membership.save(update_fields=["refused_at", "refused_by"])
    assert membership.organization is not None  # noqa: S101 - a constraint: a member has one
    mails.claim_refused(
        membership.user, membership.organization, key=str(membership.pk), reason=reason, at=at
    )
    return membership


@transaction.atomic
def confirm_request(*, request_pk: int, name: str, kind: str, by: User, at: datetime) -> Membership:
    """
    Put an organization somebody asked for on the list, and confirm that they act for it.

    :raises AlreadyOnTheList: then `confirm_request_as` that one.
    :raises AlreadyAnswered:
    :raises OwnClaim:
    """
    asked = _unanswered_request(request_pk, by)
    known = Organization.objects.named(name).first()
    if known:
        raise AlreadyOnTheList(known)
    return _settle(asked, Organization.objects.create(name=name, kind=kind), by=by, at=at)


@transaction.atomic
def confirm_request_as(
    *, request_pk: int, organization: Organization, by: User, at: datetime
) -> Membership:
    """
    Say that an organization somebody asked for is one on the list, and confirm that they act for it.

    :raises AlreadyAnswered:
    :raises OwnClaim:
    """
    return _settle(_unanswered_request(request_pk, by), organization, by=by, at=at)


@transaction.atomic
def refuse_request(*, request_pk: int, reason: str, by: User, at: datetime) -> None:
    """
    Keep an organization off the list, and tell who asked for it why.

    :raises AlreadyAnswered:
    :raises OwnClaim:
    """
    asked = _unanswered_request(request_pk, by)
    asked.settled_at = at
    asked.settled_by = by
    asked.save(update_fields=["settled_at", "settled_by"])
    mails.claim_refused(asked.user, asked.name, key=f"request-{asked.pk}", reason=reason, at=at)


@transaction.atomic
def end_role(*, membership_pk: int, by: User, at: datetime) -> Membership:
    """
    End a role from today, and tell who had it.

    :raises AlreadyEnded:
    :raises LastSecretariat:
    """
    secretariat = _hold_secretariat(at)
    membership: Membership | None = Membership.objects.unended(at).locked_or_none(membership_pk)
    if membership is None:
        raise AlreadyEnded
    _end([membership], secretariat, at=at)
    mails.role_ended(membership, at=at)
    return membership


@transaction.atomic
def set_period(
    *,
    membership_pk: int,
    valid_from_date: date | None,
    valid_until_date: date | None,
    by: User,
    at: datetime,
) -> Membership:
    """
    Let a role begin and end by itself; the day it ends is the first on which it is not held.

    :raises AlreadyEnded:
    :raises LastSecretariat:
    :raises NoPeriod: an administrator's reaches further than the role.
    """
    secretariat = _hold_secretariat(at)
    membership: Membership | None = (
        Membership.objects.unended(at).confirmed().locked_or_none(membership_pk)
    )
    if membership is None:
        raise AlreadyEnded
    if membership.role == Role.ADMINISTRATOR:
        raise NoPeriod
    begins_later = valid_from_date is not None and valid_from_date > danish.day_of(at)
    if membership.role == Role.SECRETARIAT and (valid_until_date or begins_later):
        others = Membership.objects.filter(pk__in=secretariat - {membership.pk}).endless()
        if not others.exists():
            raise LastSecretariat
    membership.valid_from_date = valid_from_date
    membership.valid_until_date = valid_until_date
    membership.save(update_fields=["valid_from_date", "valid_until_date"])
    return membership


@transaction.atomic
def deactivate(*, user_pk: int, by: User, at: datetime) -> User:
    """
    Close a person's account and end every role; whoever opens it again gives no role back.

    :raises NotYourself:
    :raises LastSecretariat:
    """
    if user_pk == by.pk:
        raise NotYourself
    secretariat = _hold_secretariat(at)
    person: User = User.objects.locked(user_pk)
    _end(Membership.objects.of(person).unended(at), secretariat, at=at)
    person.is_active = False
    person.save(update_fields=["is_active"])
    return person


@transaction.atomic
def reactivate(*, user_pk: int, by: User, at: datetime) -> User:
    """Let a person sign in again, without any role."""
    person: User = User.objects.locked(user_pk)
    person.is_active = True
    person.save(update_fields=["is_active"])
    return person


@transaction.atomic
def reset_two_steps(*, user_pk: int, how_known: str, by: User, at: datetime) -> TwoStepReset:
    """
    Let a person who has lost their phone in with the password alone, until they have set up another.

    All their sessions end, and they and the secretariat get a letter, so that it is seen when it was somebody else who asked.

    :raises NotYourOwnPhone:
    :raises NoSecondStep:
    """
    if user_pk == by.pk:
        raise NotYourOwnPhone
    person: User = User.objects.locked(user_pk)
    removed, _ = Authenticator.objects.filter(user=person).delete()
    if not removed:
        raise NoSecondStep(person)
    person.sessions_ended += 1
    person.save(update_fields=["sessions_ended"])
    reset = TwoStepReset.objects.create(user=person, reset_at=at, reset_by=by, how_known=how_known)
    mails.two_steps_reset(reset, at=at)
    mails.two_steps_reset_for_somebody(reset, at=at)
    return reset


def signs_in_in_two_steps(person: User) -> bool:
    """Say whether the person has an app with codes; recovery codes alone are none."""
    found: bool = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    return found


@transaction.atomic
def save_profile(*, name: str, phone: str, by: User) -> None:
    is_renamed = by.name != name
    by.name = name
    by.phone = phone
    by.save(update_fields=["name", "phone"])
    if is_renamed:
        renamed(by)


def renamed(somebody: Organization | Dgo | User) -> None:
    """Let whoever keeps the name keep it as it was saved, in the same transaction."""
    for keep in KEEP_NAMES:
        keep(somebody)


def _refuse_too_many(person: User, *, at: datetime) -> None:
    claims = Membership.objects.of(person).unrefused(at).claims().count()
    if claims + OrganizationRequest.objects.of(person).open().count() >= MOST_UNANSWERED:
        raise TooManyUnanswered


def _unanswered(pk: int, by: User) -> Membership:
    membership: Membership = Membership.objects.locked(pk)
    if membership.confirmed_at or membership.refused_at or membership.valid_until_date:
        raise AlreadyAnswered
    if membership.user == by:
        raise OwnClaim
    return membership


def _unanswered_request(pk: int, by: User) -> OrganizationRequest:
    asked: OrganizationRequest | None = OrganizationRequest.objects.open().locked_or_none(pk)
    if asked is None:
        raise AlreadyAnswered
    if asked.user == by:
        raise OwnClaim
    return asked


def _settle(
    asked: OrganizationRequest, organization: Organization, *, by: User, at: datetime
) -> Membership:
    asked.settled_at = at
    asked.settled_by = by
    asked.organization = organization
    asked.save(update_fields=["settled_at", "settled_by", "organization"])
    held = Membership.objects.of(asked.user).unrefused(at)
    claimed = held.same_as(role=Role.MEMBER, organization=organization, dgo=None).first()
    if claimed and claimed.confirmed_at:
        return claimed  # type: ignore[no-any-return]  # the queryset cannot import the model it holds
    claimed = claimed or Membership.objects.create(
        user=asked.user, role=Role.MEMBER, organization=organization, claimed_at=asked.requested_at
    )
    return confirm(membership_pk=claimed.pk, by=by, at=at)


def _hold_secretariat(at: datetime) -> set[int]:
    """
    Hold the roles of the secretariat before any other row, so that two who end each other's wait for one another.

    Taken after the row that is to end, the two would each hold what the other waits for.
    """
    held = Membership.objects.current(at).confirmed().holding(Role.SECRETARIAT).locked_in_order()
    return {membership.pk for membership in held}


def _end(memberships: Iterable[Membership], secretariat: set[int], *, at: datetime) -> None:
    """
    End roles from the Danish day of `at`, those that would begin later too.

    :raises LastSecretariat: nobody would be left, or only people whose role ends by itself.
    """
    ending = {membership.pk: membership for membership in memberships}
    theirs = [m for m in ending.values() if m.role == Role.SECRETARIAT and m.pk in secretariat]
    left = Membership.objects.filter(pk__in=secretariat - ending.keys())
    if any(m.valid_until_date is None for m in theirs):
        left = left.endless()
    if theirs and not left.exists():
        raise LastSecretariat
    today = danish.day_of(at)
    for membership in ending.values():
        if membership.valid_from_date and membership.valid_from_date > today:
            # It has never begun, and no longer will.
            membership.valid_from_date = today
        membership.valid_until_date = today
        membership.save(update_fields=["valid_from_date", "valid_until_date"])
        if membership.role == Role.ADMINISTRATOR:
            membership.user.is_staff = False
            membership.user.save(update_fields=["is_staff"])

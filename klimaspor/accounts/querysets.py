"""Every question asked about people, organizations, DGOs and their duties."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from django.contrib.auth.base_user import BaseUserManager
from django.db import connection
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Collate, Lower, Replace

from klimaspor import danish

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from klimaspor.accounts.models import InvitationByLink, TwoStepReset, User

Kind = TypeVar("Kind", bound="InvitationByLink")


def _valid(day: date) -> Q:
    return (Q(valid_from_date=None) | Q(valid_from_date__lte=day)) & (
        Q(valid_until_date=None) | Q(valid_until_date__gt=day)
    )


def as_danes_sort(field: str) -> Collate:
    """Sort by a text that has no column of its own for it (`danish.sort_key`)."""
    letters = Func(
        Replace(Lower(F(field)), Value("aa"), Value("å")),
        Value("æøå"),
        Value("{|}"),
        function="translate",
    )
    return Collate(letters, "C")


def _memberships(people: QuerySet[User]) -> Any:
    return people.model._meta.get_field("memberships").related_model.objects  # type: ignore[attr-defined]  # known at run time only


class UserQuerySet(QuerySet["User"]):
    def among(self, pks: Iterable[int | None]) -> Self:
        return self.filter(pk__in=list(pks))

    def locked(self, pk: int) -> User:
        """Read one person and hold the row until the transaction ends."""
        return self.select_for_update().get(pk=pk)

    def active(self) -> Self:
        return self.filter(is_active=True)

    def real(self) -> Self:
        """Narrow to people who are not made up for the demo."""
        return self.filter(is_demo=False)

    def with_duties(self, *, at: datetime) -> Self:
        """Narrow to those who have a role that comes by invitation, or may open Django's admin."""
        staff = _memberships(self).current(at).confirmed().staff().filter(user=OuterRef("pk"))
        return self.filter(Q(is_staff=True) | Q(is_superuser=True) | Exists(staff))

    def with_address(self, email: str) -> Self:
        """Narrow to who has proved that the address is theirs."""
        return self.filter(emailaddress__email__iexact=email, emailaddress__verified=True)

    def with_memberships(self, *, at: datetime) -> Self:
        """Fetch what each is now, as `current_memberships`."""
        held = _memberships(self).unrefused(at).with_people().listed()
        return self.prefetch_related(
            Prefetch("memberships", queryset=held, to_attr="current_memberships")
        )

    def demo(self) -> Self:
        return self.filter(is_demo=True)

    def matching(self, text: str) -> Self:
        """Narrow to people whose name or e-mail holds the text."""
        return self.filter(Q(name__icontains=text) | Q(email__icontains=text)) if text else self

    def holding(
        self, role: str, *, at: datetime, dgo: Any = None, organization: Any = None
    ) -> Self:
        """Narrow to active people who hold the role, of that DGO or organization when one is named; in one order."""
        held = _memberships(self).current(at).confirmed().filter(role=role, refused_at=None)
        if dgo is not None:
            held = held.filter(dgo=dgo)
        if organization is not None:
            held = held.filter(organization=organization)
        return self.active().filter(pk__in=held.values("user_id")).order_by("pk")

    def having_access(self, *, is_open: bool) -> Self:
        return self.filter(is_active=is_open)

    def with_role(self, role: str, *, at: datetime) -> Self:
        """Narrow to people who have the role, also those who only say so and those who are locked out."""
        held = _memberships(self).unrefused(at).filter(role=role)
        return self.filter(pk__in=held.values("user_id"))

    def by_name(self) -> Self:
        return self.order_by(as_danes_sort("name"), "pk")


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]  # built at run time
    """Makes people; an address is compared without regard to case."""

    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> User:
        user: User = self.get(email__iexact=username)
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class OrganizationQuerySet(QuerySet[Any]):
    def valid(self, *days: date) -> Self:
        """Narrow to those that exist on one of the days."""
        found = Q()
        for day in set(days):
            found |= _valid(day)
        return self.filter(found)

    def unended(self, day: date) -> Self:
        """Narrow to those that exist on the day, or will: people act for them before they begin."""
        return self.filter(Q(valid_until_date=None) | Q(valid_until_date__gt=day))

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)

    def named(self, name: str) -> Self:
        return self.filter(name__iexact=name)

    def known_as(self, *, name: str, code: str) -> Self:
        """Narrow to those with the name, or with the code when there is one."""
        return self.filter(Q(name__iexact=name) | (Q(code=code) & ~Q(code="")))

    def municipalities_in(self, region_code: str) -> Self:
        return self.of_kind("municipality").filter(region_code=region_code)

    def giving(self, *, is_funder: bool) -> Self:
        return self.filter(is_funder=is_funder)

    def funders(self) -> Self:
        return self.giving(is_funder=True)

    def with_successor(self) -> Self:
        return self.select_related("successor")

    def locked(self, pk: int) -> Any:
        """Read one and hold its row until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def matching(self, text: str) -> Self:
        """Narrow to names that hold the text; "aar" and "år" both find Aarhus Kommune."""
        if not text.strip():
            return self.none()
        return self.filter(
            Q(name__icontains=text.strip()) | Q(sort_key__contains=danish.sort_key(text.strip()))
        )

    def matching_then_or_now(self, text: str) -> Self:
        """Narrow to names that hold the text, and to what those that hold it were merged into."""
        if not text.strip():
            return self.none()
        named = self.model.objects.matching(text)
        merged = named.filter(successor=OuterRef("pk"))
        return self.filter(Q(pk__in=named.values("pk")) | Exists(merged))

    def apart_from(self, pk: int | None) -> Self:
        return self.exclude(pk=pk)

    def best_first(self, text: str) -> Self:
        """Order by where the text stands: names that begin with it, then words that do, then the rest as Danes sort."""
        typed, key = text.strip(), danish.sort_key(text.strip())
        place = Case(
            When(Q(name__istartswith=typed) | Q(sort_key__startswith=key), then=Value(0)),
            When(Q(name__icontains=f" {typed}") | Q(sort_key__contains=f" {key}"), then=Value(1)),
            default=Value(2),
        )
        return self.order_by(place, "sort_key", "pk")

    def by_name(self) -> Self:
        return self.order_by("sort_key", "pk")


class DgoQuerySet(QuerySet[Any]):
    def valid(self, day: date) -> Self:
        return self.filter(_valid(day))

    def with_slug(self, slug: str) -> Self:
        return self.filter(slug=slug)

    def without_phone(self) -> Self:
        return self.filter(contact_phone="")

    def of_municipality(self, organization: Any) -> Self:
        return self.filter(municipalities=organization)

    def of_municipalities(self, organizations: Iterable[Any]) -> Self:
        """Narrow to those of any of the organizations; adds whose each is, as `municipality_id`."""
        found = self.filter(municipalities__in=list(organizations))
        return found.annotate(municipality_id=F("municipalities"))

    def locked(self, pk: int) -> Any:
        """Read one and hold its row until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def free_slug(self, wanted: str) -> str:
        """Return the wanted short name, with a number behind it when it is taken."""
        taken = set(self.filter(slug__startswith=wanted).values_list("slug", flat=True))
        return next(
            slug for n in count(1) if (slug := wanted if n == 1 else f"{wanted}-{n}") not in taken
        )

    def with_counts(self, *, at: datetime) -> Self:
        """Add how many kommuner each has as `municipality_count`, and advisers as `adviser_count`."""
        day = danish.day_of(at)
        in_force = Q(memberships__refused_at=None, memberships__user__is_active=True) & (
            Q(memberships__valid_until_date=None) | Q(memberships__valid_until_date__gt=day)
        )
        return self.annotate(
            municipality_count=Count("municipalities", distinct=True),
            adviser_count=Count("memberships__user", filter=in_force, distinct=True),
        )

    def sharing_with(self, dgo: Any) -> Self:
        """Narrow to other DGOs that hold one of its kommuner."""
        return (
            self.exclude(pk=dgo.pk).filter(municipalities__in=dgo.municipalities.all()).distinct()
        )

    def by_name(self) -> Self:
        return self.order_by("sort_key", "pk")


class Held(NamedTuple):
    """A role that somebody holds."""

    role: str
    is_confirmed: bool
    dgo_id: int | None
    organization_id: int | None
    whom: str | None
    """The DGO or organization it is held for, by name."""


class MembershipQuerySet(QuerySet[Any]):
    def current(self, at: datetime) -> Self:
        """Narrow to those in force on the Danish day of `at`."""
        return self.filter(_valid(danish.day_of(at)), user__is_active=True)

    def held_on(self, day: date, user: User) -> list[Held]:
        """Give the roles that the person holds on the day, confirmed or only claimed, by role and then as Danes sort."""
        # In SQL of our own: every page of somebody signed in asks it, and Django would take longer to write it than
        # PostgreSQL to answer.
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT held.role, held.confirmed_at IS NOT NULL,
                    held.dgo_id, held.organization_id, COALESCE(dgo.name, organization.name)
                FROM accounts_membership AS held
                JOIN accounts_user AS person ON person.id = held.user_id AND person.is_active
                LEFT JOIN accounts_organization AS organization
                    ON organization.id = held.organization_id
                LEFT JOIN accounts_dgo AS dgo ON dgo.id = held.dgo_id
                WHERE held.user_id = %s AND held.refused_at IS NULL
                    AND (held.valid_from_date IS NULL OR held.valid_from_date <= %s)
                    AND (held.valid_until_date IS NULL OR held.valid_until_date > %s)
                ORDER BY held.role, organization.sort_key, dgo.sort_key, held.id
                """,
                [user.pk, day, day],
            )
            return [Held(*row) for row in cursor.fetchall()]

    def unended(self, at: datetime) -> Self:
        """Narrow to those in force on the Danish day of `at`, and those that begin later."""
        day = danish.day_of(at)
        return self.filter(Q(valid_until_date=None) | Q(valid_until_date__gt=day), refused_at=None)

    def endless(self) -> Self:
        return self.filter(valid_until_date=None)

    def advising_on(self, day: date) -> Self:
        """Narrow to the advisers that DGOs have on the day, of people who can sign in."""
        return self.filter(_valid(day), role="dgo_adviser", refused_at=None, user__is_active=True)

    def unrefused(self, at: datetime) -> Self:
        """Narrow to those in force, also of people who can no longer sign in."""
        return self.filter(_valid(danish.day_of(at)), refused_at=None)

    def confirmed(self) -> Self:
        return self.exclude(confirmed_at=None)

    def staff(self) -> Self:
        """Narrow to roles that come by invitation."""
        return self.exclude(role="member")

    def members(self) -> Self:
        """Narrow to those that say whom somebody acts for."""
        return self.filter(role="member")

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def holding(self, role: str) -> Self:
        return self.filter(role=role)

    def of_dgo(self, dgo: Any) -> Self:
        return self.filter(dgo=dgo)

    def recent(self, at: datetime) -> Self:
        """Narrow to those in force, and to claims refused in the last month, which the person should see."""
        day = danish.day_of(at)
        return self.filter(Q(refused_at=None) | Q(refused_at__gt=at - timedelta(days=30))).filter(
            _valid(day)
        )

    def with_history(self) -> Self:
        """Join what a person's history shows."""
        return self.select_related("organization", "dgo", "confirmed_by", "refused_by")

    def same_as(self, *, role: str, organization: Any, dgo: Any) -> Self:
        return self.filter(role=role, organization=organization, dgo=dgo)

    def locked(self, pk: int) -> Any:
        """Read one and hold its row until the transaction ends."""
        return self.with_people().select_for_update(of=("self",)).get(pk=pk)

    def locked_or_none(self, pk: int) -> Any:
        return self.with_people().select_for_update(of=("self",)).filter(pk=pk).first()

    def locked_in_order(self) -> Self:
        """Hold the rows until the transaction ends, always in the same order."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def refused(self) -> Self:
        return self.exclude(refused_at=None)

    def claims(self) -> Self:
        """Narrow to what somebody says of themselves and nobody has confirmed or refused."""
        return self.filter(confirmed_at=None, refused_at=None)

    def with_people(self) -> Self:
        return self.select_related("user", "organization", "dgo")

    def newest_first(self) -> Self:
        return self.order_by(F("claimed_at").desc(), "-pk")

    def oldest_first(self) -> Self:
        return self.order_by("claimed_at", "pk")

    def listed(self) -> Self:
        """Order by role, then as Danes sort whom it is for."""
        return self.order_by("role", "organization__sort_key", "dgo__sort_key", "pk")


class InvitationByLinkQuerySet(QuerySet[Kind]):
    """What is asked of every kind of invitation."""

    def unanswered(self) -> Self:
        """Narrow to what is neither accepted nor withdrawn, expired or not."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open(self, *, at: datetime) -> Self:
        return self.unanswered().filter(expires_at__gt=at)

    def expired(self, *, at: datetime) -> Self:
        return self.unanswered().filter(expires_at__lte=at)

    def to_address(self, email: str) -> Self:
        return self.filter(email__iexact=email)

    def with_hashes(self, hashes: Iterable[str]) -> Self:
        return self.filter(token_hash__in=list(hashes))

    def sent_since(self, at: datetime) -> Self:
        return self.filter(sent_at__gt=at)

    def sent_by(self, user: User) -> Self:
        return self.filter(sent_by=user)

    def accepted_by(self, user: User) -> Self:
        return self.filter(accepted_by=user)

    def withdraw(self, *, by: User, at: datetime) -> None:
        """Take back what is unanswered among these."""
        self.unanswered().update(withdrawn_at=at, withdrawn_by=by)

    def newest_first(self) -> Self:
        return self.order_by("-sent_at", "-pk")


class InvitationQuerySet(InvitationByLinkQuerySet[Any]):
    def accepted(self, *, at: datetime) -> Self:
        return self.exclude(accepted_at=None)

    def withdrawn(self, *, at: datetime) -> Self:
        return self.exclude(withdrawn_at=None)

    def same_as(self, *, role: str, organization: Any, dgo: Any) -> Self:
        return self.filter(role=role, organization=organization, dgo=dgo)

    def sent_with(self, invitation: Any) -> Self:
        """Narrow to what was offered together: the same role of several DGOs is a row each, made at the same moment."""
        return self.filter(
            email=invitation.email,
            role=invitation.role,
            sent_at=invitation.sent_at,
            sent_by=invitation.sent_by,
        )

    def locked_in_order(self) -> Self:
        """Hold the rows until the transaction ends, always in the same order."""
        return self.with_people().select_for_update(of=("self",)).order_by("pk")

    def with_people(self) -> Self:
        return self.select_related("organization", "dgo", "sent_by", "accepted_by", "wanted_by")


class OrganizationRequestQuerySet(QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def named(self, name: str) -> Self:
        return self.filter(name__iexact=name)

    def locked_or_none(self, pk: int) -> Any:
        """Read one, if it is among these, and hold its row until the transaction ends."""
        return self.select_for_update(of=("self",)).select_related("user").filter(pk=pk).first()

    def with_people(self) -> Self:
        return self.select_related("user")

    def oldest_first(self) -> Self:
        return self.order_by("requested_at", "pk")


class LoadedReferenceQuerySet(QuerySet[Any]):
    def keys(self) -> frozenset[str]:
        return frozenset(self.values_list("key", flat=True))


class TwoStepResetQuerySet(QuerySet["TwoStepReset"]):
    def with_people(self) -> Self:
        return self.select_related("reset_by")

    def newest_first(self) -> Self:
        return self.order_by("-reset_at", "-pk")

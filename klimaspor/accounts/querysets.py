"""Every question asked about people, organizations, DGOs and their duties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db.models import F, Q, QuerySet

from klimaspor import danish

if TYPE_CHECKING:
    from datetime import date, datetime

    from klimaspor.accounts.models import User


def _valid(day: date) -> Q:
    return (Q(valid_from_date=None) | Q(valid_from_date__lte=day)) & (
        Q(valid_until_date=None) | Q(valid_until_date__gt=day)
    )


class UserQuerySet(QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def demo(self) -> Self:
        return self.filter(is_demo=True)

    def matching(self, text: str) -> Self:
        """Narrow to people whose name or e-mail holds the text."""
        return self.filter(Q(name__icontains=text) | Q(email__icontains=text)) if text else self

    def holding(
        self, role: str, *, at: datetime, dgo: Any = None, organization: Any = None
    ) -> Self:
        """Narrow to active people who hold the role, of that DGO or organization when one is named."""
        held = self.model._meta.get_field("memberships").related_model.objects
        held = held.current(at).confirmed().filter(role=role, refused_at=None)
        if dgo is not None:
            held = held.filter(dgo=dgo)
        if organization is not None:
            held = held.filter(organization=organization)
        return self.active().filter(pk__in=held.values("user_id"))

    def by_name(self) -> Self:
        return self.order_by("name", "pk")


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
    def valid(self, day: date) -> Self:
        return self.filter(_valid(day))

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)

    def matching(self, text: str) -> Self:
        """Narrow to names that hold the text; "aar" and "år" both find Aarhus Kommune."""
        if not text.strip():
            return self.none()
        return self.filter(
            Q(name__icontains=text.strip()) | Q(sort_key__contains=danish.sort_key(text.strip()))
        )

    def by_name(self) -> Self:
        return self.order_by("sort_key", "pk")


class DgoQuerySet(QuerySet[Any]):
    def valid(self, day: date) -> Self:
        return self.filter(_valid(day))

    def of_municipality(self, organization: Any) -> Self:
        return self.filter(municipalities=organization)

    def by_name(self) -> Self:
        return self.order_by("sort_key", "pk")


class MembershipQuerySet(QuerySet[Any]):
    def current(self, at: datetime) -> Self:
        """Narrow to those in force on the Danish day of `at`."""
        return self.filter(_valid(danish.day_of(at)), user__is_active=True)

    def confirmed(self) -> Self:
        return self.exclude(confirmed_at=None)

    def claims(self) -> Self:
        """Narrow to what somebody says of themselves and nobody has confirmed or refused."""
        return self.filter(confirmed_at=None, refused_at=None)

    def with_people(self) -> Self:
        return self.select_related("user", "organization", "dgo")

    def newest_first(self) -> Self:
        return self.order_by(F("claimed_at").desc(), "-pk")


class InvitationQuerySet(QuerySet[Any]):
    def open(self, *, at: datetime) -> Self:
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class OrganizationRequestQuerySet(QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def oldest_first(self) -> Self:
        return self.order_by("requested_at", "pk")

"""People, known by their e-mail address."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from klimaspor import danish
from klimaspor.accounts.models.roles import Duties, Role
from klimaspor.accounts.querysets import UserManager
from klimaspor.columns import Address, Line

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.querysets import Held


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by the e-mail address."""

    email = Address("mailadresse", max_length=254, unique=True)
    name = Line("navn", max_length=150)
    phone = Line("telefon", max_length=30, blank=True)
    is_active = models.BooleanField("aktiv", default=True)
    is_staff = models.BooleanField("adgang til teknisk administration", default=False)
    is_demo = models.BooleanField("opdigtet person", default=False)
    created_at = models.DateTimeField("oprettet", auto_now_add=True)
    sessions_ended = models.PositiveIntegerField("gange alle steder logget af", default=0)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    clock: datetime | None = None
    """When the request was received; set by the middleware, never stored."""

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "personer"
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Der er allerede en bruger med den mailadresse.",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sign sessions with the password, as Django does, and with how often they were all ended."""
        ended = f" {self.sessions_ended}" if self.sessions_ended else ""
        # As Django salts it, so that a session from before this counted still stands.
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        signed = salted_hmac(salt, self.password + ended, secret=secret, algorithm="sha256")
        return signed.hexdigest()

    def duties_at(self, at: datetime) -> Duties:
        """Read what the person is on the Danish day of `at`: one query, in a request only the first time."""
        return self.duties if at == self.clock else self._read_duties(at)

    def _read_duties(self, at: datetime) -> Duties:
        # Memberships are of people, so their table cannot be named here.
        rows: Any = User._meta.get_field("memberships").related_model
        held: list[Held] = rows.objects.held_on(danish.day_of(at), self)
        staff = [m for m in held if m.is_confirmed]
        funder_ids = frozenset(
            m.organization_id
            for m in staff
            if m.role == Role.FUNDER and m.organization_id is not None
        )
        organization_ids = frozenset(m.organization_id for m in held if m.organization_id)
        return Duties(
            is_secretariat=any(m.role == Role.SECRETARIAT for m in staff),
            is_committee=any(m.role == Role.COMMITTEE for m in staff),
            is_administrator=any(m.role == Role.ADMINISTRATOR for m in staff),
            dgo_ids=frozenset(
                m.dgo_id for m in staff if m.role == Role.DGO_ADVISER and m.dgo_id is not None
            ),
            funder_ids=funder_ids,
            organization_ids=organization_ids,
            other_organization_ids=organization_ids - funder_ids,
            confirmed_organization_ids=frozenset(
                m.organization_id for m in staff if m.organization_id
            ),
            member_ids=frozenset(
                m.organization_id
                for m in staff
                if m.role == Role.MEMBER and m.organization_id is not None
            ),
            acts_for=tuple(
                (m.organization_id, m.whom or "")
                for m in held
                if m.role == Role.MEMBER and m.organization_id
            ),
            capacities=tuple(
                dict.fromkeys(Role(m.role).capacity(m.whom) for m in staff if m.role != Role.MEMBER)
            ),
        )

    @cached_property
    def duties(self) -> Duties:
        """
        Give the duties on the day of the request that brought this person.

        :raises LookupError: outside a request; use `duties_at` there.
        """
        if self.clock is None:
            raise LookupError("No clock: outside a request ask duties_at(at).")
        return self._read_duties(self.clock)

    @property
    def is_secretariat(self) -> bool:
        return self.duties.is_secretariat

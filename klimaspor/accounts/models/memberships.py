"""Who holds which role when, and who is invited to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from klimaspor import danish
from klimaspor.accounts.models.links import InvitationByLink
from klimaspor.accounts.models.organizations import Dgo, Organization
from klimaspor.accounts.models.roles import Role
from klimaspor.accounts.models.users import User
from klimaspor.accounts.querysets import InvitationQuerySet, MembershipQuerySet

if TYPE_CHECKING:
    from datetime import datetime

_STAFF = Q(role__in=[r for r in Role if r != Role.MEMBER])


class Membership(models.Model):
    """A role a person has, with its validity; for an organization a claim until confirmed."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField("rolle", max_length=20, choices=Role.choices)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    dgo = models.ForeignKey(Dgo, models.PROTECT, null=True, blank=True, related_name="memberships")
    claimed_at = models.DateTimeField("oplyst")
    confirmed_at = models.DateTimeField("bekræftet", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="memberships_confirmed"
    )
    refused_at = models.DateTimeField("afvist", null=True, blank=True)
    refused_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="memberships_refused"
    )
    valid_from_date = models.DateField("gælder fra", null=True, blank=True)
    valid_until_date = models.DateField("gælder til", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "rolle"
        verbose_name_plural = "roller"
        constraints = (
            models.CheckConstraint(
                condition=Q(role=Role.DGO_ADVISER, dgo__isnull=False)
                | (~Q(role=Role.DGO_ADVISER) & Q(dgo__isnull=True)),
                name="membership_dgo_for_advisers",
                violation_error_message="Vælg en DGO for en DGO-rådgiver, og kun for den.",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.MEMBER, Role.FUNDER]) | Q(organization__isnull=False),
                name="membership_organization",
                violation_error_message="Vælg en organisation.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="membership_confirmed_pair",
                violation_error_message="En bekræftelse har både tid og person.",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None, refused_by=None)
                | Q(refused_at__isnull=False, refused_by__isnull=False),
                name="membership_refused_pair",
                violation_error_message="En afvisning har både tid og person.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(refused_at=None),
                name="membership_one_answer",
                violation_error_message="Rollen kan ikke være både bekræftet og afvist.",
            ),
            models.CheckConstraint(
                condition=~_STAFF | Q(confirmed_at__isnull=False),
                name="membership_staff_confirmed",
                violation_error_message="En rolle i sagsgangen gives ved invitation.",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "organization", "dgo"),
                condition=Q(valid_until_date=None, refused_at=None),
                nulls_distinct=False,
                name="membership_once",
                violation_error_message="Personen har allerede den rolle.",
            ),
        )

    def __str__(self) -> str:
        whom = self.dgo or self.organization
        return f"{self.get_role_display()}, {whom}" if whom else self.get_role_display()

    def has_ended(self, at: datetime) -> bool:
        """Whether it is over on the Danish day of `at`, or was refused."""
        over = self.valid_until_date is not None and self.valid_until_date <= danish.day_of(at)
        return over or self.refused_at is not None

    @property
    def capacity(self) -> str:
        """Say on whose behalf the role is held."""
        whom = self.dgo or self.organization
        return Role(self.role).capacity(str(whom) if whom else None)

    @property
    def state(self) -> str:
        """Say in a word or two what the secretariat has answered."""
        if self.refused_at:
            return "Ikke bekræftet"
        return "Bekræftet" if self.confirmed_at else "Venter på sekretariatet"

    @property
    def tone(self) -> str:
        """Give the color that goes with `state`."""
        if self.refused_at:
            return "warning"
        return "success" if self.confirmed_at else "info"


class Invitation(InvitationByLink):
    """An offer of a staff role."""

    role = models.CharField("rolle", max_length=20, choices=Role.choices)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    dgo = models.ForeignKey(Dgo, models.PROTECT, null=True, blank=True, related_name="+")
    sent_by = models.ForeignKey(  # type: ignore[assignment]  # wider than every other kind's
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Nobody for the first secretariat, which `manage.py invite_secretariat` makes."""

    objects = InvitationQuerySet.as_manager()

    class Meta(InvitationByLink.Meta):
        verbose_name = "invitation"
        verbose_name_plural = "invitationer"
        constraints = (
            models.CheckConstraint(
                condition=~Q(role=Role.MEMBER),
                name="invitation_staff_only",
                violation_error_message="Invitér kun til roller i sagsgangen.",
            ),
            *InvitationByLink.Meta.constraints,
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} til {self.email}"

    @property
    def offer(self) -> str:
        """Say which role is offered, as the membership will."""
        whom = self.dgo or self.organization
        return f"{self.get_role_display()}, {whom}" if whom else self.get_role_display()

    @property
    def sender_text(self) -> str:
        return "sekretariatet"

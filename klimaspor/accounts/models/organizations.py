"""The organizations that people act for, the DGOs, and the organizations that are not on the list yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Replace

from klimaspor.accounts.models.users import User
from klimaspor.accounts.querysets import (
    DgoQuerySet,
    OrganizationQuerySet,
    OrganizationRequestQuerySet,
)
from klimaspor.columns import Address, Line

if TYPE_CHECKING:
    from datetime import date


def danish_sort_key(field: str) -> models.GeneratedField:
    """Build the stored column that sorts as Danes do: Aa as Å, and æ, ø, å last (`danish.sort_key`)."""
    return models.GeneratedField(
        expression=Func(
            Replace(Lower(F(field)), Value("aa"), Value("å")),
            Value("æøå"),
            Value("{|}"),
            function="translate",
        ),
        output_field=models.CharField(max_length=300, db_collation="C"),
        db_persist=True,
    )


class OrganizationKind(models.TextChoices):
    """What an organization is; only kommuner and regioner count for K1."""

    MUNICIPALITY = "municipality", "kommune"
    REGION = "region", "region"
    KNOWLEDGE = "knowledge", "videninstitution"
    COMPANY = "company", "virksomhed"
    UTILITY = "utility", "forsyningsselskab"
    ASSOCIATION = "association", "forening eller fond"
    COOPERATION = "cooperation", "tværkommunalt samarbejde"
    STATE = "state", "statslig myndighed"
    OTHER = "other", "andet"


AUTHORITY_KINDS = frozenset({OrganizationKind.MUNICIPALITY, OrganizationKind.REGION})


class Organization(models.Model):
    """A legal entity that proposes, takes part or funds."""

    name = Line("navn", max_length=200)
    kind = models.CharField("type", max_length=20, choices=OrganizationKind.choices)
    code = Line("kommune- eller regionskode", max_length=10, blank=True)
    region_code = Line("regionskode", max_length=10, blank=True)
    valid_from_date = models.DateField("gælder fra", null=True, blank=True)
    valid_until_date = models.DateField(
        "gælder til",
        null=True,
        blank=True,
        help_text="Den første dag, hvor den ikke længere findes.",
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="afløses af",
        null=True,
        blank=True,
        related_name="predecessors",
    )
    lies_in = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="hører til i",
        null=True,
        blank=True,
        related_name="neighbours",
    )
    """The kommune that could count for K1 where this one, which is none, does not."""
    is_funder = models.BooleanField("bidragyder", default=False)
    domains = ArrayField(
        models.CharField(max_length=253), verbose_name="maildomæner", default=list, blank=True
    )
    """What stands after the @ in its own mail addresses, in lower case: written by the secretariat (`belonging`)."""
    sort_key = danish_sort_key("name")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        verbose_name_plural = "organisationer"
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=~Q(code=""),
                name="organization_code_unique",
                violation_error_message="Der er allerede en organisation med den kode.",
            ),
            models.UniqueConstraint(
                Lower("name"),
                name="organization_name_unique",
                violation_error_message="Der er allerede en organisation med det navn.",
            ),
            models.CheckConstraint(
                condition=Q(valid_until_date=None)
                | Q(valid_from_date=None)
                | Q(valid_until_date__gt=F("valid_from_date")),
                name="organization_valid_period",
                violation_error_message="Slutdatoen skal være efter startdatoen.",
            ),
            models.CheckConstraint(
                condition=Q(lies_in=None) | ~Q(kind__in=["municipality", "region"]),
                name="organization_counts_itself",
                violation_error_message="En kommune eller region tæller selv med. Vælg ingen kommune.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_authority(self) -> bool:
        return self.kind in AUTHORITY_KINDS

    def is_valid(self, day: date) -> bool:
        return (self.valid_from_date is None or self.valid_from_date <= day) and (
            self.valid_until_date is None or day < self.valid_until_date
        )

    def has_ended(self, day: date) -> bool:
        return self.valid_until_date is not None and self.valid_until_date <= day

    def entity_on(self, day: date) -> Organization | None:
        """Give the legal entity this is on the day: itself, what it was merged into, or nothing."""
        here: Organization | None = self
        while here is not None and not here.is_valid(day):
            here = here.successor
        return here


class Dgo(models.Model):
    """A local geographic organization ("lokal geografisk organisering") with its own municipalities."""

    slug = models.SlugField("kortnavn", max_length=40, unique=True)
    name = Line("navn", max_length=120)
    area = Line("område", max_length=120)
    behind = Line("hvem står bag", max_length=200, blank=True)
    contact_name = Line("kontaktperson", max_length=120, blank=True)
    contact_phone = Line("telefon", max_length=30, blank=True)
    contact_email = Address("mailadresse", blank=True)
    municipalities = models.ManyToManyField(
        Organization, verbose_name="kommuner", related_name="dgos", blank=True
    )
    valid_from_date = models.DateField("gælder fra", null=True, blank=True)
    valid_until_date = models.DateField("gælder til", null=True, blank=True)
    sort_key = danish_sort_key("name")

    objects = DgoQuerySet.as_manager()

    class Meta:
        verbose_name = "DGO"
        verbose_name_plural = "DGO'er"

    def __str__(self) -> str:
        return self.name


class OrganizationRequest(models.Model):
    """
    An organization somebody acts for that is not on the list yet.

    It stands here and not among the organizations, so that nobody else meets a name the secretariat has not seen.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="organization_requests")
    name = Line("navn", max_length=200)
    kind = models.CharField("type", max_length=20, choices=OrganizationKind.choices)
    requested_at = models.DateTimeField("oplyst")
    settled_at = models.DateTimeField("behandlet", null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """What it became: a new one or one that was there; none when it was refused."""

    objects = OrganizationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "ønske om organisation"
        verbose_name_plural = "ønsker om organisationer"
        constraints = (
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="organization_request_settled_pair",
                violation_error_message="Et ønske er behandlet af nogen på et tidspunkt.",
            ),
            models.CheckConstraint(
                condition=Q(organization=None) | Q(settled_at__isnull=False),
                name="organization_request_settled_first",
                violation_error_message="Et ønske, der ikke er behandlet, har ingen organisation.",
            ),
            models.UniqueConstraint(
                "user",
                Lower("name"),
                condition=Q(settled_at=None),
                name="organization_request_once",
                violation_error_message="Du har allerede bedt om at få den organisation på listen.",
            ),
        )

    def __str__(self) -> str:
        return self.name

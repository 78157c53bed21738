"""
People, the organizations they act for ("på vegne af"), the DGOs, and who holds which duty when.

A membership of an organization is a claim until the secretariat confirms it and lets nobody read anything.
Staff roles are given by invitation only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, ClassVar, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Replace

from klimaspor import danish
from klimaspor.accounts.querysets import (
    DgoQuerySet,
    InvitationQuerySet,
    LoadedReferenceQuerySet,
    MembershipQuerySet,
    OrganizationQuerySet,
    OrganizationRequestQuerySet,
    UserManager,
)
from klimaspor.prepared import Given, Prepared

if TYPE_CHECKING:
    from datetime import date, datetime


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


class Role(models.TextChoices):
    """What a person may be, on behalf of whom."""

    MEMBER = "member", "medarbejder"
    DGO_ADVISER = "dgo_adviser", "DGO-rådgiver"
    SECRETARIAT = "secretariat", "sekretariatet"
    COMMITTEE = "committee", "medlem af forretningsudvalget"
    FUNDER = "funder", "repræsentant for bidragyder"
    ADMINISTRATOR = "administrator", "systemadministrator"


@dataclass(frozen=True)
class Duties:
    """What a person is on one day; read once a request."""

    is_secretariat: bool = False
    is_committee: bool = False
    is_administrator: bool = False
    dgo_ids: frozenset[int] = frozenset()
    funder_ids: frozenset[int] = frozenset()
    organization_ids: frozenset[int] = frozenset()
    """Every organization the person is tied to, confirmed or only claimed, also as funder or committee."""
    confirmed_organization_ids: frozenset[int] = frozenset()
    acts_for: tuple[tuple[int, str], ...] = ()
    """Id and name of each organization the person says to act for, confirmed or not, in Danish order."""
    capacities: tuple[str, ...] = ()
    """What the page calls the roles that come by invitation: "KlimaNord", "sekretariatet"."""

    @property
    def is_staff(self) -> bool:
        """Whether the person has any role that comes by invitation."""
        return bool(
            self.is_secretariat
            or self.is_committee
            or self.is_administrator
            or self.dgo_ids
            or self.funder_ids
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by the e-mail address."""

    email = models.EmailField("e-mailadresse", max_length=254, unique=True)
    name = models.CharField("navn", max_length=150)
    phone = models.CharField("telefon", max_length=30, blank=True)
    is_active = models.BooleanField("aktiv", default=True)
    is_staff = models.BooleanField("adgang til teknisk administration", default=False)
    is_demo = models.BooleanField("opdigtet person", default=False)
    created_at = models.DateTimeField("oprettet", auto_now_add=True)

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
                violation_error_message="Der er allerede en bruger med den e-mailadresse.",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def duties_at(self, at: datetime) -> Duties:
        """Read what the person is on the Danish day of `at`: one query, in a request only the first time."""
        return self.duties if at == self.clock else self._read_duties(at)

    def _read_duties(self, at: datetime) -> Duties:
        held = list(_held().read({"user": self.pk, "day": danish.day_of(at)}))
        staff = [m for m in held if m.confirmed_at]
        return Duties(
            is_secretariat=any(m.role == Role.SECRETARIAT for m in staff),
            is_committee=any(m.role == Role.COMMITTEE for m in staff),
            is_administrator=any(m.role == Role.ADMINISTRATOR for m in staff),
            dgo_ids=frozenset(m.dgo_id for m in staff if m.role == Role.DGO_ADVISER),
            funder_ids=frozenset(m.organization_id for m in staff if m.role == Role.FUNDER),
            organization_ids=frozenset(m.organization_id for m in held if m.organization_id),
            confirmed_organization_ids=frozenset(
                m.organization_id for m in staff if m.organization_id
            ),
            acts_for=tuple(
                (m.organization_id, m.organization.name) for m in held if m.role == Role.MEMBER
            ),
            capacities=tuple(dict.fromkeys(m.capacity for m in staff if m.role != Role.MEMBER)),
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


@cache
def _held() -> Prepared:
    """Prepare what every page of somebody signed in asks: which roles they hold, confirmed or only claimed."""
    day = cast("date", Given("day", models.DateField()))
    theirs = Membership.objects.filter(user=Given("user", models.BigIntegerField()))
    return Prepared(theirs.current_on(day).filter(refused_at=None).with_whom().listed())


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

    name = models.CharField("navn", max_length=200)
    kind = models.CharField("type", max_length=20, choices=OrganizationKind.choices)
    code = models.CharField("kommune- eller regionskode", max_length=10, blank=True)
    region_code = models.CharField("regionskode", max_length=10, blank=True)
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
    is_funder = models.BooleanField("bidragyder", default=False)
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

    def entity_on(self, day: date) -> Organization | None:
        """Give the legal entity this is on the day: itself, what it was merged into, or nothing."""
        here: Organization | None = self
        while here is not None and not here.is_valid(day):
            here = here.successor
        return here


class Dgo(models.Model):
    """A local geographic organization ("lokal geografisk organisering") with its own municipalities."""

    slug = models.SlugField("kortnavn", max_length=40, unique=True)
    name = models.CharField("navn", max_length=120)
    area = models.CharField("område", max_length=120)
    behind = models.CharField("hvem står bag", max_length=200, blank=True)
    contact_name = models.CharField("kontaktperson", max_length=120, blank=True)
    contact_phone = models.CharField("telefon", max_length=30, blank=True)
    contact_email = models.EmailField("e-mail", blank=True)
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
        if self.role == Role.COMMITTEE:
            return "forretningsudvalget"
        return str(self.dgo or self.organization or self.get_role_display())

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


class Invitation(models.Model):
    """
    An offer of a staff role, bound to an address.

    Only the hash of the token is kept. The link opens a page whose button accepts; a GET changes nothing.
    """

    email = models.EmailField("e-mailadresse")
    name = models.CharField("navn", max_length=150, blank=True)
    role = models.CharField("rolle", max_length=20, choices=Role.choices)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    dgo = models.ForeignKey(Dgo, models.PROTECT, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("sendt")
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="invitations_sent"
    )
    """Nobody for the first secretariat, which `manage.py invite_secretariat` makes."""
    expires_at = models.DateTimeField("udløber")
    accepted_at = models.DateTimeField("taget imod", null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField("trukket tilbage", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitationer"
        constraints = (
            models.CheckConstraint(
                condition=~Q(role=Role.MEMBER),
                name="invitation_staff_only",
                violation_error_message="Inviter kun til roller i sagsgangen.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_pair",
                violation_error_message="Invitationen er enten taget imod af nogen eller ikke taget imod.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="invitation_withdrawn_pair",
                violation_error_message="Invitationen er enten trukket tilbage af nogen eller ikke.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} til {self.email}"

    @property
    def offer(self) -> str:
        """Say which role is offered, as the membership will."""
        whom = self.dgo or self.organization
        return f"{self.get_role_display()}, {whom}" if whom else self.get_role_display()

    def is_open_at(self, at: datetime) -> bool:
        return not self.accepted_at and not self.withdrawn_at and self.expires_at > at

    def state_at(self, at: datetime) -> str:
        """Say in a word or two what has become of it."""
        if self.accepted_at:
            return "Taget imod"
        if self.withdrawn_at:
            return "Trukket tilbage"
        return "Venter på svar" if self.is_open_at(at) else "Udløbet"


class OrganizationRequest(models.Model):
    """
    An organization somebody acts for that is not on the list yet.

    It stands here and not among the organizations, so that nobody else meets a name the secretariat has not seen.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="organization_requests")
    name = models.CharField("navn", max_length=200)
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


class LoadedReference(models.Model):
    """
    A piece of reference data that has been put in, so that it is put in once.

    What the secretariat renames or removes afterwards is neither overwritten nor brought back.
    """

    key = models.CharField("nøgle", max_length=100, unique=True)
    loaded_at = models.DateTimeField("lagt ind")

    objects = LoadedReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "indlagt grunddata"
        verbose_name_plural = "indlagte grunddata"

    def __str__(self) -> str:
        return self.key

"""Who sees a proposal, and in what capacity."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor.accounts.models import Dgo, Organization
from proposals.querysets import AccessQuerySet


class Function(models.TextChoices):
    """In what capacity somebody may see a proposal."""

    OWN = "own", "ejer"
    WRITE = "write", "skriver"
    READ = "read", "læser"
    ADVISE = "advise", "giver sparring"
    QUALIFY = "qualify", "kvalificerer"
    RECOMMEND = "recommend", "indstiller"
    DECIDE = "decide", "beslutter"
    FUND = "fund", "bidrager"


PARTY_FUNCTIONS = frozenset({Function.OWN, Function.WRITE, Function.READ})
WRITER_FUNCTIONS = frozenset({Function.OWN, Function.WRITE})
IMPARTIAL_FUNCTIONS = frozenset(
    {Function.ADVISE, Function.QUALIFY, Function.RECOMMEND, Function.DECIDE}
)


class Group(models.TextChoices):
    SECRETARIAT = "secretariat", "sekretariatet"
    COMMITTEE = "committee", "forretningsudvalget"


class Access(models.Model):
    """Who sees a proposal, in what capacity, since when: exactly one of a person, a DGO, a funder, a group."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="accesses")
    function = models.CharField(max_length=20, choices=Function.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="accesses"
    )
    dgo = models.ForeignKey(Dgo, models.PROTECT, null=True, blank=True, related_name="accesses")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="accesses"
    )
    group = models.CharField(max_length=20, choices=Group.choices, blank=True)
    since_at = models.DateTimeField("siden")
    since_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    until_at = models.DateTimeField("indtil", null=True, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = "adgang"
        verbose_name_plural = "adgange"
        indexes = (
            models.Index(fields=("user", "proposal"), name="access_user"),
            models.Index(fields=("dgo", "proposal"), name="access_dgo"),
            models.Index(fields=("group", "proposal"), name="access_group"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False, dgo=None, organization=None, group="")
                | Q(user=None, dgo__isnull=False, organization=None, group="")
                | Q(user=None, dgo=None, organization__isnull=False, group="")
                | (Q(user=None, dgo=None, organization=None) & ~Q(group="")),
                name="access_one_holder",
                violation_error_message="En adgang gælder én person, én DGO, én bidragyder eller én gruppe.",
            ),
            models.UniqueConstraint(
                fields=("proposal", "function", "user", "dgo", "organization", "group"),
                condition=Q(until_at=None),
                nulls_distinct=False,
                name="access_once",
                violation_error_message="Adgangen findes allerede.",
            ),
            models.UniqueConstraint(
                fields=("proposal",),
                condition=Q(function="own", until_at=None),
                name="access_one_owner",
                violation_error_message="Et forslag har én ejer.",
            ),
        )

    def __str__(self) -> str:
        holder = self.user or self.dgo or self.organization or self.get_group_display()
        return f"{holder} ({self.get_function_display()})"

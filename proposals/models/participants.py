"""Who takes part ("deltagere")."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from klimaspor.accounts.models import Organization, OrganizationKind
from proposals.querysets import ParticipantQuerySet


class ParticipantRole(models.TextChoices):
    PROBLEM_OWNER = "problem_owner", "problemejer"
    PARTICIPANT = "participant", "deltager"
    KNOWLEDGE = "knowledge", "videnspartner"
    SUPPLIER = "supplier", "leverandør"


class Participant(models.Model):
    """An organization that takes part ("deltager"), chosen from the list or typed in."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="participants")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="participations"
    )
    typed_name = models.CharField("navn", max_length=200, blank=True)
    typed_kind = models.CharField(
        "type", max_length=20, choices=OrganizationKind.choices, blank=True
    )
    role = models.CharField("rolle", max_length=20, choices=ParticipantRole.choices)
    contact_name = models.CharField("kontaktperson", max_length=150, blank=True)
    contact_email = models.EmailField("kontaktpersonens e-mail", blank=True)
    added_at = models.DateTimeField("tilføjet")

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = "deltager"
        verbose_name_plural = "deltagere"
        constraints = (
            models.CheckConstraint(
                condition=(Q(organization__isnull=False) & Q(typed_name="") & Q(typed_kind=""))
                | (Q(organization=None) & ~Q(typed_name="") & ~Q(typed_kind="")),
                name="participant_one_name",
                violation_error_message="Vælg en organisation fra listen, eller skriv navn og type.",
            ),
            # A kommune that is typed in would escape the count of legal entities.
            models.CheckConstraint(
                condition=~Q(typed_kind__in=["municipality", "region"]),
                name="participant_authorities_from_list",
                violation_error_message="Vælg kommuner og regioner fra listen.",
            ),
            models.UniqueConstraint(
                fields=("proposal", "organization"),
                name="participant_once",
                violation_error_message="Organisationen er allerede deltager.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.organization.name if self.organization else self.typed_name

    @property
    def kind(self) -> OrganizationKind:
        return OrganizationKind(self.organization.kind if self.organization else self.typed_kind)

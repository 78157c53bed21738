"""Who takes part ("deltagere")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from klimaspor.accounts.models import Organization, OrganizationKind
from klimaspor.columns import Address, Line
from proposals.participants.queries import CommitmentQuerySet, ParticipantQuerySet

if TYPE_CHECKING:
    from proposals.writers.models import ProposalInvitation


def _one_speaker(name: str, message: str) -> models.CheckConstraint:
    """Demand that what was said at a time was said by one: somebody signed in, or whoever was asked, with a code."""
    at, by, through = f"{name}_at", f"{name}_by", f"{name}_through"
    return models.CheckConstraint(
        condition=Q(**{at: None, by: None, through: None})
        | Q(**{f"{at}__isnull": False, f"{by}__isnull": False, through: None})
        | Q(**{f"{at}__isnull": False, by: None, f"{through}__isnull": False}),
        name=f"commitment_{name}_by_one",
        violation_error_message=message,
    )


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
    typed_name = Line("navn", max_length=200, blank=True)
    typed_kind = models.CharField(
        "type", max_length=20, choices=OrganizationKind.choices, blank=True
    )
    role = models.CharField("rolle", max_length=20, choices=ParticipantRole.choices)
    is_lead = models.BooleanField("tovholder", default=False)
    """Whether it leads the track ("tovholder"); the writers choose one, at first the proposer's own organization."""
    contact_name = Line("kontaktperson", max_length=150, blank=True)
    contact_email = Address("kontaktpersonens mailadresse", blank=True)
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
            models.UniqueConstraint(
                fields=("proposal",),
                condition=Q(is_lead=True),
                name="participant_one_lead",
                violation_error_message="Et spor har kun én tovholder.",
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


class Commitment(models.Model):
    """
    A participant's own page ("tilsagn"): what it brings, and whether it is in.

    Written by the participant's contact, or by the proposal's writers on its behalf until it has answered. Whether it
    is the participant's own word is asked of who said it, and when (`klimaspor.accounts.belonging`). Who answers with a
    code is known by the mailbox of the invitation alone (`proposals.commitments.visits`), and never confirms anything.
    """

    participant = models.OneToOneField(Participant, models.CASCADE, related_name="commitment")
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name="svarer for deltageren",
    )
    plan_action = models.TextField("handling i klimahandlingsplanen", blank=True)
    hours = models.PositiveIntegerField(
        "timer", null=True, blank=True, validators=[MaxValueValidator(1_000_000)]
    )
    amount = models.DecimalField(
        "medfinansiering", max_digits=14, decimal_places=2, null=True, blank=True
    )
    case_number = Line("jeres sagsnr.", max_length=60, blank=True)
    spoken_at = models.DateTimeField("skrevet af kontaktpersonen", null=True, blank=True)
    spoken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The contact whose word what it brings is; nobody where the proposal's writers wrote last."""
    spoken_through = models.ForeignKey(
        "proposals.ProposalInvitation", models.RESTRICT, null=True, blank=True, related_name="+"
    )
    """The invitation whose mailbox it came from, where it was written with a code."""
    is_confirmed = models.BooleanField("er med", null=True, blank=True)
    reason = models.TextField("begrundelse", blank=True)
    answered_at = models.DateTimeField("svaret", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_through = models.ForeignKey(
        "proposals.ProposalInvitation", models.RESTRICT, null=True, blank=True, related_name="+"
    )

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = "tilsagn"
        verbose_name_plural = "tilsagn"
        constraints = (
            _one_speaker(
                "spoken", "Det, deltageren bidrager med, er skrevet af nogen på et tidspunkt."
            ),
            _one_speaker("answered", "Et svar er givet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(answered_at=None, is_confirmed=None)
                | Q(answered_at__isnull=False, is_confirmed__isnull=False),
                name="commitment_answer_whole",
                violation_error_message="Svar, om I er med.",
            ),
            models.CheckConstraint(
                condition=~Q(is_confirmed=False) | ~Q(reason=""),
                name="commitment_decline_reasoned",
                violation_error_message="Skriv, hvorfor I ikke er med.",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="commitment_amount_positive",
                violation_error_message="Beløbet kan ikke være mindre end 0 kr.",
            ),
        )

    def __str__(self) -> str:
        return f"tilsagn fra {self.participant}"

    @property
    def visitor(self) -> ProposalInvitation | None:
        """Who answers with a code, as they were invited: until a contact does, or the invitation is taken back."""
        spoken = self.spoken_through or self.answered_through
        return spoken if spoken and not self.contact_id and not spoken.withdrawn_at else None

    @property
    def answered_name(self) -> str:
        if self.answered_through:
            return self.answered_through.person_text
        return str(self.answered_by or "")

    @property
    def answered_text(self) -> str:
        """Say who answered, and how they are known where it is by the mailbox alone."""
        return self.answered_through.mailbox_text if self.answered_through else self.answered_name

"""What the funders ("bidragydere") answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor.accounts.models import Organization
from klimaspor.columns import Line
from klimaspor.constraints import pair
from proposals.line.models import Proposal
from review.funding.queries import FunderConsentQuerySet


class ConsentAnswer(models.TextChoices):
    CONSENTED = "consented", "tilsagn"
    PARTLY = "partly", "delvist tilsagn"
    REFUSED = "refused", "afslag"


class FunderConsent(models.Model):
    """A funder's own, separate approval ("særskilt godkendelse") of its amount, in kroner."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="consents")
    funder = models.ForeignKey(Organization, models.PROTECT, related_name="consents")
    amount = models.DecimalField("beløb", max_digits=14, decimal_places=2)
    asked_at = models.DateTimeField()
    answer = models.CharField("svar", max_length=20, choices=ConsentAnswer.choices, blank=True)
    reason = models.TextField("begrundelse eller bemærkning", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_entered_by_secretariat = models.BooleanField(default=False)
    document = models.FileField("dokument", upload_to="tilsagn/%Y/", blank=True)
    document_name = Line(max_length=200, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    """Set when the proposal is tabled again, and the funder is asked anew, or when its answer was changed."""
    granted_amount = models.DecimalField(
        "givet beløb", max_digits=14, decimal_places=2, null=True, blank=True
    )
    """In kroner; only of a part, which is not all that was asked for."""
    conditions = models.TextField("bidragyderens betingelser", blank=True)
    case_number = Line("bidragyderens sagsnr.", max_length=50, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    """The answer this one is instead of; that one stays as it was given."""
    change_reason = models.TextField("hvorfor svaret er ændret", blank=True)

    objects = FunderConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "særskilt godkendelse"
        verbose_name_plural = "særskilte godkendelser"
        constraints = (
            pair("answered", "Et svar er givet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="consent_answer_with_time",
                violation_error_message="Vælg et svar.",
            ),
            models.CheckConstraint(
                condition=~Q(answer="refused") | ~Q(reason=""),
                name="consent_refusal_reason",
                violation_error_message="Skriv begrundelsen for afslaget.",
            ),
            models.CheckConstraint(
                condition=Q(is_entered_by_secretariat=False) | ~Q(document=""),
                name="consent_document",
                violation_error_message="Vedhæft bidragyderens svar.",
            ),
            models.CheckConstraint(
                condition=(~Q(answer="partly") & Q(granted_amount=None))
                | Q(answer="partly", granted_amount__gt=0, granted_amount__lt=models.F("amount")),
                name="consent_part_of_amount",
                violation_error_message="Skriv, hvor stor en del af beløbet der gives tilsagn om.",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, change_reason="")
                | (Q(replaces__isnull=False) & ~Q(change_reason="")),
                name="consent_changed_with_reason",
                violation_error_message="Skriv, hvorfor svaret er ændret.",
            ),
            models.UniqueConstraint(
                fields=("proposal", "funder"),
                condition=Q(superseded_at=None),
                name="consent_once",
                violation_error_message="Bidragyderen er allerede spurgt.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.funder} om {self.proposal.number}"


class ConsentStage(models.Model):
    """One body that treats a funder's answer on its way ("udvalg, forretningsudvalg, regionsråd"), and when."""

    consent = models.ForeignKey(FunderConsent, models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    body = Line("udvalg eller råd", max_length=100)
    meeting_date = models.DateField("behandles", null=True, blank=True)
    treated_at = models.DateTimeField("behandlet", null=True, blank=True)
    treated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who wrote that it has been treated."""

    class Meta:
        verbose_name = "trin i en bidragyders behandling"
        verbose_name_plural = "trin i bidragyderes behandling"
        constraints = (
            pair("treated", "Et trin er behandlet ifølge nogen på et tidspunkt."),
            models.UniqueConstraint(
                fields=("consent", "position"),
                name="consent_stage_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        )

    def __str__(self) -> str:
        return self.body

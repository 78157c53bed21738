"""What the secretariat recommends to the committee ("indstilling")."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor import danish
from klimaspor.accounts.models import Organization
from klimaspor.constraints import pair
from proposals.line.models import Proposal, Version
from review.recommendation.queries import RecommendationQuerySet


def at_point(text: str) -> str:
    """Begin a point with "at", whether or not its author did; papers and pages say the same."""
    said = re.sub(r"^(?:- *)?(?:at\b)? *", "", text.strip(), flags=re.IGNORECASE)
    return f"at {said}"


class Direction(models.TextChoices):
    APPROVE = "approve", "godkendes"
    REJECT = "reject", "gives afslag"


class Recommendation(models.Model):
    """The secretariat's recommendation ("indstilling") to the committee."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="recommendations")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    direction = models.CharField("retning", max_length=20, choices=Direction.choices, blank=True)
    resume = models.TextField("resumé", blank=True)
    reason = models.TextField("begrundelse", blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recommended_at = models.DateTimeField("indstillet", null=True, blank=True)
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = "indstilling"
        verbose_name_plural = "indstillinger"
        constraints = (
            pair("edited", "En rettelse er lavet af nogen på et tidspunkt."),
            pair("recommended", "En indstilling er givet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(recommended_at=None) | (~Q(direction="") & ~Q(resume="")),
                name="recommendation_complete",
                violation_error_message="En indstilling har en retning og et resumé.",
            ),
            models.CheckConstraint(
                condition=~Q(direction="reject") | Q(recommended_at=None) | ~Q(reason=""),
                name="recommendation_rejection_reason",
                violation_error_message="Skriv begrundelsen for at indstille til afslag.",
            ),
        )

    def __str__(self) -> str:
        return f"Indstilling om {self.proposal.number}"


class RecommendationPoint(models.Model):
    """One "at"-point: what the committee is asked to decide."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField()
    text = models.TextField("at-punkt", max_length=1000)

    class Meta:
        verbose_name = "at-punkt"
        verbose_name_plural = "at-punkter"
        constraints = (
            models.UniqueConstraint(
                fields=("recommendation", "position"),
                name="point_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        )

    def __str__(self) -> str:
        return at_point(self.text)


class RecommendedAmount(models.Model):
    """What the recommendation asks of one funder, in kroner."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="amounts")
    funder = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    amount = models.DecimalField("beløb", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "indstillet beløb"
        verbose_name_plural = "indstillede beløb"
        constraints = (
            models.UniqueConstraint(
                fields=("recommendation", "funder"),
                name="recommended_amount_once",
                violation_error_message="Bidragyderen har allerede et beløb.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="recommended_amount_not_negative",
                violation_error_message="Beløbet kan ikke være mindre end 0 kr.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.funder}: {danish.money_text(self.amount)}"

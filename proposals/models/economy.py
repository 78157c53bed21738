"""The economy, line by line. Amounts in kroner."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from klimaspor import danish
from proposals.querysets import FinancingQuerySet


class FinancingStatus(models.TextChoices):
    REQUESTED = "requested", "søgt"
    GRANTED = "granted", "bevilget"
    COMMITTED = "committed", "tilsagn"
    EXPECTED = "expected", "forventet"
    OWN_TIME = "own_time", "egen tid"


class Financing(models.Model):
    """One line of the economy: who gives what in which year, and how sure it is. Amounts in kroner."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="financing")
    position = models.PositiveSmallIntegerField(default=0)
    year = models.PositiveSmallIntegerField(
        "år", validators=[MinValueValidator(2020), MaxValueValidator(2060)]
    )
    source = models.CharField("kilde", max_length=200)
    amount = models.DecimalField("beløb", max_digits=14, decimal_places=2)
    status = models.CharField("status", max_length=20, choices=FinancingStatus.choices)

    objects = FinancingQuerySet.as_manager()

    class Meta:
        verbose_name = "finansiering"
        verbose_name_plural = "finansiering"
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="financing_not_negative",
                violation_error_message="Beløbet kan ikke være mindre end 0 kr.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.source} {danish.money_text(self.amount)}"

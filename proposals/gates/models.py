"""Leave from a deadline ("dispensation"), for one person."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from klimaspor import danish
from klimaspor.constraints import pair
from proposals.gates.queries import DispensationQuerySet
from proposals.rounds.models import Gate


class Dispensation(models.Model):
    """A personal, reasoned, expiring leave from one deadline of one proposal."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="dispensations")
    granted_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="dispensations",
        verbose_name="givet til",
    )
    """The one person who may send the proposal after the deadline."""
    gate = models.CharField("frist", max_length=20, choices=Gate.choices)
    until_at = models.DateTimeField("gælder til")
    reason = models.TextField("begrundelse")
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("trukket tilbage", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DispensationQuerySet.as_manager()

    class Meta:
        verbose_name = "dispensation"
        verbose_name_plural = "dispensationer"
        constraints = (
            pair("withdrawn", "En dispensation er enten trukket tilbage af nogen eller ikke."),
        )

    def __str__(self) -> str:
        return f"{self.get_gate_display()} til {danish.datetime_text(self.until_at)}"

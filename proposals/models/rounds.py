"""Rounds ("runder") with their deadlines, and leave from one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from klimaspor import danish
from proposals.lifecycle import Gate
from proposals.models.constraints import pair
from proposals.querysets import DispensationQuerySet, RoundQuerySet

if TYPE_CHECKING:
    from datetime import datetime


class Round(models.Model):
    """A round ("runde"): two deadlines and a meeting, with the rules that hold in it."""

    name = models.CharField("navn", max_length=60, unique=True)
    opens_at = models.DateTimeField("åbner")
    qualification_deadline_at = models.DateTimeField("frist for faglig kvalificering")
    approval_deadline_at = models.DateTimeField("frist for godkendelsesforløb")
    meeting_date = models.DateField("møde i forretningsudvalget")
    meeting_time = models.TimeField("mødets klokkeslæt", null=True, blank=True)
    meeting_place = models.CharField("mødested", max_length=200, blank=True)
    min_authorities = models.PositiveSmallIntegerField(
        "mindste antal kommuner og regioner", default=3, validators=[MinValueValidator(1)]
    )
    is_first_gate_strict = models.BooleanField(
        "krav standser ved første frist",
        default=True,
        help_text="Ellers giver de kun en advarsel ved indsendelse til faglig kvalificering.",
    )
    requires_commitments = models.BooleanField(
        "tilsagn kræves ved anden frist",
        default=False,
        help_text="Kun kommuner og regioner, der har bekræftet deres deltagelse, tæller så med ved indsendelse "
        "til godkendelsesforløb.",
    )
    advice_days = models.PositiveSmallIntegerField(
        "arbejdsdage til sparring",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Så længe før første frist skal DGO'en have teksten for at nå at komme med kommentarer.",
    )
    is_history = models.BooleanField("kun historik", default=False)
    note = models.TextField("bemærkning", blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "runde"
        verbose_name_plural = "runder"
        constraints = (
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("qualification_deadline_at"))
                & Q(qualification_deadline_at__lt=F("approval_deadline_at")),
                name="round_in_order",
                violation_error_message="Runden skal åbne før første frist, og første frist skal ligge før anden frist.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def deadline_at(self, gate: Gate) -> datetime:
        if gate == Gate.QUALIFICATION:
            return self.qualification_deadline_at
        return self.approval_deadline_at


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
    withdrawn_at = models.DateTimeField("taget tilbage", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DispensationQuerySet.as_manager()

    class Meta:
        verbose_name = "dispensation"
        verbose_name_plural = "dispensationer"
        constraints = (
            pair("withdrawn", "En dispensation er enten taget tilbage af nogen eller ikke."),
        )

    def __str__(self) -> str:
        return f"{self.get_gate_display()} til {danish.datetime_text(self.until_at)}"

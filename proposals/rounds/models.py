"""Rounds ("runder"), and the two gates of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, TextChoices

from klimaspor import danish
from klimaspor.columns import Line
from proposals.rounds.queries import RoundQuerySet

if TYPE_CHECKING:
    from datetime import datetime


class Gate(TextChoices):
    """The two deadlines of a round."""

    QUALIFICATION = "qualification", "faglig kvalificering"
    APPROVAL = "approval", "godkendelsesforløb"


DAYS_AFTER_STATEMENT = 3
"""Working days a proposer has between the DGO's statement and the second gate, where the round says nothing else."""


def usual_dgo_deadline(
    first_at: datetime, second_at: datetime, days: int = DAYS_AFTER_STATEMENT
) -> datetime:
    """Give the moment a DGO answers by, so many working days before the second gate; halfway where the gates are too near."""
    second = danish.local(second_at)
    day = danish.add_working_days(second.date(), -days)
    usual_at = danish.wall(day, second.time())
    return usual_at if usual_at > first_at else first_at + (second_at - first_at) / 2


class Round(models.Model):
    """A round ("runde"): two deadlines and a meeting, with the rules that hold in it."""

    name = Line("navn", max_length=60, unique=True)
    opens_at = models.DateTimeField("åbner")
    qualification_deadline_at = models.DateTimeField("frist for faglig kvalificering")
    dgo_deadline_at = models.DateTimeField("DGO'ens svarfrist")
    """When the proposer is to have the DGO's statement. What comes later is taken in until the second gate."""
    approval_deadline_at = models.DateTimeField("frist for godkendelsesforløb")
    meeting_date = models.DateField("møde i forretningsudvalget")
    meeting_time = models.TimeField("mødets klokkeslæt", null=True, blank=True)
    meeting_place = Line("mødested", max_length=200, blank=True)
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
    reply_days = models.PositiveSmallIntegerField(
        "arbejdsdage til at svare på udtalelsen",
        default=DAYS_AFTER_STATEMENT,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Så længe har forslagsstilleren til at svare på DGO'ens udtalelse, dog aldrig længere end til anden frist.",
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
            models.CheckConstraint(
                condition=Q(dgo_deadline_at__gt=F("qualification_deadline_at"))
                & Q(dgo_deadline_at__lt=F("approval_deadline_at")),
                name="round_dgo_deadline_between",
                violation_error_message="DGO'ens svarfrist skal ligge efter første frist og før anden frist.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def deadline_at(self, gate: Gate) -> datetime:
        if gate == Gate.QUALIFICATION:
            return self.qualification_deadline_at
        return self.approval_deadline_at

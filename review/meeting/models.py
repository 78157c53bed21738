"""Who was at the meeting, and who took no part in an item."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from klimaspor import danish
from klimaspor.columns import Line
from review.agenda.models import Agenda, AgendaItem


class Presence(models.TextChoices):
    PRESENT = "present", "til stede"
    ABSENT = "absent", "fraværende"
    APOLOGIES = "apologies", "afbud"


def presence_text(presence: str) -> str:
    return str(Presence(presence).label) if presence else "ikke oplyst"


class Attendance(models.Model):
    """Whether a member was at the meeting."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="attendance")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = Line("navn", max_length=150)
    presence = models.CharField("fremmøde", max_length=20, blank=True, choices=Presence.choices)
    """Blank until somebody has said; nothing is released before that."""

    class Meta:
        verbose_name = "fremmøde"
        verbose_name_plural = "fremmøde"
        constraints = (
            models.UniqueConstraint(
                fields=("agenda", "name"),
                name="attendance_once",
                violation_error_message="Personen står allerede på listen.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {presence_text(self.presence)}"


class Recusal(models.Model):
    """A member who took no part in an item: "X deltog ikke i sagens behandling"."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="recusals")
    name = Line("navn", max_length=150)

    class Meta:
        verbose_name = "inhabil ved punktet"
        verbose_name_plural = "inhabile ved punktet"
        constraints = (models.UniqueConstraint(fields=("item", "name"), name="recusal_once"),)

    def __str__(self) -> str:
        return self.name


class MinutesApproval(models.Model):
    """That a member has approved the minutes ("godkendt referatet") as they were then read."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="approvals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField("godkendt")

    class Meta:
        verbose_name = "godkendelse af referat"
        verbose_name_plural = "godkendelser af referater"
        constraints = (
            models.UniqueConstraint(fields=("agenda", "user"), name="minutes_approved_once"),
        )

    def __str__(self) -> str:
        return f"{self.user} {danish.date_text(self.approved_at)}"

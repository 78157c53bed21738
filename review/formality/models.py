"""The formal check ("formel kontrol") of what was sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from klimaspor.constraints import pair
from proposals.line.models import Proposal, Version
from review.formality.queries import FormalCheckQuerySet


class FormalCheck(models.Model):
    """A person's answers about the requirements of one version ("formel kontrol")."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="formal_checks")
    version = models.OneToOneField(Version, models.PROTECT, related_name="formal_check")
    checked_at = models.DateTimeField("kontrolleret", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = FormalCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "formel kontrol"
        verbose_name_plural = "formelle kontroller"
        constraints = (pair("checked", "En kontrol er lavet af nogen på et tidspunkt."),)

    def __str__(self) -> str:
        return f"Formel kontrol af {self.proposal.number}, {self.version}"


class FormalAnswer(models.Model):
    """Whether one requirement is met, as a person sees it, beside the program's finding."""

    check_of = models.ForeignKey(FormalCheck, models.CASCADE, related_name="answers")
    requirement = models.CharField("krav", max_length=10)
    is_met = models.BooleanField("opfyldt", null=True)
    note = models.TextField("bemærkning", blank=True)

    class Meta:
        verbose_name = "svar på krav"
        verbose_name_plural = "svar på krav"
        constraints = (
            models.UniqueConstraint(
                fields=("check_of", "requirement"),
                name="formal_answer_once",
                violation_error_message="Kravet er allerede besvaret.",
            ),
        )

    def __str__(self) -> str:
        return self.requirement

"""Whose second step of signing in was taken away by somebody else, and how they were known."""

from __future__ import annotations

from django.db import models

from klimaspor.accounts.models.users import User
from klimaspor.accounts.querysets import TwoStepResetQuerySet


class TwoStepReset(models.Model):
    """A lost phone that was put right: from then on the password was enough to set up another."""

    user = models.ForeignKey(User, models.PROTECT, related_name="two_step_resets")
    reset_at = models.DateTimeField("nulstillet")
    reset_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    how_known = models.TextField("hvordan personen blev genkendt")

    objects = TwoStepResetQuerySet.as_manager()

    class Meta:
        verbose_name = "nulstilling af to trin"
        verbose_name_plural = "nulstillinger af to trin"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(user=models.F("reset_by")),
                name="two_step_reset_by_another",
                violation_error_message="En anden end personen selv skal nulstille to trin.",
            ),
        )

    def __str__(self) -> str:
        return f"To trin for {self.user}"

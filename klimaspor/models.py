"""What the foundation itself remembers: how each sweep went, and which presses have made what they are for."""

from __future__ import annotations

from django.db import models


class SweepRecord(models.Model):
    """
    When a sweep last did what it is for, and what last kept it from it.

    In the database, so that it is known whatever becomes of the queue.
    """

    name = models.CharField("gennemløb", max_length=100, primary_key=True)
    visited_at = models.DateTimeField("sidste besøg", null=True, blank=True)
    """The last visit that the clock itself asked for and that ended as it should: a nudge never stands in for the clock."""
    succeeded_at = models.DateTimeField("sidst uden fejl", null=True, blank=True)
    failed_at = models.DateTimeField("sidste fejl", null=True, blank=True)
    error = models.TextField("fejlen", blank=True)

    class Meta:
        verbose_name = "gennemløb"
        verbose_name_plural = "gennemløb"

    def __str__(self) -> str:
        return self.name

    @property
    def is_failing(self) -> bool:
        """Whether the last visit left something undone."""
        return self.failed_at is not None and (
            self.succeeded_at is None or self.failed_at > self.succeeded_at
        )


class UsedKey(models.Model):
    """A press that has made something, by the key its form carried (`klimaspor.once`)."""

    key = models.CharField("nøgle", max_length=64, primary_key=True)
    typed = models.CharField("aftryk af det skrevne", max_length=64)
    led_to = models.TextField("førte til", blank=True)
    used_at = models.DateTimeField("brugt", db_index=True)

    class Meta:
        verbose_name = "brugt nøgle"
        verbose_name_plural = "brugte nøgler"

    def __str__(self) -> str:
        return self.key

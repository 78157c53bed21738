"""Which version of each answer stands and who wrote it, and what was asked to be changed in which section."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from proposals.answers import sections
from proposals.drafting.queries import FieldVersionQuerySet
from proposals.line.models import Event, Proposal


class ReturnReason(models.Model):
    """What must change in one section, as a return or a request for completion says it."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="reasons")
    section = models.CharField(
        max_length=30, choices=[(s.slug, s.title) for s in sections.SECTIONS]
    )
    text = models.TextField()

    class Meta:
        verbose_name = "ønske om ændring"
        verbose_name_plural = "ønsker om ændringer"
        constraints = (
            models.UniqueConstraint(
                fields=("event", "section"),
                name="return_reason_once",
                violation_error_message="Skriv ét ønske for hvert afsnit.",
            ),
        )

    def __str__(self) -> str:
        return self.text


class FieldVersion(models.Model):
    """
    Which version of one answer is stored, and who wrote it: what a page must know to overwrite nothing unseen.

    An answer without a row has version 0.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="field_versions")
    name = models.CharField(max_length=40)
    """The name of a question, or the accessor of a section's rows."""
    number = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField("ændret")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Nobody where a participant's contact wrote it with a code."""

    objects = FieldVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "feltversion"
        verbose_name_plural = "feltversioner"
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "name"),
                name="field_version_once",
                violation_error_message="Feltet har allerede en version.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def editor_text(self) -> str:
        return self.edited_by.name if self.edited_by else "En deltagers kontaktperson"

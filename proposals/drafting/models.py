"""
Which version of each answer stands and who wrote it, what it said before, and what was asked to be changed in which section.

What an answer said is kept each time it is written (`AnswerChange`), whatever way it came: `holding.mark` and
`steps.save_section` are the two places that all of them pass.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from proposals.answers import sections
from proposals.drafting.queries import AnswerChangeQuerySet, FieldVersionQuerySet
from proposals.line.models import Event, Proposal

CODE_VISITOR = "En deltagers kontaktperson"


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
        return self.edited_by.name if self.edited_by else CODE_VISITOR


class AnswerChange(models.Model):
    """
    One entry of an answer's history: from what to what, by whom, from when to when, in the words a reader sees.

    What one person writes while they go on is one entry. It ends when they pause, when another writes, when somebody marks
    the proposal as read or sparring is opened, and before most of the answer is taken away.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="answer_changes")
    name = models.CharField(max_length=40)
    """As that of `FieldVersion`."""
    before = models.TextField(null=True, blank=True)
    """Of rows that were written before there was a history nobody knows."""
    after = models.TextField(blank=True)
    began_at = models.DateTimeField("begyndt")
    edited_at = models.DateTimeField("ændret")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Nobody where a participant's contact wrote it with a code."""
    is_closed = models.BooleanField(default=False)
    """What is written next is an entry of its own."""

    objects = AnswerChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "ændring af et svar"
        verbose_name_plural = "ændringer af svar"
        indexes = (models.Index(fields=("proposal", "name", "-id"), name="answer_change_latest"),)

    def __str__(self) -> str:
        return f"{self.name} {self.edited_at}"

    @property
    def editor_text(self) -> str:
        return self.edited_by.name if self.edited_by else CODE_VISITOR

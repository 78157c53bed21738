"""Notes on the case: what was said, when, between whom; and what a note said before it was corrected."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from klimaspor.columns import Line
from klimaspor.constraints import pair
from proposals.notes.queries import NoteQuerySet
from proposals.sparring.models import Circle


class NoteKind(models.TextChoices):
    TELEPHONE = "telephone", "telefonnotat"
    MEETING = "meeting", "mødenotat"
    OTHER = "other", "notat"


class Said(models.Model):
    """What a note says; all of it may be corrected, and who reads it may not."""

    kind = models.CharField("art", max_length=20, choices=NoteKind.choices)
    held_date = models.DateField("dato")
    participants = Line("deltagere", max_length=300)
    text = models.TextField("notat", max_length=6000)

    class Meta:
        abstract = True


class Note(Said):
    """A note on a proposal's case, as it reads now."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="notes")
    circle = models.CharField("kreds", max_length=20, choices=Circle.choices)
    author_role = Line(max_length=80)
    """How the author is presented, as it was then."""
    created_at = models.DateTimeField("skrevet")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField("rettet", null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = "notat"
        verbose_name_plural = "notater"
        constraints = (pair("edited", "Et notat er rettet af nogen på et tidspunkt."),)

    def __str__(self) -> str:
        return self.text


class NoteWording(Said):
    """What a note said before it was corrected, until `at`."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="wordings")
    at = models.DateTimeField("rettet")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "tidligere notat"
        verbose_name_plural = "tidligere notater"

    def __str__(self) -> str:
        return self.text

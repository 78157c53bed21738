"""What was sent and what happened: frozen versions, and events with who, when and why."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from klimaspor.leases import BuiltFile
from proposals import sections
from proposals.lifecycle import Gate, Status
from proposals.models.rounds import Round
from proposals.querysets import EventQuerySet, VersionPaperQuerySet, VersionQuerySet


class Version(models.Model):
    """
    What was sent: content and findings frozen, canonical, hashed, with the server's time of receipt.

    `content` is `content.Content.to_json()`; `sha256` is over its canonical bytes.
    """

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    gate = models.CharField(max_length=20, choices=Gate.choices)
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    title = models.CharField(max_length=150)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField("modtaget")
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    search_text = models.TextField()
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="danish")
        + SearchVector("search_text", weight="B", config="danish"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version"
        verbose_name_plural = "versioner"
        indexes = (GinIndex(fields=("search",), name="version_search"),)
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "number"),
                name="version_number_once",
                violation_error_message="Versionen findes allerede.",
            ),
        )

    def __str__(self) -> str:
        return f"version {self.number}"


class VersionPaper(BuiltFile):
    """The PDF of a sent version, built by the worker."""

    version = models.OneToOneField(Version, models.CASCADE, related_name="paper")

    objects: ClassVar = VersionPaperQuerySet.as_manager()

    class Meta:
        verbose_name = "forslag som PDF"
        verbose_name_plural = "forslag som PDF"


class Event(models.Model):
    """One line of the history: what happened, who did it, when and why."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="events")
    transition = models.CharField(max_length=40)
    """A transition's id, or a word of its own for what moves nothing: created, sparring_opened …"""
    source = models.CharField(max_length=20, choices=Status.choices, blank=True)
    target = models.CharField(max_length=20, choices=Status.choices, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField("begrundelse", blank=True)
    note = models.TextField(blank=True)
    version = models.ForeignKey(
        "proposals.Version", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "hændelse"
        verbose_name_plural = "hændelser"
        indexes = (models.Index(fields=("proposal", "at"), name="event_proposal_at"),)

    def __str__(self) -> str:
        return f"{self.proposal.number} {self.transition}"


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

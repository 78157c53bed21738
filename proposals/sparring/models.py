"""What is said in the sparring."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor.columns import Line
from klimaspor.constraints import pair
from proposals.answers import sections
from proposals.sparring.queries import AdviceQuerySet


class Advice(models.Model):
    """A comment in the sparring, about one section or the whole; an answer has a parent."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="advice")
    section = models.CharField(
        max_length=30, blank=True, choices=[(s.slug, s.title) for s in sections.SECTIONS]
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="answers"
    )
    text = models.TextField("kommentar", max_length=6000)
    author_role = Line(max_length=80)
    """How the author is presented, as it was then: forslagsstiller, KlimaNord, sekretariatet."""
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AdviceQuerySet.as_manager()

    class Meta:
        verbose_name = "sparring"
        verbose_name_plural = "sparring"
        constraints = (
            pair("resolved", "En afsluttet tråd er afsluttet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(resolved_at=None),
                name="advice_resolve_thread",
                violation_error_message="Afslut tråden, ikke det enkelte svar.",
            ),
        )

    def __str__(self) -> str:
        return self.text

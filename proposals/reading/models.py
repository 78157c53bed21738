"""What each person read last of a proposal, so that they can be shown what is new."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.line.models import Proposal, Version
from proposals.reading.queries import ReadMarkQuerySet, SnapshotQuerySet


class Snapshot(models.Model):
    """The live text as somebody read it: `Content.to_json()`, once however many read the same."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="snapshots")
    sha256 = models.CharField(max_length=64)
    """Over the canonical bytes of `content`."""
    content = models.JSONField()

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "læst tekst"
        verbose_name_plural = "læste tekster"
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "sha256"),
                name="snapshot_once",
                violation_error_message="Teksten er gemt én gang.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal.number} {self.sha256[:8]}"


class ReadMark(models.Model):
    """
    What a person read last of a proposal, and when: a version that was sent, or the live text as it stood.

    `earlier_…` is where the mark stood before, for the way back from a press.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="read_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="read_marks")
    read_at = models.DateTimeField("læst")
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="read_marks"
    )
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="read_marks"
    )
    earlier_read_at = models.DateTimeField("læst før det", null=True, blank=True)
    earlier_version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="+"
    )
    earlier_snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="earlier_read_marks"
    )

    objects = ReadMarkQuerySet.as_manager()

    class Meta:
        verbose_name = "læst"
        verbose_name_plural = "læst"
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "user"),
                name="read_mark_once",
                violation_error_message="Der er allerede et mærke.",
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=False, snapshot=None)
                | Q(version=None, snapshot__isnull=False),
                name="read_mark_one_text",
                violation_error_message="Et mærke står ved én tekst.",
            ),
            models.CheckConstraint(
                condition=Q(earlier_read_at=None, earlier_version=None, earlier_snapshot=None)
                | Q(
                    earlier_read_at__isnull=False,
                    earlier_version__isnull=False,
                    earlier_snapshot=None,
                )
                | Q(
                    earlier_read_at__isnull=False,
                    earlier_version=None,
                    earlier_snapshot__isnull=False,
                ),
                name="read_mark_one_earlier_text",
                violation_error_message="Et mærke stod før ved højst én tekst.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.proposal.number}"

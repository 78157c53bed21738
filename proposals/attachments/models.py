"""
The files that go with a proposal ("bilag").

A file may be marked confidential ("lukket bilag") with a reason, for those who judge. Parties, the DGO, the
secretariat and the committee read it and the reason; funders see its number and name and are told to ask the
secretariat; it is on no public page. In the committee's zip it lies in the folder *Fortroligt* under its item, and
the papers call it "Lukket bilag" without the reason, since open items' papers may be passed on. What its writers say
of it now also holds for versions sent before. Reconsider when funders must see confidential budgets.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor.columns import Line
from klimaspor.constraints import pair
from klimaspor.leases import Leased
from proposals.attachments.queries import AttachmentQuerySet


class ScanState(models.TextChoices):
    UNSCANNED = "unscanned", "ikke scannet"
    """No scanner was set when the file came."""
    PENDING = "pending", "venter på virusscanning"
    CLEAN = "clean", "scannet for virus"
    INFECTED = "infected", "indeholder virus"


class Attachment(Leased):
    """A file that goes with the proposal ("bilag"); read only through an authorising view."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    title = Line("navn", max_length=150)
    file = models.FileField(upload_to="bilag/%Y/%m/")
    file_name = Line(max_length=200)
    size = models.PositiveIntegerField()
    """In bytes."""
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField("tilføjet")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_confidential = models.BooleanField("fortroligt", default=False)
    confidential_reason = Line("hvorfor fortroligt", max_length=300, blank=True)
    scan_state = models.CharField(
        "virusscanning",
        max_length=20,
        choices=ScanState.choices,
        default=ScanState.UNSCANNED,
    )
    scanned_at = models.DateTimeField("scannet", null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """A removed file stays readable in the versions that were sent with it."""

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "bilag"
        verbose_name_plural = "bilag"
        constraints = (
            pair("removed", "Et fjernet bilag er fjernet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(is_confidential=False) | ~Q(confidential_reason=""),
                name="attachment_confidential_reasoned",
                violation_error_message="Skriv, hvorfor bilaget er fortroligt.",
            ),
        )

    def __str__(self) -> str:
        return self.title

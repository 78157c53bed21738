"""The codes with which somebody answers for a participant without being a user, see `visits`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from proposals.commitments.queries import AnswerCodeQuerySet


class AnswerCode(models.Model):
    """One code in one letter to the address an invitation was sent to; only its hash is kept."""

    invitation = models.ForeignKey(
        "proposals.ProposalInvitation", models.CASCADE, related_name="answer_codes"
    )
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField("sendt")
    expires_at = models.DateTimeField("udløber")
    tries = models.PositiveSmallIntegerField("forkerte forsøg", default=0)
    ended_at = models.DateTimeField("brugt eller afløst", null=True, blank=True)

    objects = AnswerCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "svarkode"
        verbose_name_plural = "svarkoder"
        constraints = (
            models.UniqueConstraint(
                fields=("invitation",),
                condition=Q(ended_at=None),
                name="answer_code_one",
                violation_error_message="En ny kode afløser den gamle.",
            ),
        )

    def __str__(self) -> str:
        return f"kode til {self.invitation}"

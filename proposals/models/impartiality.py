"""Whether those who judge may ("habilitet")."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from proposals.models.constraints import pair
from proposals.querysets import ImpartialityQuerySet


class Impartiality(models.Model):
    """
    Whether a person is impartial ("habil") about a proposal, when there is a reason to ask.

    A tie blocks acting until another person has settled it; settled as partial, it blocks reading too.
    """

    proposal = models.ForeignKey(
        "proposals.Proposal", models.CASCADE, related_name="impartialities"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="impartialities"
    )
    reason = models.TextField("grund")
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_impartial = models.BooleanField("habil", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField("bemærkning", blank=True)

    objects = ImpartialityQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitet"
        verbose_name_plural = "habilitet"
        constraints = (
            pair("settled", "En afgørelse om habilitet har både tid og person."),
            models.UniqueConstraint(
                fields=("proposal", "user"),
                name="impartiality_once",
                violation_error_message="Personens habilitet er allerede rejst.",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, is_impartial=None)
                | Q(settled_at__isnull=False, is_impartial__isnull=False),
                name="impartiality_settled_with_answer",
                violation_error_message="Svar, om personen er habil.",
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(settled_by=F("user")),
                name="impartiality_by_another",
                violation_error_message="En anden skal tage stilling til din habilitet.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} om {self.proposal.number}"

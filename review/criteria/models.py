"""The criteria ("vurderingskriterier") a round's proposals are judged by."""

from __future__ import annotations

from django.db import models

from klimaspor.columns import Line
from proposals.rounds.models import Round
from review.criteria.queries import CriterionQuerySet


class Criterion(models.Model):
    """A criterion of assessment ("vurderingskriterium") of one round; ids are quoted and never reused."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="criteria")
    code = Line("nummer", max_length=10)
    title = Line("titel", max_length=120)
    text = models.TextField("uddybning", blank=True)
    position = models.PositiveSmallIntegerField("rækkefølge", default=0)
    is_placeholder = models.BooleanField("foreløbigt", default=False)
    replaced_by = models.OneToOneField(
        "self",
        models.PROTECT,
        verbose_name="afløst af",
        null=True,
        blank=True,
        related_name="replaces",
    )
    """What has been judged by keeps its meaning: another meaning is another criterion, which is asked instead."""

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = "vurderingskriterium"
        verbose_name_plural = "vurderingskriterier"
        constraints = (
            models.UniqueConstraint(
                fields=("round", "code"),
                name="criterion_code_once",
                violation_error_message="Runden har allerede et kriterium med det nummer.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

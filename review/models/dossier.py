"""The committee's papers as files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from klimaspor.leases import BuiltFile
from review.models.agenda import Agenda
from review.querysets import DossierQuerySet


class Dossier(BuiltFile):
    """The committee's papers ("sagsmateriale") as built files, each with its hash, never overwritten."""

    class Kind(models.TextChoices):
        PAPERS = "papers", "sagsmateriale"
        ANNEXES = "annexes", "sagsmateriale med bilag (zip)"
        MINUTES = "minutes", "referat"

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="dossiers")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.PositiveSmallIntegerField("udgave", default=1)

    objects: ClassVar = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "sagsmateriale"
        verbose_name_plural = "sagsmateriale"
        constraints = (
            models.UniqueConstraint(
                fields=("agenda", "kind", "number"), name="dossier_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

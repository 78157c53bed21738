"""Which reference data has been put in."""

from __future__ import annotations

from django.db import models

from klimaspor.accounts.querysets import LoadedReferenceQuerySet


class LoadedReference(models.Model):
    """
    A piece of reference data that has been put in, so that it is put in once.

    What the secretariat renames or removes afterwards is neither overwritten nor brought back.
    """

    key = models.CharField("nøgle", max_length=100, unique=True)
    loaded_at = models.DateTimeField("lagt ind")

    objects = LoadedReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "indlagt grunddata"
        verbose_name_plural = "indlagte grunddata"

    def __str__(self) -> str:
        return self.key

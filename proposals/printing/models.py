"""The paper of what was sent, which the worker sets."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from klimaspor.leases import BuiltFile
from proposals.line.models import Version
from proposals.printing.queries import VersionPaperQuerySet


class VersionPaper(BuiltFile):
    """The PDF of a sent version, built by the worker."""

    version = models.OneToOneField(Version, models.CASCADE, related_name="paper")

    objects: ClassVar = VersionPaperQuerySet.as_manager()

    class Meta:
        verbose_name = "forslag som PDF"
        verbose_name_plural = "forslag som PDF"

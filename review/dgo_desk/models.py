"""What an adviser keeps of how the desk is looked at."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor.columns import Line
from review.dgo_desk.queries import SavedViewQuerySet

LONGEST_NAME = 60


class SavedView(models.Model):
    """A person's own named filters of the desk ("visning"); one of them may be what the desk opens with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk_views")
    name = Line("navn", max_length=LONGEST_NAME)
    query = models.TextField("filtre")
    """What stands in the address, as `forms.canonical` writes it; read as anything that comes in an address."""
    is_default = models.BooleanField("vises først", default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "gemt visning"
        verbose_name_plural = "gemte visninger"
        constraints = (
            models.UniqueConstraint(
                fields=("user", "name"),
                name="saved_view_name_once",
                violation_error_message="Du har allerede en visning med det navn.",
            ),
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(is_default=True),
                name="saved_view_one_default",
                violation_error_message="Kun én visning kan vises først.",
            ),
        )

    def __str__(self) -> str:
        return self.name

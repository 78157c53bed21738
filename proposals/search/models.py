"""The document that is searched, one for each text of a proposal that somebody reads."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from klimaspor.columns import Line
from klimaspor.search import DocumentField
from proposals.line.editions import Edition
from proposals.line.models import Proposal
from proposals.search.queries import SearchTextQuerySet


class SearchText(models.Model):
    """
    One text of a proposal (`Edition`), as it is listed and found; written by `steps` alone.

    Each proposal has all three: of what was never sent it holds what a list shows of it, and no more. Who reads which is
    asked of `Access` when it is searched.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="texts", db_index=False)
    edition = models.PositiveSmallIntegerField("tekst", choices=Edition.choices)
    title = Line("titel", max_length=150, blank=True)
    names = DocumentField()
    """Who is named beside the text: part of the document, so that what is written can be saved without reading it anew."""
    document = DocumentField()

    objects = SearchTextQuerySet.as_manager()

    class Meta:
        verbose_name = "søgetekst"
        verbose_name_plural = "søgetekster"
        indexes = (GinIndex(fields=("document",), name="searchtext_document"),)
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "edition"),
                name="searchtext_once",
                violation_error_message="Søgeteksten findes allerede.",
            ),
            models.CheckConstraint(
                condition=models.Q(edition__in=Edition.values),
                name="searchtext_edition_known",
                violation_error_message="Ukendt tekst.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal.number}: {self.get_edition_display()}"

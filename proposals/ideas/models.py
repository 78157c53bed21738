"""An idea and what is said of it before there is a proposal."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor.accounts.models import Dgo, Organization
from klimaspor.columns import Line
from klimaspor.constraints import pair
from proposals.ideas.queries import IdeaQuerySet, IdeaReplyQuerySet
from proposals.line.models import Proposal


class Idea(models.Model):
    """
    An idea ("idé") put to a DGO before there is a draft: what, who, and which plan it comes from.

    Only its owner reads it until it is sent; then also the DGO's advisers and the secretariat. Sent, its words stand.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ideas")
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="på vegne af",
    )
    dgo = models.ForeignKey(
        Dgo, models.PROTECT, null=True, blank=True, related_name="ideas", verbose_name="DGO"
    )
    title = Line("titel", max_length=150, blank=True)
    what = models.TextField("hvad vil I afprøve", blank=True)
    who = models.TextField("hvem kunne være med", blank=True)
    plan = models.TextField("hvilken klimahandlingsplan og handling", blank=True)
    created_at = models.DateTimeField("oprettet")
    edited_at = models.DateTimeField("sidst ændret")
    sent_at = models.DateTimeField("sendt", null=True, blank=True)
    moved_at = models.DateTimeField("givet videre", null=True, blank=True)
    """When another DGO last got it: what was said until then is no answer of theirs."""
    closed_at = models.DateTimeField("afsluttet", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Put aside by its owner; what was said stays readable."""
    proposal = models.OneToOneField(
        Proposal, models.SET_NULL, null=True, blank=True, related_name="idea"
    )
    """The draft it became."""

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = "idé"
        verbose_name_plural = "idéer"
        constraints = (
            pair("closed", "En idé er afsluttet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(sent_at=None) | (Q(dgo__isnull=False) & ~Q(title="") & ~Q(what="")),
                name="idea_sent_with_words",
                violation_error_message="Skriv en titel og hvad I vil afprøve, og vælg en DGO.",
            ),
        )

    def __str__(self) -> str:
        return self.title or "Idé uden titel"

    @property
    def is_open(self) -> bool:
        """Whether it is talked about: sent, and neither put aside nor a draft."""
        return bool(self.sent_at and not self.closed_at and not self.proposal_id)


class IdeaReply(models.Model):
    """What is said of an idea, by its owner or by the DGO or the secretariat."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="replies")
    text = models.TextField("svar")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_adviser = models.BooleanField("fra DGO eller sekretariat")
    author_role = Line(max_length=120)
    """In which capacity it was said, and how that is presented: kept, since people change roles."""

    objects = IdeaReplyQuerySet.as_manager()

    class Meta:
        verbose_name = "svar på en idé"
        verbose_name_plural = "svar på idéer"

    def __str__(self) -> str:
        return f"{self.idea}: svar"

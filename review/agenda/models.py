"""The agenda ("dagsorden") of a meeting and its items."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from klimaspor import danish
from klimaspor.columns import Line
from klimaspor.constraints import pair
from klimaspor.leases import BuiltFile
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal, Version
from proposals.rounds.models import Round
from review.agenda.queries import AgendaItemQuerySet, AgendaQuerySet, DossierQuerySet
from review.recommendation.models import Recommendation


class Agenda(models.Model):
    """The agenda ("dagsorden") of one meeting; once published it is frozen."""

    round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="agendas", verbose_name="runde"
    )
    meeting_date = models.DateField("mødedato", unique=True)
    meeting_time = models.TimeField("klokkeslæt", null=True, blank=True)
    place = Line("sted", max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField("udsendt", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField("beslutninger frigivet", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AgendaQuerySet.as_manager()

    class Meta:
        verbose_name = "dagsorden"
        verbose_name_plural = "dagsordener"
        constraints = (
            pair("published", "En dagsorden er udsendt af nogen på et tidspunkt."),
            pair("released", "Beslutninger er frigivet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(published_at__isnull=False),
                name="agenda_released_after_published",
                violation_error_message="Udsend dagsordenen, før beslutningerne frigives.",
            ),
        )

    def __str__(self) -> str:
        return f"Dagsorden til mødet {danish.date_text(self.meeting_date)}"


class ItemKind(models.TextChoices):
    DECISION = "decision", "beslutning"
    DISCUSSION = "discussion", "drøftelse"
    INFORMATION = "information", "orientering"


class AgendaItem(models.Model):
    """
    One item ("punkt"): a recommended proposal, or free text.

    At publication `number`, `version` and `recommendation` are frozen, and the text is never changed again.
    """

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField("punkt", null=True, blank=True)
    """Given at publication and stable from then on."""
    kind = models.CharField("type", max_length=20, choices=ItemKind.choices)
    is_closed = models.BooleanField("lukket punkt", default=False)
    title = Line("titel", max_length=200)
    minutes = models.PositiveSmallIntegerField(
        "minutter", default=10, validators=[MinValueValidator(0), MaxValueValidator(480)]
    )
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    version = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, related_name="+")
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resume = models.TextField("resumé", blank=True)
    proposed = models.TextField("indstilling", blank=True)
    """For a free item: at-points, one a line. A proposal's come from its recommendation."""
    case_text = models.TextField("sagsfremstilling", blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "punkt"
        verbose_name_plural = "punkter"
        constraints = (
            models.UniqueConstraint(
                fields=("agenda", "position"),
                name="item_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=("agenda", "proposal"),
                name="item_proposal_once",
                violation_error_message="Forslaget står allerede på dagsordenen.",
            ),
            models.UniqueConstraint(
                fields=("agenda", "number"),
                name="item_number_once",
                violation_error_message="Punktets nummer er brugt.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_dropped(self) -> bool:
        """Whether a published proposal has left the table before a decision ("udgår"), derived."""
        return bool(
            self.number
            and self.agenda.released_at is None
            and self.proposal
            and self.proposal.status != Status.ON_AGENDA
        )


class Dossier(BuiltFile):
    """The committee's papers ("sagsmateriale") as built files, each with its hash, never overwritten."""

    class Kind(models.TextChoices):
        PAPERS = "papers", "sagsmateriale"
        ANNEXES = "annexes", "sagsmateriale med bilag"
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

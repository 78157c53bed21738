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

    cancelled_at = models.DateTimeField("aflyst", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancel_reason = models.TextField("begrundelse for aflysningen", blank=True)
    chair = Line("mødeleder", max_length=150, blank=True)
    note_taker = Line("referent", max_length=150, blank=True)

    objects = AgendaQuerySet.as_manager()

    class Meta:
        verbose_name = "dagsorden"
        verbose_name_plural = "dagsordener"
        constraints = (
            pair("published", "En dagsorden er udsendt af nogen på et tidspunkt."),
            pair("released", "Beslutninger er frigivet af nogen på et tidspunkt."),
            pair("cancelled", "Et møde er aflyst af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False, released_at=None) & ~Q(cancel_reason="")),
                name="agenda_cancelled_with_reason",
                violation_error_message="Skriv, hvorfor mødet er aflyst. Et møde med frigivne beslutninger aflyses ikke.",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(published_at__isnull=False),
                name="agenda_released_after_published",
                violation_error_message="Udsend dagsordenen, før beslutningerne frigives.",
            ),
        )

    def __str__(self) -> str:
        return f"Dagsorden til mødet {danish.date_text(self.meeting_date)}"


class MeetingMove(models.Model):
    """That a published meeting was moved: when and where it was to be, and why; `Agenda` says when it now is."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="moves")
    from_date = models.DateField("flyttet fra")
    from_time = models.TimeField("flyttet fra klokken", null=True, blank=True)
    from_place = Line("flyttet fra stedet", max_length=200, blank=True)
    reason = models.TextField("begrundelse")
    moved_at = models.DateTimeField("flyttet")
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "flytning af et møde"
        verbose_name_plural = "flytninger af møder"
        constraints = (
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="meeting_move_reason",
                violation_error_message="Skriv, hvorfor mødet er flyttet.",
            ),
        )

    def __str__(self) -> str:
        return f"Flyttet fra {danish.date_text(self.from_date)}"


class Addendum(models.Model):
    """What comes after the agenda is out ("tillægsdagsorden"), with a reason; its own items are frozen when it is out."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="addenda")
    number = models.PositiveSmallIntegerField("tillæg")
    reason = models.TextField("begrundelse", blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField("udsendt", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "tillægsdagsorden"
        verbose_name_plural = "tillægsdagsordener"
        constraints = (
            pair("published", "En tillægsdagsorden er udsendt af nogen på et tidspunkt."),
            models.UniqueConstraint(fields=("agenda", "number"), name="addendum_number_once"),
            models.UniqueConstraint(
                fields=("agenda",),
                condition=Q(published_at=None),
                name="addendum_one_begun",
                violation_error_message="Der er allerede begyndt på en tillægsdagsorden.",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(reason=""),
                name="addendum_reason",
                violation_error_message="Skriv, hvorfor der kommer en tillægsdagsorden.",
            ),
        )

    def __str__(self) -> str:
        return f"Tillægsdagsorden {self.number}"


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
    addendum = models.ForeignKey(
        Addendum, models.CASCADE, null=True, blank=True, related_name="items"
    )
    """The one it came with, if it came after the agenda was out."""
    corrects = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="corrected_by"
    )
    """The item this one is instead of ("rettet"); the first stays as it was read."""
    dropped_at = models.DateTimeField("udgået", null=True, blank=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    drop_reason = models.TextField("begrundelse for at punktet udgår", blank=True)

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
            pair("dropped", "Et punkt udgår ved nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(dropped_at=None, drop_reason="")
                | (Q(dropped_at__isnull=False) & ~Q(drop_reason="")),
                name="item_dropped_with_reason",
                violation_error_message="Skriv, hvorfor punktet udgår.",
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
        OPEN = "open", "sagsmateriale uden lukkede punkter"
        OPEN_MINUTES = "open_minutes", "referat uden lukkede punkter"

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

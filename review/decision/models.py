"""What was decided on an item."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor.constraints import pair
from proposals.line.lifecycle import Status
from proposals.rounds.models import Round
from review.agenda.models import AgendaItem
from review.decision.queries import DecisionQuerySet


class DecisionOutcome(models.TextChoices):
    APPROVED = "approved", "godkendt"
    WITH_CONDITIONS = "with_conditions", "godkendt med betingelser"
    POSTPONED = "postponed", "udsat"
    SENT_BACK = "sent_back", "sendt tilbage"
    REJECTED = "rejected", "afslag"
    DROPPED = "dropped", "udgår"
    NOTED = "noted", "taget til efterretning"
    """Only for free items, and only where somebody wrote it."""
    NOTHING = "nothing", "intet besluttet"
    """Only for free items: what was said may be written without anything being decided."""


NOT_TREATED = "ikke behandlet endnu"


class DecisionWords(models.Model):
    """What is written of a decision besides its outcome."""

    text = models.TextField("beslutningens ordlyd", blank=True)
    reason = models.TextField("begrundelse", blank=True)
    conditions = models.TextField("betingelser", blank=True)
    back_to = models.CharField(
        "sendes tilbage til",
        max_length=20,
        blank=True,
        choices=[(Status.DRAFT, "kladde"), (Status.QUALIFIED, "efter den faglige kvalificering")],
    )
    back_to_round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="til runden"
    )

    class Meta:
        abstract = True


class Decision(DecisionWords):
    """The committee's decision ("beslutning") on one item; told to nobody until it is released."""

    item = models.OneToOneField(AgendaItem, models.CASCADE, related_name="decision")
    outcome = models.CharField("beslutning", max_length=20, choices=DecisionOutcome.choices)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "beslutning"
        verbose_name_plural = "beslutninger"
        constraints = (
            pair("released", "En beslutning er frigivet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(outcome__in=["approved", "noted", "nothing"]) | ~Q(reason=""),
                name="decision_reason",
                violation_error_message="Skriv begrundelsen. Kun fuld godkendelse kan stå uden.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="with_conditions") | ~Q(conditions=""),
                name="decision_conditions",
                violation_error_message="Skriv betingelserne.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="sent_back")
                | (~Q(back_to="") & Q(back_to_round__isnull=False)),
                name="decision_back_to",
                violation_error_message="Vælg, hvor forslaget sendes hen, og til hvilken runde.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item}: {self.get_outcome_display()}"


class DecisionDraft(DecisionWords):
    """
    What is being written about an item and is not its decision yet: kept while it is typed, finished or not.

    A table of its own, so that whatever reads decisions cannot take it for one. Nothing is released while there is one.
    """

    item = models.OneToOneField(AgendaItem, models.CASCADE, related_name="decision_draft")
    outcome = models.CharField(
        "beslutning", max_length=20, blank=True, choices=DecisionOutcome.choices
    )
    recused = models.TextField("deltog ikke i sagens behandling", blank=True)
    """Names, one a line."""
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "kladde til beslutning"
        verbose_name_plural = "kladder til beslutninger"

    def __str__(self) -> str:
        return f"{self.item}: kladde"


def outcome_text(item: AgendaItem, *, is_over: bool) -> str:
    """Say what was decided on an item, which is never more than somebody wrote."""
    if item.is_dropped:
        return str(DecisionOutcome.DROPPED.label)
    decision: Decision | None = getattr(item, "decision", None)
    if decision is not None:
        return str(DecisionOutcome(decision.outcome).label)
    return str(DecisionOutcome.NOTHING.label) if is_over else NOT_TREATED

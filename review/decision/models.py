"""What was decided on an item."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor import danish
from klimaspor.accounts.models import Organization
from klimaspor.columns import Line
from klimaspor.constraints import pair
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
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


class DecidedAmount(models.Model):
    """What the committee decided of one funder's money, in kroner; what was recommended, where the table changed nothing."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="amounts")
    funder = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    amount = models.DecimalField("besluttet beløb", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "besluttet beløb"
        verbose_name_plural = "besluttede beløb"
        constraints = (
            models.UniqueConstraint(
                fields=("decision", "funder"),
                name="decided_amount_once",
                violation_error_message="Bidragyderen har allerede et beløb.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="decided_amount_not_negative",
                violation_error_message="Beløbet kan ikke være mindre end 0 kr.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.funder}: {danish.money_text(self.amount)}"


class DraftAmount(models.Model):
    """The same while it is written: what the one who writes has typed of a funder's amount, or nothing."""

    draft = models.ForeignKey(DecisionDraft, models.CASCADE, related_name="amounts")
    funder = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    amount = models.DecimalField(
        "besluttet beløb", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = "beløb i kladde til beslutning"
        verbose_name_plural = "beløb i kladder til beslutninger"
        constraints = (
            models.UniqueConstraint(fields=("draft", "funder"), name="draft_amount_once"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="draft_amount_not_negative",
                violation_error_message="Beløbet kan ikke være mindre end 0 kr.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.funder}: kladde"


class Condition(models.Model):
    """One condition ("betingelse") of a released decision, followed until somebody has written how it was met."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="conditions")
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="followed")
    position = models.PositiveSmallIntegerField()
    text = models.TextField("betingelse")
    responsible = Line("ansvarlig", max_length=150, blank=True)
    due_date = models.DateField("senest", null=True, blank=True)
    met_at = models.DateTimeField("opfyldt", null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proof = models.TextField("sådan er den opfyldt", blank=True)

    class Meta:
        verbose_name = "betingelse"
        verbose_name_plural = "betingelser"
        constraints = (
            pair("met", "En betingelse er opfyldt ved nogen på et tidspunkt."),
            models.UniqueConstraint(
                fields=("decision", "position"),
                name="condition_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(met_at=None) | ~Q(proof=""),
                name="condition_met_with_proof",
                violation_error_message="Skriv, hvordan betingelsen er opfyldt.",
            ),
        )

    def __str__(self) -> str:
        return self.text


def outcome_text(item: AgendaItem, *, is_over: bool) -> str:
    """Say what was decided on an item, which is never more than somebody wrote."""
    if item.is_dropped:
        return str(DecisionOutcome.DROPPED.label)
    decision: Decision | None = getattr(item, "decision", None)
    if decision is not None:
        return str(DecisionOutcome(decision.outcome).label)
    return str(DecisionOutcome.NOTHING.label) if is_over else NOT_TREATED

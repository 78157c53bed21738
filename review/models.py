"""What people do at each stop of the nomination procedure ("indstillingsforløbet")."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from klimaspor import danish
from klimaspor.accounts.models import Dgo, Organization
from klimaspor.leases import BuiltFile
from proposals.lifecycle import Status
from proposals.models import Proposal, Round, Version, pair
from review.querysets import (
    AgendaItemQuerySet,
    AgendaQuerySet,
    CriterionQuerySet,
    DecisionQuerySet,
    DossierQuerySet,
    FormalCheckQuerySet,
    FunderConsentQuerySet,
    QualificationQuerySet,
    RecommendationQuerySet,
)


class Criterion(models.Model):
    """A criterion of assessment ("vurderingskriterium") of one round; ids are quoted and never reused."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="criteria")
    code = models.CharField("nummer", max_length=10)
    title = models.CharField("titel", max_length=120)
    text = models.TextField("uddybning", blank=True)
    position = models.PositiveSmallIntegerField("rækkefølge", default=0)
    is_placeholder = models.BooleanField("foreløbigt", default=False)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = "vurderingskriterium"
        verbose_name_plural = "vurderingskriterier"
        constraints = (
            models.UniqueConstraint(
                fields=("round", "code"),
                name="criterion_code_once",
                violation_error_message="Runden har allerede et kriterium med det nummer.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Outcome(models.TextChoices):
    """What the professional assessment says; the proposer may go on in each case."""

    RECOMMENDED = "recommended", "anbefales"
    WITH_REMARKS = "with_remarks", "anbefales med bemærkninger"
    NOT_RECOMMENDED = "not_recommended", "anbefales ikke"
    WAIVED = "waived", "frafaldet af sekretariatet"


class Qualification(models.Model):
    """The professional assessment ("faglig kvalificering") of one sent version."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="qualifications")
    version = models.OneToOneField(Version, models.PROTECT, related_name="qualification")
    dgo = models.ForeignKey(Dgo, models.PROTECT, null=True, related_name="qualifications")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField("udfald", max_length=20, choices=Outcome.choices, blank=True)
    summary = models.TextField("samlet udtalelse", blank=True)
    revision = models.PositiveIntegerField(default=1)
    """Grows with every saved draft, so that two advisers cannot overwrite each other unseen."""
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    completed_at = models.DateTimeField("afgivet", null=True, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_by_secretariat = models.BooleanField(default=False)
    secretariat_reason = models.TextField("hvorfor sekretariatet", blank=True)
    reply = models.TextField("forslagsstillers svar", blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = "faglig kvalificering"
        verbose_name_plural = "faglige kvalificeringer"
        constraints = (
            pair("completed", "En udtalelse er afgivet af nogen på et tidspunkt."),
            pair("edited", "En rettelse er lavet af nogen på et tidspunkt."),
            pair("replied", "Et svar er givet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(completed_at=None) | ~Q(outcome=""),
                name="qualification_completed_with_outcome",
                violation_error_message="Vælg et udfald.",
            ),
            models.CheckConstraint(
                condition=Q(is_by_secretariat=False) | ~Q(secretariat_reason=""),
                name="qualification_secretariat_reason",
                violation_error_message="Skriv, hvorfor sekretariatet træder ind.",
            ),
        )

    def __str__(self) -> str:
        return f"Kvalificering af {self.proposal.number}, {self.version}"


class Statement(models.Model):
    """What the assessment says about one criterion."""

    qualification = models.ForeignKey(Qualification, models.CASCADE, related_name="statements")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    text = models.TextField("udtalelse")

    class Meta:
        verbose_name = "udtalelse"
        verbose_name_plural = "udtalelser"
        constraints = (
            models.UniqueConstraint(
                fields=("qualification", "criterion"),
                name="statement_once",
                violation_error_message="Der er allerede en udtalelse om kriteriet.",
            ),
        )

    def __str__(self) -> str:
        return self.text


class FormalCheck(models.Model):
    """A person's answers about the requirements of one version ("formel kontrol")."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="formal_checks")
    version = models.OneToOneField(Version, models.PROTECT, related_name="formal_check")
    checked_at = models.DateTimeField("kontrolleret", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = FormalCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "formel kontrol"
        verbose_name_plural = "formelle kontroller"
        constraints = (pair("checked", "En kontrol er lavet af nogen på et tidspunkt."),)

    def __str__(self) -> str:
        return f"Formel kontrol af {self.proposal.number}, {self.version}"


class FormalAnswer(models.Model):
    """Whether one requirement is met, as a person sees it, beside the program's finding."""

    check_of = models.ForeignKey(FormalCheck, models.CASCADE, related_name="answers")
    requirement = models.CharField("krav", max_length=10)
    is_met = models.BooleanField("opfyldt", null=True)
    note = models.TextField("bemærkning", blank=True)

    class Meta:
        verbose_name = "svar på krav"
        verbose_name_plural = "svar på krav"
        constraints = (
            models.UniqueConstraint(
                fields=("check_of", "requirement"),
                name="formal_answer_once",
                violation_error_message="Kravet er allerede besvaret.",
            ),
        )

    def __str__(self) -> str:
        return self.requirement


class Direction(models.TextChoices):
    APPROVE = "approve", "godkendes"
    REJECT = "reject", "gives afslag"


class Recommendation(models.Model):
    """The secretariat's recommendation ("indstilling") to the committee."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="recommendations")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    direction = models.CharField("retning", max_length=20, choices=Direction.choices, blank=True)
    resume = models.TextField("resumé", blank=True)
    reason = models.TextField("begrundelse", blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recommended_at = models.DateTimeField("indstillet", null=True, blank=True)
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = "indstilling"
        verbose_name_plural = "indstillinger"
        constraints = (
            pair("edited", "En rettelse er lavet af nogen på et tidspunkt."),
            pair("recommended", "En indstilling er givet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(recommended_at=None) | (~Q(direction="") & ~Q(resume="")),
                name="recommendation_complete",
                violation_error_message="En indstilling har en retning og et resumé.",
            ),
            models.CheckConstraint(
                condition=~Q(direction="reject") | Q(recommended_at=None) | ~Q(reason=""),
                name="recommendation_rejection_reason",
                violation_error_message="Skriv begrundelsen for at indstille til afslag.",
            ),
        )

    def __str__(self) -> str:
        return f"Indstilling om {self.proposal.number}"


class RecommendationPoint(models.Model):
    """One "at"-point: what the committee is asked to decide."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField()
    text = models.TextField("at-punkt", max_length=1000)

    class Meta:
        verbose_name = "at-punkt"
        verbose_name_plural = "at-punkter"
        constraints = (
            models.UniqueConstraint(
                fields=("recommendation", "position"),
                name="point_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        )

    def __str__(self) -> str:
        return self.text


class RecommendedAmount(models.Model):
    """What the recommendation asks of one funder, in kroner."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="amounts")
    funder = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    amount = models.DecimalField("beløb", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "indstillet beløb"
        verbose_name_plural = "indstillede beløb"
        constraints = (
            models.UniqueConstraint(
                fields=("recommendation", "funder"),
                name="recommended_amount_once",
                violation_error_message="Bidragyderen har allerede et beløb.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="recommended_amount_not_negative",
                violation_error_message="Beløbet kan ikke være mindre end 0 kr.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.funder}: {danish.money_text(self.amount)}"


class Agenda(models.Model):
    """The agenda ("dagsorden") of one meeting; once published it is frozen."""

    round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="agendas", verbose_name="runde"
    )
    meeting_date = models.DateField("mødedato", unique=True)
    meeting_time = models.TimeField("klokkeslæt", null=True, blank=True)
    place = models.CharField("sted", max_length=200, blank=True)
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
    title = models.CharField("titel", max_length=200)
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
            and self.proposal
            and self.agenda.released_at is None
            and self.proposal.status != Status.ON_AGENDA
        )


class Presence(models.TextChoices):
    PRESENT = "present", "til stede"
    ABSENT = "absent", "fraværende"
    APOLOGIES = "apologies", "afbud"


class Attendance(models.Model):
    """Whether a member was at the meeting."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="attendance")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField("navn", max_length=150)
    presence = models.CharField("fremmøde", max_length=20, choices=Presence.choices)

    class Meta:
        verbose_name = "fremmøde"
        verbose_name_plural = "fremmøde"
        constraints = (
            models.UniqueConstraint(
                fields=("agenda", "name"),
                name="attendance_once",
                violation_error_message="Personen står allerede på listen.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.get_presence_display()}"


class Recusal(models.Model):
    """A member who took no part in an item: "X deltog ikke i sagens behandling"."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="recusals")
    name = models.CharField("navn", max_length=150)

    class Meta:
        verbose_name = "inhabil ved punktet"
        verbose_name_plural = "inhabile ved punktet"
        constraints = (models.UniqueConstraint(fields=("item", "name"), name="recusal_once"),)

    def __str__(self) -> str:
        return self.name


class DecisionOutcome(models.TextChoices):
    APPROVED = "approved", "godkendt"
    WITH_CONDITIONS = "with_conditions", "godkendt med betingelser"
    POSTPONED = "postponed", "udsat"
    SENT_BACK = "sent_back", "sendt tilbage"
    REJECTED = "rejected", "afslag"
    DROPPED = "dropped", "udgår"
    NOTED = "noted", "taget til efterretning"
    """Only for free items."""


class Decision(models.Model):
    """The committee's decision ("beslutning") on one item; told to nobody until it is released."""

    item = models.OneToOneField(AgendaItem, models.CASCADE, related_name="decision")
    outcome = models.CharField("beslutning", max_length=20, choices=DecisionOutcome.choices)
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
                condition=Q(outcome__in=["approved", "noted"]) | ~Q(reason=""),
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


class ConsentAnswer(models.TextChoices):
    CONSENTED = "consented", "tilsagn"
    REFUSED = "refused", "afslag"


class FunderConsent(models.Model):
    """A funder's own, separate approval ("særskilt godkendelse") of its amount, in kroner."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="consents")
    funder = models.ForeignKey(Organization, models.PROTECT, related_name="consents")
    amount = models.DecimalField("beløb", max_digits=14, decimal_places=2)
    asked_at = models.DateTimeField()
    answer = models.CharField("svar", max_length=20, choices=ConsentAnswer.choices, blank=True)
    reason = models.TextField("begrundelse eller bemærkning", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_entered_by_secretariat = models.BooleanField(default=False)
    document = models.FileField("dokument", upload_to="tilsagn/%Y/", blank=True)
    document_name = models.CharField(max_length=200, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    """Set when the proposal is tabled again: the funder is asked anew."""

    objects = FunderConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "særskilt godkendelse"
        verbose_name_plural = "særskilte godkendelser"
        constraints = (
            pair("answered", "Et svar er givet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="consent_answer_with_time",
                violation_error_message="Vælg et svar.",
            ),
            models.CheckConstraint(
                condition=~Q(answer="refused") | ~Q(reason=""),
                name="consent_refusal_reason",
                violation_error_message="Skriv begrundelsen for afslaget.",
            ),
            models.CheckConstraint(
                condition=Q(is_entered_by_secretariat=False) | ~Q(document=""),
                name="consent_document",
                violation_error_message="Vedhæft bidragyderens svar.",
            ),
            models.UniqueConstraint(
                fields=("proposal", "funder"),
                condition=Q(superseded_at=None),
                name="consent_once",
                violation_error_message="Bidragyderen er allerede spurgt.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.funder} om {self.proposal.number}"


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

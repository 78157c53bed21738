"""The professional assessment ("faglig kvalificering") and the criteria it speaks of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor.accounts.models import Dgo
from klimaspor.columns import Line
from klimaspor.constraints import pair
from proposals.line.models import Proposal, Version
from review.criteria.models import Criterion
from review.qualification.queries import (
    AssignmentQuerySet,
    CoSignatureQuerySet,
    DistributionQuerySet,
    QualificationQuerySet,
    ReplyWordingQuerySet,
)


class Outcome(models.TextChoices):
    """What the professional assessment says; the proposer may go on in each case."""

    RECOMMENDED = "recommended", "anbefales"
    WITH_REMARKS = "with_remarks", "anbefales med bemærkninger"
    NOT_RECOMMENDED = "not_recommended", "anbefales ikke"
    WAIVED = "waived", "frafaldet af sekretariatet"


class Judgment(models.TextChoices):
    """Whether a criterion is met, in a word; nobody has to say one, and no rule follows from it."""

    MET = "met", "opfyldt"
    PARTLY = "partly", "delvist opfyldt"
    NOT_MET = "not_met", "ikke opfyldt"
    UNKNOWN = "unknown", "kan ikke vurderes"


class Qualification(models.Model):
    """
    The professional assessment ("faglig kvalificering") of one sent version: given once.

    What was given is changed by another one, which `amends` it and says why; the first stays as it was.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="qualifications")
    version = models.ForeignKey(Version, models.PROTECT, related_name="qualifications")
    amends = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="amendment"
    )
    amendment_reason = models.TextField("hvorfor den er ændret", blank=True)
    dgo = models.ForeignKey(Dgo, models.PROTECT, null=True, related_name="qualifications")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField("udfald", max_length=20, choices=Outcome.choices, blank=True)
    summary = models.TextField("samlet udtalelse", blank=True)
    tested = models.TextField("hvad afprøves her", blank=True)
    known = models.TextField("hvad er kendt og bare implementeres", blank=True)
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
    reply_due_at = models.DateTimeField("forslagsstillers svarfrist", null=True, blank=True)
    """Set when it is given; an answer may come later, and then says so."""
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
                violation_error_message="Skriv, hvorfor sekretariatet afgiver udtalelsen.",
            ),
            models.UniqueConstraint(
                fields=("version",),
                condition=Q(amends=None),
                name="qualification_once",
                violation_error_message="Der er allerede en kvalificering af versionen.",
            ),
            models.CheckConstraint(
                condition=Q(amends=None, amendment_reason="")
                | Q(amends__isnull=False) & ~Q(amendment_reason=""),
                name="qualification_amendment_reason",
                violation_error_message="Skriv, hvorfor udtalelsen er ændret.",
            ),
        )

    def __str__(self) -> str:
        return f"Kvalificering af {self.proposal.number}, {self.version}"

    @property
    def is_reply_late(self) -> bool:
        return bool(self.replied_at and self.reply_due_at and self.replied_at > self.reply_due_at)


class Statement(models.Model):
    """What the assessment says about one criterion, which keeps the words it was judged by when the assessment is given."""

    qualification = models.ForeignKey(Qualification, models.CASCADE, related_name="statements")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    judgment = models.CharField("vurdering", max_length=10, choices=Judgment.choices, blank=True)
    text = models.TextField("udtalelse", blank=True)
    code = Line("nummer", max_length=10, blank=True)
    title = Line("titel", max_length=120, blank=True)
    guidance = models.TextField("uddybning", blank=True)

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

    @property
    def judged_by(self) -> Criterion:
        """The criterion in the words that were judged by; as it stands while nothing is given."""
        if not self.title:
            return self.criterion
        return Criterion(pk=self.criterion_id, code=self.code, title=self.title, text=self.guidance)


class CoSignature(models.Model):
    """Somebody else's name under an assessment that is not given yet ("medunderskrift"); a change of the text ends it."""

    qualification = models.ForeignKey(Qualification, models.CASCADE, related_name="cosignatures")
    signed_at = models.DateTimeField("medunderskrevet")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lapsed_at = models.DateTimeField("bortfaldet", null=True, blank=True)

    objects = CoSignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "medunderskrift"
        verbose_name_plural = "medunderskrifter"
        constraints = (
            models.UniqueConstraint(
                fields=("qualification", "signed_by"),
                name="cosignature_once",
                violation_error_message="Personen har allerede medunderskrevet.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.signed_by} på {self.qualification}"


class ReplyWording(models.Model):
    """What the proposer answered before changing the answer."""

    qualification = models.ForeignKey(Qualification, models.CASCADE, related_name="reply_wordings")
    text = models.TextField("svar")
    written_at = models.DateTimeField("skrevet")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ReplyWordingQuerySet.as_manager()

    class Meta:
        verbose_name = "tidligere svar"
        verbose_name_plural = "tidligere svar"

    def __str__(self) -> str:
        return self.text


class Holder(models.Model):
    """
    Which of the DGO's advisers has a proposal that nobody has begun to assess ("hvem har det").

    An open assessment says it itself (`Qualification.assigned_to`), see `holding`.
    """

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="holder")
    dgo = models.ForeignKey(Dgo, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "hvem har forslaget"
        verbose_name_plural = "hvem har forslagene"

    def __str__(self) -> str:
        return f"{self.proposal.number}: {self.user}"


class Distribution(models.Model):
    """One press that gave several proposals to somebody, so that it can be taken back as one."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField("fortrudt", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DistributionQuerySet.as_manager()

    class Meta:
        verbose_name = "fordeling"
        verbose_name_plural = "fordelinger"
        indexes = (models.Index(fields=("by", "-at"), name="distribution_latest"),)
        constraints = (pair("undone", "En fordeling er fortrudt af nogen på et tidspunkt."),)

    def __str__(self) -> str:
        return f"Fordeling {self.pk}"


class Assignment(models.Model):
    """One change of who has a proposal in its DGO: what was said with it, and the way back."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="assignments")
    dgo = models.ForeignKey(Dgo, models.PROTECT, related_name="+")
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField("besked", blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    distribution = models.ForeignKey(
        Distribution, models.CASCADE, null=True, blank=True, related_name="assignments"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "hvem har haft forslaget"
        verbose_name_plural = "hvem har haft forslagene"

    def __str__(self) -> str:
        return f"{self.proposal.number}: {self.to_user or 'ingen'}"

"""What is said in the sparring: about the whole, a section, an answer, or the words of one that are quoted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor.columns import Line
from klimaspor.constraints import pair
from proposals.answers import sections
from proposals.sparring.queries import AdviceQuerySet

LONGEST_QUOTE = 1000
CONTEXT = 60
"""Characters kept before and after a quote, which tell it from the same words elsewhere."""


class AdviceKind(models.TextChoices):
    """What a thread asks of the writers."""

    COMMENT = "comment", "kommentar"
    CHANGE = "change", "ønske om ændring"
    WORDING = "wording", "forslag til ordlyd"


class Circle(models.TextChoices):
    """Who reads a thread."""

    EVERYBODY = "everybody", "alle på forslaget"
    ADVISERS = "advisers", "DGO og sekretariat"


class Advice(models.Model):
    """A comment in the sparring, about one section or the whole; an answer has a parent, and its thread's place and circle."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="advice")
    section = models.CharField(
        max_length=30, blank=True, choices=[(s.slug, s.title) for s in sections.SECTIONS]
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="answers"
    )
    kind = models.CharField(
        "art", max_length=20, choices=AdviceKind.choices, default=AdviceKind.COMMENT
    )
    circle = models.CharField(
        "kreds", max_length=20, choices=Circle.choices, default=Circle.EVERYBODY
    )
    name = models.CharField(max_length=40, blank=True)
    """The question it is about, or the accessor of the section's rows (as in `FieldVersion`); empty for the section as a whole."""
    row = models.PositiveBigIntegerField(null=True, blank=True)
    """The key of one of these rows. The row may be gone."""
    quote = models.TextField("citat", max_length=LONGEST_QUOTE, blank=True)
    """The words of the answer it is about, as they stood; `before` and `after` stood around them."""
    before = models.TextField(max_length=CONTEXT, blank=True)
    after = models.TextField(max_length=CONTEXT, blank=True)
    suggestion = models.TextField("forslag til ordlyd", max_length=6000, blank=True)
    """What could stand in place of the quote, or of the whole answer where nothing is quoted."""
    taken_at = models.DateTimeField("sat ind", null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField("meldt ændret", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Which writer said that the change was made; whoever asked for it ticks it off by resolving the thread."""
    text = models.TextField("kommentar", max_length=6000)
    edited_at = models.DateTimeField("rettet", null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    mentioned = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name="nævnt"
    )
    author_role = Line(max_length=80)
    """How the author is presented, as it was then: forslagsstiller, KlimaNord, sekretariatet."""
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AdviceQuerySet.as_manager()

    class Meta:
        verbose_name = "sparring"
        verbose_name_plural = "sparring"
        constraints = (
            pair("resolved", "En afsluttet tråd er afsluttet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(resolved_at=None),
                name="advice_resolve_thread",
                violation_error_message="Afslut tråden, ikke det enkelte svar.",
            ),
            pair("taken", "En ordlyd er sat ind af nogen på et tidspunkt."),
            pair("done", "En ændring er meldt af nogen på et tidspunkt."),
            pair("edited", "En kommentar er rettet af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(kind=AdviceKind.COMMENT),
                name="advice_kind_of_thread",
                violation_error_message="Et svar er en kommentar.",
            ),
            models.CheckConstraint(
                condition=Q(kind=AdviceKind.WORDING) | Q(suggestion="", taken_at=None),
                name="advice_wording",
                violation_error_message="Kun et forslag til ordlyd har en ny ordlyd.",
            ),
            models.CheckConstraint(
                condition=Q(kind=AdviceKind.CHANGE) | Q(done_at=None),
                name="advice_done_change",
                violation_error_message="Kun et ønske om ændring kan meldes ændret.",
            ),
            models.CheckConstraint(
                condition=Q(kind=AdviceKind.COMMENT) | Q(circle=Circle.EVERYBODY),
                name="advice_asked_of_writers",
                violation_error_message="Det, der ønskes ændret, er for alle på forslaget.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") | Q(quote="", row=None),
                name="advice_quote_of_answer",
                violation_error_message="Et citat hører til et svar.",
            ),
        )

    def __str__(self) -> str:
        return self.text


class AdviceWording(models.Model):
    """What a comment said before it was edited, until `at`."""

    advice = models.ForeignKey(Advice, models.CASCADE, related_name="wordings")
    text = models.TextField("kommentar")
    suggestion = models.TextField("forslag til ordlyd", blank=True)
    at = models.DateTimeField("rettet")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "tidligere kommentar"
        verbose_name_plural = "tidligere kommentarer"

    def __str__(self) -> str:
        return self.text

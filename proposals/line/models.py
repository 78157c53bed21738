"""The proposal, its history and what was sent of it; who sees it, and what waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from klimaspor.accounts.models import Dgo, Organization
from klimaspor.columns import Line
from klimaspor.constraints import pair
from klimaspor.refusals import Refused
from proposals.line.duties import Kind
from proposals.line.functions import Function, Group, on_behalf
from proposals.line.lifecycle import SPARRING, Status, Transition
from proposals.line.queries import (
    AccessQuerySet,
    DutyQuerySet,
    EventQuerySet,
    ImpartialityQuerySet,
    ProposalQuerySet,
    VersionQuerySet,
)
from proposals.rounds.models import Gate, Round

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User


ONE_HOLDER = (
    Q(user__isnull=False, dgo=None, organization=None, group="")
    | Q(user=None, dgo__isnull=False, organization=None, group="")
    | Q(user=None, dgo=None, organization__isnull=False, group="")
    | (Q(user=None, dgo=None, organization=None) & ~Q(group=""))
)
"""Exactly one of a person, a DGO, an organization as funder, and a group."""


class Access(models.Model):
    """Who sees a proposal, in what capacity, since when: exactly one of a person, a DGO, a funder, a group."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="accesses")
    function = models.CharField(max_length=20, choices=Function.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="accesses"
    )
    dgo = models.ForeignKey(Dgo, models.PROTECT, null=True, blank=True, related_name="accesses")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="accesses"
    )
    group = models.CharField(max_length=20, choices=Group.choices, blank=True)
    since_at = models.DateTimeField("siden")
    since_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    until_at = models.DateTimeField("indtil", null=True, blank=True)
    kept_at = models.DateTimeField("beholdt", null=True, blank=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who decided last that it stays, though the person has left an organization of the proposal's."""

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = "adgang"
        verbose_name_plural = "adgange"
        indexes = (
            models.Index(fields=("user", "proposal"), name="access_user"),
            models.Index(fields=("dgo", "proposal"), name="access_dgo"),
            models.Index(fields=("group", "proposal"), name="access_group"),
        )
        constraints = (
            pair("kept", "Det er besluttet af nogen på et tidspunkt, at adgangen bliver."),
            models.CheckConstraint(
                condition=ONE_HOLDER,
                name="access_one_holder",
                violation_error_message="En adgang gælder én person, én DGO, én bidragyder eller én gruppe.",
            ),
            models.UniqueConstraint(
                fields=("proposal", "function", "user", "dgo", "organization", "group"),
                condition=Q(until_at=None),
                nulls_distinct=False,
                name="access_once",
                violation_error_message="Adgangen findes allerede.",
            ),
            models.UniqueConstraint(
                fields=("proposal",),
                condition=Q(function="own", until_at=None),
                name="access_one_owner",
                violation_error_message="Et forslag har én ejer.",
            ),
        )

    def __str__(self) -> str:
        holder = self.user or self.dgo or self.organization or self.get_group_display()
        return f"{holder} ({self.get_function_display()})"


class Duty(models.Model):
    """What somebody is to do with a proposal, since when and until when (see `duties`): written by `objects.settle` alone."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="duties")
    kind = models.CharField("opgave", max_length=20, choices=Kind.choices)
    subject = models.CharField("sag", max_length=20)
    """The proposal's number, or the day of the meeting it stands on: what is one thing to the holder."""
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    dgo = models.ForeignKey(
        Dgo, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    group = models.CharField(max_length=20, choices=Group.choices, blank=True)
    since_at = models.DateTimeField("siden")
    """May lie ahead."""
    due_at = models.DateTimeField("senest")
    until_at = models.DateTimeField("indtil", null=True, blank=True)
    """When it ends by itself, if it does."""
    done_at = models.DateTimeField("gjort", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = "opgave"
        verbose_name_plural = "opgaver"
        # What is done is history: only what stands is looked up, in the order in which it is shown.
        indexes = (
            *(
                models.Index(
                    fields=(holder, "due_at", "subject", "since_at"),
                    condition=Q(done_at=None),
                    name=f"duty_{holder}",
                )
                for holder in ("user", "dgo", "organization", "group")
            ),
            models.Index(
                fields=("kind", "due_at", "since_at", "proposal"),
                condition=Q(done_at=None),
                name="duty_kind",
            ),
        )
        constraints = (
            pair("done", "En opgave er gjort af nogen på et tidspunkt."),
            models.CheckConstraint(
                condition=ONE_HOLDER,
                name="duty_one_holder",
                violation_error_message="En opgave har én person, én DGO, én bidragyder eller én gruppe.",
            ),
            models.UniqueConstraint(
                fields=("proposal", "kind", "user", "dgo", "organization", "group"),
                condition=Q(done_at=None),
                nulls_distinct=False,
                name="duty_once",
                violation_error_message="Opgaven findes allerede.",
            ),
        )

    def __str__(self) -> str:
        holder = self.user or self.dgo or self.organization or self.get_group_display()
        return f"{self.subject}: {holder} skal {self.get_kind_display()}"

    @property
    def key(self) -> tuple[object, ...]:
        """What, about which proposal, whose: of these only one stands at a time."""
        holder = (self.user_id, self.dgo_id, self.organization_id, self.group)
        return (self.proposal_id, self.kind, *holder)

    @property
    def terms(self) -> tuple[object, ...]:
        """What may move while it stands."""
        return (self.subject, self.since_at, self.due_at, self.until_at)


class Version(models.Model):
    """
    What was sent: content and findings frozen, canonical, hashed, with the server's time of receipt.

    `content` is `content.Content.to_json()`; `sha256` is over its canonical bytes.
    """

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    gate = models.CharField(max_length=20, choices=Gate.choices)
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    title = Line(max_length=150)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField("modtaget")
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer_due_at = models.DateTimeField("svarfrist", null=True, blank=True)
    """The term of its own that the proposal had when this was sent: it has it again when this is taken back."""
    taken_back_at = models.DateTimeField("taget tilbage", null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Taken back before anybody had begun on it, it stays readable and opens no later deadline."""

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version"
        verbose_name_plural = "versioner"
        constraints = (
            pair(
                "taken_back",
                "Det, der er taget tilbage, er taget tilbage af nogen på et tidspunkt.",
            ),
            models.UniqueConstraint(
                fields=("proposal", "number"),
                name="version_number_once",
                violation_error_message="Versionen findes allerede.",
            ),
        )

    def __str__(self) -> str:
        return f"version {self.number}"


class Event(models.Model):
    """One line of the history: what happened, who did it, when and why."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="events")
    transition = models.CharField(max_length=40)
    """A transition's id, or a word of its own for what moves nothing: created, sparring_opened …"""
    source = models.CharField(max_length=20, choices=Status.choices, blank=True)
    target = models.CharField(max_length=20, choices=Status.choices, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Nobody where a participant's contact answered with a code: then the note says who."""
    reason = models.TextField("begrundelse", blank=True)
    note = models.TextField(blank=True)
    version = models.ForeignKey(
        "proposals.Version", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "hændelse"
        verbose_name_plural = "hændelser"
        indexes = (models.Index(fields=("proposal", "at"), name="event_proposal_at"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(by__isnull=False)
                | Q(transition__in=("commitment_confirmed", "commitment_declined")) & ~Q(note=""),
                name="event_by_somebody",
                violation_error_message="Skriv, hvem der gjorde det.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal.number} {self.transition}"


class Impartiality(models.Model):
    """
    Whether a person is impartial ("habil") about a proposal, when there is a reason to ask.

    A tie blocks acting until another person has settled it; settled as partial, it blocks reading too. The question can be put
    again when something new is known: the answer that stands holds until the new question is settled, which replaces it.
    """

    proposal = models.ForeignKey(
        "proposals.Proposal", models.CASCADE, related_name="impartialities"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="impartialities"
    )
    reason = models.TextField("grund")
    holds_for_funding = models.BooleanField("gælder også som bidragyder", default=True)
    """Not where nothing but the organization whose money the person answers for ties them: there it is no tie."""
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_impartial = models.BooleanField("habil", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField("bemærkning", blank=True)
    replaced_at = models.DateTimeField("afløst", null=True, blank=True)
    """When a newer answer took its place; the rows without are what holds."""

    objects = ImpartialityQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitet"
        verbose_name_plural = "habilitet"
        constraints = (
            pair("settled", "En afgørelse om habilitet har både tid og person."),
            models.UniqueConstraint(
                fields=("proposal", "user"),
                condition=Q(settled_at=None),
                name="impartiality_asked_once",
                violation_error_message="Spørgsmålet om personens habilitet er allerede rejst.",
            ),
            models.UniqueConstraint(
                fields=("proposal", "user"),
                condition=Q(settled_at__isnull=False, replaced_at=None),
                name="impartiality_answered_once",
                violation_error_message="Kun ét svar om personens habilitet gælder.",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(settled_at__isnull=False),
                name="impartiality_replaced_settled",
                violation_error_message="Kun et svar kan afløses af et nyt.",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, is_impartial=None)
                | Q(settled_at__isnull=False, is_impartial__isnull=False),
                name="impartiality_settled_with_answer",
                violation_error_message="Svar, om personen er habil.",
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(settled_by=F("user")),
                name="impartiality_by_another",
                violation_error_message="En anden skal tage stilling til din habilitet.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} om {self.proposal.number}"


class IllegalTransition(Refused):
    """The line has no such arrow from where the proposal stands."""

    is_outdated = True


class Stale(Refused):
    """Somebody else acted first: the page that was sent is about an earlier state."""

    is_outdated = True

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(
            f"{proposal.number} er blevet ændret af en anden, siden du åbnede siden. "
            "Se, hvor forslaget står nu, og prøv igen."
        )


class Proposal(models.Model):
    """A proposal for a klimaudviklingsspor, the thing that walks the line."""

    number = models.CharField("nummer", max_length=20, unique=True)
    round = models.ForeignKey(Round, models.PROTECT, verbose_name="runde", related_name="proposals")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="ejer",
        related_name="proposals_owned",
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name="på vegne af",
        null=True,
        blank=True,
        related_name="proposals_made",
    )
    organization_confirmed_at = models.DateTimeField(
        "på vegne af, bekræftet", null=True, blank=True
    )
    organization_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Of the secretariat, or the owner where it had confirmed that they act for the organization (`behalf`)."""
    lead_dgo = models.ForeignKey(
        Dgo, models.PROTECT, verbose_name="DGO", null=True, blank=True, related_name="proposals"
    )
    status = models.CharField("status", max_length=20, choices=Status.choices, default=Status.DRAFT)
    status_since = models.DateTimeField("status siden")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField("oprettet")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals_registered"
    )
    """The owner, or the secretariat when the proposal came by mail."""
    edited_at = models.DateTimeField("sidst ændret")
    answer_due_at = models.DateTimeField("svarfrist", null=True, blank=True)
    """Set by a return or a request for completion; replaces the round's deadline while it is set."""
    sparring_opened_at = models.DateTimeField("åbnet for sparring", null=True, blank=True)
    is_listed = models.BooleanField(
        "titel og status vises for organisationens medlemmer", default=False
    )
    """Confirmed members of its organizations may see title and state, and nothing else; the owner decides."""

    title = Line("forslagets titel", max_length=150, blank=True)
    challenges = models.TextField("udfordringer", blank=True)
    purpose = models.TextField("formål", blank=True)
    effects = models.TextField("effekt", blank=True)
    activities = models.TextField("tiltag", blank=True)
    effect_chain = models.TextField("effektkæde", blank=True)
    risks = models.TextField("risici", blank=True)
    has_development = models.BooleanField("udviklingselement", null=True, blank=True)
    development = models.TextField("beskrivelse af udviklingselement", blank=True)
    is_beyond_known = models.BooleanField("ud over kendte løsninger", null=True, blank=True)
    novelty = models.TextField("nyt", blank=True)
    is_open = models.BooleanField("åben viden", null=True, blank=True)
    openness = models.TextField("deling af viden", blank=True)
    plan_needs = models.TextField("behov i klimahandlingsplaner", blank=True)
    joining = models.TextField("hvordan andre kan være med", blank=True)
    requested_amount = models.DecimalField(
        "søgt beløb", max_digits=14, decimal_places=2, null=True, blank=True
    )
    budget_min = models.DecimalField(
        "samlet budget, mindst", max_digits=14, decimal_places=2, null=True, blank=True
    )
    budget_max = models.DecimalField(
        "samlet budget, højst", max_digits=14, decimal_places=2, null=True, blank=True
    )
    program_budget_min = models.DecimalField(
        "programmets budget, mindst", max_digits=14, decimal_places=2, null=True, blank=True
    )
    program_budget_max = models.DecimalField(
        "programmets budget, højst", max_digits=14, decimal_places=2, null=True, blank=True
    )
    co_financing = models.TextField("medfinansiering", blank=True)
    finances = models.TextField("økonomi", blank=True)
    period_start = models.DateField("projektet begynder", null=True, blank=True)
    period_end = models.DateField("projektet slutter", null=True, blank=True)
    """The last day of the last month."""
    organization_text = models.TextField("partnere og projektorganisering", blank=True)
    continuation = models.TextField("efter perioden", blank=True)
    rus_areas = models.TextField("RUS-indsatsområder", blank=True)
    goals = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(17)]),
        verbose_name="verdensmål",
        default=list,
        blank=True,
    )
    goals_text = models.TextField("bemærkninger til verdensmål", blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "forslag"
        verbose_name_plural = "forslag"
        indexes = (
            models.Index(fields=("status", "round"), name="proposal_status_round"),
            models.Index(fields=("-edited_at", "-id"), name="proposal_edited"),
            models.Index(fields=("-status_since", "-id"), name="proposal_moved"),
            models.Index(fields=("status", "status_since", "id"), name="proposal_in_status"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(period_end=None)
                | Q(period_start=None)
                | Q(period_end__gte=F("period_start")),
                name="proposal_period_order",
                violation_error_message="Projektet skal slutte efter, det begynder.",
            ),
            models.CheckConstraint(
                condition=Q(budget_min=None, budget_max=None)
                | Q(budget_min__gte=0, budget_max__gte=F("budget_min")),
                name="proposal_budget_range",
                violation_error_message="Det mindste beløb skal stå først, fx 10-12 mio.",
            ),
            models.CheckConstraint(
                condition=Q(program_budget_min=None, program_budget_max=None)
                | Q(program_budget_min__gte=0, program_budget_max__gte=F("program_budget_min")),
                name="proposal_program_range",
                violation_error_message="Det mindste beløb skal stå først, fx 50-60 mio.",
            ),
            models.CheckConstraint(
                condition=Q(requested_amount=None) | Q(requested_amount__gte=0),
                name="proposal_requested_positive",
                violation_error_message="Beløbet kan ikke være mindre end 0 kr.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="proposal_status_known",
                violation_error_message="Ukendt status.",
            ),
            pair("organization_confirmed", "En bekræftelse har både tid og person."),
            models.CheckConstraint(
                condition=Q(organization_confirmed_at=None) | Q(organization__isnull=False),
                name="proposal_confirmed_organization",
                violation_error_message="Der er ingen organisation at bekræfte.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def on_behalf_text(self) -> str:
        """Say on whose behalf it is made, and whether anybody but its owner has said so; nothing where it is nobody's."""
        if self.organization is None:
            return ""
        return on_behalf(self.organization.name, is_confirmed=bool(self.organization_confirmed_at))

    @property
    def is_sparring_open(self) -> bool:
        """Whether its advisers read along (`editions.edition_sql` says it in SQL)."""
        return self.sparring_opened_at is not None and self.status in SPARRING

    def move(  # the one door to `status`; everything it records is named here
        self,
        transition: Transition,
        *,
        by: User,
        at: datetime,
        to: Status | None = None,
        reason: str = "",
        version: Version | None = None,
        round: Round | None = None,  # noqa: A002  # the field's own name
        answer_due_at: datetime | None = None,
        note: str = "",
    ) -> Event:
        """
        Take one arrow of the line and write the history; the only writer of `status`.

        `answer_due_at` is the new term; every move without one clears the old. What waits is settled at once, so a step
        writes what that depends on before it moves.

        :raises IllegalTransition: the arrow does not start here, or does not lead there.
        :raises Stale: status or revision changed since this object was read.
        """
        source = Status(self.status)
        if source not in transition.arrows:
            raise IllegalTransition(f"{self.number} {source.state} og kan ikke: {transition.text}.")
        target = to or transition.target_from(source)
        if target not in transition.arrows[source]:
            raise IllegalTransition(
                f"{transition.text} fører ikke til {target.label}, når {self.number} {source.state}."
            )
        # The WHERE clause is the guard: a stale page, or two people at once, cannot both win.
        moved = Proposal.objects.filter(pk=self.pk, status=source, revision=self.revision).update(
            status=target,
            status_since=at,
            revision=F("revision") + 1,
            answer_due_at=answer_due_at,
            round=round or self.round,
        )
        if not moved:
            raise Stale(self)
        event = Event.objects.create(
            proposal=self,
            transition=transition.id,
            source=source,
            target=target,
            at=at,
            by=by,
            reason=reason,
            note=note,
            version=version,
        )
        self.refresh_from_db()
        Duty.objects.settle(self.pk, by=by, at=at)
        return event

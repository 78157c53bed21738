"""The secretariat's desk: the round at a glance, the formal check, the recommendation, and what only it may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.anybody import Question
from klimaspor.accounts.models import Organization
from proposals import impartiality
from proposals.content import Content
from proposals.lifecycle import (
    CORRECT,
    CORRECTIONS,
    QUALIFY,
    RECOMMEND,
    REFUSE,
    REOPEN,
    REQUEST_COMPLETION,
    Gate,
    Status,
)
from proposals.models import Impartiality, Proposal, Round
from review import formality, qualification, recommendation
from review.forms import (
    CorrectForm,
    FormalityForm,
    PointRows,
    Points,
    ReasonForm,
    RecommendationForm,
    ReturnForm,
    SettleForm,
    StepForm,
    StepInForm,
)
from review.models import Agenda, Criterion
from review.views.pages import Crumbs, FormPage, Page, StepPage, read_text, shown_title

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from klimaspor.accounts.models import User
    from proposals.models import Version
    from review.models import Recommendation

COLUMNS = (
    (Status.DRAFT, "Kladder", "åbnet for sparring eller sendt tilbage"),
    (Status.IN_QUALIFICATION, "Til kvalificering", "hos en DGO"),
    (Status.QUALIFIED, "Kvalificeret", "hos forslagsstilleren"),
    (Status.IN_APPROVAL, "I godkendelsesforløb", "til formel kontrol"),
    (Status.RECOMMENDED, "Indstillet", "venter på et møde"),
)
SHOWN_IN_COLUMN = 5
SHOWN_DATES = 3


class SecretariatPage(Page):
    """A page for the secretariat alone."""

    def load(self) -> None:
        if not self.user.duties.is_secretariat:
            raise PermissionDenied("Siden er for sekretariatet.")

    def crumbs(self, *more: tuple[str | None, str]) -> Crumbs:
        desk = reverse("review:secretariat") if more else None
        return [("/", "Forside"), (desk, "Sekretariat"), *more]


@dataclass
class Ahead:
    """One of the next dates, and what it still needs."""

    day: date
    at: datetime | None
    text: str
    needs: list[str] = field(default_factory=list)
    url: str = ""


@Question
def _counts(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    return Proposal.objects.visible_to(user, at=at).with_due().counted(at=at)


@Question
def _first(user: User, *, at: datetime) -> QuerySet[Proposal]:
    shown = Proposal.objects.visible_to(user, at=at).with_due().with_reading(user, at=at)
    listed = shown.in_status(*(status for status, _, _ in COLUMNS)).select_related("organization")
    return listed.first_of_each_status(SHOWN_IN_COLUMN)


@Question
def _ties(user: User, *, at: datetime) -> QuerySet[Impartiality]:
    return Impartiality.objects.unsettled().about(Proposal.objects.visible_to(user, at=at))


class Desk(SecretariatPage):
    """The rounds at a glance: what stands at each gate, what is late, and what comes next."""

    template_name = "review/secretariat.html"

    def context(self) -> dict[str, Any]:
        counts = list(_counts(self.user, at=self.at))
        rows: dict[str, list[Any]] = {}
        for proposal in _first(self.user, at=self.at):
            rows.setdefault(proposal.status, []).append(proposal)
        return {
            "columns": [
                self._column(status, label, hint, counts, rows.get(status, []))
                for status, label, hint in COLUMNS
            ],
            "dates": self._dates(counts),
            "tasks": self._tasks(counts),
            "breadcrumbs": self.crumbs(),
        }

    def _column(
        self, status: Status, label: str, hint: str, counts: list[dict[str, Any]], rows: list[Any]
    ) -> dict[str, Any]:
        here = [row for row in counts if row["status"] == status]
        return {
            "label": label,
            "hint": hint,
            "count": sum(row["count"] for row in here),
            "late": sum(row["late"] for row in here),
            "url": f"{reverse('review:list')}?status={status}",
            "rows": [
                {
                    "proposal": proposal,
                    "title": shown_title(proposal),
                    "is_late": proposal.due_at is not None and proposal.due_at < self.at,
                    "url": reverse("review:proposal", args=[proposal.number]),
                }
                for proposal in rows
            ],
        }

    def _tasks(self, counts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """List what falls between the gates, with a count; what is empty is left out."""
        approved = sum(row["count"] for row in counts if row["status"] == Status.APPROVED)
        ties = _ties(self.user, at=self.at).count()
        orphans = Proposal.objects.orphaned().count()
        tasks = (
            (ties, "spørgsmål om habilitet", "skal afklares", reverse("review:impartialities")),
            (
                orphans,
                "forslag",
                "har ingen ejer, der kan logge ind",
                reverse("proposals:orphaned"),
            ),
            (
                approved,
                "forslag",
                "er godkendt og venter på bidragydere",
                f"{reverse('review:list')}?status={Status.APPROVED}",
            ),
        )
        return [
            {"text": f"{danish.number_text(count)} {what} {text}", "url": url}
            for count, what, text, url in tasks
            if count
        ]

    def _dates(self, counts: list[dict[str, Any]]) -> list[Ahead]:
        """Give the next few dates of the rounds that run."""
        today = danish.day_of(self.at)
        agendas = {a.round_id: a for a in Agenda.objects.upcoming(today) if a.round_id}
        ahead: list[Ahead] = []
        for round_ in Round.objects.current(at=self.at).soonest_first():
            have = {row["status"]: row["count"] for row in counts if row["round_id"] == round_.pk}
            for gate in Gate:
                at = round_.deadline_at(gate)
                if at >= self.at:
                    text = f"{round_.name}: frist for {gate.label}"
                    ahead.append(Ahead(danish.day_of(at), at, text, _gate_needs(gate, have)))
            if round_.meeting_date >= today:
                agenda = agendas.get(round_.pk)
                ahead.append(
                    Ahead(
                        round_.meeting_date,
                        None,
                        f"{round_.name}: møde i forretningsudvalget",
                        _meeting_needs(agenda, have),
                        reverse("review:meeting", args=[agenda.meeting_date.isoformat()])
                        if agenda
                        else reverse("review:meetings"),
                    )
                )
        return sorted(ahead, key=lambda one: one.day)[:SHOWN_DATES]


def _gate_needs(gate: Gate, have: dict[str, int]) -> list[str]:
    waiting = (
        ((Status.DRAFT, "er ikke indsendt"),)
        if gate == Gate.QUALIFICATION
        else (
            (Status.IN_QUALIFICATION, "mangler udtalelse"),
            (Status.QUALIFIED, "er ikke sendt videre"),
        )
    )
    return [_needs(have, status, text) for status, text in waiting if have.get(status)]


def _meeting_needs(agenda: Agenda | None, have: dict[str, int]) -> list[str]:
    needs = [
        _needs(have, status, text)
        for status, text in (
            (Status.IN_APPROVAL, "skal kontrolleres og indstilles"),
            (Status.RECOMMENDED, "er indstillet og ikke på en udsendt dagsorden"),
        )
        if have.get(status)
    ]
    if agenda is None:
        needs.append("Dagsordenen er ikke oprettet")
    elif agenda.published_at is None:
        needs.append("Dagsordenen er ikke udsendt")
    return needs


def _needs(have: dict[str, int], status: Status, text: str) -> str:
    return f"{danish.number_text(have[status])} forslag {text}"


# Formel kontrol


class ApprovalPage(StepPage):
    """A step about what was sent to approval, which the page shows beside the form."""

    version: Version | None

    def load(self) -> None:
        super().load()
        self.version = formality.sent_version(self.proposal)

    def crumbs(self) -> Crumbs:
        way: Crumbs = [("/", "Forside"), (reverse("review:secretariat"), "Sekretariat")]
        return [*way, (self.address, self.proposal.number), (None, self.heading)]

    def context(self) -> dict[str, Any]:
        sent = Content.of_version(self.version) if self.version else None
        return {**super().context(), **read_text(self, sent, self.version)}


class Formality(ApprovalPage):
    """Each requirement with the program's finding and a person's answer."""

    template_name = "review/formality.html"
    duty = "review.check"
    open_in = (Status.IN_APPROVAL,)
    heading = "Formel kontrol"
    button = "Gem kontrollen"

    def load(self) -> None:
        super().load()
        self.judgements = formality.judgements(self.proposal)

    def form(self, data: Any = None) -> Any:
        said = {True: "yes", False: "no", None: ""}
        initial = {}
        for judgement in self.judgements:
            answer = judgement.answer
            if answer:
                initial[f"{judgement.requirement.id}_met"] = said[answer.is_met]
                initial[f"{judgement.requirement.id}_note"] = answer.note
        return FormalityForm(data, initial=initial)

    def act(self, form: Any) -> str:
        check = formality.save_answers(
            proposal_pk=self.proposal.pk,
            answers=form.answers,
            by=self.user,
            at=self.at,
        )
        if check.checked_at:
            return "Kontrollen er gemt, og alle krav er besvaret."
        return "Kontrollen er gemt. Der mangler stadig svar på krav, som portalen ikke kan afgøre."

    def place(self, name: str) -> str:
        return f"{name}_note"

    def success_url(self) -> str:
        if "next" in self.request.POST:
            return reverse("review:recommendation", args=[self.proposal.number])
        return reverse("review:formality", args=[self.proposal.number])

    def show(self, **more: Any) -> HttpResponse:
        form = more.get("form")
        rows = [
            {
                "judgement": judgement,
                "met": form[f"{judgement.requirement.id}_met"],
                "note": form[f"{judgement.requirement.id}_note"],
            }
            for judgement in self.judgements
            if form
        ]
        return super().show(rows=rows, **more)


class RequestCompletion(ApprovalPage):
    """Sends the proposal back with what is missing, by section, and a term."""

    template_name = "review/return.html"
    duty = "review.check"
    transition = REQUEST_COMPLETION
    heading = "Bed om at få forslaget gjort færdigt"
    button = "Send tilbage"

    def form(self, data: Any = None) -> Any:
        return ReturnForm(data, initial={"revision": self.proposal.revision})

    def act(self, form: Any) -> str:
        day = form.cleaned_data["answer_date"]
        formality.request_completion(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            reasons=form.reasons,
            answer_date=day,
            by=self.user,
            at=self.at,
        )
        return (
            f"{self.proposal.number} er sendt tilbage. Forslagsstilleren får besked nu "
            f"og skal sende det igen senest {danish.date_text(day)}."
        )

    def context(self) -> dict[str, Any]:
        return {**super().context(), "latest_date": self.proposal.round.meeting_date}


class Reasoned(StepPage):
    """A step that takes a reason and nothing else."""

    reason_label = "Begrundelse"
    reason_help = ""
    said = ""

    def form(self, data: Any = None) -> Any:
        return ReasonForm(
            data,
            label=self.reason_label,
            help_text=self.reason_help,
            initial={"revision": self.proposal.revision},
        )

    def step(self, **given: Any) -> Any:
        """Take the step."""
        raise NotImplementedError

    def act(self, form: Any) -> str:
        self.step(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return f"{self.proposal.number} {self.said}"


class Refuse(Reasoned):
    duty = "review.check"
    transition = REFUSE
    heading = "Afvis på formalia"
    button = "Afvis forslaget"
    danger = True
    reason_label = "Hvilke krav opfylder forslaget ikke, og hvorfor?"
    reason_help = "Forslagsstilleren får begrundelsen i et brev."
    text = "Forslaget kommer ikke videre i runden. Sekretariatet kan genoptage det senere."
    said = "er afvist på formalia. Forslagsstilleren får brev med begrundelsen nu."

    def step(self, **given: Any) -> Any:
        return formality.refuse(**given)


class Reopen(Reasoned):
    duty = "review.reopen"
    transition = REOPEN
    heading = "Genoptag forslaget"
    button = "Genoptag"
    reason_label = "Hvorfor genoptages forslaget?"
    text = "Forslaget kommer tilbage i godkendelsesforløbet, som det blev sendt."
    said = "er genoptaget og i godkendelsesforløb igen. Forslagsstilleren får besked nu."

    def step(self, **given: Any) -> Any:
        return formality.reopen(**given)


# Indstilling


class RecommendationPage(ApprovalPage):
    """What the pages of the recommendation share."""

    duty = "review.recommend"
    transition = RECOMMEND
    written: Recommendation | None

    def load(self) -> None:
        super().load()
        self.written = recommendation.current(self.proposal)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "recommendation": self.written,
            "missing": recommendation.missing_from(self.written, self.proposal)
            if self.version
            else {},
        }


class Write(RecommendationPage):
    """Direction, resumé, at-points and an amount for each funder; saved as often as one likes."""

    template_name = "review/recommendation.html"
    heading = "Indstilling"
    button = "Gem og se indstillingen"

    def load(self) -> None:
        super().load()
        self.funders = list(Organization.objects.funders().valid(danish.day_of(self.at)).by_name())

    def form(self, data: Any = None) -> Any:
        written = self.written
        initial: dict[str, Any] = {}
        points: list[dict[str, str]] = []
        if written:
            asked = {row.funder_id: row.amount for row in written.amounts.all()}
            initial = {
                "direction": written.direction,
                "resume": written.resume,
                "reason": written.reason,
                **RecommendationForm.amount_initial(asked),
            }
            points = [{"text": point.text} for point in written.points.all()]
        self.points: PointRows = Points(data, prefix="at", initial=points)  # type: ignore[assignment]  # the factory's type forgets the class it was given
        return RecommendationForm(data, funders=self.funders, initial=initial)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if all([self.points.is_valid(), form.is_valid()]):
            return self.take(form)
        return self.show(form=form)

    def act(self, form: Any) -> str:
        recommendation.save(
            proposal_pk=self.proposal.pk,
            direction=form.cleaned_data["direction"],
            resume=form.cleaned_data["resume"] or "",
            reason=form.cleaned_data["reason"] or "",
            points=self.points.points,
            amounts=form.amounts,
            by=self.user,
            at=self.at,
        )
        return "Indstillingen er gemt. Den er ikke givet endnu."

    def success_url(self) -> str:
        name = "review:recommend" if "check" in self.request.POST else "review:recommendation"
        return reverse(name, args=[self.proposal.number])

    def context(self) -> dict[str, Any]:
        # A page that says "not now" has the frame of this one and no form.
        return {**super().context(), "formset": getattr(self, "points", None)}


class Recommend(RecommendationPage):
    """The last look at the recommendation, as the committee will read it, before it is given."""

    template_name = "review/recommend.html"
    heading = "Indstil til forretningsudvalget"
    button = "Indstil"

    def form(self, data: Any = None) -> Any:
        return StepForm(data, initial={"revision": self.proposal.revision})

    def act(self, form: Any) -> str:
        recommendation.recommend(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            by=self.user,
            at=self.at,
        )
        return f"{self.proposal.number} er indstillet og kan sættes på dagsordenen til næste møde."

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "back": reverse("review:recommendation", args=[self.proposal.number]),
        }


class Correct(StepPage):
    """One step back, when somebody pressed by mistake."""

    duty = "review.correct"
    transition = CORRECT
    heading = "Ret et fejltrin"
    button = "Ret fejltrinnet"
    danger = True

    @property
    def target(self) -> Status | None:
        return CORRECTIONS.get(Status(self.proposal.status))

    def form(self, data: Any = None) -> Any:
        return CorrectForm(
            data,
            has_term=self.target in (Status.DRAFT, Status.QUALIFIED),
            initial={"revision": self.proposal.revision},
        )

    def act(self, form: Any) -> str:
        recommendation.correct(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            reason=form.cleaned_data["reason"],
            answer_date=form.cleaned_data.get("answer_date"),
            by=self.user,
            at=self.at,
        )
        self.load()
        return f"{self.proposal.number} er rettet og nu {self.proposal.get_status_display()}."

    def context(self) -> dict[str, Any]:
        target = self.target
        text = (
            f"Forslaget er {self.proposal.get_status_display()} og kommer et skridt tilbage: "
            f"det bliver igen {target.label}. Intet af det, der er skrevet, går tabt, og "
            "rettelsen står i forløbet."
            if target
            else ""
        )
        return {**super().context(), "text": text}


# Når DGO'en tier


class StepIn(StepPage):
    """Gives the assessment for a DGO that is silent, with the reason why."""

    template_name = "review/step_in.html"
    duty = "review.step_in"
    transition = QUALIFY
    heading = "Træd ind for DGO'en"
    button = "Afgiv udtalelse"

    def load(self) -> None:
        super().load()
        sent = self.proposal.versions.at_gate(Gate.QUALIFICATION)
        self.version: Version | None = sent.newest_first().first()
        self.criteria = list(Criterion.objects.of_round(self.proposal.round_id).listed())
        open_ones = self.proposal.qualifications.open().of_version(self.version)
        self.draft = open_ones.with_statements().first()

    def form(self, data: Any = None) -> Any:
        return StepInForm(
            data,
            criteria=self.criteria,
            qualification=self.draft,
            initial={"revision": self.proposal.revision},
        )

    def act(self, form: Any) -> str:
        qualification.complete_for_dgo(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            outcome=form.cleaned_data["outcome"],
            summary=form.cleaned_data["summary"],
            statements=form.statements,
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return "Udtalelsen er afgivet i DGO'ens sted. Forslagsstilleren og DGO'en får besked nu."

    def context(self) -> dict[str, Any]:
        sent = Content.of_version(self.version) if self.version else None
        return {
            **super().context(),
            **read_text(self, sent, self.version),
            "waive": reverse("review:waive", args=[self.proposal.number]),
        }


class Waive(Reasoned):
    duty = "review.step_in"
    transition = QUALIFY
    heading = "Frafald den faglige kvalificering"
    button = "Frafald kvalificeringen"
    danger = True
    reason_label = "Hvorfor frafaldes kvalificeringen?"
    reason_help = "Forslagsstilleren, DGO'en og forretningsudvalget kan læse begrundelsen."
    text = "Forslaget går videre uden en udtalelse fra DGO'en."
    said = "er gået videre uden faglig kvalificering. Forslagsstilleren og DGO'en får besked nu."

    def step(self, **given: Any) -> Any:
        return qualification.waive(**given)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "cancel": reverse("review:step_in", args=[self.proposal.number]),
        }


# Habilitet


class Impartialities(SecretariatPage):
    """Ties that nobody has settled yet."""

    template_name = "review/impartialities.html"

    def context(self) -> dict[str, Any]:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        return {
            "rows": Impartiality.objects.unsettled().about(visible).with_people().oldest_first(),
            "me": self.user,
            "breadcrumbs": self.crumbs((None, "Habilitet")),
        }


class Settle(FormPage, SecretariatPage):
    """Whether one person is impartial about one proposal."""

    template_name = "review/settle.html"
    heading = "Tag stilling til habilitet"
    button = "Gem afgørelsen"
    refusals = (impartiality.OwnCase, impartiality.AlreadySettled)

    def load(self) -> None:
        super().load()
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        raised = Impartiality.objects.about(visible).with_people()
        self.raised: Impartiality = get_object_or_404(raised, pk=self.kwargs["pk"])
        if self.raised.settled_at and self.request.method == "GET":
            raise Http404

    def form(self, data: Any = None) -> Any:
        return SettleForm(data)

    def act(self, form: Any) -> str:
        is_impartial = form.cleaned_data["is_impartial"] == "yes"
        impartiality.settle(
            impartiality_pk=self.raised.pk,
            is_impartial=is_impartial,
            note=form.cleaned_data["note"],
            by=self.user,
            at=self.at,
        )
        whom, number = self.raised.user, self.raised.proposal.number
        if is_impartial:
            return f"{whom} er habil og kan arbejde med {number}."
        return f"{whom} er inhabil og kan ikke længere læse {number} i den rolle."

    def success_url(self) -> str:
        return reverse("review:impartialities")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "raised": self.raised,
            "is_own": self.raised.user_id == self.user.pk,
            "cancel": self.success_url(),
            "breadcrumbs": self.crumbs(
                (self.success_url(), "Habilitet"), (None, self.raised.proposal.number)
            ),
        }

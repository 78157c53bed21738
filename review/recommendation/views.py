"""The recommendation ("indstilling"): written, given, and the step back when somebody pressed by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor import autosave
from klimaspor.accounts.models import Organization
from proposals.answers.content import counting_day
from proposals.line.lifecycle import Status, Transition
from proposals.line.pages import StepPage
from proposals.line.parts import StepForm
from review.formality.pages import ApprovalPage
from review.recommendation import steps as recommendation
from review.recommendation.forms import CorrectForm, RecommendationForm
from review.recommendation.seen import POINTS, shown_recommendation

if TYPE_CHECKING:
    from django.http import HttpResponse

    from klimaspor.seen import Shown
    from review.recommendation.models import Recommendation


class Write(ApprovalPage):
    """Direction, resumé, at-points and an amount for each funder; saved as often as one likes."""

    template_name = "review/recommendation/recommendation.html"
    permission = "review.recommend"
    transition = Transition.RECOMMEND
    is_autosaved = True
    heading = "Indstilling"
    button = "Gem og se indstillingen"

    def load(self) -> None:
        super().load()
        self.written = recommendation.current(self.proposal)
        # What was written about an earlier version is where one goes on from.
        self.start = self.written or recommendation.starting_point(self.proposal)
        self.funders = list(
            Organization.objects.funders().valid(counting_day(self.proposal, self.at)).by_name()
        )
        known = {funder.pk for funder in self.funders}
        asked = self.start.amounts.all() if self.start else ()
        # A funder that is one no longer keeps its amount on the page until somebody takes it away.
        self.funders += [row.funder for row in asked if row.funder_id not in known]

    def shown_now(self) -> Shown:
        return shown_recommendation(self.version, self.start, self.funders)

    def form(self, data: Any = None) -> Any:
        written = self.start
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
        return RecommendationForm(data, funders=self.funders, points=points, initial=initial)

    def act(self, form: Any) -> str:
        recommendation.save(
            proposal_pk=self.proposal.pk,
            direction=form.cleaned_data["direction"],
            resume=form.cleaned_data["resume"] or "",
            reason=form.cleaned_data["reason"] or "",
            points=form.points.points,
            amounts=form.amounts,
            bases=self.bases,
            by=self.user,
            at=self.at,
        )
        return "Indstillingen er gemt. Den er ikke givet endnu."

    def success_url(self) -> str:
        name = "review:recommend" if "check" in self.request.POST else "review:recommendation"
        return reverse(name, args=[self.proposal.number])

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            **_written(self, self.written),
            "earlier": None if self.written else self.start,
        }

    def units(self, form: Any) -> dict[str, dict[str, Any]]:
        points = {"name": POINTS, "conflict": autosave.panels(self.refusal).get(POINTS)}
        return {**super().units(form), "points": points}

    def show(self, **more: Any) -> HttpResponse:
        # A page that says "not now" has the frame of this one and no form.
        form = more.get("form")
        return super().show(formset=form and form.points, **more)


class Recommend(ApprovalPage):
    """The last look at the recommendation, as the committee will read it, before it is given."""

    template_name = "review/recommendation/recommend.html"
    permission = "review.recommend"
    transition = Transition.RECOMMEND
    heading = "Indstil til forretningsudvalget"
    button = "Indstil"

    def load(self) -> None:
        super().load()
        self.written = recommendation.current(self.proposal)

    def shown_now(self) -> Shown:
        return shown_recommendation(self.version, self.written).whole

    def form(self, data: Any = None) -> Any:
        return StepForm(data, initial={"revision": self.proposal.revision})

    def act(self, form: Any) -> str:
        recommendation.recommend(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            base=self.base,
            by=self.user,
            at=self.at,
        )
        return f"{self.proposal.number} er indstillet og kan sættes på dagsordenen til næste møde."

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            **_written(self, self.written),
            "back": reverse("review:recommendation", args=[self.proposal.number]),
        }


def _written(page: ApprovalPage, written: Recommendation | None) -> dict[str, Any]:
    """Give what is written of the recommendation, and what it lacks before it can be given."""
    return {
        "recommendation": written,
        "missing": recommendation.missing_from(written, page.proposal, at=page.at)
        if page.version
        else {},
    }


class Correct(StepPage):
    """One step back, when somebody pressed by mistake."""

    permission = "review.correct"
    transition = Transition.CORRECT
    heading = "Ret en fejl i sagsgangen"
    button = "Ret fejlen"
    danger = True

    @property
    def target(self) -> Status | None:
        status = Status(self.proposal.status)
        return self.transition.target_from(status) if status in self.transition.sources else None

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
        return (
            f"Fejlen er rettet. {self.proposal.number} {Status(self.proposal.status).state} igen."
        )

    def context(self) -> dict[str, Any]:
        target = self.target
        text = (
            f"Forslaget {Status(self.proposal.status).state}. Når du retter det, kommer det et skridt "
            f"tilbage, så det igen {target.state}. Intet af det, der er skrevet, går tabt, og "
            "rettelsen står i forløbet."
            if target
            else ""
        )
        return {**super().context(), "text": text}

"""Rounds and their deadlines: for everybody, as the secretariat keeps them, and leave from one ("dispensation")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from icalendar import Calendar, Event

from klimaspor import danish, seen
from klimaspor.accounts.models import User
from klimaspor.accounts.views.pages import Administration, Register
from klimaspor.pages import PublicPage
from klimaspor.refusals import Part
from klimaspor.seen import Shown
from proposals.gates import steps
from proposals.gates.forms import DispensationForm, RoundForm, WithdrawDispensationForm
from proposals.line.addresses import proposal_address
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.line.pages import StepPage
from proposals.rounds.models import Gate, Round

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from django.http import HttpRequest

    from klimaspor.pages import Crumbs
    from proposals.gates.models import Dispensation


class Rounds(PublicPage):
    template_name = "proposals/gates/rounds.html"

    def context(self) -> dict[str, Any]:
        today = danish.day_of(self.at)
        rounds = list(Round.objects.newest_first())
        ahead = [r for r in reversed(rounds) if r.meeting_date >= today and not r.is_history]
        return {
            "ahead": ahead,
            "past": [r for r in rounds if r not in ahead],
            "breadcrumbs": [("/", "Forside"), (None, "Runder og frister")],
        }


class RoundCalendar(PublicPage):
    """The dates of every round that is ahead, for people's own calendars."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        calendar = Calendar()
        calendar.add("prodid", "-//Klimaspor//Runder//DA")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", "Klimaspor: runder og frister")
        for round_ in Round.objects.current(at=self.at).soonest_first():
            for key, text, start, end in _dates(round_):
                event = Event()
                event.add("uid", f"runde-{round_.pk}-{key}@{request.get_host()}")
                event.add("dtstamp", self.at)
                event.add("summary", f"{text} ({round_.name})")
                event.add("dtstart", start)
                event.add("dtend", end)
                event.add("url", request.build_absolute_uri(reverse("proposals:rounds")))
                calendar.add_component(event)
        return HttpResponse(
            calendar.to_ical(),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="klimaspor-runder.ics"'},
        )


def _dates(round_: Round) -> Iterator[tuple[str, str, date | datetime, date | datetime]]:
    for key, text, at in (
        (
            "kvalificering",
            "Frist: forslag til faglig kvalificering",
            round_.qualification_deadline_at,
        ),
        ("udtalelse", "DGO'ens udtalelse ventes senest", round_.dgo_deadline_at),
        ("godkendelse", "Frist: forslag til godkendelsesforløb", round_.approval_deadline_at),
    ):
        # A deadline is a moment; the quarter of an hour before it is what a calendar can draw.
        yield key, text, at - timedelta(minutes=15), at
    if round_.meeting_time:
        # In UTC, as the deadlines come: a calendar that is told of no time zone must guess.
        start = danish.wall(round_.meeting_date, round_.meeting_time).astimezone(UTC)
        yield "moede", "Møde i forretningsudvalget", start, start + timedelta(hours=2)
    else:
        day = round_.meeting_date
        yield "moede", "Møde i forretningsudvalget", day, day + timedelta(days=1)


@dataclass(frozen=True)
class Deadline:
    """One of a round's, as it is named where it moves, and whose term it is."""

    column: str
    text: str
    waiting: tuple[Status, ...]


DEADLINES = (
    Deadline(
        "qualification_deadline_at", f"Fristen for {Gate.QUALIFICATION.label}", (Status.DRAFT,)
    ),
    Deadline("dgo_deadline_at", "DGO'ens svarfrist", (Status.IN_QUALIFICATION,)),
    Deadline(
        "approval_deadline_at",
        f"Fristen for {Gate.APPROVAL.label}",
        (Status.IN_QUALIFICATION, Status.QUALIFIED),
    ),
)


@dataclass(frozen=True)
class Moved:
    """A deadline that is about to be another one."""

    deadline: Deadline
    before: datetime
    after: datetime
    has_passed: bool


class RoundList(Administration):
    template_name = "proposals/gates/rounds_admin.html"
    heading = "Runder"

    def context(self) -> dict[str, Any]:
        return {**super().context(), "rounds": Round.objects.newest_first()}


class RoundEdit(Register):
    """A new round, or one that is there; moving a deadline first shows whom it concerns."""

    template_name = "proposals/gates/round_edit.html"
    button = "Gem runden"

    def load(self) -> None:
        self.round = get_object_or_404(Round, pk=self.kwargs["pk"]) if self.kwargs else Round()
        self.name = self.round.name
        self.before: dict[str, datetime] = {}

    def hold(self) -> None:
        self.round = Round.objects.locked(self.kwargs["pk"])
        self.before = {each.column: getattr(self.round, each.column) for each in DEADLINES}

    def form(self, data: Any = None) -> RoundForm:
        return RoundForm(data, instance=self.round)

    def take_merged(self, form: Any) -> HttpResponse:
        moved = self.moved()
        shown = _shown(moved)
        # A yes to one move is not a yes to another.
        if moved and seen.carried(self.request.POST, MOVES) != shown.base_of(MOVES):
            return self.show(
                form=form,
                moved=moved,
                seen_moves=seen.hidden(shown.bases),
                affected=self.affected(moved),
            )
        return super().take_merged(form)

    def save(self, form: Any) -> str:
        saved = steps.save_round(round=form.save(commit=False), by=self.user, at=self.at)
        return f"{saved.name} er gemt."

    def moved(self) -> list[Moved]:
        return [
            Moved(each, self.before[each.column], new, has_passed=new < self.at)
            for each in DEADLINES
            if each.column in self.before
            and (new := getattr(self.round, each.column)) != self.before[each.column]
        ]

    def affected(self, moved: list[Moved]) -> list[dict[str, Any]]:
        """List the proposals the reader may see whose term is moved; drafts nobody has opened are not counted."""
        waiting = [status for each in moved for status in each.deadline.waiting]
        visible = Proposal.objects.visible_to(self.user, at=self.at).in_round(self.round)
        affected = (
            visible.in_status(*waiting)
            .without_own_term()
            .with_reading(self.user, at=self.at)
            .with_frame()
            .by_number()
        )
        return [{"proposal": row, "url": proposal_address(row.number)} for row in affected]

    def success_url(self) -> str:
        return reverse("proposals:rounds_admin")

    def above(self) -> Crumbs:
        return [(self.success_url(), RoundList.heading)]

    def title(self) -> str:
        return self.name or "Ny runde"


MOVES = "moves"


def _shown(moved: list[Moved]) -> Shown:
    return Shown(tuple(Part(each.deadline.text, each.after.isoformat(), MOVES) for each in moved))


class GrantDispensation(StepPage):
    template_name = "proposals/gates/dispensation.html"
    permission = "proposals.grant_dispensation"
    heading = "Giv dispensation fra en frist"
    button = "Giv dispensation"
    makes = True
    open_in = (Status.DRAFT, Status.QUALIFIED)
    text = (
        "Dispensationen gælder én person, dette forslag og denne frist. Personen får besked med begrundelsen, og alle, "
        "der behandler forslaget, kan se den."
    )

    def form(self, data: Any = None) -> DispensationForm:
        gate = Gate.QUALIFICATION if self.proposal.status == Status.DRAFT else Gate.APPROVAL
        writers = steps.writers(self.proposal, at=self.at)
        people = User.objects.among(row.user_id for row in writers).by_name()
        initial = {"gate": gate, "granted_to": self.proposal.owner_id}
        return DispensationForm(data, people=people, initial=initial)

    def act(self, form: DispensationForm) -> str:
        granted = steps.grant(
            proposal_pk=self.proposal.pk,
            gate=Gate(form.cleaned_data["gate"]),
            granted_to=form.cleaned_data["granted_to"],
            until_at=form.until_at,
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return (
            f"{granted.granted_to.name} har fået dispensation til {danish.datetime_text(granted.until_at)} og har fået "
            "besked."
        )

    def context(self) -> dict[str, Any]:
        now = self.at.replace(microsecond=0)
        return {
            **super().context(),
            "granted": [
                {
                    "row": row,
                    "url": ""
                    if row.withdrawn_at or row.until_at < now
                    else self.url("withdraw_dispensation", row.pk),
                }
                for row in self.proposal.dispensations.with_people().newest_first()
            ],
            "round": self.proposal.round,
        }


class WithdrawDispensation(StepPage):
    permission = "proposals.grant_dispensation"
    heading = "Træk dispensationen tilbage"
    button = "Træk dispensationen tilbage"
    danger = True

    def load(self) -> None:
        super().load()
        rows = self.proposal.dispensations.with_people()
        self.row: Dispensation = get_object_or_404(rows, pk=self.kwargs["pk"])

    def form(self, data: Any = None) -> WithdrawDispensationForm:
        return WithdrawDispensationForm(data)

    def act(self, form: WithdrawDispensationForm) -> str:
        steps.withdraw(
            dispensation_pk=self.row.pk,
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return f"Dispensationen er trukket tilbage. {self.row.granted_to.name} har fået besked."

    def context(self) -> dict[str, Any]:
        text = (
            f"{self.row.granted_to.name} har dispensation fra fristen for {self.row.get_gate_display()} til "
            f"{danish.datetime_text(self.row.until_at)}. Er forslaget allerede sendt, bliver det ved med at være det."
        )
        return {**super().context(), "text": text}

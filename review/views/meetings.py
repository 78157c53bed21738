"""The committee's meetings: the list, a new one, and what the pages about one of them share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor import danish
from proposals.models import Proposal, Round
from review import agenda as agenda_step
from review import decision as decision_step
from review.forms import AgendaForm, PressForm, round_dates
from review.models import Agenda, AgendaItem
from review.views.pages import REFUSALS, Crumbs, FormPage, Page, SharedPage

REFUSED: tuple[type[Exception], ...] = (
    *REFUSALS,
    agenda_step.NotOpen,
    agenda_step.NotPlaceable,
    agenda_step.EmptyAgenda,
    agenda_step.Moved,
    decision_step.NotRecordable,
    decision_step.AttendanceMissing,
    decision_step.Undecided,
)
HIDDEN = "Forslag, du er inhabil i"


class MeetingsPage(Page):
    """A page for those who read the committee's papers."""

    permission = "review.read_meetings"

    def load(self) -> None:
        if not self.user.has_perm(self.permission):
            raise PermissionDenied(
                "Møderne er for forretningsudvalget og sekretariatet."
                if self.permission == MeetingsPage.permission
                else "Kun sekretariatet kan ændre møder og dagsordener."
            )

    @property
    def is_manager(self) -> bool:
        return self.user.has_perm("review.manage_agendas")

    def crumbs(self, *more: tuple[str | None, str]) -> Crumbs:
        return [("/", "Forside"), (reverse("review:meetings") if more else None, "Møder"), *more]


class Meetings(MeetingsPage):
    """Every meeting, the next one first."""

    template_name = "review/meetings.html"

    def context(self) -> dict[str, Any]:
        today = danish.day_of(self.at)
        agendas = list(
            Agenda.objects.visible_to(self.user.duties).select_related("round").newest_first()
        )
        return {
            "ahead": [a for a in reversed(agendas) if a.meeting_date >= today],
            "held": [a for a in agendas if a.meeting_date < today],
            "is_manager": self.is_manager,
            "breadcrumbs": self.crumbs(),
        }


class NewAgenda(FormPage, MeetingsPage):
    """Opens the agenda of a meeting; the round suggests when and where."""

    template_name = "review/form.html"
    permission = "review.manage_agendas"
    heading = "Ny dagsorden"
    button = "Opret dagsorden"

    def form(self, data: Any = None) -> Any:
        rounds = Round.objects.current(at=self.at).soonest_first()
        without = [
            r
            for r in rounds.exclude(pk__in=Agenda.objects.with_round())
            if r.meeting_date >= danish.day_of(self.at)
        ]
        initial = round_dates(without[0]) if without else {}
        return AgendaForm(data, rounds=rounds, initial=initial)

    def act(self, form: Any) -> str:
        given = form.cleaned_data
        self.made = agenda_step.create(
            round=given["round"],
            meeting_date=given["meeting_date"],
            meeting_time=given["meeting_time"],
            place=given["place"],
            by=self.user,
            at=self.at,
        )
        return "Dagsordenen er oprettet. Ingen får besked, før du udsender den."

    def success_url(self) -> str:
        return reverse("review:agenda", args=[self.made.meeting_date])

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "cancel": reverse("review:meetings"),
            "breadcrumbs": self.crumbs((None, self.heading)),
        }


class MeetingPage(MeetingsPage):
    """A page about one meeting whose agenda the reader may see."""

    agenda: Agenda

    def load(self) -> None:
        super().load()
        seen = Agenda.objects.visible_to(self.user.duties).select_related("round")
        self.agenda = get_object_or_404(seen, meeting_date=self.kwargs["date"])
        self.items = list(self.agenda.items.with_cases().listed())
        mine = Proposal.objects.visible_to(self.user, at=self.at)
        pks = [item.proposal_id for item in self.items if item.proposal_id]
        self.readable = set(mine.in_bulk(pks)) if pks else set()
        for item in self.items:
            item.agenda = self.agenda

    def may_read(self, item: AgendaItem) -> bool:
        """Say whether the reader is impartial about the item's proposal, and so may know what it is."""
        return item.proposal_id is None or item.proposal_id in self.readable

    def title_of(self, item: AgendaItem) -> str:
        return item.title if self.may_read(item) else HIDDEN

    @property
    def reads_all(self) -> bool:
        return all(map(self.may_read, self.items))

    def link(self, name: str, *more: Any) -> str:
        return reverse(f"review:{name}", args=[self.agenda.meeting_date, *more])

    @property
    def status_line(self) -> str:
        """Say e.g. "Kladde · 7 punkter · 95 minutter"."""
        state = "Kladde"
        if self.agenda.released_at:
            state = "Beslutninger frigivet"
        elif self.agenda.published_at:
            state = "Udsendt"
        points = danish.count_text(len(self.items), "punkt", "punkter")
        minutes = agenda_step.total_minutes(self.items)
        return f"{state} · {points} · {danish.count_text(minutes, 'minut', 'minutter')}"

    @property
    def when(self) -> str:
        """Say when on the day and where, as far as it is settled."""
        at = self.agenda.meeting_time
        parts = [f"kl. {danish.time_text(at)}"] if at else []
        return ", ".join([*parts, *filter(None, [self.agenda.place])])

    def crumbs(self, *more: tuple[str | None, str]) -> Crumbs:
        name = danish.short_date(self.agenda.meeting_date)
        return super().crumbs((self.link("meeting") if more else None, name), *more)

    def context(self) -> dict[str, Any]:
        return {
            "agenda": self.agenda,
            "status_line": self.status_line,
            "when": self.when,
            "is_manager": self.is_manager,
            "breadcrumbs": self.crumbs(),
            **super().context(),
        }


class ManagedPage(MeetingPage):
    """A page about one meeting for those who prepare it."""

    permission = "review.manage_agendas"


class PressPage(SharedPage, ManagedPage):
    """A last look before something is told: no fields, one button."""

    refusals = REFUSED

    def form(self, data: Any = None) -> Any:
        return PressForm(data)

    def success_url(self) -> str:
        return self.link("meeting")

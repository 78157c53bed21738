"""What the pages about the committee's meetings share: who may, which meeting, and what may be read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor import danish
from klimaspor.pages import Page
from proposals.line.models import Proposal
from review.agenda import steps as agenda_step
from review.agenda.models import Agenda, AgendaItem
from review.recommendation.models import Recommendation, at_point

if TYPE_CHECKING:
    from klimaspor.pages import Crumbs
    from review.formality import steps as formality

HIDDEN = "Forslag, du er inhabil i"


READ = "review.read_meetings"
PREPARE = "review.manage_agendas"


class MeetingsPage(Page):
    """A page for those who read the committee's papers, or who prepare them."""

    permission: ClassVar[str] = READ

    def admit(self) -> None:
        if not self.user.has_perm(self.permission):
            raise PermissionDenied(
                "Møderne er for forretningsudvalget og sekretariatet."
                if self.permission == READ
                else "Kun sekretariatet kan ændre møder og dagsordener."
            )

    @property
    def is_manager(self) -> bool:
        return self.user.has_perm(PREPARE)

    def crumbs(self, *more: tuple[str | None, str]) -> Crumbs:
        return [("/", "Forside"), (reverse("review:meetings") if more else None, "Møder"), *more]


class MeetingPage(MeetingsPage):
    """A page about one meeting whose agenda the reader may see."""

    agenda: Agenda

    def load(self) -> None:
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
        parts = [danish.clock_text(at)] if at else []
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
            "subject": f"mødet {danish.date_text(self.agenda.meeting_date)}",
            "breadcrumbs": self.crumbs(),
            **super().context(),
        }


def finding(judgement: formality.Judgement) -> dict[str, Any]:
    """Give a requirement as the meter shows it, with what the program found and what a person said of it."""
    met = {True: "met", False: "missing" if judgement.is_must else "warning", None: "judged"}
    # Where only a person can tell, the program has nothing to say beside the answer.
    found = judgement.finding.message if judgement.finding and judgement.found is not None else ""
    note = judgement.answer.note if judgement.answer else ""
    return {
        "id": judgement.requirement.id,
        "text": judgement.requirement.text,
        "state": met[judgement.is_met],
        "message": " ".join(filter(None, (found, note))),
    }


def item_points(item: AgendaItem, recommendation: Recommendation | None) -> list[str]:
    """Give the at-points of an item, its own or its recommendation's."""
    if recommendation:
        return [str(point) for point in recommendation.points.all()]
    return [at_point(line) for line in item.proposed.splitlines() if line.strip()]

"""The secretariat's desk: the rounds at a glance, and what falls between the gates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.anybody import Question
from proposals.line.lifecycle import Status
from proposals.line.models import Impartiality, Proposal
from proposals.line.pages import shown_title
from proposals.rounds.models import Gate, Round
from review.agenda.models import Agenda
from review.pages import SecretariatPage

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from klimaspor.accounts.models import User

COLUMNS = (
    (Status.DRAFT, "Kladder", "åbnet for sparring eller sendt tilbage"),
    (Status.IN_QUALIFICATION, "Til kvalificering", "hos en DGO"),
    (Status.QUALIFIED, "Kvalificeret", "hos forslagsstilleren"),
    (Status.IN_APPROVAL, "I godkendelsesforløb", "til formel kontrol"),
    (Status.RECOMMENDED, "Indstillet", "venter på et møde"),
)
SHOWN_IN_COLUMN = 5
SHOWN_DATES = 3


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

    template_name = "review/secretariat_desk/secretariat.html"

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

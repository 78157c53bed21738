"""The secretariat's desk: the rounds at a glance, and what falls between the gates."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.models import Dgo
from klimaspor.mail.standing import standing
from klimaspor.pages import FormPage
from proposals.drafting.dgo import change_dgo
from proposals.line.addresses import proposal_address
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.line.pages import shown_title
from proposals.rounds.models import Gate, Round
from review.agenda.models import Agenda
from review.pages import SecretariatPage
from review.secretariat_desk import queries
from review.secretariat_desk.forms import MoveForm

if TYPE_CHECKING:
    from datetime import date, datetime

    from klimaspor.mail.standing import Standing

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
    round_pk: int
    waiting: tuple[tuple[Status, str], ...]
    """Where proposals must not be any more by then, and what is said of those that are."""
    needs: list[str] = field(default_factory=list)
    url: str = ""


class Desk(SecretariatPage):
    """The rounds at a glance: what stands at each gate, what is late, and what comes next."""

    template_name = "review/secretariat_desk/secretariat.html"

    def context(self) -> dict[str, Any]:
        mail = standing(at=self.at)
        return {
            "columns": self._columns(),
            "dates": self._dates(),
            "tasks": [*self._tasks(), *_missing(mail)],
            "mail": mail,
            "breadcrumbs": self.crumbs(),
        }

    def _columns(self) -> list[dict[str, Any]]:
        here: dict[str, dict[int, datetime | None]] = {status: {} for status, _, _ in COLUMNS}
        for status, pk, due_at in queries.columns(self.user, at=self.at):
            here[status][pk] = due_at
        keys = [pk for found in here.values() for pk in list(found)[:SHOWN_IN_COLUMN]]
        shown = {p.pk: p for p in queries.shown(self.user, at=self.at, keys=keys)}
        columns = []
        for status, label, hint in COLUMNS:
            late = sum(due is not None and due < self.at for due in here[status].values())
            columns.append(
                {
                    "label": label,
                    "hint": hint,
                    "count": _many(len(here[status])),
                    "late": _many(late) if late else "",
                    "url": f"{reverse('review:list')}?status={status}",
                    "rows": [self._row(shown[pk]) for pk in here[status] if pk in shown],
                }
            )
        return columns

    def _row(self, proposal: Any) -> dict[str, Any]:
        return {
            "proposal": proposal,
            "title": shown_title(proposal),
            "is_late": proposal.due_at is not None and proposal.due_at < self.at,
            "url": proposal_address(proposal.number),
        }

    def _tasks(self) -> list[dict[str, Any]]:
        """List what falls between the gates, with a count; what is empty is left out."""
        counts = Counter(name for (name,) in queries.left_over(self.user, at=self.at))
        tasks = (
            ("ties", "spørgsmål om habilitet skal afklares", reverse("review:impartialities")),
            (
                "orphans",
                "forslag har ingen ejer, der kan logge på",
                reverse("proposals:orphaned"),
            ),
            (
                "without_desk",
                "forslag ligger hos ingen DGO, der kan tage sig af dem",
                reverse("review:without_desk"),
            ),
            (
                "approved",
                "forslag er godkendt og venter på bidragydere",
                f"{reverse('review:list')}?status={Status.APPROVED}",
            ),
        )
        return [
            {"text": f"{_many(counts[name])} {text}", "url": url}
            for name, text, url in tasks
            if counts[name]
        ]

    def _dates(self) -> list[Ahead]:
        """Give the next few dates of the rounds that run."""
        today = danish.day_of(self.at)
        agendas = {a.round_id: a for a in Agenda.objects.upcoming(today) if a.round_id}
        ahead = []
        for round_ in Round.objects.current(at=self.at).soonest_first():
            for gate in Gate:
                at = round_.deadline_at(gate)
                if at >= self.at:
                    text = f"{round_.name}: frist for {gate.label}"
                    url = reverse("review:round", args=[round_.pk])
                    day = danish.day_of(at)
                    ahead.append(Ahead(day, at, text, round_.pk, AT_GATE[gate], url=url))
            if round_.meeting_date >= today:
                agenda = agendas.get(round_.pk)
                ahead.append(_meeting(round_, agenda))
        ahead = sorted(ahead, key=lambda one: one.day)[:SHOWN_DATES]
        pairs = [(status, one.round_pk) for one in ahead for status, _ in one.waiting]
        counts = Counter(queries.standing(self.user, pairs, at=self.at))
        for one in ahead:
            one.needs[:0] = [
                f"{_many(count)} forslag {text}"
                for status, text in one.waiting
                if (count := counts[status, one.round_pk])
            ]
        return ahead


class WithoutDesk(FormPage, SecretariatPage):
    """Proposals whose DGO has ended or has nobody: a press moves those that are chosen to another."""

    template_name = "review/secretariat_desk/without_desk.html"
    heading = "Forslag uden DGO"
    button = "Flyt til den DGO"

    def load(self) -> None:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        found = visible.without_desk(danish.day_of(self.at))
        self.waiting = found.with_reading(self.user, at=self.at).with_row().by_number()

    def form(self, data: Any = None) -> MoveForm:
        dgos = Dgo.objects.valid(danish.day_of(self.at)).by_name()
        return MoveForm(data, dgos=dgos, proposals=self.waiting)

    def act(self, form: Any) -> str:
        chosen, dgo = form.cleaned_data["proposals"], form.cleaned_data["dgo"]
        with transaction.atomic():
            for proposal in sorted(chosen, key=lambda one: one.pk):
                change_dgo(
                    proposal_pk=proposal.pk,
                    dgo=dgo,
                    reason=form.cleaned_data["reason"],
                    by=self.user,
                    at=self.at,
                )
        moved = danish.count_text(len(chosen), "forslag", "forslag")
        return f"{moved} er flyttet til {dgo}. Rådgiverne får besked nu."

    def success_url(self) -> str:
        return reverse("review:without_desk")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "is_anything": self.waiting.exists(),
            "cancel": reverse("review:secretariat"),
            "breadcrumbs": self.crumbs((None, self.heading)),
        }


def _missing(mail: Standing) -> list[dict[str, str]]:
    """List what nobody has said yet that everybody needs."""
    if mail.has_phone:
        return []
    text = "Breve og sider mangler sekretariatets telefonnummer: skriv det"
    return [{"text": text, "url": reverse("accounts:contact")}]


AT_GATE: dict[Gate, tuple[tuple[Status, str], ...]] = {
    Gate.QUALIFICATION: ((Status.DRAFT, "er ikke indsendt"),),
    Gate.APPROVAL: (
        (Status.IN_QUALIFICATION, "mangler udtalelse"),
        (Status.QUALIFIED, "er ikke sendt videre"),
    ),
}
AT_MEETING = (
    (Status.IN_APPROVAL, "skal kontrolleres og indstilles"),
    (Status.RECOMMENDED, "er indstillet og ikke på en udsendt dagsorden"),
)


def _meeting(round_: Round, agenda: Agenda | None) -> Ahead:
    ahead = Ahead(
        round_.meeting_date,
        None,
        f"{round_.name}: møde i forretningsudvalget",
        round_.pk,
        AT_MEETING,
        url=reverse("review:meeting", args=[agenda.meeting_date.isoformat()])
        if agenda
        else reverse("review:meetings"),
    )
    if agenda is None:
        ahead.needs.append("Dagsordenen er ikke oprettet")
    elif agenda.published_at is None:
        ahead.needs.append("Dagsordenen er ikke udsendt")
    return ahead


def _many(count: int) -> str:
    """Write how many there are of what was read no further than to a hundred."""
    return f"{queries.MOST - 1}+" if count >= queries.MOST else str(count)

"""The committee's meetings: the list, the papers, the agenda while it is put together, and the decisions."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.models import User
from proposals.content import Content
from proposals.lifecycle import Status
from proposals.models import Proposal, Round
from proposals.views.reading import shown_sections
from review import agenda as agenda_step
from review import decision as decision_step
from review import dossier, formality
from review.forms import (
    AddProposalForm,
    AgendaForm,
    DecisionForm,
    ItemForm,
    MeetingForm,
    Presences,
    PressForm,
    round_dates,
)
from review.models import (
    Agenda,
    AgendaItem,
    DecisionOutcome,
    Qualification,
    Recommendation,
)
from review.views.pages import REFUSALS, Crumbs, FormPage, Page
from review.views.qualification import criteria_said

if TYPE_CHECKING:
    from django.http import HttpRequest

REFUSED: tuple[type[Exception], ...] = (
    *REFUSALS,
    agenda_step.NotOpen,
    agenda_step.NotPlaceable,
    agenda_step.EmptyAgenda,
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


class Meeting(MeetingPage):
    """The agenda as it is, and the papers to read and to download."""

    template_name = "review/meeting.html"

    def context(self) -> dict[str, Any]:
        released = self.agenda.released_at is not None
        return {
            **super().context(),
            "rows": [
                {
                    "item": item,
                    "title": self.title_of(item),
                    "may_read": self.may_read(item),
                    "url": self.link("item", item.number) if item.number else "",
                    "decision": getattr(item, "decision", None)
                    if released and self.may_read(item)
                    else None,
                }
                for item in self.items
            ],
            "undecided": decision_step.undecided(self.agenda)
            if self.is_manager and self.agenda.published_at and not released
            else [],
            **papers(self),
        }


class Papers(MeetingPage):
    """The part of the page that shows how far the papers have come."""

    template_name = "review/_papers.html"

    def context(self) -> dict[str, Any]:
        return {**super().context(), **papers(self)}


def papers(page: MeetingPage) -> dict[str, Any]:
    """Say of each paper whether it is there, how far it has come, or that it could not be made."""
    found = dossier.progress(page.agenda)
    return {
        "papers": [
            {
                "paper": one,
                "url": page.link("paper", one.dossier.pk),
                "again": page.link("paper_again", one.dossier.pk)
                if one.state == "failed" and page.is_manager
                else "",
            }
            for one in found
        ],
        "is_building": any(one.state == "working" for one in found),
        "papers_url": page.link("papers"),
        "meeting_url": page.link("meeting"),
        "reads_all": page.reads_all,
    }


class Paper(MeetingPage):
    """A built paper, to whoever may read every item in it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        paper = get_object_or_404(self.agenda.dossiers.built(), pk=self.kwargs["pk"])
        if not self.reads_all:
            raise PermissionDenied(
                "Filen rummer et punkt, du er inhabil i. Læs de andre punkter på mødets side."
            )
        return download(paper.file, PurePath(paper.file.name).name)


class PaperAgain(MeetingPage):
    """Asks once more for a paper that was given up."""

    permission = "review.manage_agendas"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        paper = get_object_or_404(self.agenda.dossiers.all(), pk=self.kwargs["pk"])
        if dossier.try_again(paper):
            messages.success(request, "Filen bliver lavet igen nu.")
        else:
            messages.info(request, "Filen er ikke opgivet, så den laves ikke igen.")
        return redirect(self.link("meeting"))


CONTENT_TYPES = {".pdf": "application/pdf", ".zip": "application/zip"}


def download(file: Any, name: str) -> HttpResponse:
    """Send a file to be kept, never to be run: its type is what we say it is."""
    response = FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=CONTENT_TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return cast("HttpResponse", response)


class Item(MeetingPage):
    """One item as the committee reads it in the portal."""

    template_name = "review/item.html"

    def load(self) -> None:
        super().load()
        number = self.kwargs["number"]
        found = next((i for i in self.items if i.number == number and self.may_read(i)), None)
        if found is None:
            raise Http404
        self.item = found

    def context(self) -> dict[str, Any]:
        item = self.item
        case: dict[str, Any] = {}
        if item.proposal and item.version:
            sent = Content.of_version(item.version)
            given = (
                Qualification.objects.of_proposals([item.proposal_id])
                .completed_by(self.agenda.published_at or self.at)
                .with_statements()
                .newest_first()
                .first()
            )
            case = {
                "content": sent,
                "sections": shown_sections(sent, file_url=self._file_url),
                "recommendation": Recommendation.objects.with_points().get(
                    pk=item.recommendation_id
                ),
                "qualification": given,
                "criteria": criteria_said(
                    given, [s.criterion for s in given.statements.all()] if given else []
                ),
                "proposal": item.proposal,
                "findings": [finding(j) for j in formality.judgements_of(item.version)],
            }
        place = self.items.index(item)
        return {
            **super().context(),
            "item": item,
            "points": item_points(item, case.get("recommendation")),
            "previous": self._beside(self.items[:place][::-1]),
            "following": self._beside(self.items[place + 1 :]),
            "breadcrumbs": self.crumbs((None, f"Punkt {item.number}")),
            **case,
        }

    def _file_url(self, row: Any) -> str:
        number = self.item.proposal.number if self.item.proposal else ""
        return reverse("proposals:attachment", args=[number, row.pk])

    def _beside(self, items: list[AgendaItem]) -> dict[str, Any] | None:
        """Give the nearest item that the reader may read."""
        item = next(filter(self.may_read, items), None)
        return {"item": item, "url": self.link("item", item.number)} if item else None


def finding(judgement: formality.Judgement) -> dict[str, Any]:
    """Give a requirement as the meter shows it, with what a person said of it."""
    met = {True: "met", False: "missing" if judgement.is_must else "warning", None: "judged"}
    note = judgement.answer.note if judgement.answer else ""
    return {
        "id": judgement.requirement.id,
        "text": judgement.requirement.text,
        "state": met[judgement.is_met],
        "message": note,
    }


def item_points(item: AgendaItem, recommendation: Recommendation | None) -> list[str]:
    """Give the at-points of an item, its own or its recommendation's."""
    if recommendation:
        return [point.text for point in recommendation.points.all()]
    return [line.removeprefix("- ") for line in item.proposed.splitlines() if line.strip()]


# Dagsordenen, mens den samles


class ManagedPage(MeetingPage):
    """A page about one meeting for those who prepare it."""

    permission = "review.manage_agendas"


class Assemble(ManagedPage):
    """The agenda's items in order, to be moved, added and taken off, with what the committee will see beside them."""

    template_name = "review/agenda.html"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "rows": [self._row(item) for item in self.items],
            "add": self._addable(),
            "preview": self._preview(),
            "breadcrumbs": self.crumbs((None, "Dagsorden")),
        }

    def _row(self, item: AgendaItem) -> dict[str, Any]:
        return {
            "item": item,
            "title": self.title_of(item),
            "may_read": self.may_read(item),
            "edit": self.link("edit_item", item.pk),
            "move": self.link("move_item", item.pk),
            "remove": self.link("remove_item", item.pk),
        }

    def _addable(self) -> AddProposalForm | None:
        if self.agenda.published_at:
            return None
        return AddProposalForm(proposals=placeable(self))

    def _preview(self) -> list[dict[str, Any]]:
        pks = [item.proposal_id for item in self.items if item.proposal_id in self.readable]
        made = Recommendation.objects.made().of_proposals(pks).with_points().oldest_first()
        latest = {one.proposal_id: one for one in made}
        return [
            {
                "title": self.title_of(item),
                "item": item,
                "resume": latest[item.proposal_id].resume
                if item.proposal_id in latest
                else item.resume,
                "points": item_points(item, latest.get(item.proposal_id)),
            }
            for item in self.items
        ]


def placeable(page: MeetingsPage) -> Any:
    """Give what may be placed on an agenda, of what the person may see."""
    return agenda_step.placeable().visible_to(page.user, at=page.at)


class AddProposal(ManagedPage):
    """Puts a recommended proposal on the agenda."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = AddProposalForm(request.POST, proposals=placeable(self))
        if form.is_valid():
            proposal = form.cleaned_data["proposal"]
            try:
                agenda_step.add_proposal(
                    agenda_pk=self.agenda.pk, proposal_pk=proposal.pk, by=self.user, at=self.at
                )
            except REFUSED as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, f"{proposal.number} er sat på dagsordenen.")
        else:
            for errors in form.errors.values():
                messages.error(request, f"{errors[0]}.")
        return redirect(f"{self.link('agenda')}#punkter")


class ItemPage(FormPage, ManagedPage):
    """The words and minutes of one item."""

    template_name = "review/form.html"
    heading = "Nyt punkt"
    button = "Gem punktet"
    refusals = REFUSED
    item: AgendaItem | None = None

    def form(self, data: Any = None) -> Any:
        return ItemForm(data, item=self.item)

    def success_url(self) -> str:
        return self.link("agenda")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "cancel": self.link("agenda"),
            "breadcrumbs": self.crumbs((self.link("agenda"), "Dagsorden"), (None, self.heading)),
        }


class AddItem(ItemPage):
    def act(self, form: Any) -> str:
        given = {name: value or "" for name, value in form.cleaned_data.items()}
        agenda_step.add_item(
            agenda_pk=self.agenda.pk,
            **{
                **given,
                "minutes": form.cleaned_data["minutes"],
                "is_closed": bool(given["is_closed"]),
            },
            by=self.user,
            at=self.at,
        )
        return f"Punktet {form.cleaned_data['title']} er sat på dagsordenen."


class EditItem(ItemPage):
    heading = "Ret punkt"

    def load(self) -> None:
        super().load()
        self.item = next(
            (i for i in self.items if i.pk == self.kwargs["pk"] and self.may_read(i)), None
        )
        if self.item is None:
            raise Http404

    def act(self, form: Any) -> str:
        item = cast("AgendaItem", self.item)
        fields = {name: "" if value is None else value for name, value in form.cleaned_data.items()}
        agenda_step.change_item(item_pk=item.pk, by=self.user, at=self.at, **fields)
        return "Punktet er gemt."

    def context(self) -> dict[str, Any]:
        item = cast("AgendaItem", self.item)
        text = (
            f"{item.title}. Titel og tekst kommer fra forslaget og indstillingen."
            if item.proposal_id
            else ""
        )
        return {**super().context(), "text": text}


class ItemAct(ManagedPage):
    """One press about one item of the agenda."""

    http_method_names = ["post"]
    said = ""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        item = next((i for i in self.items if i.pk == self.kwargs["pk"]), None)
        if item is not None:
            try:
                self.act(item)
            except REFUSED as refusal:
                messages.error(request, str(refusal))
        return redirect(f"{self.link('agenda')}#punkter")

    def act(self, item: AgendaItem) -> None:
        raise NotImplementedError


class MoveItem(ItemAct):
    def act(self, item: AgendaItem) -> None:
        direction = "up" if self.request.POST.get("retning") == "op" else "down"
        agenda_step.move_item(item_pk=item.pk, direction=direction, by=self.user, at=self.at)


class RemoveItem(ItemAct):
    def act(self, item: AgendaItem) -> None:
        agenda_step.remove_item(item_pk=item.pk, by=self.user, at=self.at)
        messages.success(self.request, f"{self.title_of(item)} er taget af dagsordenen.")


class ChangeMeeting(FormPage, ManagedPage):
    """When on the day and where the meeting is."""

    template_name = "review/form.html"
    heading = "Tid og sted"
    button = "Gem"
    refusals = REFUSED

    def form(self, data: Any = None) -> Any:
        return MeetingForm(
            data,
            initial={"meeting_time": self.agenda.meeting_time, "place": self.agenda.place},
        )

    def act(self, form: Any) -> str:
        agenda_step.change(
            agenda_pk=self.agenda.pk,
            meeting_time=form.cleaned_data["meeting_time"],
            place=form.cleaned_data["place"],
            by=self.user,
            at=self.at,
        )
        return "Mødets tid og sted er gemt."

    def success_url(self) -> str:
        return self.link("agenda")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "cancel": self.link("agenda"),
            "breadcrumbs": self.crumbs((self.link("agenda"), "Dagsorden"), (None, self.heading)),
        }


class PressPage(FormPage, ManagedPage):
    """A last look before something is told: no fields, one button."""

    refusals = REFUSED

    def form(self, data: Any = None) -> Any:
        return PressForm(data)

    def success_url(self) -> str:
        return self.link("meeting")


class Publish(PressPage):
    """Who gets what, before it is sent."""

    template_name = "review/publish.html"
    heading = "Udsend dagsorden"
    button = "Udsend dagsorden"

    def act(self, form: Any) -> str:
        done = agenda_step.publish(agenda_pk=self.agenda.pk, by=self.user, at=self.at)
        for sentence in done.left_out:
            messages.warning(self.request, sentence)
        return (
            "Dagsordenen er udsendt. Forretningsudvalget og forslagsstillerne får besked nu, "
            "og sagsmaterialet bliver lavet."
        )

    def context(self) -> dict[str, Any]:
        gone = [
            item for item in self.items if item.proposal and item.proposal.status != "recommended"
        ]
        return {
            **super().context(),
            "recipients": agenda_step.recipients(self.agenda, at=self.at)
            if not self.agenda.published_at
            else (),
            "rows": [{"item": i, "title": self.title_of(i)} for i in self.items if i not in gone],
            "gone": [
                f"{item.proposal.number} {Status(item.proposal.status).state}" for item in gone
            ],
            "cancel": self.link("agenda"),
            "breadcrumbs": self.crumbs((self.link("agenda"), "Dagsorden"), (None, self.heading)),
        }


# Beslutninger


class Decisions(FormPage, ManagedPage):
    """Who was there, and the items with what was decided; nobody is told."""

    template_name = "review/decisions.html"
    heading = "Beslutninger"
    button = "Gem fremmøde"
    refusals = REFUSED

    def form(self, data: Any = None) -> Any:
        seats = decision_step.seats(self.agenda, at=self.at)
        initial = [
            {
                "name": seat.name,
                "presence": seat.presence,
                "user": seat.user.pk if seat.user else None,
            }
            for seat in seats
        ]
        return Presences(data, prefix="personer", initial=initial)

    def act(self, form: Any) -> str:
        rows = form.present
        people = User.objects.in_bulk([row["user"] for row in rows if row["user"]])
        decision_step.save_attendance(
            agenda_pk=self.agenda.pk,
            presences=[
                decision_step.Seat(row["name"], row["presence"], people.get(row["user"] or 0))
                for row in rows
            ],
            by=self.user,
            at=self.at,
        )
        return "Fremmødet er gemt."

    def refused(self, form: Any, refusal: Exception) -> HttpResponse:
        form.non_form_errors().append(str(refusal))
        return self.show(form=form)

    def success_url(self) -> str:
        return self.link("decisions")

    def context(self) -> dict[str, Any]:
        undecided = (
            decision_step.undecided(self.agenda)
            if self.agenda.published_at and not self.agenda.released_at
            else []
        )
        return {
            **super().context(),
            "rows": [
                {
                    "item": item,
                    "title": self.title_of(item),
                    "may_read": self.may_read(item),
                    "decision": getattr(item, "decision", None) if self.may_read(item) else None,
                    "url": self.link("decide", item.pk),
                    "is_missing": item in undecided,
                }
                for item in self.items
            ],
            "undecided": undecided,
            "attendance": list(self.agenda.attendance.order_by("pk")),
            "breadcrumbs": self.crumbs((None, self.heading)),
        }

    def show(self, **more: Any) -> HttpResponse:
        # The frame's summary of errors knows a formset by that name.
        return super().show(formset=more.pop("form"), **more)


class Decide(FormPage, ManagedPage):
    """What was decided on one item, and who took no part."""

    template_name = "review/decide.html"
    heading = "Beslutning"
    button = "Gem beslutningen"
    refusals = REFUSED

    def load(self) -> None:
        super().load()
        found = next((i for i in self.items if i.pk == self.kwargs["pk"]), None)
        if found is None or not self.agenda.published_at:
            raise Http404
        if not self.may_read(found):
            raise PermissionDenied("Du er inhabil i punktet. En kollega skal skrive beslutningen.")
        self.item = found

    def form(self, data: Any = None) -> Any:
        item = self.item
        made = getattr(item, "decision", None)
        names = [row.name for row in self.agenda.attendance.order_by("pk")]
        initial: dict[str, Any] = {
            "recused": decision_step.suggested_recusals(item, at=self.at) if not made else (),
        }
        if made:
            initial = {
                name: getattr(made, name)
                for name in ("outcome", "text", "reason", "conditions", "back_to")
            }
            initial["back_to_round"] = made.back_to_round_id
            initial["recused"] = [row.name for row in item.recusals.all()]
        names = list(dict.fromkeys([*names, *initial["recused"]]))
        return DecisionForm(
            data,
            outcomes=decision_step.outcomes(item),
            names=names,
            rounds=decision_step.later_rounds(item.proposal, at=self.at) if item.proposal else None,
            initial=initial,
        )

    def act(self, form: Any) -> str:
        given = form.cleaned_data
        decision_step.record(
            item_pk=self.item.pk,
            outcome=given["outcome"],
            text=given["text"] or "",
            reason=given["reason"] or "",
            conditions=given.get("conditions") or "",
            back_to=given.get("back_to") or "",
            back_to_round=given.get("back_to_round"),
            recused=given.get("recused") or (),
            by=self.user,
            at=self.at,
        )
        return (
            f"Beslutningen på punkt {self.item.number} er gemt. "
            "Ingen får besked, før du frigiver beslutningerne."
        )

    def success_url(self) -> str:
        return self.link("decisions")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "item": self.item,
            "proposal": self.item.proposal,
            "cancel": self.link("decisions"),
            "breadcrumbs": self.crumbs(
                (self.link("decisions"), "Beslutninger"), (None, f"Punkt {self.item.number}")
            ),
        }


class Release(PressPage):
    """What takes effect and who gets a letter, before it is sent."""

    template_name = "review/release.html"
    heading = "Frigiv beslutninger"
    button = "Frigiv beslutninger"

    def act(self, form: Any) -> str:
        decision_step.release(agenda_pk=self.agenda.pk, by=self.user, at=self.at)
        return (
            "Beslutningerne er frigivet. Forslagsstillere og bidragydere får brev nu, "
            "og referatet bliver lavet."
        )

    def context(self) -> dict[str, Any]:
        undecided = decision_step.undecided(self.agenda) if not self.agenda.released_at else []
        has_attendance = self.agenda.attendance.exists()
        return {
            **super().context(),
            "rows": [
                {
                    "item": item,
                    "title": self.title_of(item),
                    "outcome": self._outcome(item),
                    "what": self._follows(item),
                }
                for item in self.items
            ],
            "undecided": undecided,
            "has_attendance": has_attendance,
            "is_ready": has_attendance and not undecided and not self.agenda.released_at,
            "cancel": self.link("decisions"),
            "breadcrumbs": self.crumbs(
                (self.link("decisions"), "Beslutninger"), (None, self.heading)
            ),
        }

    def _outcome(self, item: AgendaItem) -> str:
        if not self.may_read(item):
            return ""
        if item.is_dropped:
            return str(DecisionOutcome.DROPPED.label)
        made = getattr(item, "decision", None)
        if made:
            return str(made.get_outcome_display())
        return "mangler" if item.proposal_id else str(DecisionOutcome.NOTED.label)

    def _follows(self, item: AgendaItem) -> str:
        """Say who is told what about the item."""
        made = getattr(item, "decision", None)
        if not item.proposal or item.is_dropped:
            return "Står i referatet."
        if not made:
            return "Beslutningen mangler."
        letter = "Forslagsstilleren får brev."
        match made.outcome:
            case DecisionOutcome.APPROVED | DecisionOutcome.WITH_CONDITIONS:
                return f"{letter} Bidragyderne i indstillingen bliver spurgt."
            case DecisionOutcome.SENT_BACK:
                return f"{letter} Forslaget kan rettes og sendes igen."
            case DecisionOutcome.POSTPONED | DecisionOutcome.DROPPED:
                return f"{letter} Forslaget kan sættes på et senere møde."
        return letter

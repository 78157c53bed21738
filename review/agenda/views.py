"""The meetings, and the agenda while it is put together, until it is published."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.urls import reverse

from klimaspor import danish, seen
from klimaspor.pages import FormPage, Press
from klimaspor.refusals import Refused
from klimaspor.unsent import UNIT
from proposals.line.lifecycle import Status
from proposals.line.parts import PressForm
from proposals.rounds.models import Round
from review.agenda import steps as agenda_step
from review.agenda.forms import AddProposalForm, AgendaForm, ItemForm, MeetingForm, round_dates
from review.agenda.models import Agenda, AgendaItem
from review.agenda.pages import PREPARE, MeetingPage, MeetingsPage, item_points
from review.agenda.seen import shown_agenda, shown_item, shown_meeting, shown_place
from review.recommendation.models import Recommendation

if TYPE_CHECKING:
    from klimaspor.seen import Shown


class Assemble(MeetingPage):
    """The agenda's items in order, to be moved, added and taken off, with what the committee will see beside them."""

    permission = PREPARE
    template_name = "review/agenda/agenda.html"

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
            "bases": seen.hidden(shown_place(item).bases),
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


class AddProposal(Press, MeetingPage):
    """Puts a recommended proposal on the agenda."""

    permission = PREPARE
    http_method_names = ["post"]

    def act(self) -> str:
        form = AddProposalForm(self.request.POST, proposals=placeable(self))
        if not form.is_valid():
            raise Refused(" ".join(f"{errors[0]}." for errors in form.errors.values()))
        proposal = form.cleaned_data["proposal"]
        agenda_step.add_proposal(
            agenda_pk=self.agenda.pk, proposal_pk=proposal.pk, by=self.user, at=self.at
        )
        return f"{proposal.number} er sat på dagsordenen."

    def back(self) -> str:
        return f"{self.link('agenda')}#punkter"


class ItemPage(FormPage, MeetingPage):
    """The words and minutes of one item."""

    permission = PREPARE
    template_name = "review/agenda/form.html"
    heading = "Nyt punkt"
    button = "Gem punktet"
    # Also of one that is changed, which is put on anew when a colleague has taken it off.
    makes = True
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

    def add(self, form: Any) -> str:
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


class AddItem(ItemPage):
    def act(self, form: Any) -> str:
        return self.add(form)


class EditItem(ItemPage):
    template_name = "review/agenda/item.html"
    is_autosaved = True
    heading = "Ret punkt"

    def load(self) -> None:
        super().load()
        pk = self.kwargs["pk"]
        self.item = next((i for i in self.items if i.pk == pk and self.may_read(i)), None)
        # A colleague may have taken it off while somebody wrote: what was written must not be lost with it.
        is_written = self.request.method == "POST" and not {"title", UNIT}.isdisjoint(
            self.request.POST
        )
        if self.item is None and (not is_written or any(i.pk == pk for i in self.items)):
            raise Http404

    def shown_now(self) -> Shown | None:
        return shown_item(self.item) if self.item else None

    def act(self, form: Any) -> str:
        if self.item is None:
            if self.base != seen.GONE:
                raise seen.Gone(
                    "Punktet er taget af dagsordenen, siden du åbnede siden. "
                    "Gem igen, hvis det skal på som et nyt punkt."
                )
            return self.add(form)
        fields = {name: "" if value is None else value for name, value in form.cleaned_data.items()}
        agenda_step.change_item(
            item_pk=self.item.pk, bases=self.bases, by=self.user, at=self.at, **fields
        )
        return "Punktet er gemt."

    def context(self) -> dict[str, Any]:
        text = (
            f"{self.item.title}. Titel og tekst kommer fra forslaget og indstillingen."
            if self.item and self.item.proposal_id
            else ""
        )
        shown = {**super().context(), "text": text}
        if self.item:
            shown["subject"] = f"{self.item.title}, {shown['subject']}"
        return shown


class ItemPress(Press, MeetingPage):
    """One press about one item of the agenda; one that is gone is as good."""

    permission = PREPARE
    http_method_names = ["post"]

    def act(self) -> str:
        item = next((i for i in self.items if i.pk == self.kwargs["pk"]), None)
        return self.act_on(item) if item else ""

    @abstractmethod
    def act_on(self, item: AgendaItem) -> str:
        """Take the step with the item."""

    def back(self) -> str:
        return f"{self.link('agenda')}#{self.place()}"

    def place(self) -> str:
        """Give where on the page one goes on: at the item."""
        return f"punkt-{self.kwargs['pk']}"


class MoveItem(ItemPress):
    def act_on(self, item: AgendaItem) -> str:
        is_up = self.request.POST.get("retning") == "op"
        shown = seen.all_carried(self.request.POST)
        agenda_step.move_item(
            item_pk=item.pk,
            direction="up" if is_up else "down",
            base=shown.get(seen.PAGE),
            by=self.user,
            at=self.at,
        )
        order = list(self.agenda.items.listed())
        number = order.index(item) + 1
        way = "op" if is_up else "ned"
        return (
            f"{self.title_of(item)} er flyttet {way}. Punktet er nu nr. {number} af {len(order)}."
        )


class RemoveItem(ItemPress):
    def place(self) -> str:
        """Give the item after the one that is taken off, else the one before it."""
        pks = [item.pk for item in self.items]
        here = pks.index(self.kwargs["pk"]) if self.kwargs["pk"] in pks else len(pks)
        beside = pks[here + 1 : here + 2] or pks[max(here - 1, 0) : here]
        return f"punkt-{beside[0]}" if beside else "punkter"

    def act_on(self, item: AgendaItem) -> str:
        agenda_step.remove_item(item_pk=item.pk, by=self.user, at=self.at)
        return f"{self.title_of(item)} er taget af dagsordenen."


class ChangeMeeting(FormPage, MeetingPage):
    """When and where the meeting is."""

    permission = PREPARE
    template_name = "review/agenda/form.html"
    heading = "Dato, tid og sted"
    button = "Gem"

    def form(self, data: Any = None) -> Any:
        return MeetingForm(
            data,
            initial={
                "meeting_date": self.agenda.meeting_date,
                "meeting_time": self.agenda.meeting_time,
                "place": self.agenda.place,
            },
        )

    def shown_now(self) -> Shown:
        return shown_meeting(self.agenda)

    def act(self, form: Any) -> str:
        self.agenda = agenda_step.change(
            agenda_pk=self.agenda.pk,
            meeting_date=form.cleaned_data["meeting_date"],
            meeting_time=form.cleaned_data["meeting_time"],
            place=form.cleaned_data["place"],
            bases=self.bases,
            by=self.user,
            at=self.at,
        )
        return "Mødets dato, tid og sted er gemt."

    def success_url(self) -> str:
        return self.link("agenda")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "cancel": self.link("agenda"),
            "breadcrumbs": self.crumbs((self.link("agenda"), "Dagsorden"), (None, self.heading)),
        }


class Publish(FormPage, MeetingPage):
    """The last look at who gets what, before it is sent."""

    permission = PREPARE
    template_name = "review/agenda/publish.html"
    heading = "Udsend dagsorden"
    button = "Udsend dagsorden"

    def form(self, data: Any = None) -> PressForm:
        return PressForm(data)

    def shown_now(self) -> Shown:
        return shown_agenda(self.agenda)

    def success_url(self) -> str:
        return self.link("meeting")

    def act(self, form: Any) -> str:
        done = agenda_step.publish(
            agenda_pk=self.agenda.pk, base=self.base, by=self.user, at=self.at
        )
        hidden = [i.proposal.number for i in self.items if i.proposal and not self.may_read(i)]
        for sentence in done.left_out:
            if not sentence.startswith(tuple(hidden)):
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
            "recipients": agenda_step.recipients(self.agenda, at=self.at, readable=self.readable)
            if not self.agenda.published_at
            else (),
            "reads_all": self.reads_all,
            "rows": [{"item": i, "title": self.title_of(i)} for i in self.items if i not in gone],
            "gone": [
                f"{item.proposal.number} {Status(item.proposal.status).state}"
                for item in gone
                if self.may_read(item)
            ],
            "cancel": self.link("agenda"),
            "breadcrumbs": self.crumbs((self.link("agenda"), "Dagsorden"), (None, self.heading)),
        }


class Meetings(MeetingsPage):
    """Every meeting, the next one first."""

    template_name = "review/agenda/meetings.html"

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

    template_name = "review/agenda/form.html"
    permission = PREPARE
    heading = "Ny dagsorden"
    button = "Opret dagsorden"
    makes = True

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

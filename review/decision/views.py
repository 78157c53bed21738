"""Who was at the meeting, what was decided and the draft of it, and the release that tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from klimaspor import danish, seen, unsent
from klimaspor.accounts.models import User
from klimaspor.pages import FormPage
from proposals.line.parts import PressForm
from review.agenda.pages import PREPARE, MeetingPage
from review.decision import steps as decision_step
from review.decision.forms import DecisionForm
from review.decision.models import DecisionOutcome, outcome_text
from review.decision.seen import shown_release
from review.meeting import steps as meeting
from review.meeting.parts import Presences

if TYPE_CHECKING:
    from django.http import HttpRequest

    from klimaspor.seen import Shown
    from review.agenda.models import AgendaItem


class Decisions(FormPage, MeetingPage):
    """Who was there, and the items with what was decided; nobody is told."""

    permission = PREPARE
    template_name = "review/decision/decisions.html"
    heading = "Beslutninger"
    button = "Gem fremmøde"
    is_autosaved = True
    rows_unit = "personer"

    def load(self) -> None:
        super().load()
        self.seats = meeting.seats(self.agenda, at=self.at)
        self.unsaid = tuple(seat.name for seat in self.seats if not seat.presence)

    def form(self, data: Any = None) -> Any:
        initial = [
            {
                "name": seat.name,
                "presence": seat.presence,
                "user": seat.user.pk if seat.user else None,
            }
            for seat in self.seats
        ]
        return Presences(data, prefix=self.rows_unit, initial=initial)

    def shown_now(self) -> Shown:
        return meeting.shown_seats(self.seats)

    def units(self, form: Any) -> dict[str, dict[str, Any]]:
        return {}

    def act(self, form: Any) -> str:
        rows = form.present
        people = User.objects.in_bulk([row["user"] for row in rows if row["user"]])
        meeting.save_attendance(
            agenda_pk=self.agenda.pk,
            presences=[
                meeting.Seat(row["name"], row["presence"], people.get(row["user"] or 0))
                for row in rows
            ],
            bases=self.bases,
            by=self.user,
            at=self.at,
        )
        if unsaid := meeting.unsaid(self.agenda):
            return f"Fremmødet er gemt. Det mangler stadig, om {danish.join_text(unsaid)} var til stede."
        return "Fremmødet er gemt."

    def success_url(self) -> str:
        return self.link("decisions")

    def context(self) -> dict[str, Any]:
        undecided = (
            decision_step.undecided(self.agenda)
            if self.agenda.published_at and not self.agenda.released_at
            else []
        )
        is_over = danish.day_of(self.at) > self.agenda.meeting_date
        is_over = is_over or self.agenda.released_at is not None
        half_written = [] if self.agenda.released_at else decision_step.half_written(self.items)
        return {
            **super().context(),
            "rows": [
                {
                    "item": item,
                    "title": self.title_of(item),
                    "may_read": self.may_read(item),
                    "is_half_written": item in half_written,
                    "has_decision": hasattr(item, "decision"),
                    "outcome": outcome_text(item, is_over=is_over),
                    "url": self.link("decide", item.pk),
                    "is_missing": is_over and item in undecided,
                }
                for item in self.items
            ],
            "undecided": undecided,
            "half_written": half_written,
            "attendance": list(self.agenda.attendance.order_by("pk")),
            "is_attended": bool(self.seats) and not self.unsaid,
            "breadcrumbs": self.crumbs((None, self.heading)),
        }

    def show(self, **more: Any) -> HttpResponse:
        # The frame's summary of errors knows a formset by that name.
        return super().show(formset=more.pop("form"), **more)


class DecisionPage(FormPage, MeetingPage):
    """A page about what is written on one item."""

    permission = PREPARE

    def load(self) -> None:
        super().load()
        found = next((i for i in self.items if i.pk == self.kwargs["pk"]), None)
        if found is None or not self.agenda.published_at:
            raise Http404
        if not self.may_read(found):
            raise PermissionDenied("Du er inhabil i punktet. En kollega skal skrive beslutningen.")
        self.item = found
        self.draft = decision_step.draft_of(found)
        self.written = decision_step.written(found, at=self.at)

    @property
    def here(self) -> str:
        return self.link("decide", self.item.pk)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "item": self.item,
            "proposal": self.item.proposal,
            "draft": self.draft,
            "has_decision": hasattr(self.item, "decision"),
        }


class Decide(DecisionPage):
    """What was decided on one item, and who took no part; a draft until it is saved as the decision."""

    template_name = "review/decision/decide.html"
    heading = "Beslutning"
    button = "Gem beslutningen"
    is_autosaved = True

    def form(self, data: Any = None) -> Any:
        item, words, recused = self.item, self.written.words, self.written.recused
        names = [row.name for row in self.agenda.attendance.order_by("pk")]
        initial: dict[str, Any] = {
            name: getattr(words, name)
            for name in ("outcome", "text", "reason", "conditions", "back_to")
        }
        initial |= {"back_to_round": words.back_to_round_id, "recused": recused}
        names = list(dict.fromkeys([*names, *recused]))
        return DecisionForm(
            data,
            outcomes=decision_step.outcomes(item),
            names=names,
            rounds=decision_step.later_rounds(item.proposal, at=self.at) if item.proposal else None,
            initial=initial,
        )

    def shown_now(self) -> Shown:
        return self.written.shown

    @property
    def is_kept(self) -> bool:
        """Whether what came is not said to be finished: a pause in the typing, a choice between two texts, a draft."""
        pressed = self.request.POST
        choice = seen.Choice.of(pressed.get("do", ""))
        return unsent.UNIT in pressed or "draft" in pressed or bool(choice.kept)

    def act(self, form: Any) -> str:
        given = form.cleaned_data
        came = {
            "item_pk": self.item.pk,
            "outcome": given["outcome"],
            "text": given["text"] or "",
            "reason": given["reason"] or "",
            "conditions": given.get("conditions") or "",
            "back_to": given.get("back_to") or "",
            "back_to_round": given.get("back_to_round"),
            "recused": given.get("recused") or (),
            "bases": self.bases,
            "by": self.user,
            "at": self.at,
        }
        if self.is_kept:
            decision_step.keep(**came)
            return "Kladden er gemt. Den gælder ikke, før du gemmer den som beslutning."
        decision_step.record(**came)
        return (
            f"Beslutningen på punkt {self.item.number} er gemt. "
            "Ingen får besked, før du frigiver beslutningerne."
        )

    def success_url(self) -> str:
        return self.here if self.is_kept else self.link("decisions")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "cancel": self.link("decisions"),
            "discard": self.link("discard_decision", self.item.pk),
            "breadcrumbs": self.crumbs(
                (self.link("decisions"), "Beslutninger"), (None, f"Punkt {self.item.number}")
            ),
        }


class Discard(DecisionPage):
    """The last look at a draft before it is thrown away."""

    template_name = "review/decision/discard.html"
    heading = "Kassér kladden"
    button = "Kassér kladden"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return super().get(request, **kwargs) if self.draft else redirect(self.here)

    def form(self, data: Any = None) -> PressForm:
        return PressForm(data)

    def shown_now(self) -> Shown:
        return self.written.shown.whole

    def act(self, form: Any) -> str:
        decision_step.discard(item_pk=self.item.pk, base=self.base, by=self.user, at=self.at)
        return f"Kladden på punkt {self.item.number} er kasseret."

    def success_url(self) -> str:
        return self.link("decisions")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "rows": [
                {"label": part.label, "value": part.text, "prose": True}
                for part in self.written.shown.parts
                if part.text
            ],
            "cancel": self.here,
            "breadcrumbs": self.crumbs(
                (self.link("decisions"), "Beslutninger"),
                (self.here, f"Punkt {self.item.number}"),
                (None, self.heading),
            ),
        }


class Release(FormPage, MeetingPage):
    """The last look at what takes effect and who gets a letter, before it is sent."""

    permission = PREPARE
    template_name = "review/decision/release.html"
    heading = "Frigiv beslutninger"
    button = "Frigiv beslutninger"

    def form(self, data: Any = None) -> PressForm:
        return PressForm(data)

    def shown_now(self) -> Shown:
        return shown_release(self.agenda)

    def success_url(self) -> str:
        return self.link("meeting")

    def act(self, form: Any) -> str:
        decision_step.release(agenda_pk=self.agenda.pk, base=self.base, by=self.user, at=self.at)
        return (
            "Beslutningerne er frigivet. Forslagsstillere og bidragydere får brev nu, "
            "og referatet bliver lavet."
        )

    def context(self) -> dict[str, Any]:
        undecided = decision_step.undecided(self.agenda) if not self.agenda.released_at else []
        half_written = [] if self.agenda.released_at else decision_step.half_written(self.items)
        seats = meeting.saved_seats(self.agenda)
        has_attendance = bool(seats) and all(seat.presence for seat in seats)
        return {
            **super().context(),
            "rows": [
                {
                    "item": item,
                    "title": self.title_of(item),
                    "outcome": self._outcome(item, undecided),
                    "is_half_written": item in half_written,
                    "url": self.link("decide", item.pk) if self.may_read(item) else "",
                    "what": self._follows(item)
                    if self.may_read(item)
                    else "Du er inhabil i punktet.",
                }
                for item in self.items
            ],
            "undecided": undecided,
            "half_written": half_written,
            "has_attendance": has_attendance,
            "is_early": danish.day_of(self.at) < self.agenda.meeting_date,
            "is_ready": has_attendance
            and not undecided
            and not half_written
            and not self.agenda.released_at,
            "cancel": self.link("decisions"),
            "breadcrumbs": self.crumbs(
                (self.link("decisions"), "Beslutninger"), (None, self.heading)
            ),
        }

    def _outcome(self, item: AgendaItem, undecided: list[AgendaItem]) -> str:
        if not self.may_read(item):
            return ""
        if item in undecided:
            return "mangler"
        return outcome_text(item, is_over=True)

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

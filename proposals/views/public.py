"""Pages for everybody: rounds and their dates, the DGOs, and the tracks that are under way."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst

from icalendar import Calendar, Event

from klimaspor import danish
from klimaspor.accounts.models import Dgo, Organization
from proposals.content import Content
from proposals.models import Proposal, Round
from proposals.views.pages import Page, searched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from django.http import HttpRequest

TONES = 8
MOST_FOUND = 8


@method_decorator(login_not_required, name="dispatch")
class PublicPage(Page):
    """A page that asks nobody who they are."""


class Rounds(PublicPage):
    template_name = "proposals/rounds.html"

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


class Dgos(PublicPage):
    """The DGOs on the map and as a list, and which one is a municipality's."""

    template_name = "proposals/dgos.html"

    def show(self, *, template: str = "", status: int = 200, **more: Any) -> HttpResponse:
        # Asked by htmx for what was found, and nothing else.
        is_part = bool(getattr(self.request, "htmx", False))
        return super().show(
            template="proposals/_dgo_results.html" if is_part else template, status=status, **more
        )

    def context(self) -> dict[str, Any]:
        day = danish.day_of(self.at)
        text = searched(self.request.GET, "kommune")
        dgos = list(Dgo.objects.valid(day).by_name().prefetch_related("municipalities"))
        belongs = {m.pk: dgo for dgo in dgos for m in dgo.municipalities.all()}
        municipalities = Organization.objects.valid(day).of_kind("municipality")
        return {
            "value": text,
            "search_url": reverse("proposals:dgos"),
            "found": [
                {"name": kommune.name, "dgo": belongs.get(kommune.pk)}
                for kommune in municipalities.matching(text).best_first(text)[:MOST_FOUND]
            ],
            "dgos": [
                {
                    "dgo": dgo,
                    "municipalities": sorted(
                        (m.name for m in dgo.municipalities.all()), key=danish.sort_key
                    ),
                }
                for dgo in dgos
            ],
            "groups": [
                {
                    "codes": [m.code for m in dgo.municipalities.all() if m.code],
                    "label": dgo.name,
                    "tone": str(place % TONES + 1),
                }
                for place, dgo in enumerate(dgos)
            ],
            "breadcrumbs": [("/", "Forside"), (None, "Find din DGO")],
        }


class Tracks(PublicPage):
    """Tracks that were set in motion: what the committee approved, and no more of it than anybody may know."""

    template_name = "proposals/tracks.html"

    def context(self) -> dict[str, Any]:
        tracks = []
        for proposal in Proposal.objects.tracks():
            sent = getattr(proposal, "sent_content", None)
            if sent is None:
                continue
            content = Content.from_json(sent)
            tracks.append(
                {
                    "title": content.title,
                    "facts": [
                        {"label": "Status", "value": capfirst(proposal.get_status_display())},
                        {
                            "label": "Kommuner og regioner",
                            "value": danish.join_text([r.name for r in content.authorities]),
                        },
                        {"label": "Periode", "value": _period(content)},
                        {
                            "label": "DGO",
                            "value": proposal.lead_dgo.name if proposal.lead_dgo else "",
                        },
                    ],
                }
            )
        return {"tracks": tracks, "breadcrumbs": [("/", "Forside"), (None, "Klimaudviklingsspor")]}


def _period(content: Content) -> str:
    start, end = content.answer("period_start"), content.answer("period_end")
    return f"{start} - {end}" if start and end else start or end

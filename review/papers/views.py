"""What the committee reads of one meeting: the agenda as it is, the papers to download, and each item."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from proposals.answers.content import Content
from proposals.line.pages import send_file
from proposals.reading.shown import attachments_shown, shown_sections
from review.agenda.pages import PREPARE, MeetingPage, finding, item_points
from review.decision import steps as decision_step
from review.decision.models import outcome_text
from review.formality import steps as formality
from review.papers import progress as dossier
from review.qualification.models import Qualification
from review.qualification.shown import document
from review.recommendation.models import Recommendation

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from review.agenda.models import AgendaItem


class Meeting(MeetingPage):
    """The agenda as it is, and the papers to read and to download."""

    template_name = "review/papers/meeting.html"

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
                    "outcome": outcome_text(item, is_over=True)
                    if released and self.may_read(item)
                    else "",
                }
                for item in self.items
            ],
            "unwritten": [
                *decision_step.undecided(self.agenda),
                *decision_step.half_written(self.items),
            ]
            if self.is_manager and self.agenda.published_at and not released
            else [],
            **papers(self),
        }


class Papers(MeetingPage):
    """The part of the page that shows how far the papers have come."""

    template_name = "review/papers/_papers.html"

    def context(self) -> dict[str, Any]:
        return {**super().context(), **papers(self)}


def papers(page: MeetingPage) -> dict[str, Any]:
    """Say of each paper whether it is there, how far it has come, or that it could not be made."""
    found = dossier.progress(page.agenda)
    rows = [
        {
            "paper": one,
            "url": page.link("paper", one.dossier.pk),
            "again": page.link("paper_again", one.dossier.pk)
            if one.state == "failed" and page.is_manager
            else "",
        }
        for one in found
    ]
    return {
        "papers": rows,
        "download": next(
            (row for row, one in zip(rows, found, strict=True) if page.reads_all and one.is_papers),
            None,
        ),
        "is_building": any(one.state == "working" for one in found),
        "papers_url": page.link("papers"),
        "meeting_url": page.link("meeting"),
        "reads_all": page.reads_all,
    }


class Paper(MeetingPage):
    """A built paper, to whoever may read every item in it."""

    def load(self) -> None:
        super().load()
        self.paper = get_object_or_404(self.agenda.dossiers.built(), pk=self.kwargs["pk"])
        if not self.reads_all:
            raise PermissionDenied(
                "Filen rummer et punkt, du er inhabil i. Læs de andre punkter på mødets side."
            )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # a file is streamed
        return send_file(self.paper.file, PurePath(self.paper.file.name).name)


class PaperAgain(MeetingPage):
    """Asks once more for a paper that was given up."""

    permission = PREPARE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        paper = get_object_or_404(self.agenda.dossiers.all(), pk=self.kwargs["pk"])
        if dossier.try_again(paper):
            messages.success(request, "Filen bliver lavet igen nu.")
        else:
            messages.info(request, "Filen er ikke opgivet, så den laves ikke igen.")
        return redirect(self.link("meeting"))


class Item(MeetingPage):
    """One item as the committee reads it in the portal."""

    template_name = "review/papers/item.html"

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
                "sections": shown_sections(
                    sent,
                    attachments=attachments_shown(
                        sent,
                        proposal=item.proposal,
                        user=self.user,
                        at=self.at,
                        before=f"{item.number}." if item.number else "",
                    ),
                ),
                "recommendation": Recommendation.objects.with_points().get(
                    pk=item.recommendation_id
                ),
                "document": document(given) if given else None,
                "proposal": item.proposal,
                "parts": (("kvalificering", "Faglig kvalificering"), ("meter", "Krav")),
                "findings": [finding(j) for j in formality.judgements_of(item.version)],
            }
        place = self.items.index(item)
        return {
            **super().context(),
            "item": item,
            "outcome": outcome_text(item, is_over=True) if self.agenda.released_at else "",
            "points": item_points(item, case.get("recommendation")),
            "previous": self._beside(self.items[:place][::-1]),
            "following": self._beside(self.items[place + 1 :]),
            "breadcrumbs": self.crumbs((None, f"Punkt {item.number}")),
            **case,
        }

    def _beside(self, items: list[AgendaItem]) -> dict[str, Any] | None:
        """Give the nearest item that the reader may read."""
        item = next(filter(self.may_read, items), None)
        return {"item": item, "url": self.link("item", item.number)} if item else None

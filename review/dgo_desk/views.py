"""The DGO's desk: what lies with the reader's DGOs, most urgent first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from klimaspor import danish
from klimaspor.pages import Page
from klimaspor.paging import Paginator
from proposals.line.editions import Edition
from proposals.line.lifecycle import Status
from proposals.line.pages import shown_title
from proposals.participants.models import Participant
from review.dgo_desk import queries
from review.qualification.models import Qualification

if TYPE_CHECKING:
    from klimaspor.accounts.models import User

PAGE_SIZE = 25
LONGEST_BAR = 15
"""Working days that fill the bar; a qualification window is 8 to 13 of them."""


class Desk(Page):
    """What lies with the reader's DGOs, most urgent first."""

    template_name = "review/dgo_desk/dgo_desk.html"

    def load(self) -> None:
        if not self.user.duties.dgo_ids:
            raise PermissionDenied("Kvalificeringen er for rådgivere i en DGO.")
        lying: Any = queries.lying(self.user, at=self.at)
        self.page = Paginator(lying, PAGE_SIZE).get_page(self.request.GET.get("page"))

    def context(self) -> dict[str, Any]:
        proposals = list(self.page)
        open_ones = (
            Qualification.objects.open().of_proposals([p.pk for p in proposals]).with_holder()
        )
        holders = {one.proposal_id: one.assigned_to for one in open_ones}
        live = [p.pk for p in proposals if p.edition == Edition.LIVE]
        names = Participant.objects.authority_names_of(live) if live else {}
        return {
            "page": self.page,
            "rows": [self._row(p, holders.get(p.pk), _authorities(p, names)) for p in proposals],
            "breadcrumbs": [("/", "Forside"), (None, "Kvalificering")],
        }

    def _row(self, proposal: Any, holder: User | None, authorities: list[str]) -> dict[str, Any]:
        days = None
        if proposal.due_at:
            today, due = danish.day_of(self.at), danish.day_of(proposal.due_at)
            days = danish.working_days_between(today, due)
        is_here = proposal.status == Status.IN_QUALIFICATION
        return {
            "proposal": proposal,
            "title": shown_title(proposal),
            "authorities": authorities,
            "days": days,
            "bar": None if days is None else max(0, min(days, LONGEST_BAR)) * 100 // LONGEST_BAR,
            "holder": holder,
            "is_here": is_here,
            "url": reverse(
                "review:qualify" if is_here else "review:proposal", args=[proposal.number]
            ),
        }


def _authorities(proposal: Any, names: dict[int, list[str]]) -> list[str]:
    """Name the kommuner and regioner of the text that the reader reads; `names` are those of live ones."""
    if proposal.edition == Edition.LIVE:
        return names.get(proposal.pk, [])
    return [row["name"] for row in proposal.sent_participants or [] if row["code"]]

"""The DGO's desk, and the professional assessment ("faglig kvalificering") with the proposal beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.anybody import Question
from klimaspor.counts import KeptPaginator
from klimaspor.pages import Page
from proposals.line.editions import Edition
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from review.pages import shown_title
from review.qualification.models import Qualification

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from klimaspor.accounts.models import User

PAGE_SIZE = 25
LONGEST_BAR = 15
"""Working days that fill the bar; a qualification window is 8 to 13 of them."""


@Question
def _lying(user: User, *, at: datetime) -> QuerySet[Proposal]:
    """Give what lies with the person's DGOs."""
    lying = (
        Proposal.objects.visible_to(user, at=at)
        .opened_to_dgos(user.duties_at(at).dgo_ids, at=at)
        .in_status(Status.IN_QUALIFICATION, Status.DRAFT, Status.QUALIFIED)
    )
    rows = lying.with_frame().with_reading(user, at=at).with_participants()
    return rows.with_due().with_counts().dgo_turn_first()


class Desk(Page):
    """What lies with the reader's DGOs, most urgent first."""

    template_name = "review/dgo_desk/dgo_desk.html"

    def load(self) -> None:
        if not self.user.duties.dgo_ids:
            raise PermissionDenied("Kvalificeringen er for rådgivere i en DGO.")
        lying: Any = _lying(self.user, at=self.at)
        asked = (self.user.pk, "dgo desk")
        pages = KeptPaginator(lying, PAGE_SIZE, asked=asked, at=self.at)
        self.page = pages.get_page(self.request.GET.get("page"))

    def context(self) -> dict[str, Any]:
        proposals = list(self.page)
        open_ones = (
            Qualification.objects.open().of_proposals([p.pk for p in proposals]).with_holder()
        )
        holders = {one.proposal_id: one.assigned_to for one in open_ones}
        return {
            "page": self.page,
            "rows": [self._row(p, holders.get(p.pk)) for p in proposals],
            "breadcrumbs": [("/", "Forside"), (None, "Kvalificering")],
        }

    def _row(self, proposal: Any, holder: User | None) -> dict[str, Any]:
        days = None
        if proposal.due_at:
            today, due = danish.day_of(self.at), danish.day_of(proposal.due_at)
            days = danish.working_days_between(today, due)
        is_here = proposal.status == Status.IN_QUALIFICATION
        return {
            "proposal": proposal,
            "title": shown_title(proposal),
            "authorities": _authorities(proposal),
            "days": days,
            "bar": None if days is None else max(0, min(days, LONGEST_BAR)) * 100 // LONGEST_BAR,
            "holder": holder,
            "is_here": is_here,
            "url": reverse(
                "review:qualify" if is_here else "review:proposal", args=[proposal.number]
            ),
        }


def _authorities(proposal: Any) -> list[str]:
    """Name the kommuner and regioner of the text that the reader reads."""
    if proposal.edition == Edition.LIVE:
        rows = proposal.participants.all()
        return [p.name for p in rows if p.organization and p.organization.is_authority]
    return [row["name"] for row in proposal.sent_participants or [] if row["code"]]

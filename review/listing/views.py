"""The list of proposals, and the proposal's own page with its tabs: both worlds in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import BigIntegerField, CharField, TextField
from django.urls import reverse

from klimaspor.accounts.anybody import Question
from klimaspor.counts import KeptPaginator
from klimaspor.pages import Page
from klimaspor.prepared import Given
from proposals.line.models import Proposal
from review.listing.forms import BEST_FIRST, SORTS, ProposalFilter
from review.next_steps.shown import tone
from review.pages import shown_title

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from klimaspor.accounts.models import User

PAGE_SIZE = 25
DEFAULT_SORT = "-aendret"
MOST_FOUND = 1_001
"""One more than is ever counted: nobody reads further in what a search finds."""


class ProposalList(Page):
    """What the reader may see, searched, filtered and sorted by the address."""

    template_name = "review/listing/list.html"

    def load(self) -> None:
        form = ProposalFilter(self.request.GET, queryset=Proposal.objects.none()).form
        form.optional_fields = ()
        self.form = form
        is_valid = form.is_valid()
        wanted = {name: value for name, value in form.cleaned_data.items() if value}
        sort = self.request.GET.get("sort", "")
        self.sort = BEST_FIRST if "q" in wanted else DEFAULT_SORT
        if sort.removeprefix("-") in SORTS:
            self.sort = sort
        pages: Paginator[Any] = Paginator((), PAGE_SIZE)
        if is_valid:
            plain = _plain(wanted)
            if "q" in wanted:
                best = _narrowed(self.user, self.sort, plain, at=self.at)[:MOST_FOUND]
                pages = Paginator(best, PAGE_SIZE)
            else:
                found = _listed(self.user, self.sort, *wanted, at=self.at, **plain)
                asked = (self.user.pk, "list", sorted(plain.items()))
                # How long it is, only an act changes.
                pages = KeptPaginator(found, PAGE_SIZE, asked=asked, at=self.at)
        self.page = pages.get_page(self.request.GET.get("page"))

    def context(self) -> dict[str, Any]:
        return {
            "page": self.page,
            "rows": [
                {
                    "proposal": proposal,
                    "title": shown_title(proposal),
                    "tone": tone(proposal.status),
                    "url": reverse("review:proposal", args=[proposal.number]),
                }
                for proposal in self.page
            ],
            "form": self.form,
            "is_narrowed": any(self.form.data.get(name) for name in self.form.fields),
            "is_staff": self.user.duties.is_staff,
            "sort": self.sort,
            "query": self.request.GET,
            "breadcrumbs": [("/", "Forside"), (None, "Forslag")],
        }


WANTED = {
    "q": Given("q", TextField()),
    "status": Given("status", CharField()),
    "runde": Given("runde", BigIntegerField()),
    "dgo": Given("dgo", BigIntegerField()),
}
"""What stands for the value of each filter."""


@Question
def _listed(user: User, sort: str, *wanted: str, at: datetime) -> QuerySet[Proposal]:
    """Give what the person may see, prepared, narrowed by the filters that are wanted."""
    return _narrowed(user, sort, {name: WANTED[name] for name in wanted}, at=at)


def _narrowed(
    user: User, sort: str, wanted: Mapping[str, Any], *, at: datetime
) -> QuerySet[Proposal]:
    """Give what the person may see, in an order, narrowed by filters and their values."""
    visible = Proposal.objects.visible_to(user, at=at)
    listed = visible.with_frame().with_reading(user, at=at).with_due()
    filters = ProposalFilter(queryset=listed).filters
    for name, value in wanted.items():
        listed = filters[name].filter(listed, value)
    return listed.sorted_by(sort)


def _plain(wanted: dict[str, Any]) -> dict[str, Any]:
    """Give what was chosen as the database knows it."""
    return {name: getattr(value, "pk", value) for name, value in wanted.items()}

"""The list of proposals: what the reader may see, searched, filtered and sorted; and what their organizations' members may."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, CharField, TextField
from django.template.loader import render_to_string
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.anybody import PreparedListFor
from klimaspor.pages import Page
from klimaspor.paging import Paginator
from klimaspor.prepared import Given, Listed
from proposals.line.addresses import proposal_address
from proposals.line.models import Proposal
from proposals.line.pages import shown_title
from proposals.rounds.models import Round
from review.listing.forms import (
    BEST_FIRST,
    BEST_FIRST_TEXT,
    OWN_SORTS,
    SORTS,
    OrganizationFilters,
    ProposalFilter,
)
from review.listing.queries import choices
from review.next_steps.shown import tone

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from klimaspor.accounts.models import User
    from proposals.line.queries import ProposalQuerySet

PAGE_SIZE = 25
DEFAULT_SORT = "-aendret"
MOST_LOST = 100
MOST_FOUND = 1_001
"""One more than is ever counted: nobody reads further in what a search finds."""


class ProposalList(Page):
    """What the reader may see, searched, filtered and sorted by the address."""

    template_name = "review/listing/list.html"

    def load(self) -> None:
        given = tuple((name, self.request.GET[name]) for name in WANTED if name in self.request.GET)
        self.narrowed = _narrowed(choices(), given)
        wanted = dict(self.narrowed.wanted)
        sort = self.request.GET.get("sort", "")
        self.sort = BEST_FIRST if "q" in wanted else DEFAULT_SORT
        if sort in SORTS:
            self.sort = sort
        found: Any = ()
        if self.narrowed.is_valid:
            found = _listed(self.user, self.sort, *wanted, at=self.at, **wanted)
        best = {BEST_FIRST: BEST_FIRST_TEXT} if "q" in wanted else {}
        self.orders = {**best, **SORTS}
        self.kept = given
        self.page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("page"))

    def context(self) -> dict[str, Any]:
        return {
            "page": self.page,
            "rows": [
                {
                    "proposal": proposal,
                    "title": shown_title(proposal),
                    "tone": tone(proposal.status),
                    "url": proposal_address(proposal.number),
                }
                for proposal in self.page
            ],
            "filters": self.narrowed.filters,
            "errors": self.narrowed.errors,
            "is_narrowed": self.narrowed.is_narrowed,
            "is_staff": self.user.duties.is_staff,
            "is_member": bool(self.user.duties.member_ids),
            "lost": self._lost(),
            "sort": self.sort,
            "orders": self.orders,
            "order_text": self.orders[self.sort],
            "kept": self.kept,
            "query": self.request.GET,
            "breadcrumbs": [("/", "Forside"), (None, "Forslag")],
        }

    def _lost(self) -> list[Proposal]:
        """Give what the reader is found partial in, for a line that says so; a search finds none of it."""
        if self.narrowed.is_narrowed or not self.user.duties.is_staff:
            return []
        lost = Proposal.objects.lost_by(self.user, at=self.at).only("number")
        return list(lost[:MOST_LOST])


@dataclass(frozen=True)
class Narrowed:
    """What the address narrows the list to, and the form that says so."""

    filters: SafeString
    errors: SafeString
    wanted: tuple[tuple[str, Any], ...]
    is_valid: bool
    is_narrowed: bool


@lru_cache(maxsize=256)
def _narrowed(
    choices: tuple[tuple[str, int, str], ...], given: tuple[tuple[str, str], ...]
) -> Narrowed:
    """Read the filters and draw their form, which is the same for everybody who asks for the same."""
    form = ProposalFilter(dict(given), choices=choices, queryset=Proposal.objects.none()).form
    form.optional_fields = ()
    is_valid = form.is_valid()
    values = {name: form.cleaned_data.get(name) for name in WANTED}
    label = "Søg og filtrér forslag"
    shown = {"form": form, "reset": reverse("review:list"), "label": label}
    return Narrowed(
        filters=render_to_string("components/filters.html", shown),
        errors=render_to_string("components/error_summary.html", {"form": form}),
        wanted=tuple(
            (name, int(value) if name in KEYS else value) for name, value in values.items() if value
        ),
        is_valid=is_valid,
        is_narrowed=any(value for _, value in given),
    )


WANTED = {
    "q": Given("q", TextField()),
    "status": Given("status", CharField()),
    "runde": Given("runde", BigIntegerField()),
    "dgo": Given("dgo", BigIntegerField()),
}
"""What stands for the value of each filter."""
KEYS = ("runde", "dgo")


@PreparedListFor
def _listed(user: User, sort: str, *wanted: str, at: datetime) -> Listed:
    """Give what the person may see, in an order, narrowed by the filters that are wanted."""
    found = Proposal.objects.visible_to(user, at=at)
    # Who reads what is asked of all only where it decides what is found, or where.
    if "q" in wanted or sort.removeprefix("-") == "titel":
        found = found.with_reading(user, at=at)
    if sort.removeprefix("-") == "frist":
        found = found.with_due(user)
    filters = ProposalFilter(queryset=found).filters
    for name in wanted:
        found = filters[name].filter(found, WANTED[name])
    keys: Any = found.sorted_by(sort).values("pk")
    if "q" in wanted:
        keys = keys[:MOST_FOUND]
    shown = Proposal.objects.with_reading(user, at=at).with_due(user).with_row()
    return Listed((keys,), shown)


class OrganizationList(Page):
    """
    Title, number, state and round of those proposals of the reader's organizations whose owners let members see that.

    Who is no confirmed member finds an empty page, which is what one finds whose organizations have none.
    """

    template_name = "review/listing/organization_list.html"

    def load(self) -> None:
        duties = self.user.duties
        self.own = [one for one in duties.acts_for if one[0] in duties.member_ids]
        rounds = Round.objects.newest_first().values_list("pk", "name")
        self.form = OrganizationFilters(self.request.GET, rounds=rounds, organizations=self.own)
        sort = self.request.GET.get("sort", "")
        self.sort = sort if sort in OWN_SORTS else "titel"
        self.page = self.rows(self._found())

    def _found(self) -> ProposalQuerySet:
        if not self.form.is_valid():
            return Proposal.objects.none()
        wanted = self.form.cleaned_data
        chosen = wanted.get("organisation")
        organizations = [int(chosen)] if chosen else [pk for pk, _ in self.own]
        found = Proposal.objects.listed_for(self.user, organizations, at=self.at)
        if wanted["q"]:
            found = found.named_like(wanted["q"])
        if wanted["status"]:
            found = found.in_status(wanted["status"])
        if wanted["runde"]:
            found = found.in_round(int(wanted["runde"]))
        return found.select_related("round").sorted_by(self.sort)

    def context(self) -> dict[str, Any]:
        names = ("q", "status", "runde", "organisation")
        kept = [(name, self.request.GET[name]) for name in names if self.request.GET.get(name)]
        return {
            "page": self.page,
            "listed": [
                {
                    "number": proposal.number,
                    "title": shown_title(proposal),
                    "status": proposal.get_status_display(),
                    "tone": tone(proposal.status),
                    "round": proposal.round.name,
                    "url": proposal_address(proposal.number) if proposal.is_readable else "",
                }
                for proposal in self.page
            ],
            "organizations": danish.join_text([name for _, name in self.own]),
            "form": self.form,
            "is_narrowed": bool(kept),
            "sort": self.sort,
            "orders": OWN_SORTS,
            "order_text": OWN_SORTS[self.sort],
            "kept": kept,
            "query": self.request.GET,
            "breadcrumbs": [
                ("/", "Forside"),
                (reverse("review:list"), "Forslag"),
                (None, "I din organisation"),
            ],
        }

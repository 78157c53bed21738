"""The DGO's desk: what lies with the reader's DGOs, narrowed as the address says, taken and given; and the views of it one keeps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.models import User
from klimaspor.pages import FormPage, Page, Press
from klimaspor.paging import Paginator
from klimaspor.refusals import Refused
from proposals.answers.sections import BY_SLUG, FIELDS
from proposals.ideas.pages import waiting_ideas
from proposals.line.addresses import (
    pass_on_address,
    proposal_address,
    qualification_address,
    sparring_address,
)
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.line.pages import StepPage, shown_title
from proposals.reading.marks import News, news_of, words_of
from review.dgo_desk import queries, steps
from review.dgo_desk.forms import (
    ALL,
    FILTERS,
    KEPT,
    NOBODY_TEXT,
    ONLY,
    SORTS,
    DeskFilter,
    DistributeForm,
    PassOnForm,
    ViewForm,
    canonical,
    read,
)
from review.dgo_desk.models import SavedView
from review.dgo_desk.queries import MINE, NOBODY, TURN
from review.qualification import holding
from review.qualification.models import Assignment

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from klimaspor.pages import Crumbs

PAGE_SIZE = 25
LONGEST_BAR = 15
"""Working days that fill the bar; a qualification window is 8 to 13 of them."""
NEAR = 3
"""Under so many working days the bar says that it is urgent."""
NOT_YOURS = "Kvalificeringen er for rådgivere i en DGO."
ROWS_NAMES = {section.rows: section.title for section in BY_SLUG.values() if section.rows}


class AdviserPage(Page):
    """A page of a DGO's advisers alone."""

    def admit(self) -> None:
        if not self.user.duties.dgo_ids:
            raise PermissionDenied(NOT_YOURS)

    def crumbs(self, *more: tuple[str | None, str]) -> Crumbs:
        desk = reverse("review:dgo_desk") if more else None
        return [("/", "Forside"), (desk, "Kvalificering"), *more]


class Desk(AdviserPage, FormPage):
    """What lies with the reader's DGOs, most urgent first, or as the address says; taken by one press, or given several at once."""

    template_name = "review/dgo_desk/dgo_desk.html"
    heading = "Kvalificering"

    def load(self) -> None:
        around = queries.around(self.user, at=self.at)
        self.views, self.undoable = around.views, around.undoable
        self.first = ""
        if self.request.method != "POST" and not self.request.GET:
            self.first = next((query for _, query, is_default in self.views if is_default), "")
        if self.first:
            # Where one is sent on, nothing is shown.
            return
        self.advisers = {pk: adviser.name for pk, adviser in around.advisers.items()}
        given = tuple(
            (name, self.request.GET[name]) for name in FILTERS if name in self.request.GET
        )
        self.narrowed = _narrowed(self.others_by_name, around.rounds, given)
        self.asked = {name: self.request.GET[name] for name in KEPT if name in self.request.GET}
        sort = self.request.GET.get("sort", "")
        self.sort = sort if sort in SORTS else TURN
        found: Any = ()
        if self.narrowed.is_valid:
            values = dict(self.narrowed.values)
            found = queries.lying(self.user, self.sort, *self.narrowed.wanted, at=self.at, **values)
        self.page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("page"))

    @property
    def others_by_name(self) -> tuple[tuple[str, str], ...]:
        return tuple((str(pk), name) for pk, name in self.advisers.items() if pk != self.user.pk)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.first:
            return redirect(f"{request.path}?{self.first}")
        return super().get(request, **kwargs)

    # What a press does

    def form(self, data: Any = None) -> DistributeForm:
        mine = ((str(self.user.pk), "Mig"),) if self.user.pk in self.advisers else ()
        is_other_press = data is not None and ("take" in data or "undo" in data)
        return DistributeForm(
            data, advisers=(*mine, *self.others_by_name), is_needed=not is_other_press
        )

    def act(self, form: Any) -> str:
        if number := self.request.POST.get("take"):
            holding.take(proposal_pk=self._seen([number])[number], by=self.user, at=self.at)
            return f"Du har nu {number}."
        if distribution := self.request.POST.get("undo"):
            return self._undo(distribution)
        chosen: dict[str, int | None] = form.cleaned_data["chosen"]
        to = form.cleaned_data["to_user"]
        to_user = None if to == NOBODY else User.objects.get(pk=int(to))
        given = holding.distribute(
            shown={pk: chosen[number] for number, pk in self._seen(chosen).items()},
            to_user=to_user,
            by=self.user,
            at=self.at,
        )
        for refused in given.refused:
            messages.warning(self.request, refused)
        return holding.told(given.numbers, to_user)

    def _seen(self, numbers: Any) -> dict[str, int]:
        """Give the keys of those the reader sees."""
        visible = Proposal.objects.visible_to(self.user, at=self.at).numbered(numbers)
        found = dict(visible.values_list("number", "pk"))
        if not found:
            raise Refused("Forslaget ligger ikke hos jer mere.")
        return found

    def _undo(self, distribution: str) -> str:
        pk = int(distribution) if distribution.isdecimal() and len(distribution) < 19 else 0
        given = holding.undo(distribution_pk=pk, by=self.user, at=self.at)
        for refused in given.refused:
            messages.warning(self.request, refused)
        if not given.numbers:
            return "Intet er givet tilbage."
        return f"Fordelingen er fortrudt: {danish.join_text(given.numbers)}."

    def success_url(self) -> str:
        return self.request.get_full_path()

    # What is shown

    def context(self) -> dict[str, Any]:
        proposals = list(self.page)
        named = canonical(self.asked)
        return {
            **super().context(),
            "page": self.page,
            "rows": self._rows(proposals),
            "filters": self.narrowed.filters,
            "filter_errors": self.narrowed.errors,
            "is_narrowed": self.narrowed.is_narrowed,
            "load": self._load(),
            "ideas": waiting_ideas(self.user, at=self.at),
            "views": [
                {"name": name, "url": f"?{query or ALL + '=1'}", "is_now": query == named}
                for name, query, _ in self.views
            ],
            "query_to_keep": named,
            "undoable": self.undoable,
            "sort": self.sort,
            "orders": SORTS,
            "order_text": SORTS[self.sort],
            "kept": [(name, value) for name, value in self.asked.items() if name != "sort"],
            "query": self.request.GET,
            "all_url": f"{self.request.path}?{ALL}=1",
            "breadcrumbs": self.crumbs(),
        }

    def _load(self) -> list[dict[str, Any]]:
        counted = queries.load(self.user, self.advisers, at=self.at)
        chosen = self.asked.get("hvem", "")
        return [
            {
                "name": "Dig" if pk == self.user.pk else name,
                "count": counted.get(pk, 0),
                "most": queries.MOST,
                "url": f"?{canonical({'hvem': who})}",
                "is_now": chosen == who,
            }
            for pk, name in self.advisers.items()
            for who in [MINE if pk == self.user.pk else str(pk)]
        ]

    def _rows(self, proposals: list[Any]) -> list[dict[str, Any]]:
        holders = {p.holder_id for p in proposals if p.holder_id}
        names = dict(self.advisers)
        if gone := holders - names.keys():
            # Who has left the DGO has it until somebody else gets it.
            names.update(User.objects.among(gone).values_list("pk", "name"))
        news = news_of(self.user, proposals, at=self.at)
        words = words_of(self.user, proposals, at=self.at, news=news)
        ticked = self._ticked()
        return [
            {
                "proposal": p,
                # Numbers as text: a template asks of each how the language writes it.
                "tick": f"valg-{p.pk}",
                "open_threads": str(p.open_threads),
                "title": shown_title(p),
                "authorities": _authorities(p),
                "holder": names.get(p.holder_id, ""),
                "is_mine": p.holder_id == self.user.pk,
                "reads_along": p.lead_dgo_id not in self.user.duties.dgo_ids,
                "may_give": p.lead_dgo_id in self.user.duties.dgo_ids and holding.is_held(p),
                "value": f"{p.number}:{p.holder_id or 0}",
                "is_ticked": p.number in ticked,
                "news": _news_text(news[p.pk], words[p.pk]),
                "written": _written_text(p),
                **self._time_left(p),
                **_addresses(p, is_ours=p.lead_dgo_id in self.user.duties.dgo_ids),
            }
            for p in proposals
        ]

    def _ticked(self) -> set[str]:
        """Give the numbers that were ticked on a page that comes back with a refusal."""
        if self.typed is None:
            return set()
        values = self.typed.getlist("chosen") if hasattr(self.typed, "getlist") else ()
        return {value.partition(":")[0] for value in values}

    def _time_left(self, proposal: Any) -> dict[str, Any]:
        if not proposal.due_at:
            return {"days": None, "bar": None, "until_at": None}
        days = _working_days(danish.day_of(self.at), danish.day_of(proposal.due_at))
        is_late = proposal.due_at < self.at
        until_at = proposal.round.approval_deadline_at
        return {
            "days": str(days),
            "is_late": is_late,
            "is_near": days < NEAR,
            "bar": f"{max(0, min(days, LONGEST_BAR)) * 100 // LONGEST_BAR}%",
            # What the DGO answers late is taken in until then.
            "until_at": until_at
            if is_late and proposal.status == Status.IN_QUALIFICATION and self.at <= until_at
            else None,
        }


@lru_cache(maxsize=256)
def _working_days(start: date, end: date) -> int:
    # Of all that lies on a desk there are few terms, and each day up to them is looked up.
    return danish.working_days_between(start, end)


def _addresses(proposal: Any, *, is_ours: bool) -> dict[str, Any]:
    # A DGO that reads along gives no assessment.
    is_here = proposal.status == Status.IN_QUALIFICATION and is_ours
    return {
        "is_here": is_here,
        "url": (qualification_address if is_here else proposal_address)(proposal.number),
        "sparring": sparring_address(proposal.number),
        "pass_on": pass_on_address(proposal.number),
    }


def _written_text(proposal: Any) -> str:
    """Say how much of an assessment is written; nothing where it is not being assessed."""
    if proposal.criteria_count is None:
        return ""
    return f"{proposal.written_count} af {proposal.criteria_count} kriterier"


def _authorities(proposal: Any) -> list[str]:
    """Name the kommuner and regioner of the text that the reader reads."""
    if proposal.live_authorities is not None:
        names: list[str] = proposal.live_authorities
        return names
    return [row["name"] for row in proposal.sent_participants or [] if row["code"]]


MOST_NAMED = 2


def _news_text(news: News, words: int) -> str:
    """Say what is new to the reader; nothing where nothing is."""
    if not news.is_read:
        return "Ikke læst af dig"
    if not news.count:
        return ""
    labels = sorted({_label(name) for name in news.names}, key=danish.sort_key)
    named = danish.join_text(labels[:MOST_NAMED]) if len(labels) <= MOST_NAMED else ""
    said = f"Ny siden sidst: {danish.count_text(news.count, 'svar', 'svar')}"
    if words:
        said = f"{said}, {danish.count_text(words, 'ord', 'ord')}"
    return f"{said} ({named})" if named else said


def _label(name: str) -> str:
    return FIELDS[name].label if name in FIELDS else ROWS_NAMES.get(name, "andet")


@dataclass(frozen=True)
class Narrowed:
    """What the address narrows the desk to, and the form that says so."""

    filters: SafeString
    errors: SafeString
    wanted: tuple[str, ...]
    """The words of `queries.lying`."""
    values: tuple[tuple[str, Any], ...]
    is_valid: bool
    is_narrowed: bool


@lru_cache(maxsize=256)
def _narrowed(
    advisers: tuple[tuple[str, str], ...],
    rounds: tuple[tuple[str, str], ...],
    given: tuple[tuple[str, str], ...],
) -> Narrowed:
    """Read the filters and draw their form, which is the same for everybody who asks for the same among the same."""
    form = DeskFilter(dict(given), advisers=advisers, rounds=rounds)
    is_valid = form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    wanted, values = [], {}
    for name, value in chosen.items():
        if name in ("q", "runde"):
            wanted.append(name)
            values[name] = value if name == "q" else int(value)
        elif name == "hvem" and value not in (MINE, NOBODY):
            wanted.append("holder")
            values["holder"] = int(value)
        else:
            wanted.append(value)
    shown = {
        "form": form,
        "reset": f"{reverse('review:dgo_desk')}?{ALL}=1",
        "label": "Søg og filtrér forslag hos jer",
    }
    return Narrowed(
        filters=render_to_string("components/filters.html", shown),
        errors=render_to_string("components/error_summary.html", {"form": form}),
        wanted=tuple(wanted),
        values=tuple(values.items()),
        is_valid=is_valid,
        is_narrowed=any(value for _, value in given),
    )


class PassOn(StepPage):
    """Gives a proposal to another of the DGO's advisers, with a note."""

    template_name = "review/dgo_desk/pass_on.html"
    permission = "review.pass_on"
    heading = "Giv forslaget videre"
    button = "Giv videre"
    open_in = holding.HELD_IN

    def load(self) -> None:
        super().load()
        dgo_id = self.proposal.lead_dgo_id
        people = queries.advisers(self.user, at=self.at)
        self.advisers = {pk: one.name for pk, one in people.items() if dgo_id in one.dgo_ids}
        self.holder = holding.holder_of(self.proposal)

    def form(self, data: Any = None) -> PassOnForm:
        has_it = self.holder.pk if self.holder else None
        others = [(str(pk), name) for pk, name in self.advisers.items() if pk != has_it]
        return PassOnForm(data, advisers=others)

    def act(self, form: Any) -> str:
        to_user = User.objects.get(pk=int(form.cleaned_data["to_user"]))
        holding.pass_on(
            proposal_pk=self.proposal.pk,
            to_user=to_user,
            note=form.cleaned_data["note"] or "",
            by=self.user,
            at=self.at,
        )
        told = "" if to_user == self.user else " og har fået et brev"
        return f"{to_user.name} har nu {self.proposal.number}{told}."

    def success_url(self) -> str:
        return reverse("review:dgo_desk")

    def cancel_url(self) -> str:
        return reverse("review:dgo_desk")

    def crumbs(self) -> Crumbs:
        desk = reverse("review:dgo_desk")
        return [("/", "Forside"), (desk, "Kvalificering"), (None, self.heading)]

    def context(self) -> dict[str, Any]:
        earlier = Assignment.objects.filter(proposal=self.proposal).of_dgo(self.proposal.lead_dgo)
        return {
            **super().context(),
            "holder": self.holder,
            "earlier": earlier.said().with_people().newest_first(),
        }


# The views one keeps


class Views(AdviserPage):
    """The reader's own views of the desk."""

    template_name = "review/dgo_desk/views.html"
    heading = "Dine visninger"

    def context(self) -> dict[str, Any]:
        desk = reverse("review:dgo_desk")
        return {
            "heading": self.heading,
            "rows": [
                {
                    "view": view,
                    "url": f"{desk}?{view.query or ALL + '=1'}",
                    "text": _view_text(view.query),
                    "edit": reverse("review:dgo_view", args=[view.pk]),
                }
                for view in SavedView.objects.of(self.user).by_name()
            ],
            "breadcrumbs": self.crumbs((None, self.heading)),
        }


class ViewPage(AdviserPage, FormPage):
    """What making a view and changing one share."""

    template_name = "review/dgo_desk/view.html"

    def success_url(self) -> str:
        return reverse("review:dgo_views")

    def query(self) -> str:
        return canonical({name: self.request.GET.get(name, "")[:200] for name in KEPT})

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "text": _view_text(self.query()),
            "cancel": self.success_url(),
            "breadcrumbs": self.crumbs(
                (reverse("review:dgo_views"), Views.heading), (None, self.heading)
            ),
        }


class NewView(ViewPage):
    """Keeps the filters in the address under a name."""

    heading = "Gem visningen"
    button = "Gem visningen"

    def form(self, data: Any = None) -> ViewForm:
        return ViewForm(data)

    def act(self, form: Any) -> str:
        view = steps.keep(
            name=form.cleaned_data["name"],
            query=self.query(),
            is_default=form.cleaned_data["is_default"],
            by=self.user,
        )
        return f"Visningen {view.name} er gemt."

    def success_url(self) -> str:
        return f"{reverse('review:dgo_desk')}?{self.query() or ALL + '=1'}"


class EditView(ViewPage):
    """Renames a view, and says whether the desk opens with it."""

    heading = "Ret visningen"

    def load(self) -> None:
        self.view: SavedView = get_object_or_404(
            SavedView.objects.of(self.user), pk=self.kwargs["pk"]
        )

    def query(self) -> str:
        return self.view.query

    def form(self, data: Any = None) -> ViewForm:
        return ViewForm(data, initial={"name": self.view.name, "is_default": self.view.is_default})

    def act(self, form: Any) -> str:
        view = steps.change(
            view_pk=self.view.pk,
            name=form.cleaned_data["name"],
            is_default=form.cleaned_data["is_default"],
            by=self.user,
        )
        return f"Visningen {view.name} er gemt."

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "remove": reverse("review:remove_dgo_view", args=[self.view.pk]),
        }


class RemoveView(AdviserPage, Press):
    """Removes a view; what it showed is where it was."""

    http_method_names = ["post"]  # Django's own attribute

    def load(self) -> None:
        self.view: SavedView = get_object_or_404(
            SavedView.objects.of(self.user), pk=self.kwargs["pk"]
        )

    def act(self) -> str:
        self.view.delete()
        return f"Visningen {self.view.name} er fjernet."

    def back(self) -> str:
        return reverse("review:dgo_views")


def _view_text(query: str) -> str:
    """Say what a view shows."""
    chosen = read(query)
    said = []
    if words := chosen.get("q"):
        said.append(f'søgning på "{words}"')
    if state := chosen.get("tilstand"):
        said.append(dict(Status.choices).get(state, ""))
    if who := chosen.get("hvem"):
        said.append({MINE: "mine", NOBODY: NOBODY_TEXT.lower()}.get(who, "en andens"))
    if only := chosen.get("kun"):
        said.append(ONLY.get(only, "").lower())
    if chosen.get("runde"):
        said.append("én runde")
    if sort := chosen.get("sort"):
        said.append(SORTS.get(sort, "").lower())
    return "; ".join(part for part in said if part) or "alle forslag hos jer"

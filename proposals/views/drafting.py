"""Writing a proposal: a new one, the list of what there is to do, and the sections one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from klimaspor import danish, unsent
from klimaspor.accounts.context import acting_for
from klimaspor.accounts.models import Organization
from proposals import drafting, eligibility
from proposals.content import Content
from proposals.forms.drafting import NewProposalForm, SectionForm
from proposals.lifecycle import Status
from proposals.models import Round, Stale
from proposals.sections import BY_SLUG, SECTIONS, Kind
from proposals.views import guard, presence
from proposals.views.advice import threads_about
from proposals.views.pages import (
    FormPage,
    Page,
    ProposalPage,
    clock,
    cpr_places,
    due_at,
    gate_ahead,
    is_editable,
    meter,
    not_now,
    searched,
    unsaved_places,
    way,
)
from proposals.views.seen import ROWS_LABEL, SeenPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from klimaspor.accounts.models import Dgo
    from proposals.eligibility import Finding
    from proposals.models import Event, Proposal
    from proposals.sections import Section

MOST_FOUND = 12
MOST_DIGITS = 18
CHOSEN = (Kind.YES_NO, Kind.GOALS, Kind.DGO)
"""What is chosen rather than written, and can be chosen again."""
SENT_BACK = ("return_for_changes", "request_completion", "send_back")


# A new proposal


class NewProposal(FormPage):
    template_name = "proposals/new.html"
    button = "Opret forslag"
    refusals = (drafting.RoundClosed,)
    heading: ClassVar[str] = "Nyt forslag"
    form_class: ClassVar[type[NewProposalForm]] = NewProposalForm

    def form(self, data: Any = None) -> NewProposalForm:
        self.found = find_organizations(self, searched(data, "search") if data else "")
        mine = own_organizations(self)
        chosen = chosen_organization(self, data.get("on_behalf", "") if data else "")
        self.shown = list({o.pk: o for o in (*mine, *chosen)}.values())
        rounds = Round.objects.open(at=self.at).upcoming(at=self.at).soonest_first()
        return self.form_class(
            data,
            organizations=(*self.shown, *self.found),
            shown=len(self.shown),
            rounds=rounds,
            initial={
                "round": rounds.first(),
                "on_behalf": str(acting_for(self.request) or ""),
            },
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if is_looking_up(request.POST):
            form = self.form(request.POST)
            # Only looked up: nothing is wrong with what is not filled in yet.
            form.errors.clear()
            return self.show(form=form)
        return super().post(request, **kwargs)

    def act(self, form: NewProposalForm) -> str:
        self.made = drafting.create(
            owner=self.user,
            organization=form.organization,
            round=form.cleaned_data["round"],
            title=form.cleaned_data["title"],
            by=self.user,
            at=self.at,
        )
        return f"Forslaget er oprettet med nummer {self.made.number}. Kun du kan se det."

    def success_url(self) -> str:
        return reverse("proposals:tasks", args=[self.made.number])

    def context(self) -> dict[str, Any]:
        return {
            "heading": self.heading,
            "breadcrumbs": [("/", "Forside"), ("/forslag/", "Forslag"), (None, self.heading)],
            "cancel": "/forslag/",
            "next_round": Round.objects.upcoming(at=self.at).soonest_first().first(),
            **super().context(),
        }


class OrganizationChoices(Page):
    """What is found while one writes: radio buttons to put into the form."""

    template_name = "proposals/_organization_choices.html"

    def context(self) -> dict[str, Any]:
        return {"found": find_organizations(self, searched(self.request.GET, "search"))}


def is_looking_up(data: Any) -> bool:
    """Say whether the press asks for a search of organizations, and for nothing to be done."""
    pressed = data.get("do")
    has_only_searched = bool(data.get("search") and not data.get("on_behalf"))
    return pressed == "search" or (pressed == "enter" and has_only_searched)


def find_organizations(page: Page, text: str) -> list[Organization]:
    """Find organizations that exist today; everybody signed in may look them all up."""
    valid = Organization.objects.valid(danish.day_of(page.at))
    return list(valid.matching(text).best_first(text)[:MOST_FOUND])


def own_organizations(page: Page) -> list[Organization]:
    valid = Organization.objects.valid(danish.day_of(page.at))
    own = valid.in_bulk(list(page.user.duties.organization_ids)).values()
    return sorted(own, key=lambda o: danish.sort_key(o.name))


def chosen_organization(page: Page, key: str) -> list[Organization]:
    valid = Organization.objects.valid(danish.day_of(page.at))
    is_key = key.isdecimal() and len(key) < MOST_DIGITS
    return list(valid.in_bulk([int(key)]).values()) if is_key else []


# The list of what there is to do


class Tasks(ProposalPage):
    template_name = "proposals/tasks.html"
    permission = "proposals.edit"
    heading = "Dit forslag"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_editable(self.proposal):
            return redirect(self.address)
        return self.show()

    def context(self) -> dict[str, Any]:
        content = Content.of(self.proposal, at=self.at)
        findings = eligibility.assess(self.proposal, at=self.at, content=content)
        sent_back = sent_back_by(self.proposal)
        closes_at = due_at(self.proposal)
        return {
            **super().context(),
            "unsaved": unsaved_places(self),
            "tasks": _tasks(self, content, findings, sent_back),
            "meter": meter(self, findings),
            "sent_back": sent_back,
            "copied": self.proposal.events.of_transition("copied").first(),
            "gate": gate_ahead(self.proposal),
            "due_at": closes_at,
            "dgo": self.proposal.lead_dgo,
            "marks": way(self.proposal, at=self.at, content=content),
            "clock": clock(self, closes_at),
            "others": [
                {"url": self.url(name), "label": label}
                for name, label in (
                    ("access", "Se, hvem der har adgang"),
                    ("change_organization", "Skift organisation"),
                    ("move_round", "Flyt til en anden runde"),
                    ("hand_over", "Overdrag til en anden"),
                    ("withdraw", "Træk forslaget tilbage"),
                )
                if self.user.has_perm(f"proposals.{name}", self.proposal)
                and (name != "change_organization" or self.proposal.status == Status.DRAFT)
            ],
        }


def sent_back_by(proposal: Proposal) -> Event | None:
    """Give the event that sent the proposal back to its people, while it is still theirs because of it."""
    event: Event | None = (
        proposal.events.of_transition(*SENT_BACK).told().newest_first().first()
        if proposal.revision > 1
        else None
    )
    return event if event and event.at >= proposal.status_since else None


def reason_for(event: Event | None, slug: str) -> str:
    if event is None:
        return ""
    return next((reason.text for reason in event.reasons.all() if reason.section == slug), "")


def _tasks(
    page: ProposalPage, content: Content, findings: Sequence[Finding], event: Event | None
) -> list[dict[str, str]]:
    rows = []
    for part in content.sections:
        section = part.section
        state, tone, hint = _state(page.proposal, section, content, findings)
        if reason_for(event, section.slug):
            hint = "Her er der bedt om en ændring."
        rows.append(
            {
                "url": page.url("section", section.slug),
                "label": section.title,
                "hint": hint,
                "state": state,
                "tone": tone,
            }
        )
    return rows


def _state(
    proposal: Proposal, section: Section, content: Content, findings: Sequence[Finding]
) -> tuple[str, str, str]:
    """Give a section's state in a word, its tone, and a hint."""
    rows = getattr(content, section.rows) if section.rows else ()
    # The title came with the proposal and the DGO was suggested: neither is a beginning.
    begun = any(
        content.answer(q.name) for q in section.fields if q.name != "title" and q.kind != Kind.DGO
    )
    empty = [q for q in section.fields if q.required and not eligibility.is_answered(proposal, q)]
    missing = [f for f in findings if f.section == section.slug and f.state == "missing"]
    if not begun and not rows:
        is_optional = not any(q.required for q in section.fields)
        return "Ikke begyndt", "", "Frivilligt" if is_optional else ""
    if empty:
        return (
            "I gang",
            "info",
            f"Mangler svar på {danish.count_text(len(empty), 'spørgsmål', 'spørgsmål')}",
        )
    if missing:
        return "Mangler noget", "warning", " ".join(finding.message for finding in missing)
    return "Udfyldt", "success", ""


# A section


class SectionPage(SeenPage):
    """
    One section of the form.

    What is valid is saved and what is not is shown with what is wrong, so a half-finished section can always be saved
    and nothing that was typed is lost.
    """

    template_name = "proposals/section.html"
    permission = "proposals.edit"
    slug: str = ""

    def load(self) -> None:
        self.section = BY_SLUG.get(self.slug or self.kwargs["slug"])  # type: ignore[assignment]  # 404 below
        if self.section is None:
            raise Http404
        super().load()

    section: Section

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        typed = unsent.take(request)
        if not is_editable(self.proposal):
            return self.lost(typed) if typed else not_now(self, kept_units=self.kept_units())
        if typed:
            typed = self.take(typed)
        return self.show(
            form=self.form(typed), is_restored=typed is not None, **self.row_forms(typed)
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_editable(self.proposal):
            return self.lost(request.POST)
        data = self.take(request.POST)
        form, rows = self.form(data), self.row_forms(data)
        if data.get("revision") != str(self.proposal.revision):
            form.add_error(None, str(Stale(self.proposal)))
            return self.show(form=form, **rows)
        try:
            self.save(form)
            said = self.save_seen_rows(form, rows)
        except drafting.NotEditable:
            return self.lost(request.POST)
        except (drafting.DgoSettled, ValidationError) as refusal:
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
            return self.show(form=form, **rows)
        if form.errors or said is None:
            self.proposal.refresh_from_db()
            # One row more was asked for: nothing is wrong.
            is_growing = getattr(rows.get("formset"), "is_growing", False)
            status = 409 if self.conflicts else 200
            return self.show(form=form, status=status, is_partly_saved=not is_growing, **rows)
        if said:
            messages.success(request, said)
        if self.pressed == "next":
            self.warn_of_cpr()
        return redirect(self.success_url())

    def warn_of_cpr(self) -> None:
        """Say on the next page what this one would have shown, had the writer stayed."""
        self.proposal.refresh_from_db()
        content = Content.of(self.proposal, at=self.at, rows=[self.section.rows])
        if labels := [p["label"] for p in cpr_places(self, content) if self.is_here(p)]:
            messages.warning(
                self.request,
                f"Under {self.section.title} ligner noget et CPR-nummer: {danish.join_text(labels)}. Personfølsomme "
                "oplysninger hører ikke hjemme her. Er det et CPR-nummer, så gå tilbage og slet det.",
            )

    def is_here(self, place: dict[str, str]) -> bool:
        """Say whether a place in the proposal stands on this page."""
        return place["url"].partition("#")[0] == self.url("section", self.section.slug)

    def form(self, data: Any = None) -> SectionForm:
        return SectionForm(data, section=self.section, proposal=self.proposal, dgos=self.dgos())

    def dgos(self) -> QuerySet[Dgo] | None:
        """Give the DGOs to choose from, where there is a choice."""
        return None

    @property
    def pressed(self) -> str:
        """Give which button was pressed."""
        return self.request.POST.get("do", "")

    def success_url(self) -> str:
        return self.next_url() if self.pressed == "next" else self.url("section", self.section.slug)

    def next_url(self) -> str:
        place = SECTIONS.index(self.section) + 1
        if place < len(SECTIONS):
            return self.url("section", SECTIONS[place].slug)
        return self.url("check")

    def kept_units(self) -> list[tuple[str, str]]:
        """Give what a browser may keep of the section, each with what it is called."""
        rows = self.section.rows
        asked = [(q.name, q.label) for q in self.section.fields]
        return [*asked, (rows, ROWS_LABEL[rows])] if rows else asked

    def lost(self, typed: Any) -> HttpResponse:
        """Show what was typed and cannot be saved, for the writer to keep elsewhere."""
        texts = [
            (q.label, "\n".join(typed.getlist(q.name)))
            for q in self.section.fields
            if q.kind not in CHOSEN
        ]
        if self.row_prefixes:
            rows = guard.rows_text(self.row_forms(typed), self.row_prefixes)
            texts.append((ROWS_LABEL[self.section.rows], rows))
        return self.show(
            template="proposals/lost.html", status=409, texts=[pair for pair in texts if pair[1]]
        )

    def crumbs(self) -> list[tuple[str | None, str]]:
        return [
            *super().crumbs()[:-1],
            (self.url("tasks"), "Dit forslag"),
            (None, self.section.title),
        ]

    def show(self, **more: Any) -> HttpResponse:
        if more.get("template"):
            return super().show(**more)
        # No more of the text is read than the section shows and its own requirements ask about.
        content = Content.of(self.proposal, at=self.at, rows=[self.section.rows])
        return super().show(
            meter=self.meter(content),
            answers=self.answers_shown(more["form"]),
            rows_token=self.rows_token(more["form"].is_bound, more),
            rows_conflict=self.conflicts.get(self.section.rows),
            others=presence.others(self.proposal, self.user, at=self.at),
            reason=reason_for(sent_back_by(self.proposal), self.section.slug),
            threads=threads_about(self, self.section.slug),
            cpr=[p for p in cpr_places(self, content) if self.is_here(p)],
            clock=clock(self, due_at(self.proposal)),
            **self.rows_shown(content, more),
            **more,
        )

    def meter(self, content: Content) -> list[dict[str, Any]]:
        """Give how the section's own requirements stand."""
        check = eligibility.Check(self.proposal, content, self.at)
        return meter(self, [one.find(check) for one in self.requirements], links=False)

    def rows_shown(self, content: Content, forms: dict[str, Any]) -> dict[str, Any]:
        """Give what the page shows of the section's own rows, beside their forms."""
        return {}

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "heading": self.section.title,
            "section": self.section,
            "slip": unsent.slip(self.request),
            "slip_name": unsent.SLIP,
            "tasks_url": self.url("tasks"),
            "save_url": self.url("autosave", self.section.slug),
        }

"""Writing a proposal: a new one, the list of what there is to do, and the sections one by one."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from klimaspor import danish, unsent
from klimaspor.accounts.models import Organization
from klimaspor.seen import UNSEEN, Base
from proposals.answers.content import Content
from proposals.answers.pages import cpr_places
from proposals.answers.sections import BY_SLUG, FIELDS, SECTIONS, Kind
from proposals.drafting import guard, presence
from proposals.drafting import holding as drafting
from proposals.drafting import seen as drafting_seen
from proposals.drafting import steps as drafting_steps
from proposals.drafting.parts import SectionForm
from proposals.drafting.returns import reason_for, sent_back_by
from proposals.eligibility import requirements as eligibility
from proposals.eligibility.pages import meter
from proposals.gates.pages import clock, due_at
from proposals.line.models import Proposal, Stale
from proposals.line.pages import ProposalPage, is_editable, not_now
from proposals.sparring.pages import threads_about

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from klimaspor.accounts.models import Dgo
    from klimaspor.pages import Page
    from proposals.answers.sections import Section
    from proposals.drafting.models import FieldVersion
    from proposals.drafting.seen import Conflict

MOST_FOUND = 12
MOST_DIGITS = 18
CHOSEN = (Kind.YES_NO, Kind.GOALS, Kind.DGO)
"""What is chosen rather than written, and can be chosen again."""


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


# What was seen

ROWS_LABEL = {"participants": "Deltagerne", "financing": "Linjerne", "attachments": "Bilag"}


class SeenPage(ProposalPage):
    """One section of the form, by what was on the page and what stands now."""

    section: Section
    is_saving: bool = False
    """Whether one answer is saved while its writer goes on, and no page is shown."""
    row_prefixes: ClassVar[tuple[str, ...]] = ()
    """How the names of the section's own rows begin, where rows can be changed by two people."""
    row_names: ClassVar[tuple[str, ...]] = ()
    """What those rows are marked by."""
    rows_touched: bool = True
    """Whether the rows that came say something else than the page did, and may be written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.conflicts: dict[str, dict[str, Any]] = {}
        self.bases: dict[str, Base] = {}
        self.rows_base = UNSEEN
        self.choice = guard.Choice.of("")
        self.posted_rows = ""

    def load(self) -> None:
        if self.request.method == "GET" or self.request.POST.get("do", "").startswith("theirs:"):
            # Before the text is read: a newer text under an older number costs a question, the other way round a text.
            self.versions  # noqa: B018 - it is kept
        if not (self.is_saving and self._find_own()):
            super().load()

    def _find_own(self) -> bool:
        """Find what the person writes in, which is seen by all who may write; asked for at every pause in the typing."""
        # What requirements are judged on is only read where the section has some.
        found = Proposal.objects.written_by(
            self.user, self.kwargs["number"], at=self.at, has_frame=bool(self.requirements)
        )
        if found is None:
            return False
        self.proposal = found
        return True

    @property
    def requirements(self) -> list[eligibility.Requirement]:
        """Give the requirements that the section answers."""
        return [one for one in eligibility.REQUIREMENTS if one.section == self.section.slug]

    def form(self, data: Any = None) -> SectionForm:
        raise NotImplementedError

    def row_forms(self, data: Any) -> dict[str, Any]:
        """Make the forms of the section's own rows, by the name they have in the template."""
        return {}

    def save_rows(self, rows: dict[str, Any]) -> str | None:
        """Save the section's own rows, and return what is said; None when there is something to put right first."""
        return f"{self.section.title} er gemt."

    def adds_rows(self, rows: dict[str, Any]) -> bool:
        """Say whether rows are added or removed besides those that were typed in."""
        return False

    def rows_agree(self, rows: dict[str, Any], stands: dict[str, Any]) -> bool:
        """Say whether rows that came say the same as those that stand, however they were typed."""
        return guard.shown_rows(stands, self.row_prefixes) == self.posted_rows

    def take(self, data: Any) -> Any:
        """Read what the page carried of what it showed, and what was chosen in a conflict."""
        self.choice = guard.Choice.of(data.get("do", ""))
        question = FIELDS.get(self.choice.name)
        if self.choice.kept == "theirs" and question in self.section.fields:
            data = guard.with_theirs(
                data, self.form(), self.choice.name, self.base_of(self.choice.name)
            )
        self.bases = guard.bases([q.name for q in self.section.fields], data, self.choice)
        self.rows_base = Base.read(data.get(guard.base_name(self.section.rows), ""))
        self.posted_rows = guard.posted_rows(data, self.row_prefixes) if self.row_prefixes else ""
        return data

    @cached_property
    def versions(self) -> dict[str, FieldVersion]:
        names = [q.name for q in self.section.fields]
        return drafting_seen.versions(self.kwargs["number"], [*names, *self.row_names])

    def base_of(self, name: str) -> Base:
        """Give the base of an answer as it stands."""
        version = self.versions.get(name)
        values = (getattr(self.proposal, attribute) for attribute in FIELDS[name].attributes)
        return Base.of(version.number if version else 0, values)

    def rows_base_of(self, digest: str) -> Base:
        rows = {name: row for name, row in self.versions.items() if name in self.row_names}
        return Base(drafting_seen.rows_number(rows), digest)

    def save(self, form: SectionForm) -> None:
        """
        Write what is valid and seen; what another wrote meanwhile becomes an error of the form, with both texts.

        :raises drafting.NotEditable:
        :raises drafting.DgoSettled:
        :raises ValidationError:
        """
        form.is_valid()
        saved = drafting_steps.save_section(
            proposal_pk=self.proposal.pk,
            slug=self.section.slug,
            answers=form.answers,
            bases=self.bases,
            by=self.user,
            at=self.at,
        )
        self.bases |= saved.bases
        stands = {*saved.bases, *(conflict.name for conflict in saved.conflicts)}
        for attribute in (a for name in stands for a in FIELDS[name].attributes):
            setattr(self.proposal, attribute, getattr(saved.proposal, attribute))
        for conflict in saved.conflicts:
            question = FIELDS[conflict.name]
            text = guard.typed_text(self.proposal, question, form.answers, at=self.at)
            theirs = Content.of(self.proposal, at=self.at, rows=()).answer(question.name)
            self.disagree(form, conflict, question.label, text, theirs)

    def disagree(
        self, form: SectionForm, conflict: Conflict, label: str, mine: str, theirs: str
    ) -> None:
        shown = guard.conflict_shown(conflict, mine=mine, theirs=theirs, user=self.user, at=self.at)
        self.conflicts[conflict.name] = shown | {"label": label}
        is_question = conflict.name in form.fields
        form.add_error(conflict.name if is_question else None, f"{label}: {guard.refusal(shown)}")

    def disagree_on_rows(
        self, form: SectionForm, mine: dict[str, Any], theirs: dict[str, Any], conflict: Conflict
    ) -> None:
        stands = guard.shown_rows(theirs, self.row_prefixes)
        conflict = replace(
            conflict, name=self.section.rows, base=Base(conflict.base.number, stands)
        )
        texts = (guard.rows_text(forms, self.row_prefixes) for forms in (mine, theirs))
        self.disagree(form, conflict, ROWS_LABEL[self.section.rows], *texts)

    def save_seen_rows(self, form: SectionForm, rows: dict[str, Any]) -> str | None:
        """Save the section's rows, those that two people can change only as far as the writer saw them."""
        if not self.row_prefixes:
            return self.save_rows(rows)
        base = self.rows_base
        if self.choice.name == self.section.rows:
            if self.choice.kept == "theirs":
                return f"{self.section.title} er gemt."
            base = self.choice.base
        nothing_came = not base.digest and self.posted_rows == guard.NO_ROWS
        self.rows_touched = self.posted_rows != base.digest and not nothing_came
        if not self.rows_touched and not self.adds_rows(rows):
            return self.save_rows(rows)
        with transaction.atomic():
            conflict = drafting_seen.rows_conflict(
                proposal_pk=self.proposal.pk, names=self.row_names, base=base
            )
            if conflict and self.rows_touched:
                theirs = self.row_forms(None)
                self.rows_touched = False
                if self.rows_agree(rows, theirs):
                    # Saved by a press before this one, or by somebody who wrote the same.
                    conflict = None
                else:
                    self.disagree_on_rows(form, rows, theirs, conflict)
            said = self.save_rows(rows)
            if not conflict:
                # While the proposal is held: what comes after is not what was seen. What was left out is still to save.
                self.__dict__.pop("versions", None)
                seen = self.posted_rows if said is not None else base.digest
                self.rows_base = self.rows_base_of(seen)
        return said

    def answers_shown(self, form: SectionForm) -> list[dict[str, Any]]:
        """Give each question with its field, what was seen of it, and the conflict about it."""
        return [
            {
                "field": field,
                "question": question,
                "token": str(
                    self.bases.get(question.name, UNSEEN)
                    if form.is_bound
                    else self.base_of(question.name)
                ),
                "conflict": self.conflicts.get(question.name) if form.is_bound else None,
            }
            for field, question in form.asked
        ]

    def rows_token(self, is_bound: bool, forms: dict[str, Any]) -> str:  # noqa: FBT001 - one of two pages
        if not self.row_prefixes:
            return ""
        if is_bound:
            return str(self.rows_base)
        return str(self.rows_base_of(guard.shown_rows(forms, self.row_prefixes)))


# A section


class SectionPage(SeenPage):
    """
    One section of the form.

    What is valid is saved and what is not is shown with what is wrong, so a half-finished section can always be saved
    and nothing that was typed is lost.
    """

    template_name = "proposals/drafting/section.html"
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
        except (drafting_steps.DgoSettled, ValidationError) as refusal:
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
            template="proposals/drafting/lost.html",
            status=409,
            texts=[pair for pair in texts if pair[1]],
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

"""
The page of one section of the form, which the sections with rows of their own build on.

What is valid is saved and what is not is shown with what is wrong, so a half-finished section can always be saved and
nothing that was typed is lost. The guard (`klimaspor.seen`) is of each question, and of the rows together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from klimaspor import danish, seen, unsent
from klimaspor.refusals import Part
from klimaspor.seen import UNSEEN, Base, Changed, Choice
from proposals.answers.content import Content
from proposals.answers.pages import cpr_places
from proposals.answers.sections import BY_SLUG, FIELDS, SECTIONS, Kind
from proposals.drafting import conflicts, presence
from proposals.drafting import rows as tables
from proposals.drafting import steps as drafting
from proposals.drafting.holding import NotEditable
from proposals.drafting.parts import SectionForm
from proposals.drafting.returns import reason_for, sent_back_by
from proposals.drafting.seen import base_of, rows_number, versions
from proposals.eligibility import requirements as eligibility
from proposals.eligibility.pages import meter
from proposals.gates.pages import clock
from proposals.line.models import Proposal, Stale
from proposals.line.pages import ProposalPage, is_editable, not_now
from proposals.sparring.pages import Margin

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet
    from django.http import HttpRequest, QueryDict

    from klimaspor.accounts.models import Dgo
    from proposals.answers.sections import Section
    from proposals.drafting.models import FieldVersion

CHOSEN = (Kind.YES_NO, Kind.GOALS, Kind.DGO)
"""What is chosen rather than written, and can be chosen again."""
ROWS_LABEL = {"participants": "Deltagerne", "financing": "Linjerne", "attachments": "Bilag"}


@dataclass(frozen=True)
class UnitSaved:
    """What came of one answer, or of the section's rows: nothing wrong and its base, or why it was not saved."""

    base: Base | None
    """What the page carries of it from now on; None when it is not saved."""
    errors: list[str]
    conflict: dict[str, Any] | None


class SectionPage(ProposalPage):
    """One section: what it asks, what was on the page when it was sent, and what stands now."""

    template_name = "proposals/drafting/section.html"
    permission = "proposals.edit"
    slug: ClassVar[str] = ""
    """The section, where the page is of one alone."""
    row_prefixes: ClassVar[tuple[str, ...]] = ()
    """How the names of the section's own rows begin, where rows can be changed by two people."""
    row_names: ClassVar[tuple[str, ...]] = ()
    """What those rows are marked by."""
    is_saving: bool = False
    """Whether one answer is saved while its writer goes on, and no page is shown."""
    section: Section
    rows_touched: bool = True
    """Whether the rows that came say something else than the page did, and may be written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.conflicts: dict[str, dict[str, Any]] = {}
        self.bases: dict[str, Base] = {}
        self.rows_base = UNSEEN
        self.rows_posted = ""
        self.choice = Choice.of("")

    def load(self) -> None:
        found = BY_SLUG.get(self.slug or self.kwargs["slug"])
        if found is None:
            raise Http404
        self.section = found
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

    # What a section with rows of its own says

    def dgos(self) -> QuerySet[Dgo] | None:
        """Give the DGOs to choose from, where there is a choice."""
        return None

    def row_forms(self, data: Any) -> dict[str, Any]:
        """Make the forms of the section's own rows, by the name they have in the template."""
        return {}

    def save_rows(self, rows: dict[str, Any]) -> str | None:
        """Save the section's own rows, and return what is said; None when there is something to put right first."""
        return f"{self.section.title} er gemt."

    def adds_rows(self, rows: dict[str, Any]) -> bool:
        """Say whether rows are added or removed besides those that were typed in."""
        return False

    def rows_agree(self, rows: dict[str, Any], standing: dict[str, Any]) -> bool:
        """Say whether rows that came say the same as those that stand, however they were typed."""
        return tables.shown_rows(standing, self.row_prefixes) == self.rows_posted

    def rows_shown(self, content: Content, forms: dict[str, Any]) -> dict[str, Any]:
        """Give what the page shows of the section's own rows, beside their forms."""
        return {}

    # What came

    def form(self, data: Any = None) -> SectionForm:
        return SectionForm(data, section=self.section, proposal=self.proposal, dgos=self.dgos())

    def receive(self, data: QueryDict) -> QueryDict:
        """Read what the page carried of what it showed, and what was chosen in a conflict."""
        self.choice = Choice.of(data.get("do", ""))
        names = [question.name for question in self.section.fields]
        if self.choice.kept == "theirs" and self.choice.unit in names:
            data = self._with_theirs(data, self.choice.unit)
        # What was not there is nobody's answer.
        there = [name for name in names if name in data or seen.base_name(name) in data]
        self.bases = {name: seen.carried(data, name) for name in there}
        if self.choice.kept == "mine" and self.choice.unit in there:
            self.bases[self.choice.unit] = self.choice.base
        if self.row_prefixes:
            self.rows_base = seen.carried(data, self.section.rows)
            self.rows_posted = tables.posted_rows(data, self.row_prefixes)
        return data

    def _with_theirs(self, data: QueryDict, name: str) -> QueryDict:
        """Answer a question with what stands, as if the writer had left it alone."""
        value = self.form()[name].value()
        values = value if isinstance(value, list) else [] if value is None else [value]
        data = data.copy()
        data.setlist(name, [str(one) for one in values])
        data[seen.base_name(name)] = str(base_of(self.proposal, FIELDS[name], self.versions))
        return data

    # What stands

    @cached_property
    def versions(self) -> dict[str, FieldVersion]:
        names = [question.name for question in self.section.fields]
        return versions(self.kwargs["number"], [*names, *self.row_names])

    def rows_base_of(self, digest: str) -> Base:
        return Base(rows_number(self.versions, self.row_names), digest)

    # What is saved

    def save_answers(self, form: SectionForm, units: Collection[str] | None = None) -> None:
        """
        Write what is valid and seen, of these units only; what another wrote meanwhile becomes an error, with both texts.

        :raises NotEditable:
        :raises DgoSettled:
        :raises ValidationError:
        """
        form.is_valid()
        saved = drafting.save_section(
            proposal_pk=self.proposal.pk,
            slug=self.section.slug,
            answers=form.answers,
            bases={n: base for n, base in self.bases.items() if units is None or n in units},
            by=self.user,
            at=self.at,
        )
        self.bases |= saved.bases
        for name in (*saved.bases, *saved.conflicts):
            for attribute in FIELDS[name].attributes:
                setattr(self.proposal, attribute, getattr(saved.proposal, attribute))
        for name, changed in saved.conflicts.items():
            typed = conflicts.typed_text(self.proposal, FIELDS[name], form.answers)
            self.disagree(form, changed, typed)

    def disagree(self, form: SectionForm, changed: Changed, typed: str) -> None:
        shown = conflicts.panel(changed, typed=typed, at=self.at)
        unit = shown["name"]
        self.conflicts[unit] = shown
        form.add_error(unit if unit in form.fields else None, conflicts.error(shown))

    def save_seen_rows(self, form: SectionForm, rows: dict[str, Any]) -> str | None:
        """Save the section's rows, those that two people can change only as far as the writer saw them."""
        if not self.row_prefixes:
            return self.save_rows(rows)
        base = self.rows_base
        if self.choice.unit == self.section.rows:
            if self.choice.kept == "theirs":
                return f"{self.section.title} er gemt."
            base = self.choice.base
        nothing_came = not base.digest and self.rows_posted == tables.NO_ROWS
        self.rows_touched = self.rows_posted != base.digest and not nothing_came
        if not self.rows_touched and not self.adds_rows(rows):
            return self.save_rows(rows)
        with transaction.atomic():
            held = drafting.hold_rows(proposal_pk=self.proposal.pk, names=self.row_names)
            is_changed = held.number != base.number
            if is_changed and self.rows_touched:
                standing = self.row_forms(None)
                self.rows_touched = False
                # Else saved by a press before this one, or by somebody who wrote the same.
                is_changed = not self.rows_agree(rows, standing)
                if is_changed:
                    changed = self._rows_changed(held, standing)
                    self.disagree(form, changed, tables.rows_text(rows, self.row_prefixes))
            done = self.save_rows(rows)
            if not is_changed:
                # While the proposal is held: what comes after is not what was seen. What was left out is still to save.
                self.__dict__.pop("versions", None)
                self.rows_base = self.rows_base_of(
                    base.digest if done is None else self.rows_posted
                )
        return done

    def _rows_changed(self, held: drafting.RowsVersion, standing: dict[str, Any]) -> Changed:
        unit = self.section.rows
        text = tables.rows_text(standing, self.row_prefixes)
        return Changed(
            {unit: Base(held.number, tables.shown_rows(standing, self.row_prefixes))},
            [Part(ROWS_LABEL[unit], text, unit)],
            by=held.last.edited_by if held.last else None,
            reader=self.user,
            at=held.last.edited_at if held.last else None,
        )

    def save_unit(self, data: QueryDict, unit: str) -> UnitSaved:
        """
        Save one answer, or the section's rows, of all that came.

        :raises LookupError: there is no such unit here.
        :raises NotEditable:
        """
        data = self.receive(data)
        form = self.form(data)
        is_rows = bool(self.row_prefixes) and unit == self.section.rows
        if unit not in form.fields and not is_rows:
            raise LookupError(unit)
        is_done, errors = True, []
        try:
            if is_rows:
                is_done = self._save_whole_rows(form, data)
            else:
                self.save_answers(form, [unit])
                errors = [str(error) for error in form.errors.get(unit, ())]
        except (drafting.DgoSettled, ValidationError) as refusal:
            errors = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        conflict = self.conflicts.get(unit)
        is_saved = is_done and not errors and not conflict
        base = self.rows_base if is_rows else self.bases.get(unit, UNSEEN)
        return UnitSaved(base if is_saved else None, errors, conflict)

    def _save_whole_rows(self, form: SectionForm, data: QueryDict) -> bool:
        form.is_valid()
        rows = self.row_forms(data)
        # Rows that are not finished are nobody's to quarrel about yet.
        is_whole = all(one.is_valid() for one in rows.values() if one.is_bound)
        return is_whole and self.save_seen_rows(form, rows) is not None

    # What is answered

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        typed = unsent.typed_here(request)
        if not is_editable(self.proposal):
            return self.lost(typed) if typed else not_now(self, kept_units=self.kept_units())
        if typed:
            typed = self.receive(cast("QueryDict", typed))
        return self.show(
            form=self.form(typed), is_restored=typed is not None, **self.row_forms(typed)
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_editable(self.proposal):
            return self.lost(request.POST)
        data = self.receive(request.POST)
        form, rows = self.form(data), self.row_forms(data)
        if data.get("revision") != str(self.proposal.revision):
            form.add_error(None, str(Stale(self.proposal)))
            return self.show(form=form, **rows)
        try:
            self.save_answers(form)
            done = self.save_seen_rows(form, rows)
        except NotEditable:
            return self.lost(request.POST)
        except (drafting.DgoSettled, ValidationError) as refusal:
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
            return self.show(form=form, **rows)
        if form.errors or done is None:
            self.proposal.refresh_from_db()
            # One row more was asked for: nothing is wrong.
            is_growing = getattr(rows.get("formset"), "is_growing", False)
            status = 409 if self.conflicts else 200
            return self.show(form=form, status=status, is_partly_saved=not is_growing, **rows)
        if done:
            messages.success(request, done)
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
            rows = tables.rows_text(self.row_forms(typed), self.row_prefixes)
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
        slug = self.section.slug
        margin = Margin(self, content, section=slug)
        return super().show(
            meter=self.meter(content),
            answers=[
                {**answer, "margin": margin.beside(slug, answer["question"].name)}
                for answer in self.answers_shown(more["form"])
            ],
            rows_token=self.rows_token(more["form"], more),
            rows_conflict=self.conflicts.get(self.section.rows),
            others=presence.others(self.proposal, self.user, at=self.at),
            reason=reason_for(sent_back_by(self.proposal), self.section.slug),
            whole_margin=margin.beside(slug),
            row_margins=[*margin.among_rows(slug), margin.gone(slug)],
            cpr=[p for p in cpr_places(self, content) if self.is_here(p)],
            clock=clock(self),
            remarks=[
                one.text
                for one in eligibility.remarks(self.proposal, content)
                if one.section == self.section.slug
            ],
            **self.rows_shown(content, more),
            **more,
        )

    def answers_shown(self, form: SectionForm) -> list[dict[str, Any]]:
        """Give each question with its field, what was seen of it, and the conflict about it."""
        return [
            {
                "field": field,
                "question": question,
                "token": str(
                    self.bases.get(question.name, UNSEEN)
                    if form.is_bound
                    else base_of(self.proposal, question, self.versions)
                ),
                "conflict": self.conflicts.get(question.name) if form.is_bound else None,
            }
            for field, question in form.asked
        ]

    def rows_token(self, form: SectionForm, forms: dict[str, Any]) -> str:
        if not self.row_prefixes:
            return ""
        if form.is_bound:
            return str(self.rows_base)
        return str(self.rows_base_of(tables.shown_rows(forms, self.row_prefixes)))

    def meter(self, content: Content) -> list[dict[str, Any]]:
        """Give how the section's own requirements stand."""
        check = eligibility.Check(self.proposal, content, self.at)
        return meter(self, [one.find(check) for one in self.requirements], links=False)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "heading": self.section.title,
            "section": self.section,
            "carried": {unsent.SLIP: unsent.slip(self.request)},
            "tasks_url": self.url("tasks"),
            "save_url": self.url("autosave", self.section.slug),
        }

"""A page that writes only what its writer saw and touched, and shows what another wrote meanwhile."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db import transaction
from django.db.models import BigIntegerField, CharField

from klimaspor.accounts.anybody import AT
from klimaspor.prepared import Given, Prepared
from proposals import drafting, eligibility
from proposals.content import Content
from proposals.drafting import UNSEEN, Base
from proposals.models import Proposal
from proposals.sections import FIELDS
from proposals.views import guard
from proposals.views.pages import ProposalPage

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from proposals.drafting import Conflict
    from proposals.forms.drafting import SectionForm
    from proposals.models import FieldVersion
    from proposals.sections import Section

ROWS_LABEL = {"participants": "Deltagerne", "financing": "Linjerne", "attachments": "Bilag"}


@cache
def _own(*, has_frame: bool) -> Prepared:
    """Prepare what every autosave asks, without asking for the person's duties; with what requirements are judged on."""
    user = cast("User", Given("user", BigIntegerField()))
    own = Proposal.objects.writable_by(user, at=AT)
    own = own.filter(number=Given("number", CharField()))
    return Prepared(own.with_frame() if has_frame else own)


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
        given = {"user": self.user.pk, "at": self.at, "number": self.kwargs["number"]}
        found = next(iter(_own(has_frame=bool(self.requirements)).read(given)), None)
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
        return drafting.versions(self.kwargs["number"], [*names, *self.row_names])

    def base_of(self, name: str) -> Base:
        """Give the base of an answer as it stands."""
        version = self.versions.get(name)
        values = (getattr(self.proposal, attribute) for attribute in FIELDS[name].attributes)
        return Base.of(version.number if version else 0, values)

    def rows_base_of(self, digest: str) -> Base:
        rows = {name: row for name, row in self.versions.items() if name in self.row_names}
        return Base(drafting.rows_number(rows), digest)

    def save(self, form: SectionForm) -> None:
        """
        Write what is valid and seen; what another wrote meanwhile becomes an error of the form, with both texts.

        :raises drafting.NotEditable:
        :raises drafting.DgoSettled:
        :raises ValidationError:
        """
        form.is_valid()
        saved = drafting.save_section(
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
            conflict = drafting.rows_conflict(
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

"""A Word file to read, and the look at what it would change: the same fields that the sections have."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from klimaspor import danish, word
from klimaspor.dkfds.prose import blocks, text_of
from klimaspor.excel import reading as excel
from klimaspor.seen import hidden
from proposals.answers.content import answer_text
from proposals.answers.sections import BY_SLUG, FIELDS, GOALS, SECTION_OF, SECTIONS, Field, Kind
from proposals.drafting.parts import SectionForm
from proposals.drafting.seen import base_of
from proposals.printing import word_apart
from proposals.printing import word_reading as wordform
from proposals.reading import diff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from django.forms.boundfield import BoundField

    from proposals.drafting.models import FieldVersion
    from proposals.line.models import Proposal

MONTHS = ("period_start", "period_end")
CHOSEN = (Kind.YES_NO, Kind.GOALS)
"""What is chosen, so that the field cannot show what else somebody wrote."""
FOUND = "found-"


def _found(question: Field, values: list[str]) -> str:
    known = {str(number) for number, _ in GOALS} if question.kind == Kind.GOALS else set()
    return "; ".join(value for value in values if value not in known)


def sent_values(sent: Any, name: str) -> list[str]:
    """Give what a look was sent of a question: what was chosen, else what stood in the file and nobody has chosen about."""
    values: list[str] = sent.getlist(name)
    return values or sent.getlist(f"{FOUND}{name}")


class WordUpload(forms.Form):
    """A Word or Excel file: judged by what is in it, never by its name."""

    file = forms.FileField(
        label="Vælg en Word- eller Excel-fil (.docx eller .xlsx)",
        help_text="Skemaet eller regnearket herfra, som I har skrevet i, eller RUS-skemaet på to sider. "
        f"Højst {word.MAX_BYTES // 1024 // 1024} MB.",
        widget=forms.FileInput(attrs={"accept": f".docx,.xlsx,{word.MIME},{excel.MIME}"}),
        max_length=200,
        error_messages={
            "required": "Vælg en Word- eller Excel-fil",
            "empty": "Filen er tom. Vælg en anden fil",
            "invalid": "Filen kunne ikke læses. Vælg den igen",
            "max_length": "Filens navn må højst være på %(max)d tegn. Giv den et kortere navn, og vælg den igen",
        },
    )
    reading: wordform.Reading

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            self.reading = word_apart.read(file, file.size)
        except (word.Unreadable, wordform.NotOurs) as refusal:
            raise ValidationError(str(refusal)) from None
        return file


@dataclass(frozen=True)
class Row:
    """One answer that the file would change, or that cannot be read."""

    name: str
    label: str
    section: str
    """The section's title."""
    field: BoundField
    values: tuple[str, ...]
    """As they are sent on."""
    answers: Mapping[str, Any]
    """By attribute; nothing when it cannot be read."""
    before: str
    lines: tuple[diff.Line, ...]
    carried: Mapping[str, str]
    """What the look carries, hidden, of the answer that this is about."""
    is_taken: bool
    warning: str
    found: str = ""
    """What stands in the file, where it is no choice that can be made here."""

    @property
    def is_problem(self) -> bool:
        return not self.answers


class Look(forms.Form):
    """What a file would change, field by field, each to be chosen; it carries the new texts, so nothing is kept anywhere."""

    def __init__(
        self,
        *,
        proposal: Proposal,
        read: Mapping[str, list[str]],
        known: Mapping[str, FieldVersion],
        made_from: Mapping[str, int] | None = None,
        taken: Collection[str] | None = None,
        changed: Collection[str] = (),
    ) -> None:
        """
        Take what was read by question, and the versions of the answers as they stand.

        `made_from` says which versions the file was made from, `taken` what its reader chose, and `changed` what
        somebody else changed after that.
        """
        super().__init__({})
        self.proposal, self.known, self.changed = proposal, known, changed
        self.made_from, self.taken = made_from or {}, taken
        self.same: list[str] = []
        self.sections: list[SectionForm] = []
        self.rows = [row for section in SECTIONS for row in self._section(section.slug, read)]

    def _section(self, slug: str, read: Mapping[str, list[str]]) -> Iterator[Row]:
        section = BY_SLUG[slug]
        asked = [q for q in section.fields if q.name in read and q.kind != Kind.DGO]
        if not asked:
            return
        data = MultiValueDict({q.name: read[q.name] for q in asked})
        if any(name in read for name in MONTHS):
            # The two are one answer to the form; the one that the file lacks is as it stands.
            for name in MONTHS:
                month = getattr(self.proposal, name)
                if name not in data and month and SECTION_OF[name] == slug:
                    data[name] = danish.month_text(month)
        form = SectionForm(data, section=section, proposal=self.proposal)
        form.is_valid()
        self.sections.append(form)
        for question in asked:
            row = self._row(form, question, read[question.name])
            if row:
                yield row
            else:
                self.same.append(question.name)

    def _row(self, form: SectionForm, question: Field, values: list[str]) -> Row | None:
        name = question.name
        answers = {key: form.answers[key] for key in question.attributes if key in form.answers}
        before, after = answer_text(self.proposal, question), ""
        if answers:
            becomes = copy.copy(self.proposal)
            for key, value in answers.items():
                setattr(becomes, key, value)
            after = answer_text(becomes, question)
            if question.kind == Kind.PROSE:
                if word.essence(before) == word.essence(after):
                    return None
                before, after = text_of(blocks(before)), text_of(blocks(after))
            if before == after:
                return None
        elif question.kind == Kind.MONTH and name not in form.errors:
            # It is held back because of the other month: as it stands it says nothing new.
            month = form.fields[name].clean(values[0])
            if month and danish.month_text(month) == before:
                return None
        version = self.known.get(name)
        warning = self._warning(question, version, is_removal=bool(answers) and not after)
        is_taken = not warning if self.taken is None else name in self.taken
        return Row(
            name=name,
            label=question.label,
            section=form.section.title,
            field=form[name],
            values=tuple(values),
            answers=answers,
            before=before,
            lines=diff.lines(before, after) if answers else (),
            carried=hidden({name: base_of(self.proposal, question, self.known)}),
            is_taken=is_taken and name not in self.changed,
            warning=warning,
            found="" if answers or question.kind not in CHOSEN else _found(question, values),
        )

    def _warning(self, question: Field, version: FieldVersion | None, *, is_removal: bool) -> str:
        """Say why a change should not be taken in without a thought."""
        base = self.made_from.get(question.name)
        is_newer = version and base is not None and version.number != base
        if version and (is_newer or question.name in self.changed):
            when = danish.short_datetime(version.edited_at)
            since = (
                "siden du så det" if question.name in self.changed else "efter at filen blev hentet"
            )
            return f"{version.editor_text} har ændret svaret her på siden {when}, {since}."
        if is_removal:
            return "Feltet er tomt i filen. Sæt kryds, hvis svaret skal slettes."
        return ""

    @property
    def chosen(self) -> list[Row]:
        return [row for row in self.rows if row.is_taken]

    def missing(self) -> list[str]:
        """Give the labels of the questions the file did not have."""
        here = {row.name for row in self.rows} | set(self.same)
        return [q.label for q in FIELDS.values() if q.name not in here and q.kind != Kind.DGO]

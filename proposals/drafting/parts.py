"""
Writing a proposal. The questions come from `sections`, the one place they are written.

A section is saved half-finished, so nothing in it is required here; what is missing stops the submission instead.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from klimaspor.accounts.models import Dgo, Organization
from klimaspor.fields import (
    AmountField,
    DanishDateField,
    LineField,
    MonthField,
    PlainTextField,
    RangeField,
)
from proposals.answers.sections import GOALS, SECTIONS, Field, Kind, Section
from proposals.line.parts import PROSE, StepForm

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from proposals.line.models import Proposal

UNREADABLE = "\ufffd"
"""What stands where bytes were no text: another alphabet than ours, or a file that was read as the wrong kind."""


# The sections


def _prose(question: Field) -> forms.Field:
    return PlainTextField(max_length=question.max_length, widget=forms.Textarea(attrs={"rows": 8}))


def _line(question: Field) -> forms.Field:
    return LineField(max_length=question.max_length)


def _yes_no(question: Field) -> forms.Field:
    return forms.TypedChoiceField(
        choices=(("True", "Ja"), ("False", "Nej")),
        coerce=lambda value: value == "True",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Vælg ja eller nej"},
    )


def _goals(question: Field) -> forms.Field:
    return forms.TypedMultipleChoiceField(
        choices=GOALS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Vælg verdensmål fra listen"},
    )


def _dgo(question: Field) -> forms.Field:
    return forms.ModelChoiceField(
        queryset=Dgo.objects.none(),
        empty_label="Vælg DGO",
        error_messages={"invalid_choice": "Vælg en DGO fra listen"},
    )


_MAKERS = {
    Kind.LINE: _line,
    Kind.PROSE: _prose,
    Kind.YES_NO: _yes_no,
    Kind.MONTH: lambda question: MonthField(),
    Kind.MONEY: lambda question: AmountField(),
    Kind.RANGE: lambda question: RangeField(),
    Kind.GOALS: _goals,
    Kind.DGO: _dgo,
}


def _field(question: Field) -> forms.Field:
    field = _MAKERS[question.kind](question)
    field.label, field.help_text, field.required = question.label, question.help, False
    return field


class SectionForm(forms.Form):
    """The questions of one section; `answers` is what can be saved of it, valid or not as a whole."""

    def __init__(
        self, *args: Any, section: Section, proposal: Proposal, dgos: Any = None, **kwargs: Any
    ) -> None:
        # Without DGOs to choose from the choice is settled, and nothing that is posted can change it.
        asked = [q for q in section.fields if dgos is not None or q.kind != Kind.DGO]
        kwargs["initial"] = {question.name: _answer(proposal, question) for question in asked}
        super().__init__(*args, **kwargs)
        self.section = section
        self.fields.update({question.name: _field(question) for question in asked})
        self.optional_fields = [q.name for q in asked if not q.required]
        if "lead_dgo" in self.fields:
            self.fields["lead_dgo"].queryset = dgos  # type: ignore[attr-defined]  # a ModelChoiceField has one

    @property
    def asked(self) -> list[tuple[Any, Field]]:
        """Pair each field with the question it comes from, in order."""
        return [(self[q.name], q) for q in self.section.fields if q.name in self.fields]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        for name in [n for n, value in answers.items() if UNREADABLE in str(value)]:
            self.add_error(name, "Nogle tegn kunne ikke læses og står som \ufffd. Skriv dem igen")
        months = [name for name in ("period_start", "period_end") if name in self.fields]
        start, end = (answers.get(name) for name in ("period_start", "period_end"))
        if start and end and end < start:
            self.add_error("period_end", "Projektet skal slutte efter, det begynder")
        if any(name in self.errors for name in months):
            # The two are one answer: half of it could contradict the half that is stored.
            for name in months:
                answers.pop(name, None)
        elif end:
            answers["period_end"] = _last_day(end)
        return answers

    @property
    def answers(self) -> dict[str, Any]:
        """Give what is valid, by the proposal's attribute: what was not asked or cannot be read is left out."""
        answers: dict[str, Any] = {}
        for question in self.section.fields:
            if question.name in self.cleaned_data:
                value = self.cleaned_data[question.name]
                if question.kind == Kind.RANGE:
                    answers |= dict(zip(question.attributes, value or (None, None), strict=True))
                else:
                    answers[question.name] = value
        return answers


def _answer(proposal: Proposal, question: Field) -> Any:
    values = [getattr(proposal, name) for name in question.attributes]
    if question.kind == Kind.RANGE:
        return None if values[0] is None else tuple(values)
    return values[0]


def _last_day(month: date) -> date:
    return month + timedelta(days=monthrange(month.year, month.month)[1] - 1)


# A new proposal

NOBODY = "ingen"


class OnBehalfForm(forms.Form):
    """Which organization a proposal is made on behalf of: one of one's own, or one that a search finds."""

    on_behalf = forms.ChoiceField(
        label="På vegne af",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg, hvem du stiller forslaget på vegne af",
            "invalid_choice": "Vælg en organisation fra listen",
        },
    )
    search = LineField(
        label="Find en anden organisation",
        help_text="Skriv begyndelsen af navnet, fx aar.",
        required=False,
        max_length=100,
    )
    optional_fields: ClassVar[tuple[str, ...]] = ("search",)
    is_looked_up = False
    """Whether the page only answers a search: then one writes on in it."""

    def __init__(
        self, *args: Any, organizations: Iterable[Organization], shown: int, **kwargs: Any
    ) -> None:
        """Take every organization that may be chosen; the first `shown` stand in the list, the rest beside the search."""
        super().__init__(*args, **kwargs)
        self.organizations = {str(o.pk): o for o in organizations}
        self.shown = list(self.organizations)[:shown]
        self.fields["on_behalf"].choices = [  # type: ignore[attr-defined]  # a ChoiceField has them
            *((key, o.name) for key, o in self.organizations.items()),
            (NOBODY, ""),
        ]

    @property
    def listed(self) -> list[dict[str, str]]:
        """Give what stands in the list without a search."""
        own = [{"value": key, "label": self.organizations[key].name} for key in self.shown]
        return [*own, {"value": NOBODY, "label": "Ikke på vegne af en organisation"}]

    @property
    def offered(self) -> list[Organization]:
        """Give what the search found besides."""
        return [o for key, o in self.organizations.items() if key not in self.shown]

    @property
    def organization(self) -> Organization | None:
        return self.organizations.get(self.cleaned_data["on_behalf"])


class ReturnForm(StepForm):
    """What must change in which sections, and by when."""

    optional_fields = ()

    answer_date = DanishDateField(
        label="Svar senest",
        help_text="En dato, fx 15.4.2027. Forslagsstilleren kan sende forslaget igen hele den dag.",
        error_messages={"required": "Indtast den dato, forslaget skal være sendt igen"},
    )

    def __init__(self, *args: Any, latest: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in SECTIONS:
            self.fields[_section(section.slug)] = PlainTextField(
                label=section.title,
                max_length=PROSE,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.order_fields(["revision", *(_section(s.slug) for s in SECTIONS), "answer_date"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first = _section(SECTIONS[0].slug)
        if not self.reasons and not any(name.startswith("section_") for name in self.errors):
            self.add_error(first, "Skriv, hvad der skal ændres, i mindst ét afsnit")
        return cleaned

    @property
    def reasons(self) -> dict[str, str]:
        """What must change, by section."""
        said = {s.slug: self.cleaned_data.get(_section(s.slug)) for s in SECTIONS}
        return {slug: text for slug, text in said.items() if text}


def _section(slug: str) -> str:
    return f"section_{slug}"

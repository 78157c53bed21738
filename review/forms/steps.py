"""
What the forms of the steps stand on.

A step form carries the proposal's revision, so that a stale page cannot act on what has changed since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from klimaspor.fields import DanishDateField, PlainTextField
from proposals.sections import SECTIONS

if TYPE_CHECKING:
    from datetime import datetime

PROSE = 6000


def capitalized(text: Any) -> str:
    """Begin a label with a capital, where it stands alone."""
    return str(text)[:1].upper() + str(text)[1:]


class StepForm(forms.Form):
    """A form that knows which state of the proposal it was opened on."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Siden er for gammel. Åbn den igen, og prøv én gang til",
            "invalid": "Siden er for gammel. Åbn den igen, og prøv én gang til",
        },
    )


class PressForm(forms.Form):
    """One button and nothing to fill in."""


class ReasonForm(StepForm):
    """Why somebody does what must be explained."""

    reason = PlainTextField(
        label="Begrundelse",
        max_length=PROSE,
        error_messages={"required": "Indtast en begrundelse"},
    )

    def __init__(self, *args: Any, label: str = "", help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text


class CorrectForm(ReasonForm):
    """Why a step is taken back, and until when the proposer may act when it comes back there."""

    optional_fields = ("answer_date",)

    answer_date = DanishDateField(
        label="Ny svarfrist",
        required=False,
        help_text="Når forslaget kommer tilbage til forslagsstilleren, og fristen er passeret. Fx 15.4.2027.",
    )

    def __init__(self, *args: Any, has_term: bool, **kwargs: Any) -> None:
        super().__init__(*args, label="Hvad er fejlen?", **kwargs)
        if not has_term:
            del self.fields["answer_date"]


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

"""What several forms are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst

from klimaspor import danish
from klimaspor.fields import PlainTextField

if TYPE_CHECKING:
    from collections.abc import Iterable


def on_a_list(choices: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """Write choices as they stand on a list, where each begins with a capital."""
    return [(value, capfirst(str(label))) for value, label in choices]


def reason_field(label: str, required: str, *, help_text: str = "") -> PlainTextField:
    """Make the box for a reason."""
    return PlainTextField(
        label=label,
        help_text=help_text,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": required},
    )


def moment(form: forms.BaseForm, day: str, clock: str) -> Any:
    date_, time_ = form.cleaned_data.get(day), form.cleaned_data.get(clock)
    return danish.wall(date_, time_) if date_ and time_ else None


class StepForm(forms.Form):
    """What every step carries: the revision of the page it was pressed on."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Siden er for gammel. Åbn den igen, og prøv én gang til",
            "invalid": "Siden er for gammel. Åbn den igen, og prøv én gang til",
        },
    )


PROSE = 6000


def capitalized(text: Any) -> str:
    """Begin a label with a capital, where it stands alone."""
    return str(text)[:1].upper() + str(text)[1:]


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

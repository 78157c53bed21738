"""What several forms are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst

from klimaspor import danish
from klimaspor.fields import PlainTextField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.models import Round


def on_a_list(choices: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """Write choices as they stand on a list, where each begins with a capital."""
    return [(value, capfirst(str(label))) for value, label in choices]


def round_label(round_: Round) -> str:
    return (
        f"{round_.name}: send til faglig kvalificering senest "
        f"{danish.datetime_text(round_.qualification_deadline_at)}"
    )


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

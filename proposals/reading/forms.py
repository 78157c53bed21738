"""Choosing two texts of a proposal to compare; and the last look before an earlier text is brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from klimaspor import seen
from proposals.line.parts import StepForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klimaspor.seen import Base
    from proposals.reading.pages import Side


CHOOSE = {
    "required": "Vælg, hvad der skal sammenlignes",
    "invalid_choice": "Vælg, hvad der skal sammenlignes, fra listen",
}


class CompareFilter(forms.Form):
    fra = forms.ChoiceField(label="Sammenlign", error_messages=CHOOSE)
    til = forms.ChoiceField(label="med", error_messages=CHOOSE)
    optional_fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, sides: Iterable[Side] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(side.key, side.label) for side in sides]
        for name in ("fra", "til"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them


class BringBackForm(StepForm):
    """Carries what was seen of the answer that is written over."""

    def __init__(self, *args: Any, name: str, base: Base, revision: int, **kwargs: Any) -> None:
        carried = seen.base_name(name)
        kwargs["initial"] = {"revision": revision, carried: str(base)}
        super().__init__(*args, **kwargs)
        self.fields[carried] = forms.CharField(required=False, widget=forms.HiddenInput)

"""Choosing two texts of a proposal to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.reading.pages import Side


class CompareFilter(forms.Form):
    fra = forms.ChoiceField(label="Sammenlign")
    til = forms.ChoiceField(label="med")
    optional_fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, sides: Iterable[Side] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(side.key, side.label) for side in sides]
        for name in ("fra", "til"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them

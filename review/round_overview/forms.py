"""What narrows the list of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from proposals.line.lifecycle import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

LATE = "forsinket"
NO_DGO = "ingen"


class Filters(forms.Form):
    """Which proposals of the round to show."""

    optional_fields = ()

    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Alle"), *Status.choices],
        error_messages={"invalid_choice": "Vælg en status fra listen"},
    )
    dgo = forms.ChoiceField(
        label="DGO",
        required=False,
        error_messages={"invalid_choice": "Vælg en DGO fra listen"},
    )
    frist = forms.ChoiceField(
        label="Frist",
        required=False,
        choices=[("", "Alle"), (LATE, "Over fristen")],
        error_messages={"invalid_choice": "Vælg, hvad der skal vises, fra listen"},
    )

    def __init__(self, data: Any, *, dgos: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["dgo"].choices = [("", "Alle"), *dgos]  # type: ignore[attr-defined]  # a choice field

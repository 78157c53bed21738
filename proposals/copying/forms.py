"""What a copy must be told."""

from __future__ import annotations

from typing import Any

from django import forms

from proposals.rounds.models import Round
from proposals.rounds.parts import round_label


class CopyForm(forms.Form):
    round = forms.ModelChoiceField(
        label="Hvilken runde skal det nye forslag med i?",
        queryset=Round.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg en runde",
            "invalid_choice": "Runden er ikke åben. Vælg en anden",
        },
    )

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["round"].label_from_instance = round_label  # type: ignore[attr-defined]  # the same

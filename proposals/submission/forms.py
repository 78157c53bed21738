"""What sending, withdrawing and moving to another round must be told."""

from __future__ import annotations

from typing import Any

from django import forms

from proposals.line.parts import StepForm, reason_field
from proposals.rounds.models import Gate, Round
from proposals.rounds.parts import round_label


class SubmitForm(StepForm):
    """The press of "Indsend": for which gate, so that a second press can't go on to the next."""

    gate = forms.ChoiceField(
        choices=Gate.choices,
        widget=forms.HiddenInput,
        error_messages={
            "required": "Siden er for gammel. Åbn den igen, og prøv én gang til",
            "invalid_choice": "Siden er for gammel. Åbn den igen, og prøv én gang til",
        },
    )


class WithdrawForm(StepForm):
    reason = reason_field(
        "Hvorfor trækker du forslaget tilbage?", "Skriv, hvorfor du trækker forslaget tilbage"
    )


class MoveRoundForm(StepForm):
    round = forms.ModelChoiceField(
        label="Til hvilken runde?",
        queryset=Round.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg en runde",
            "invalid_choice": "Runden er ikke åben. Vælg en anden",
        },
    )
    reason = reason_field("Hvorfor flytter du forslaget?", "Skriv, hvorfor du flytter forslaget")

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["round"].label_from_instance = round_label  # type: ignore[attr-defined]  # the same
        self.fields["reason"].required = False

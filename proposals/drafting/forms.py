"""What is typed about a new proposal, one that came by mail, and another DGO."""

from __future__ import annotations

from typing import Any

from django import forms

from klimaspor.accounts.models import Dgo
from klimaspor.fields import AddressField, LineField
from proposals.drafting.organizations import NotThen
from proposals.drafting.parts import OnBehalfForm
from proposals.line.parts import reason_field
from proposals.rounds.models import Round
from proposals.rounds.parts import round_label


class NewProposalForm(OnBehalfForm):
    """On whose behalf, in which round, under what title."""

    round = forms.ModelChoiceField(
        label="Runde",
        queryset=Round.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg en runde",
            "invalid_choice": "Runden er ikke åben. Vælg en anden",
        },
    )
    title = LineField(
        label="Forslagets titel",
        help_text="Du kan ændre den senere.",
        max_length=150,
        error_messages={
            "required": "Indtast forslagets titel",
            "max_length": "Titlen må højst være på %(limit_value)d tegn. Den er på %(show_value)d. Gør den kortere",
        },
    )

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["round"].label_from_instance = round_label  # type: ignore[attr-defined]  # the same

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        round_ = cleaned.get("round")
        whose = self.organization if "on_behalf" in cleaned else None
        if round_ and whose and not whose.is_valid(round_.meeting_date):
            self.add_error("on_behalf", str(NotThen(whose, round_.meeting_date)))
        return cleaned


class RegisterForm(NewProposalForm):
    """A proposal that came by mail: who sent it, and then as for a new one."""

    name = LineField(
        label="Forslagsstillerens navn",
        max_length=150,
        error_messages={"required": "Indtast forslagsstillerens navn"},
    )
    email = AddressField(
        label="Forslagsstillerens mailadresse",
        error_messages={
            "required": "Indtast forslagsstillerens mailadresse",
            "invalid": "Indtast en mailadresse, fx navn@kommune.dk",
        },
    )
    field_order = ("name", "email", "on_behalf", "search", "round", "title")


class ChangeDgoForm(forms.Form):
    dgo = forms.ModelChoiceField(
        label="Hvilken DGO skal have hovedansvaret?",
        queryset=Dgo.objects.none(),
        empty_label="Vælg DGO",
        error_messages={"required": "Vælg en DGO", "invalid_choice": "Vælg en DGO fra listen"},
    )
    reason = reason_field(
        "Hvorfor skal DGO'en skiftes?",
        "Skriv, hvorfor DGO'en skal skiftes",
        help_text="Skriv også det, den nye DGO skal vide. Teksten står i brevet til den og i forløbet, hvor alle på "
        "forslaget kan læse den.",
    )
    stays = forms.BooleanField(label="Den hidtidige DGO læser stadig med", required=False)

    def __init__(self, *args: Any, dgos: Any, is_open: bool, **kwargs: Any) -> None:
        """Take the DGOs to choose from, and whether anything is open to the one that has it: else it has nothing to go on reading."""
        super().__init__(*args, **kwargs)
        self.fields["dgo"].queryset = dgos  # type: ignore[attr-defined]  # a ModelChoiceField has one
        if not is_open:
            del self.fields["stays"]


class CoReaderForm(forms.Form):
    """Another DGO that is to read along, and what it is asked to look at."""

    dgo = forms.ModelChoiceField(
        label="Hvilken DGO skal læse med?",
        queryset=Dgo.objects.none(),
        empty_label="Vælg DGO",
        error_messages={"required": "Vælg en DGO", "invalid_choice": "Vælg en DGO fra listen"},
    )
    note = reason_field(
        "Besked til DGO'en",
        "",
        help_text="Skriv, hvad den især skal se på. Beskeden står i brevet til den og i forløbet, hvor alle på "
        "forslaget kan læse den.",
    )

    def __init__(self, *args: Any, dgos: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dgo"].queryset = dgos  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["note"].required = False

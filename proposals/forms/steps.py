"""The steps that are taken with a proposal, each with what it must be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from klimaspor.accounts.models import Dgo, User
from klimaspor.fields import (
    DanishDateField,
    DanishTimeField,
)
from proposals.forms.parts import moment, on_a_list, reason_field, round_label
from proposals.lifecycle import Gate
from proposals.models import Round


class StepForm(forms.Form):
    """What every step carries: the revision of the page it was pressed on."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Siden er forældet. Prøv igen",
            "invalid": "Siden er forældet. Prøv igen",
        },
    )


class SubmitForm(StepForm):
    """The press of "Indsend": for which gate, so that a second press can't go on to the next."""

    gate = forms.ChoiceField(
        choices=Gate.choices,
        widget=forms.HiddenInput,
        error_messages={
            "required": "Siden er forældet. Prøv igen",
            "invalid_choice": "Siden er forældet. Prøv igen",
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


class HandOverForm(forms.Form):
    email = forms.EmailField(
        label="Den nye ejers e-mailadresse",
        help_text="Personen skal have en bruger i portalen.",
        error_messages={
            "required": "Indtast den nye ejers e-mailadresse",
            "invalid": "Indtast en e-mailadresse, fx navn@kommune.dk",
        },
    )
    reason = reason_field(
        "Hvorfor skal forslaget have en ny ejer?", "Skriv, hvorfor forslaget skal have en ny ejer"
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        try:
            self.person: User = User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            raise ValidationError(
                "Der er ingen bruger med den e-mailadresse. Bed personen om at oprette sig først"
            ) from None
        return email


class ChangeDgoForm(forms.Form):
    dgo = forms.ModelChoiceField(
        label="Hvilken DGO skal have hovedansvaret?",
        queryset=Dgo.objects.none(),
        empty_label="Vælg DGO",
        error_messages={"required": "Vælg en DGO", "invalid_choice": "Vælg en DGO fra listen"},
    )
    reason = reason_field("Hvorfor skal DGO'en skiftes?", "Skriv, hvorfor DGO'en skal skiftes")

    def __init__(self, *args: Any, dgos: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dgo"].queryset = dgos  # type: ignore[attr-defined]  # a ModelChoiceField has one


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


class DeclareForm(forms.Form):
    reason = reason_field(
        "Hvad kan gøre dig inhabil?",
        "Skriv, hvad der kan gøre dig inhabil",
        help_text="Fx at du eller en nær pårørende har en interesse i forslaget, eller at du er ansat hos en deltager.",
    )


class WithdrawDispensationForm(forms.Form):
    reason = reason_field(
        "Hvorfor tager I dispensationen tilbage?",
        "Skriv, hvorfor dispensationen tages tilbage",
        help_text="Den, der har fået dispensationen, får besked med begrundelsen.",
    )


class DispensationForm(forms.Form):
    granted_to = forms.ModelChoiceField(
        label="Hvem må sende forslaget efter fristen?",
        help_text="Dispensationen gælder kun den person, du vælger.",
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg, hvem dispensationen gælder",
            "invalid_choice": "Vælg en, der skriver forslaget",
        },
    )
    gate = forms.ChoiceField(
        label="Hvilken frist?",
        choices=on_a_list(Gate.choices),
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvilken frist dispensationen gælder"},
    )
    until_date = DanishDateField(
        label="Gælder til og med",
        help_text="Fx 15.4.2027",
        error_messages={"required": "Indtast en dato, fx 15.4.2027"},
    )
    until_time = DanishTimeField(
        label="Klokken",
        help_text="Fx 9.00",
        error_messages={"required": "Indtast et klokkeslæt, fx 9.00"},
    )
    reason = reason_field(
        "Begrundelse",
        "Skriv, hvorfor der gives dispensation",
        help_text="Forslagsstilleren og de, der behandler forslaget, kan læse den.",
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["granted_to"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["granted_to"].label_from_instance = lambda user: user.name  # type: ignore[attr-defined]  # the same

    @property
    def until_at(self) -> Any:
        return moment(self, "until_date", "until_time")

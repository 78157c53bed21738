"""Who is asked to write or read a proposal."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from proposals.models import Function


class InviteForm(forms.Form):
    email = forms.EmailField(
        label="E-mailadresse",
        help_text="Invitationen kan kun bruges med den adresse, fx navn@kommune.dk.",
        max_length=254,
        error_messages={
            "required": "Indtast en e-mailadresse, fx navn@kommune.dk",
            "invalid": "Indtast en e-mailadresse, fx navn@kommune.dk",
            "max_length": "E-mailadressen er for lang",
        },
    )
    name = forms.CharField(
        label="Navn",
        required=False,
        max_length=150,
        error_messages={"max_length": "Navnet må højst være på %(limit_value)d tegn"},
    )
    function = forms.ChoiceField(
        label="Hvad skal personen kunne?",
        choices=(
            (Function.WRITE, "Skrive i alle afsnit og indsende"),
            (Function.READ, "Læse det hele og kommentere"),
        ),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg, om personen skal kunne skrive eller læse",
            "invalid_choice": "Vælg, om personen skal kunne skrive eller læse",
        },
    )
    optional_fields: ClassVar[tuple[str, ...]] = ("name",)

    def clean_name(self) -> str:
        # One line, since it is the letter's greeting.
        return " ".join(self.cleaned_data["name"].split())

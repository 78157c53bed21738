"""What is typed when somebody settles whether another is impartial, puts the question again, or looks for an answer."""

from __future__ import annotations

from django import forms

from klimaspor.fields import LineField, PlainTextField
from proposals.line.parts import reason_field


class SettleForm(forms.Form):
    """Whether a colleague is impartial."""

    is_impartial = forms.ChoiceField(
        label="Er personen habil i sagen?",
        choices=(
            ("yes", "Ja, personen må arbejde med forslaget"),
            ("no", "Nej, personen må hverken arbejde med forslaget eller læse det"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, om personen er habil"},
    )
    note = PlainTextField(
        label="Begrundelse",
        max_length=2000,
        error_messages={"required": "Indtast en begrundelse"},
    )


class AskAgainForm(forms.Form):
    """What is known now that was not known when the question was settled."""

    reason = reason_field(
        "Hvad er nyt?",
        "Skriv, hvad der er nyt, siden der blev taget stilling",
        help_text="Fx at personen er skiftet til en anden arbejdsplads, eller at en ny deltager er kommet med.",
    )


class Filters(forms.Form):
    """Which questions to show."""

    optional_fields = ()

    soeg = LineField(label="Søg efter en person eller et nummer", required=False)
    vis = forms.ChoiceField(
        label="Vis",
        required=False,
        choices=(("", "Uafklarede"), ("afgjort", "Afgjorte")),
        error_messages={"invalid_choice": "Vælg, hvad der skal vises, fra listen"},
    )

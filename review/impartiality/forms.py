"""What is typed when somebody settles whether another is impartial."""

from __future__ import annotations

from django import forms

from klimaspor.fields import PlainTextField


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

"""What a note on the case says."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from klimaspor.fields import DanishDateField, LineField, PlainTextField
from proposals.line.parts import PROSE, on_a_list
from proposals.notes.models import NoteKind
from proposals.sparring.models import Circle


class NoteForm(forms.Form):
    """What was said, when, and between whom."""

    optional_fields: ClassVar[tuple[str, ...]] = ()
    kind = forms.ChoiceField(
        label="Hvad er det for et notat?",
        choices=on_a_list(NoteKind.choices),
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvad det er for et notat"},
    )
    held_date = DanishDateField(
        label="Hvornår var det?",
        help_text="En dato, fx 15.4.2027",
        error_messages={"required": "Indtast datoen for samtalen eller mødet"},
    )
    participants = LineField(
        label="Hvem deltog?",
        max_length=300,
        help_text="Navne, adskilt af komma",
        error_messages={"required": "Skriv, hvem der deltog"},
    )
    text = PlainTextField(
        label="Hvad blev sagt?",
        max_length=PROSE,
        help_text="Notatet hører til sagen og er normalt åbent for aktindsigt.",
        error_messages={"required": "Skriv, hvad der blev sagt"},
    )


class NewNoteForm(NoteForm):
    """The same with who is to read it, where the writer may choose."""

    circle = forms.ChoiceField(
        label="Hvem kan læse notatet?",
        choices=[
            (
                Circle.EVERYBODY.value,
                "Alle på forslaget: dem, der skriver og læser, DGO'erne og sekretariatet",
            ),
            (Circle.ADVISERS.value, "Kun DGO'en, de DGO'er, der læser med, og sekretariatet"),
        ],
        widget=forms.RadioSelect,
        help_text="Det kan ikke ændres bagefter.",
        error_messages={"required": "Vælg, hvem der kan læse notatet"},
    )

    def __init__(self, *args: Any, is_adviser: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_adviser:
            del self.fields["circle"]

    @property
    def chosen_circle(self) -> str:
        return str(self.cleaned_data.get("circle") or Circle.EVERYBODY.value)

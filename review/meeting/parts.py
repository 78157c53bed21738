"""The rows in which it is written who was at the meeting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from klimaspor.dkfds.formsets import RowFormSet
from klimaspor.fields import LineField
from review.meeting.models import Presence


class PresenceForm(forms.Form):
    """One line of the attendance, which may be written before it is known whether the person was there."""

    optional_fields = ()

    user = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = LineField(
        label="Navn", max_length=150, error_messages={"required": "Indtast personens navn"}
    )
    presence = forms.ChoiceField(
        label="Fremmøde",
        choices=[("", "Vælg"), *Presence.choices],
        required=False,
    )


class PresenceRows(RowFormSet):
    item_name = "Person"
    add_text = "Tilføj person"

    def clean(self) -> None:
        names = [row["name"].casefold() for row in self.present]
        if len(names) != len(set(names)):
            raise ValidationError("Den samme person står to gange. Fjern den ene linje")

    @property
    def present(self) -> list[dict[str, Any]]:
        """The lines that stay."""
        rows = (row.cleaned_data for row in self.forms if hasattr(row, "cleaned_data"))
        return [row for row in rows if row.get("name") and not row.get("DELETE")]


Presences = forms.formset_factory(
    PresenceForm, formset=PresenceRows, extra=0, can_delete=True, max_num=100
)

"""What is typed about the criteria of a round."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from klimaspor.accounts.forms import RowForm
from klimaspor.fields import LineField, PlainTextField
from proposals.rounds.models import Round
from review.criteria.models import Criterion

LONGEST_TEXT = 1000


class CriterionForm(RowForm):
    text = PlainTextField(
        label="Uddybning",
        max_length=LONGEST_TEXT,
        required=False,
        help_text="Hvad der skal vurderes. Både forslagsstillere og DGO'er ser det.",
    )

    class Meta:
        model = Criterion
        fields = ("code", "title", "text", "is_placeholder")
        field_classes: ClassVar[dict[str, Any]] = dict.fromkeys(("code", "title"), LineField)
        labels: ClassVar[dict[str, str]] = {
            "code": "Nummer",
            "is_placeholder": "Foreløbigt: vis, at det ikke er endeligt",
        }
        error_messages: ClassVar[dict[str, Any]] = {
            "code": {
                "required": "Indtast nummeret, fx V10",
                "max_length": "Nummeret må højst være på %(limit_value)d tegn",
            },
            "title": {
                "required": "Indtast kriteriets titel",
                "max_length": "Titlen må højst være på %(limit_value)d tegn",
            },
        }

    def __init__(self, *args: Any, is_used: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["class"] = "input-char-8"
        if is_used:
            # It is quoted by what has been written.
            self.fields["code"].disabled = True
            self.fields[
                "code"
            ].help_text = "Nummeret kan ikke ændres, for der er skrevet om kriteriet."


class CopyForm(forms.Form):
    from_round = forms.ModelChoiceField(
        label="Kopiér kriterier fra",
        help_text="Kun dem, hvis nummer ikke er her i forvejen.",
        queryset=Round.objects.none(),
        empty_label="Vælg runde",
        error_messages={"required": "Vælg en runde", "invalid_choice": "Vælg en runde på listen"},
    )

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_round"].queryset = rounds  # type: ignore[attr-defined]  # a choice among rows

"""What a funder answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from klimaspor.fields import PlainTextField
from proposals.line.parts import PROSE
from review.funding.models import ConsentAnswer

PDF_LIMIT = 10 * 1024 * 1024


class ConsentForm(forms.Form):
    """A funder's own answer."""

    optional_fields = ()

    answer = forms.ChoiceField(
        label="Svar",
        choices=[
            (ConsentAnswer.CONSENTED, "Vi giver tilsagn"),
            (ConsentAnswer.REFUSED, "Vi giver afslag"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg jeres svar"},
    )
    reason = PlainTextField(
        label="Begrundelse eller bemærkning",
        max_length=PROSE,
        required=False,
        help_text="Skal udfyldes ved afslag. Forslagsstilleren kan læse teksten.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == ConsentAnswer.REFUSED and not cleaned.get("reason"):
            self.add_error("reason", "Indtast begrundelsen for afslaget")
        return cleaned


class EnteredConsentForm(ConsentForm):
    """A funder's answer as the secretariat received it."""

    document = forms.FileField(
        label="Bidragyderens svar",
        help_text="PDF, højst 10 MB.",
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "required": "Vedhæft bidragyderens svar som PDF",
            "empty": "Filen er tom. Vælg en anden",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [  # type: ignore[attr-defined]  # declared above as a ChoiceField
            (ConsentAnswer.CONSENTED, "Bidragyderen giver tilsagn"),
            (ConsentAnswer.REFUSED, "Bidragyderen giver afslag"),
        ]

    def clean_document(self) -> Any:
        file = self.cleaned_data["document"]
        if file.size > PDF_LIMIT:
            raise ValidationError("Filen må højst fylde 10 MB. Vælg en mindre")
        # What a file is, its first bytes say; its name and the browser can be wrong.
        if file.read(5) != b"%PDF-":
            raise ValidationError("Filen er ikke en PDF. Gem svaret som PDF, og vælg den fil")
        file.seek(0)
        return file

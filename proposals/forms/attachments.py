"""The files that go with a proposal."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

import filetype

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_FILES = 20
MAX_TITLE = 150
PDF = "application/pdf"


class AttachmentForm(forms.Form):
    """A PDF to go with the proposal: judged by what is in it, never by its name."""

    file = forms.FileField(
        label="Vælg en PDF-fil",
        help_text=f"Højst {MAX_FILE_BYTES // 1024 // 1024} MB. Der kan være {MAX_FILES} bilag.",
        required=False,
        widget=forms.FileInput(attrs={"accept": f".pdf,{PDF}"}),
        error_messages={
            "required": "Vælg en PDF-fil",
            "empty": "Filen er tom. Vælg en anden fil",
            "invalid": "Filen kunne ikke læses. Vælg den igen",
            "max_length": "Filens navn må højst være på %(max)d tegn. Giv den et kortere navn, og vælg den igen",
        },
        max_length=200,
    )
    title = forms.CharField(
        label="Bilagets navn",
        help_text="Uden et navn bruger vi filens.",
        required=False,
        max_length=MAX_TITLE,
        error_messages={"max_length": "Navnet må højst være på %(limit_value)d tegn"},
    )
    optional_fields: ClassVar[tuple[str, ...]] = ("title",)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file:
            return None
        if file.size > MAX_FILE_BYTES:
            raise ValidationError(
                f"Filen må højst fylde {MAX_FILE_BYTES // 1024 // 1024} MB. Gør den mindre, eller del den i to"
            )
        start = file.read(1024)
        file.seek(0)
        if filetype.guess_mime(start) != PDF:
            raise ValidationError("Filen er ikke en PDF. Gem den som PDF, og vælg den igen")
        return file

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("title") and not given.get("file") and "file" not in self.errors:
            self.add_error("file", "Vælg den PDF-fil, der hører til navnet")
        return given

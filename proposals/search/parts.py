"""What somebody types to look for proposals, for the forms of several rooms."""

from __future__ import annotations

from typing import Any

from django import forms

from klimaspor import search


class WordsField(forms.CharField):
    """What somebody looks for, read as the database is asked for it."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return search.tsquery(typed) if typed else ""

"""Comments and answers in the sparring."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from klimaspor.fields import PlainTextField
from proposals.sparring.models import LONGEST_QUOTE
from proposals.sparring.places import About, Chosen, Places


class AnswerForm(forms.Form):
    """An answer in the sparring."""

    optional_fields: ClassVar[tuple[str, ...]] = ()
    text = PlainTextField(
        label="Dit svar",
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Skriv dit svar"},
    )


class CommentForm(AnswerForm):
    """A comment about the whole, a section, an answer or words of it, or a row."""

    optional_fields: ClassVar[tuple[str, ...]] = ("section", "quote")
    section = forms.ChoiceField(
        label="Hvad handler kommentaren om?",
        required=False,
        error_messages={"invalid_choice": "Vælg et afsnit fra listen"},
    )
    quote = PlainTextField(
        label="Citat",
        help_text="Kopiér de ord i svaret, kommentaren handler om. Lad feltet stå tomt, hvis den handler om hele svaret.",
        required=False,
        max_length=LONGEST_QUOTE,
        widget=forms.Textarea(attrs={"rows": 2, "data-quote": ""}),
        error_messages={
            "max_length": "Citatet må højst være på %(limit_value)s tegn. Det er på %(show_value)s. Tag færre ord med"
        },
    )
    before = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    digest = forms.CharField(required=False, widget=forms.HiddenInput)
    back = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("section", "quote", "text")

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        self.fields["section"].choices = list(places.choices())  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["text"].label = "Din kommentar"
        self.fields["text"].error_messages["required"] = "Skriv din kommentar"

    @property
    def about(self) -> About:
        return self.places.about(self.cleaned_data["section"]) or About()

    @property
    def chosen(self) -> Chosen:
        given = self.cleaned_data
        return Chosen(given["quote"] or "", given["before"], given["after"], given["digest"])

"""Comments and answers in the sparring."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from klimaspor.fields import PlainTextField
from proposals.answers.sections import SECTIONS


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
    """A comment about one section or the whole."""

    section = forms.ChoiceField(
        label="Hvad handler kommentaren om?",
        required=False,
        choices=[("", "Hele forslaget"), *((s.slug, s.title) for s in SECTIONS)],
        error_messages={"invalid_choice": "Vælg et afsnit fra listen"},
    )
    field_order = ("section", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Din kommentar"
        self.fields["text"].error_messages["required"] = "Skriv din kommentar"

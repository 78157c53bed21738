"""Comments and answers in the sparring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from klimaspor.fields import PlainTextField
from proposals.answers.sections import SECTION_OF, SECTIONS
from proposals.sparring.models import AdviceKind, Circle
from proposals.sparring.steps import ASKED_OF_NOBODY, TEXTS, cannot_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 6000
ASKED = {
    AdviceKind.COMMENT: "Skriv en kommentar",
    AdviceKind.CHANGE: "Bed om en ændring",
    AdviceKind.WORDING: "Foreslå en ordlyd",
}


class AnswerForm(forms.Form):
    """An answer in the sparring; with `people`, some of those who read it can be mentioned."""

    optional_fields: ClassVar[tuple[str, ...]] = ("mentioned",)
    text = PlainTextField(
        label="Dit svar",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Skriv dit svar"},
    )

    def __init__(self, *args: Any, people: Iterable[Any] = (), **kwargs: Any) -> None:
        """Take those who may be mentioned, with what they are to the proposal (`queries.people_in`)."""
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        if self.people:
            self.fields["mentioned"] = forms.MultipleChoiceField(
                label="Hvem vil du nævne?",
                help_text="De får et brev om kommentaren. Kun dem, der kan læse den, står her.",
                required=False,
                choices=[(key, _named(person)) for key, person in self.people.items()],
                widget=forms.CheckboxSelectMultiple,
                error_messages={
                    "invalid_choice": "Nævn kun dem, der står på listen: andre kan ikke læse kommentaren"
                },
            )

    @property
    def mentioned(self) -> list[Any]:
        """Give the people who were chosen."""
        return [self.people[key] for key in self.cleaned_data.get("mentioned", ())]


def _named(person: Any) -> str:
    if person.is_party:
        return f"{person.name} (forslagsstiller)"
    return f"{person.name} ({'DGO' if person.is_of_dgo else 'sekretariatet'})"


class CommentForm(AnswerForm):
    """A comment about one section, one answer or the whole: what it asks, and who reads it."""

    optional_fields = ("name", "suggestion", "mentioned")
    section = forms.ChoiceField(
        label="Hvad handler kommentaren om?",
        required=False,
        choices=[("", "Hele forslaget"), *((s.slug, s.title) for s in SECTIONS)],
        error_messages={"invalid_choice": "Vælg et afsnit fra listen"},
    )
    name = forms.ChoiceField(
        label="Handler den om ét svar?",
        help_text="Vælg et af svarene i forslaget til klimaudviklingsspor.",
        required=False,
        choices=[
            ("", "Nej, om afsnittet som helhed"),
            *(
                (section.title, [(q.name, q.label) for q in section.fields if q.kind in TEXTS])
                for section in SECTIONS
                if any(q.kind in TEXTS for q in section.fields)
            ),
        ],
        error_messages={"invalid_choice": "Vælg et svar fra listen"},
    )
    kind = forms.ChoiceField(
        label="Hvad vil du?",
        help_text="En ændring, du beder om, og en ordlyd, du foreslår, står på forslagsstillerens liste, til den er afklaret.",
        required=False,
        choices=list(ASKED.items()),
        initial=AdviceKind.COMMENT,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Vælg, hvad du vil"},
    )
    suggestion = PlainTextField(
        label="Den ordlyd, du foreslår",
        help_text="Kun når du foreslår en ordlyd. Forslagsstilleren kan sætte den ind med ét tryk.",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    circle = forms.ChoiceField(
        label="Hvem skal læse det?",
        required=False,
        initial=Circle.EVERYBODY,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Vælg, hvem der skal læse kommentaren"},
    )
    field_order = ("section", "name", "kind", "text", "suggestion", "circle", "mentioned")

    def __init__(self, *args: Any, circles: Mapping[Circle, str], **kwargs: Any) -> None:
        """Take the circles the writer stands in, each with who reads what is said there."""
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Din kommentar"
        self.fields["text"].required = False
        self.fields["circle"].choices = list(circles.items())  # type: ignore[attr-defined]  # a ChoiceField has them
        if len(circles) == 1:
            del self.fields["circle"]

    def clean(self) -> dict[str, Any]:
        came = super().clean() or self.cleaned_data
        came["kind"] = came.get("kind") or AdviceKind.COMMENT
        came["circle"] = came.get("circle") or Circle.EVERYBODY
        if name := came.get("name"):
            came["section"] = SECTION_OF[name]
        is_wording = came["kind"] == AdviceKind.WORDING
        if not is_wording and "text" in came and not came["text"]:
            self.add_error("text", "Skriv din kommentar")
        if is_wording and not name and "name" not in self.errors:
            self.add_error("name", "Vælg det svar, som den nye ordlyd er til")
        if is_wording and "suggestion" in came and not came["suggestion"]:
            self.add_error("suggestion", "Skriv den ordlyd, du foreslår")
        if not is_wording and came.get("suggestion"):
            self.add_error("kind", "Du har skrevet en ordlyd. Vælg at foreslå den, eller slet den")
        if came["circle"] != Circle.EVERYBODY:
            self._clean_inner(came)
        return came

    def _clean_inner(self, came: dict[str, Any]) -> None:
        if came["kind"] != AdviceKind.COMMENT:
            self.add_error("circle", ASKED_OF_NOBODY)
        if outside := [person.name for person in self.mentioned if not person.is_adviser]:
            self.add_error("mentioned", cannot_read(outside))


class EditForm(AnswerForm):
    """A comment or an answer, written anew."""

    optional_fields = ()

    def __init__(self, *args: Any, is_wording: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Din kommentar"
        self.fields["text"].error_messages["required"] = "Skriv din kommentar"
        if is_wording:
            self.fields["text"].required = False
            self.fields["suggestion"] = PlainTextField(
                label="Den ordlyd, du foreslår",
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 4}),
                error_messages={"required": "Skriv den ordlyd, du foreslår"},
            )

"""Comments and answers in the sparring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from klimaspor.fields import PlainTextField
from proposals.answers.sections import FIELDS
from proposals.sparring.models import LONGEST_QUOTE, AdviceKind, Circle
from proposals.sparring.places import About, Chosen, Places
from proposals.sparring.steps import ASKED_OF_NOBODY, TEXTS, WHICH_ANSWER, cannot_read

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
    """A comment about the whole, a section, an answer or words of it, or a row: what it asks, and who reads it."""

    optional_fields = ("section", "quote", "suggestion", "mentioned")
    section = forms.ChoiceField(
        label="Hvad handler kommentaren om?",
        help_text="Vælg et sted i forslaget til klimaudviklingsspor.",
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
    field_order = ("section", "quote", "kind", "text", "suggestion", "circle", "mentioned")

    def __init__(
        self, *args: Any, places: Places, circles: Mapping[Circle, str], **kwargs: Any
    ) -> None:
        """Take what can be commented on, and the circles the writer stands in, each with who reads what is said there."""
        super().__init__(*args, **kwargs)
        self.places = places
        self.fields["section"].choices = list(places.choices())  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["text"].label = "Din kommentar"
        self.fields["text"].required = False
        self.fields["circle"].choices = list(circles.items())  # type: ignore[attr-defined]  # a ChoiceField has them
        if len(circles) == 1:
            del self.fields["circle"]

    @property
    def about(self) -> About:
        return self.places.about(self.cleaned_data.get("section", "")) or About()

    @property
    def chosen(self) -> Chosen:
        given = self.cleaned_data
        # The digest is of the answer that led here, and says nothing of another that was chosen instead.
        digest = given["digest"] if self.about.value == self.initial.get("section", "") else ""
        return Chosen(given["quote"] or "", given["before"], given["after"], digest)

    def clean(self) -> dict[str, Any]:
        came = super().clean() or self.cleaned_data
        came["kind"] = came.get("kind") or AdviceKind.COMMENT
        came["circle"] = came.get("circle") or Circle.EVERYBODY
        is_wording = came["kind"] == AdviceKind.WORDING
        if not is_wording and "text" in came and not came["text"]:
            self.add_error("text", "Skriv din kommentar")
        if is_wording and "section" in came and not _is_worded(self.about):
            self.add_error("section", WHICH_ANSWER)
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


def _is_worded(about: About) -> bool:
    return about.name in FIELDS and FIELDS[about.name].kind in TEXTS


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

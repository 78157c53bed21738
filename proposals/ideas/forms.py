"""What is written of an idea, what is said of it, and what it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from klimaspor.accounts.models import Dgo
from klimaspor.fields import LineField, PlainTextField
from proposals.ideas.seen import NOBODY_TEXT
from proposals.line.parts import PROSE
from proposals.rounds.models import Round
from proposals.rounds.parts import round_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klimaspor.accounts.models import Organization
    from proposals.ideas.models import Idea

NOBODY = "ingen"
LONG, SHORT = 3000, 1500
"""Half a page is about 1,500 characters."""


class IdeaForm(forms.Form):
    """Half a page: what, who, which plan; on whose behalf, and to which DGO."""

    optional_fields: ClassVar[tuple[str, ...]] = ("who", "plan")

    title = LineField(
        label="Idéens titel",
        max_length=150,
        error_messages={
            "required": "Giv idéen en titel",
            "max_length": "Titlen må højst være på %(limit_value)d tegn. Den er på %(show_value)d. Gør den kortere",
        },
    )
    what = PlainTextField(
        label="Hvad vil I afprøve?",
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="Skriv, hvad der er svært i dag, og hvad I vil prøve af. Et par afsnit er nok.",
    )
    who = PlainTextField(
        label="Hvem kunne være med?",
        max_length=SHORT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kommuner, regioner, virksomheder, foreninger og andre. Ingen behøver at have sagt ja.",
    )
    plan = PlainTextField(
        label="Hvilken klimahandlingsplan og handling udspringer idéen af?",
        max_length=SHORT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Skriv, hvilken kommunes plan det er, og hvilken handling i den.",
    )
    organization = forms.TypedChoiceField(
        label="På vegne af",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg, hvem du sender idéen på vegne af",
            "invalid_choice": "Vælg en organisation fra listen",
        },
    )
    dgo = forms.ModelChoiceField(
        label="Hvilken DGO skal læse idéen?",
        queryset=Dgo.objects.none(),
        required=False,
        empty_label="Vælg DGO",
        help_text="Er du i tvivl, så vælg DGO'en for jeres kommune.",
        error_messages={"invalid_choice": "DGO'en kan ikke vælges. Vælg en anden fra listen"},
    )

    def __init__(
        self, *args: Any, organizations: Iterable[Organization], dgos: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = {str(one.pk): one for one in organizations}
        choice: Any = self.fields["organization"]
        choice.choices = [*((key, one.name) for key, one in known.items()), (NOBODY, NOBODY_TEXT)]
        choice.coerce = lambda key: known.get(key, NOBODY)
        self.fields["dgo"].queryset = dgos  # type: ignore[attr-defined]  # a ModelChoiceField has one

    @property
    def said(self) -> dict[str, Any]:
        """What a step takes of it."""
        said = {**self.cleaned_data}
        if said["organization"] == NOBODY:
            said["organization"] = None
        return {
            name: "" if value is None and name in TEXTS else value for name, value in said.items()
        }

    @classmethod
    def initial_of(cls, idea: Idea, *, dgos: Any) -> dict[str, Any]:
        """What stands in it; a DGO that has ended is to be chosen anew."""
        return {
            **{name: getattr(idea, name) for name in TEXTS},
            "organization": str(idea.organization_id or NOBODY),
            "dgo": idea.dgo_id if dgos.filter(pk=idea.dgo_id).exists() else None,
        }


TEXTS = ("title", "what", "who", "plan")


class ReplyForm(forms.Form):
    """What somebody says of an idea."""

    text = PlainTextField(
        label="Dit svar",
        max_length=PROSE,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Skriv dit svar"},
    )


class DraftForm(forms.Form):
    """Which round the draft is for, where more than one is open."""

    round = forms.ModelChoiceField(
        label="Runde",
        queryset=Round.objects.none(),
        empty_label=None,
        # It stands beside the button, outside the page's form.
        widget=forms.RadioSelect(attrs={"form": "thread"}),
        error_messages={
            "required": "Vælg en runde",
            "invalid_choice": "Runden er ikke åben. Vælg en anden",
        },
    )

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["round"].label_from_instance = round_label  # type: ignore[attr-defined]  # the same


class IdeaDgoForm(forms.Form):
    """Another DGO for an idea, and what there is to say of it."""

    optional_fields: ClassVar[tuple[str, ...]] = ("text",)

    dgo = forms.ModelChoiceField(
        label="Hvilken DGO skal læse idéen?",
        queryset=Dgo.objects.none(),
        empty_label="Vælg DGO",
        error_messages={
            "required": "Vælg en DGO",
            "invalid_choice": "DGO'en kan ikke vælges. Vælg en anden fra listen",
        },
    )
    text = PlainTextField(
        label="Note",
        max_length=PROSE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Skriv, hvorfor idéen hører til der. Noten kommer til at stå i tråden under idéen, så alle, der kan læse den, ser den.",
    )

    def __init__(self, *args: Any, dgos: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dgo"].queryset = dgos  # type: ignore[attr-defined]  # a ModelChoiceField has one


class IdeaFilters(forms.Form):
    """What narrows a list of ideas."""

    optional_fields = ()

    q = LineField(label="Søg i idéer og navne", required=False, max_length=200)
    tilstand = forms.ChoiceField(
        label="Tilstand",
        required=False,
        error_messages={"invalid_choice": "Vælg en tilstand fra listen"},
    )

    def __init__(self, data: Any, *, is_own: bool) -> None:
        """Take whether it is the reader's own ideas: others' are never drafts."""
        super().__init__(data)
        states = [row for row in STATE_TEXTS.items() if is_own or row[0] != "kladde"]
        self.fields["tilstand"].choices = [("", "Alle"), *states]  # type: ignore[attr-defined]  # a ChoiceField


STATE_TEXTS = {
    "kladde": "Kladde",
    "venter": "Venter på svar",
    "besvaret": "Besvaret",
    "afsluttet": "Afsluttet",
}
"""How a state of `queries.STATES` is called."""

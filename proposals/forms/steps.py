"""The steps that are taken with a proposal, each with what it must be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from klimaspor.accounts.models import Dgo, User
from klimaspor.fields import (
    DanishDateField,
    DanishTimeField,
)
from proposals.forms.parts import moment, on_a_list, reason_field, round_label
from proposals.lifecycle import Gate
from proposals.models import Round

if TYPE_CHECKING:
    from collections.abc import Sequence


class StepForm(forms.Form):
    """What every step carries: the revision of the page it was pressed on."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Siden er forældet. Prøv igen",
            "invalid": "Siden er forældet. Prøv igen",
        },
    )


class SubmitForm(StepForm):
    """The press of "Indsend": for which gate, so that a second press can't go on to the next."""

    gate = forms.ChoiceField(
        choices=Gate.choices,
        widget=forms.HiddenInput,
        error_messages={
            "required": "Siden er forældet. Prøv igen",
            "invalid_choice": "Siden er forældet. Prøv igen",
        },
    )


class WithdrawForm(StepForm):
    reason = reason_field(
        "Hvorfor trækker du forslaget tilbage?", "Skriv, hvorfor du trækker forslaget tilbage"
    )


class MoveRoundForm(StepForm):
    round = forms.ModelChoiceField(
        label="Til hvilken runde?",
        queryset=Round.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg en runde",
            "invalid_choice": "Runden er ikke åben. Vælg en anden",
        },
    )
    reason = reason_field("Hvorfor flytter du forslaget?", "Skriv, hvorfor du flytter forslaget")

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["round"].label_from_instance = round_label  # type: ignore[attr-defined]  # the same
        self.fields["reason"].required = False


ANOTHER = "another"


class HandOverForm(forms.Form):
    """
    Whom to hand over to: one of those who are in, or an address.

    Nobody becomes an owner unasked, and an owner is not told who has an account: another address than theirs is
    invited to write first. The secretariat, which sees everybody anyway, may choose anyone who can sign in.
    """

    to = forms.ChoiceField(
        label="Hvem skal eje forslaget?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg, hvem der skal eje forslaget",
            "invalid_choice": "Vælg en person fra listen",
        },
    )
    email = forms.EmailField(
        label="E-mailadresse",
        max_length=254,
        required=False,
        error_messages={
            "invalid": "Indtast en e-mailadresse, fx navn@kommune.dk",
            "max_length": "E-mailadressen er for lang",
        },
    )
    keeps_writing = forms.BooleanField(
        label="Jeg vil blive ved med at kunne skrive i forslaget", required=False
    )
    reason = reason_field(
        "Hvorfor skal forslaget have en ny ejer?", "Skriv, hvorfor forslaget skal have en ny ejer"
    )

    def __init__(self, *args: Any, people: Sequence[User], is_owner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.is_owner = is_owner
        self.person: User | None = None
        if not is_owner:
            del self.fields["keeps_writing"]
        if self.people:
            self.fields["to"].choices = [  # type: ignore[attr-defined]  # a ChoiceField has them
                *((key, f"{person.name} ({person.email})") for key, person in self.people.items()),
                (ANOTHER, "En anden"),
            ]
        else:
            del self.fields["to"]
        self.fields["email"].help_text = (
            "Den, der ikke er med endnu, får en invitation til at skrive. Når den er taget imod, kan du overdrage."
            if is_owner
            else "Personen skal have en bruger i portalen."
        )
        if self.people:
            self.fields["email"].label = "E-mailadresse, hvis det er en anden"
        # Asked for when "En anden" is chosen, so it is not marked as optional.
        self.optional_fields = ()

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        chosen = answers.get("to", ANOTHER if not self.people else "")
        self.person = self.people.get(chosen)
        if chosen == ANOTHER and "email" not in self.errors:
            self._find(answers.get("email", ""))
        return answers

    def _find(self, email: str) -> None:
        """Take the address for one who is in, or for anybody when the secretariat asks."""
        if not email:
            self.add_error("email", "Indtast e-mailadressen på den, der skal eje forslaget")
            return
        is_in = [p for p in self.people.values() if p.email.lower() == email.lower()]
        self.person = is_in[0] if is_in else None
        if self.is_owner or self.person:
            return
        try:
            self.person = User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            self.add_error(
                "email",
                "Der er ingen bruger med den e-mailadresse. Bed personen om at oprette sig først",
            )


class ChangeDgoForm(forms.Form):
    dgo = forms.ModelChoiceField(
        label="Hvilken DGO skal have hovedansvaret?",
        queryset=Dgo.objects.none(),
        empty_label="Vælg DGO",
        error_messages={"required": "Vælg en DGO", "invalid_choice": "Vælg en DGO fra listen"},
    )
    reason = reason_field("Hvorfor skal DGO'en skiftes?", "Skriv, hvorfor DGO'en skal skiftes")

    def __init__(self, *args: Any, dgos: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dgo"].queryset = dgos  # type: ignore[attr-defined]  # a ModelChoiceField has one


class CopyForm(forms.Form):
    round = forms.ModelChoiceField(
        label="Hvilken runde skal det nye forslag med i?",
        queryset=Round.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg en runde",
            "invalid_choice": "Runden er ikke åben. Vælg en anden",
        },
    )

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["round"].label_from_instance = round_label  # type: ignore[attr-defined]  # the same


class DeclareForm(forms.Form):
    reason = reason_field(
        "Hvad kan gøre dig inhabil?",
        "Skriv, hvad der kan gøre dig inhabil",
        help_text="Fx at du eller en nær pårørende har en interesse i forslaget, eller at du er ansat hos en deltager.",
    )


class WithdrawDispensationForm(forms.Form):
    reason = reason_field(
        "Hvorfor tager I dispensationen tilbage?",
        "Skriv, hvorfor dispensationen tages tilbage",
        help_text="Den, der har fået dispensationen, får besked med begrundelsen.",
    )


class DispensationForm(forms.Form):
    granted_to = forms.ModelChoiceField(
        label="Hvem må sende forslaget efter fristen?",
        help_text="Dispensationen gælder kun den person, du vælger.",
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg, hvem dispensationen gælder",
            "invalid_choice": "Vælg en, der skriver forslaget",
        },
    )
    gate = forms.ChoiceField(
        label="Hvilken frist?",
        choices=on_a_list(Gate.choices),
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvilken frist dispensationen gælder"},
    )
    until_date = DanishDateField(
        label="Gælder til og med",
        help_text="Fx 15.4.2027",
        error_messages={"required": "Indtast en dato, fx 15.4.2027"},
    )
    until_time = DanishTimeField(
        label="Klokken",
        help_text="Fx 9.00",
        error_messages={"required": "Indtast et klokkeslæt, fx 9.00"},
    )
    reason = reason_field(
        "Begrundelse",
        "Skriv, hvorfor der gives dispensation",
        help_text="Forslagsstilleren og de, der behandler forslaget, kan læse den.",
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["granted_to"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["granted_to"].label_from_instance = lambda user: user.name  # type: ignore[attr-defined]  # the same

    @property
    def until_at(self) -> Any:
        return moment(self, "until_date", "until_time")

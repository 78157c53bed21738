"""Who is asked to write or read a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from klimaspor.accounts.models import User
from klimaspor.fields import AddressField, LineField
from proposals.drafting.parts import OnBehalfForm
from proposals.line.functions import Function
from proposals.line.parts import reason_field

if TYPE_CHECKING:
    from collections.abc import Sequence


class InviteForm(forms.Form):
    email = AddressField(
        label="Mailadresse",
        help_text="Invitationen kan kun bruges med den adresse, fx navn@kommune.dk.",
        max_length=254,
        error_messages={
            "required": "Indtast en mailadresse, fx navn@kommune.dk",
            "invalid": "Indtast en mailadresse, fx navn@kommune.dk",
            "max_length": "Mailadressen er for lang",
        },
    )
    name = LineField(
        label="Navn",
        required=False,
        max_length=150,
        error_messages={"max_length": "Navnet må højst være på %(limit_value)d tegn"},
    )
    function = forms.ChoiceField(
        label="Hvad skal personen kunne?",
        choices=(
            (Function.WRITE, "Skrive i alle afsnit og indsende"),
            (Function.READ, "Læse det hele og kommentere"),
        ),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg, om personen skal kunne skrive eller læse",
            "invalid_choice": "Vælg, om personen skal kunne skrive eller læse",
        },
    )
    optional_fields: ClassVar[tuple[str, ...]] = ("name",)


class CorrectOrganizationForm(OnBehalfForm):
    """On behalf of whom the secretariat says that a proposal is made, and why."""

    reason = reason_field(
        "Hvorfor ændres det?",
        "Skriv, hvorfor det ændres",
        help_text="Forslagets ejer får begrundelsen i et brev, og den står i forløbet.",
    )


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
    email = AddressField(
        label="Mailadresse",
        max_length=254,
        required=False,
        error_messages={
            "invalid": "Indtast en mailadresse, fx navn@kommune.dk",
            "max_length": "Mailadressen er for lang",
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
            self.fields["email"].label = "Mailadresse, hvis det er en anden"
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
            self.add_error("email", "Indtast mailadressen på den, der skal eje forslaget")
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
                "Der er ingen bruger med den mailadresse. Bed personen om at oprette sig først",
            )

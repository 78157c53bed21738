"""A participant's own page: whom to ask, what it brings, and whether it is in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from klimaspor import danish
from klimaspor.accounts.models import Organization
from klimaspor.fields import AddressField, AmountField, LineField, PlainTextField
from proposals.commitments.seen import Contact, contact_unit
from proposals.commitments.visits import DIGITS
from proposals.line.parts import on_a_list, reason_field
from proposals.participants.models import ParticipantRole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proposals.participants.models import Commitment, Participant

MOST_HOURS = 1_000_000


class HoursField(forms.IntegerField):
    """Whole hours, written as Danes write thousands."""

    def to_python(self, value: Any) -> int | None:
        text = value.strip() if isinstance(value, str) else value
        if isinstance(text, str) and all(len(part) == 3 for part in text.split(".")[1:]):
            text = text.replace(".", "")
        number: int | None = super().to_python(text)
        return number

    def prepare_value(self, value: Any) -> Any:
        return danish.number_text(value) if isinstance(value, int) else value


class AskForm(forms.Form):
    """The named contact who is to answer for a participant."""

    name = LineField(
        label="Kontaktpersonens navn",
        max_length=150,
        error_messages={
            "required": "Indtast kontaktpersonens navn",
            "max_length": "Navnet må højst være på %(limit_value)d tegn",
        },
    )
    email = AddressField(
        label="Kontaktpersonens mailadresse",
        max_length=254,
        help_text="Personen får et brev med et link. Linket virker kun for denne adresse.",
        error_messages={
            "required": "Indtast kontaktpersonens mailadresse",
            "invalid": "Indtast en mailadresse, fx navn@kommune.dk",
            "max_length": "Mailadressen må højst være på %(limit_value)d tegn",
        },
    )


class StandInForm(AskForm):
    """The kommune or region that could count, and its contact, who need not be known yet."""

    optional_fields: ClassVar[tuple[str, ...]] = ("name", "email")

    organization = forms.ModelChoiceField(
        label="Kommune eller region",
        queryset=Organization.objects.none(),
        empty_label="Vælg kommune eller region",
        error_messages={
            "required": "Vælg en kommune eller region",
            "invalid_choice": "Vælg en kommune eller region fra listen",
        },
    )
    field_order = ("organization", "name", "email")

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]  # a ModelChoiceField has one
        for name in self.optional_fields:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        for given, missing in (("email", "name"), ("name", "email")):
            if asked.get(given) and not asked.get(missing) and missing not in self.errors:
                self.add_error(missing, self.fields[missing].error_messages["required"])
        return asked


_NAMED = re.compile(r"\s*[\"']?(?P<name>[^\"'<>]*?)[\"']?\s*<(?P<email>[^<>\s]+)>[;,\s]*")


class NamedAddressField(AddressField):
    """An address, also as mail programs copy it: "Lise Prøve <lise@kommune.dk>"."""

    def to_python(self, value: Any) -> str | None:
        found = _NAMED.fullmatch(danish.one_line(str(value or "")))
        return super().to_python(found["email"] if found else value)


class ContactsForm(forms.Form):
    """Who is to answer for each participant, a row each."""

    optional_fields: ClassVar[tuple[str, ...]] = ("is_same",)
    is_same = forms.BooleanField(
        label="Den samme person må godt svare for flere deltagere", required=False
    )

    def __init__(
        self, data: Any = None, *, contacts: Mapping[Participant, Contact], answering: set[int]
    ) -> None:
        """Take who stands in each row now, and the participants somebody answers for already."""
        super().__init__(data)
        self.participants = list(contacts)
        self.answering = answering
        self.has_same = bool(data and data.get("is_same"))
        for participant, contact in contacts.items():
            unit, name = contact_unit(participant), participant.name
            self.fields[f"{unit}-name"] = LineField(
                label=f"Kontaktperson hos {name}",
                max_length=150,
                required=False,
                initial=contact.name,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                error_messages={"max_length": "Navnet må højst være på %(limit_value)d tegn"},
            )
            self.fields[f"{unit}-email"] = NamedAddressField(
                label=f"Mailadresse hos {name}",
                max_length=254,
                required=False,
                initial=contact.email,
                widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
                error_messages={
                    "invalid": f"Indtast en mailadresse for {name}, fx navn@kommune.dk",
                    "max_length": "Mailadressen må højst være på %(limit_value)d tegn",
                },
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for participant in self.participants:
            self._clean_row(participant)
        self._clean_same()
        return cleaned

    def _clean_row(self, participant: Participant) -> None:
        """Want both or neither of a row that was written in."""
        unit = contact_unit(participant)
        name, email = f"{unit}-name", f"{unit}-email"
        if {name, email} & set(self.errors) or not {name, email} & set(self.changed_data):
            return
        pasted = _NAMED.fullmatch(danish.one_line(self.data.get(email, "")))
        if pasted and not self.cleaned_data[name]:
            self.cleaned_data[name] = pasted["name"]
        if self.cleaned_data[name] and not self.cleaned_data[email]:
            self.add_error(email, f"Indtast mailadressen for {participant.name}, eller slet navnet")
        elif self.cleaned_data[email] and not self.cleaned_data[name]:
            self.add_error(name, f"Indtast kontaktpersonens navn for {participant.name}")
        elif not self.cleaned_data[email] and participant.pk in self.answering:
            text = (
                f"Nogen svarer allerede for {participant.name}. Skriv, hvem der skal svare i stedet"
            )
            self.add_error(name, text)

    def _clean_same(self) -> None:
        """Name whoever stands at several, where it was written now: it is more often a slip than meant."""
        rows: dict[str, list[Participant]] = {}
        for participant in self.participants:
            email = self.cleaned_data.get(f"{contact_unit(participant)}-email")
            if email:
                rows.setdefault(email.lower(), []).append(participant)
        for email, together in rows.items():
            for participant in together:
                field = f"{contact_unit(participant)}-email"
                others = [p.name for p in together if p != participant]
                if others and field in self.changed_data and not self.has_same:
                    self.asks_of_same = True
                    self.add_error(
                        field,
                        f"{email} står også ved {danish.join_text(others)}. Ret den, eller sæt flueben nederst, "
                        "hvis det er den samme person",
                    )

    asks_of_same = False

    @property
    def offers_same(self) -> bool:
        return self.asks_of_same or self.has_same

    @property
    def contacts(self) -> dict[int, Contact]:
        """Give what stands in each row."""
        return {
            p.pk: Contact(
                self.cleaned_data[f"{contact_unit(p)}-name"],
                self.cleaned_data[f"{contact_unit(p)}-email"].lower(),
            )
            for p in self.participants
        }


_BLANKS = re.compile(r"[\s-]+")


class CodeForm(forms.Form):
    """The code from the letter, with or without blanks in it."""

    code = LineField(
        label="Kode",
        help_text="De seks cifre fra brevet.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "Indtast koden fra brevet"},
    )

    def clean_code(self) -> str:
        code = _BLANKS.sub("", self.cleaned_data["code"])
        if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", code):
            raise forms.ValidationError(
                f"Koden er {DIGITS} cifre, fx 123 456. Indtast den fra brevet"
            )
        return code


class CommitmentForm(forms.Form):
    """What a participant brings; with `answers` also whether it is in. `pressed` is the button that sent it."""

    role = forms.ChoiceField(
        label="Jeres rolle",
        choices=on_a_list(ParticipantRole.choices),
        error_messages={
            "required": "Vælg en rolle fra listen",
            "invalid_choice": "Vælg en rolle fra listen",
        },
    )
    plan_action = PlainTextField(
        label="Hvilken plan og hvilken handling i jeres klimahandlingsplan tjener sporet?",
        required=False,
        max_length=2000,
        help_text="Fx: Klimahandlingsplan 2025, handling 4.2 om vådområder på lavbundsjord.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    hours = HoursField(
        label="Timer, I lægger i sporet",
        required=False,
        min_value=0,
        max_value=MOST_HOURS,
        help_text="I hele perioden. 0 er også et svar.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "Timerne skal være et helt tal, fx 120",
            "min_value": "Timerne kan ikke være færre end 0",
            "max_value": "Timerne kan højst være 1.000.000",
        },
    )
    amount = AmountField(
        label="Medfinansiering i kr.",
        required=False,
        help_text="Det beløb, I selv betaler, fx 150.000. 0 er også et svar.",
    )
    case_number = LineField(
        label="Jeres sagsnr.",
        required=False,
        max_length=60,
        help_text="Det nummer, sagen har hos jer. Det står på jeres kvittering og i sagsmaterialet.",
        error_messages={"max_length": "Sagsnummeret må højst være på %(limit_value)d tegn"},
    )
    reason = reason_field(
        "Hvorfor er I ikke med?",
        "Skriv, hvorfor I ikke er med",
        help_text="Skal kun udfyldes, hvis I siger nej. Kun dem, der har adgang til forslaget, kan se det.",
    )
    optional_fields: ClassVar[tuple[str, ...]] = (
        "plan_action",
        "hours",
        "amount",
        "case_number",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        participant: Participant,
        commitment: Commitment | None,
        answers: bool,
        pressed: str = "",
    ) -> None:
        names = ("plan_action", "hours", "amount", "case_number", "reason")
        brought = {name: getattr(commitment, name) for name in names} if commitment else {}
        super().__init__(data, initial={"role": participant.role, **brought})
        if not answers:
            del self.fields["reason"]
            self.fields["role"].label = "Rolle"
        else:
            self.fields["reason"].required = pressed == "decline"

    @property
    def brought(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}

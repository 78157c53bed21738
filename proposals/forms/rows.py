"""The rows of a proposal: participants, the economy's lines and attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

import filetype

from klimaspor.accounts.models import AUTHORITY_KINDS, Organization, OrganizationKind
from klimaspor.dkfds.formsets import RowFormSet
from klimaspor.fields import AmountField
from proposals.forms.parts import on_a_list
from proposals.models import FinancingStatus, ParticipantRole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.models import Financing, Participant


MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_FILES = 20
MAX_TITLE = 150
MAX_LINES = 100
PDF = "application/pdf"


# Participants

ROLES = on_a_list(ParticipantRole.choices)
TYPED_KINDS = [
    kind for kind in on_a_list(OrganizationKind.choices) if kind[0] not in AUTHORITY_KINDS
]


class RolesForm(forms.Form):
    """The role of everybody who takes part; `changes` is what is new."""

    optional_fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, participants: Iterable[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participants = list(participants)
        for participant in self.participants:
            self.fields[f"role-{participant.pk}"] = forms.ChoiceField(
                label=f"Rolle for {participant.name}",
                choices=ROLES,
                initial=participant.role,
                required=False,
                error_messages={"invalid_choice": "Vælg en rolle fra listen"},
            )

    @property
    def changes(self) -> dict[int, str]:
        """Give the new role of each participant whose role was changed on the page."""
        chosen = {p: self.cleaned_data.get(f"role-{p.pk}") for p in self.participants}
        return {p.pk: role for p, role in chosen.items() if role and role != p.role}


class NewParticipantForm(forms.Form):
    """An organization from the list."""

    organization = forms.ModelChoiceField(
        queryset=Organization.objects.none(),
        error_messages={
            "required": "Vælg en organisation fra listen",
            "invalid_choice": "Vælg en organisation fra listen",
        },
    )
    role = forms.ChoiceField(
        label="Rolle",
        choices=ROLES,
        initial=ParticipantRole.PARTICIPANT,
        error_messages={"invalid_choice": "Vælg en rolle fra listen", "required": "Vælg en rolle"},
    )

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]  # a ModelChoiceField has one


class TypedParticipantForm(forms.Form):
    """Somebody who is not on the list. Left empty it says nothing."""

    optional_fields: ClassVar[tuple[str, ...]] = ()
    typed_name = forms.CharField(
        label="Navn",
        required=False,
        max_length=200,
        error_messages={"max_length": "Navnet må højst være på %(limit_value)d tegn"},
    )
    typed_kind = forms.ChoiceField(
        label="Type",
        required=False,
        choices=[("", "Vælg type"), *TYPED_KINDS],
        error_messages={"invalid_choice": "Vælg en type fra listen"},
    )
    typed_role = forms.ChoiceField(
        label="Rolle",
        required=False,
        choices=ROLES,
        initial=ParticipantRole.PARTICIPANT,
        error_messages={"invalid_choice": "Vælg en rolle fra listen"},
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if (
            typed.get("typed_name")
            and not typed.get("typed_kind")
            and "typed_kind" not in self.errors
        ):
            self.add_error("typed_kind", "Vælg, hvilken type organisationen er")
        if (
            typed.get("typed_kind")
            and not typed.get("typed_name")
            and "typed_name" not in self.errors
        ):
            self.add_error("typed_name", "Indtast organisationens navn")
        return typed

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("typed_name"))


# Economy


class FinancingForm(forms.Form):
    """One line: who gives what in which year, and how sure it is."""

    optional_fields: ClassVar[tuple[str, ...]] = ()
    year = forms.IntegerField(
        label="År",
        min_value=2020,
        max_value=2060,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Indtast et årstal, fx 2027",
            "invalid": "Årstallet skal have fire cifre, fx 2027",
            "min_value": "Årstallet skal være mellem 2020 og 2060",
            "max_value": "Årstallet skal være mellem 2020 og 2060",
        },
    )
    source = forms.CharField(
        label="Kilde",
        max_length=200,
        error_messages={
            "required": "Indtast, hvor beløbet kommer fra, fx Realdania",
            "max_length": "Kilden må højst være på %(limit_value)d tegn",
        },
    )
    amount = AmountField(
        label="Beløb i kr.", error_messages={"required": "Indtast et beløb, fx 1.500.000"}
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[("", "Vælg status"), *on_a_list(FinancingStatus.choices)],
        error_messages={"required": "Vælg, hvor sikkert beløbet er"},
    )


class _FinancingRows(RowFormSet):
    item_name = "linje"
    add_text = "Tilføj en linje"
    default_error_messages: ClassVar[dict[str, Any]] = {
        "too_many_forms": f"Der kan højst være {MAX_LINES} linjer"
    }

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Give the lines that stay, in the order of the page."""
        return [
            {name: form.cleaned_data[name] for name in ("year", "source", "amount", "status")}
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def financing_formset(financing: list[Financing], data: Any = None) -> Any:
    """Make the lines of the economy as rows, with one empty row when there are none."""
    rows = forms.formset_factory(
        FinancingForm,
        formset=_FinancingRows,
        extra=0 if financing else 1,
        can_delete=True,
        max_num=MAX_LINES,
        validate_max=True,
    )
    initial = [
        {"year": f.year, "source": f.source, "amount": f.amount, "status": f.status}
        for f in financing
    ]
    return rows(data, initial=initial, prefix="linjer")


# Attachments


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

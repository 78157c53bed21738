"""Who takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from klimaspor.accounts.models import AUTHORITY_KINDS, Organization, OrganizationKind
from klimaspor.fields import LineField
from proposals.line.parts import on_a_list
from proposals.participants.models import ParticipantRole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.participants.models import Participant

LEAD = "role-lead"
"""The field that says who leads the track: a row like the roles, and guarded with them."""
ROLES = on_a_list(ParticipantRole.choices)
TYPED_KINDS = [
    kind for kind in on_a_list(OrganizationKind.choices) if kind[0] not in AUTHORITY_KINDS
]


class RolesForm(forms.Form):
    """The role of everybody who takes part, and which of them leads the track; `changes` is what is new."""

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
        self.fields[LEAD] = forms.ChoiceField(
            label="Tovholder",
            help_text="Den deltager, der leder sporet og svarer for det. Der er én.",
            choices=[("", "Ikke valgt"), *((str(p.pk), p.name) for p in self.participants)],
            initial=next((str(p.pk) for p in self.participants if p.is_lead), ""),
            required=False,
            error_messages={"invalid_choice": "Vælg en tovholder blandt deltagerne"},
        )

    @property
    def lead(self) -> int | None:
        """Give who is chosen to lead the track, where anybody is."""
        chosen = self.cleaned_data.get(LEAD)
        return int(chosen) if chosen else None

    @property
    def changes_lead(self) -> bool:
        was = next((p.pk for p in self.participants if p.is_lead), None)
        return LEAD in self.cleaned_data and self.lead != was

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
    typed_name = LineField(
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

"""Who takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from klimaspor import danish
from klimaspor.accounts.models import Organization
from klimaspor.fields import LineField, PlainTextField
from proposals.line.parts import on_a_list
from proposals.participants.matching import (
    ADDED_AS,
    LONGEST_NAME,
    TYPED_KINDS,
    Register,
    lines,
    matches,
)
from proposals.participants.models import ParticipantRole
from proposals.participants.steps import Newcomer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from proposals.participants.matching import Match
    from proposals.participants.models import Participant

LEAD = "role-lead"
"""The field that says who leads the track: a row like the roles, and guarded with them."""
ROLES = on_a_list(ParticipantRole.choices)
MOST_LINES = 500
MOST_CHARACTERS = 100_000
SHOWN = "rows-shown"
"""What the page of a list carries of which rows it showed."""
NOT_ADDED = "nej"
UNKNOWN = (
    "Ret navnet i listen ovenfor, eller vælg, hvad det er, så bliver det tilføjet, som du skrev det. "
    "Kommuner og regioner kan kun tilføjes fra listen."
)


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
            help_text="Den deltager, der leder klimaudviklingssporet og svarer for det. Der er én.",
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


class ListForm(forms.Form):
    """
    A pasted list, and what is to be done with each that it names.

    The rows come of the text; one that the page has not shown yet stands as it is found, and one it has as it was left.
    """

    text = PlainTextField(
        label="Listen over deltagere",
        help_text="Et navn på hver linje, eller kolonner kopieret fra Excel. Højst 500 linjer ad gangen.",
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "Sæt listen ind, med et navn på hver linje"},
    )
    role = forms.ChoiceField(
        label="Deltagernes rolle",
        help_text="Den samme for alle på listen. Du kan ændre den for hver enkelt bagefter.",
        choices=ROLES,
        initial=ParticipantRole.PARTICIPANT,
        error_messages={"invalid_choice": "Vælg en rolle fra listen", "required": "Vælg en rolle"},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        organizations: Iterable[Organization],
        there: Collection[int | str],
        adds: bool,
    ) -> None:
        """Take whether what is chosen is to be added, and not only looked up."""
        text = data.get("text", "") if data else ""
        self.adds = adds
        self.is_too_long = len(lines(text)) > MOST_LINES or len(text) > MOST_CHARACTERS
        read = (
            [] if self.is_too_long or not text.strip() else matches(text, Register(organizations))
        )
        self.matches = read
        self.waiting = [match for match in read if match.key not in there]
        """Those that are not on the proposal's list yet."""
        self.there = [match for match in read if match.key in there]
        shown = data.get(SHOWN, "").split() if data else []
        self.is_shown = {match.row for match in read} <= set(shown)
        if data is not None:
            data = data.copy()
            for match in self.waiting:
                if match.row not in shown:
                    data[_row(match)] = "on" if match.is_certain else ""
        super().__init__(data)
        for match in self.waiting:
            self.fields[_row(match)] = field = _choice(match, there)
            # Nobody has been asked yet about what the page has not shown.
            field.required = field.required and adds and self.is_shown

    @property
    def shown(self) -> str:
        """Name the rows of the page, which carries it."""
        return " ".join(match.row for match in self.matches)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if self.is_too_long:
            number = danish.number_text(len(lines(text)))
            raise forms.ValidationError(
                f"Listen må højst være på {MOST_LINES} linjer. Den er på {number}. Del den, og indsæt en del ad gangen"
            )
        if not self.matches:
            raise forms.ValidationError("Der er ingen navne på listen")
        if self.adds and not self.is_shown:
            raise forms.ValidationError(
                "Listen er ændret. Se, hvad vi fandt, og tryk igen, når det passer"
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.adds and not self.errors and not self.newcomers:
            self.add_error("text", "Vælg mindst én, der skal tilføjes")
        return cleaned

    @property
    def newcomers(self) -> list[Newcomer]:
        """Give those that are chosen."""
        found = (
            self._newcomer(match, self.cleaned_data.get(_row(match))) for match in self.waiting
        )
        return [newcomer for newcomer in found if newcomer]

    @property
    def left_out(self) -> list[str]:
        """Give those that are not, as they were written."""
        return [
            m.entry.text
            for m in self.waiting
            if not self._newcomer(m, self.cleaned_data.get(_row(m)))
        ]

    def _newcomer(self, match: Match, chosen: Any) -> Newcomer | None:
        role = self.cleaned_data.get("role", "")
        if match.is_certain:
            return Newcomer(role, match.candidates[0]) if chosen else None
        known = {str(organization.pk): organization for organization in match.candidates}
        if chosen in known:
            return Newcomer(role, known[chosen])
        if not chosen or chosen == NOT_ADDED:
            return None
        return Newcomer(role, typed_name=match.entry.text, typed_kind=chosen)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Give the rows as the page shows them: those that ask for something first."""
        doubtful = [m for m in self.waiting if m.candidates and not m.is_certain]
        unknown = [m for m in self.waiting if not m.candidates]
        certain = [m for m in self.waiting if m.is_certain]
        return [
            {
                "name": name,
                "heading": f"{heading} ({danish.number_text(len(rows))})",
                "text": text,
                "rows": [{"match": m, "field": self[_row(m)]} for m in rows],
            }
            for name, heading, text, rows in (
                (
                    "doubtful",
                    "Vælg, hvem der menes",
                    "Vi er ikke sikre på, hvem det er. Vælg den rigtige, eller vælg Tilføj ikke.",
                    doubtful,
                ),
                (
                    "unknown",
                    "Findes ikke i listen over organisationer",
                    UNKNOWN,
                    unknown,
                ),
                ("certain", "Fundet", "Dem med flueben bliver tilføjet.", certain),
            )
            if rows
        ]


def _row(match: Match) -> str:
    return f"linje-{match.row}"


def _choice(match: Match, there: Collection[int | str]) -> forms.Field:
    if match.is_certain:
        return forms.BooleanField(label=match.candidates[0].name, required=False)
    is_short = len(match.entry.text) <= LONGEST_NAME
    besides = [("Findes ikke i listen", ADDED_AS)] if is_short else []
    none = (NOT_ADDED, "Tilføj ikke")
    if not match.candidates:
        return forms.ChoiceField(
            label=f"{match.entry.text} er",
            required=False,
            choices=[("", none[1]), *ADDED_AS] if is_short else [("", "Navnet er for langt")],
        )
    offered = [
        (str(o.pk), f"{o.name} (er med)" if o.pk in there else o.name) for o in match.candidates
    ]
    return forms.ChoiceField(
        label=f"{match.entry.text} er",
        choices=[("", "Vælg"), ("På listen", offered), *besides, none],
        error_messages={
            "required": f"Vælg, hvem {match.entry.text} er, eller vælg Tilføj ikke",
            "invalid_choice": "Vælg fra listen",
        },
    )

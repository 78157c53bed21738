"""What narrows and sorts the desk, whom several are given to, and how a view of it is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.utils.text import capfirst

from klimaspor.fields import LineField, PlainTextField
from proposals.line.parts import PROSE
from proposals.search.parts import WordsField
from review.dgo_desk.models import LONGEST_NAME
from review.dgo_desk.queries import AGAIN, LATE, MINE, NEW, NOBODY, STATES, TURN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SORTS = {
    TURN: "Det, I skal svare på, først",
    "frist": "Frist, nærmeste først",
    "-frist": "Frist, fjerneste først",
    "-aendret": "Sidst ændret, nyeste først",
    "aendret": "Sidst ændret, ældste først",
    "nummer": "Nummer, laveste først",
    "-nummer": "Nummer, højeste først",
    "titel": "Titel, fra A til Å",
    "-titel": "Titel, fra Å til A",
}
"""The orders of the desk, by their word in the address."""
ONLY = {AGAIN: "Sendt igen", NEW: "Ny siden sidst", LATE: "Over fristen"}
ALL = "alle"
"""Says in an address that nothing is narrowed, though one has a view that is shown first."""
FILTERS = ("q", "tilstand", "hvem", "kun", "runde")
KEPT = (*FILTERS, "sort")
NOBODY_TEXT = "Ingen endnu"


class DeskFilter(forms.Form):
    """Search and filters of the desk, as they stand in the address."""

    optional_fields = ()

    q = WordsField(label="Søg i titel, navne og tekst", max_length=200, required=False)
    tilstand = forms.ChoiceField(
        label="Tilstand",
        required=False,
        choices=[("", "Alle"), *((s.value, capfirst(str(s.label))) for s in STATES)],
    )
    hvem = forms.ChoiceField(label="Hvem har forslaget", required=False)
    kun = forms.ChoiceField(label="Vis kun", required=False, choices=[("", "Alle"), *ONLY.items()])
    runde = forms.ChoiceField(label="Runde", required=False)

    def __init__(
        self,
        *args: Any,
        advisers: Sequence[tuple[str, str]],
        rounds: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        """Take (key, name) of the other advisers and of the rounds, in order."""
        super().__init__(*args, **kwargs)
        self.fields["hvem"].choices = [  # type: ignore[attr-defined]  # it is the ChoiceField above
            ("", "Alle"),
            (MINE, "Mig"),
            (NOBODY, NOBODY_TEXT),
            *advisers,
        ]
        self.fields["runde"].choices = [("", "Alle runder"), *rounds]  # type: ignore[attr-defined]  # the same


def canonical(given: Mapping[str, str]) -> str:
    """Write the filters and the order in an address, each once and always alike; nothing where nothing is chosen."""
    return urlencode([(name, given[name]) for name in KEPT if given.get(name)])


def read(query: str) -> dict[str, str]:
    """Read what `canonical` wrote."""
    return {name: value for name, value in parse_qsl(query) if name in KEPT}


CHOSEN = re.compile(r"(KS-\d{4}-\d{4,12}):(\d{1,18})")


class ChosenField(forms.Field):
    """The rows that are ticked: each says its number, and who had it when it was shown, 0 for nobody."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> dict[str, int | None]:
        found = {}
        for each in value or ():
            if read := CHOSEN.fullmatch(str(each)):
                found[read[1]] = int(read[2]) or None
        if not found and self.required:
            raise forms.ValidationError(self.error_messages["required"])
        return found


class DistributeForm(forms.Form):
    """Whom what is ticked is given to."""

    optional_fields = ()

    chosen = ChosenField(
        label="Forslag", error_messages={"required": "Sæt kryds ved mindst ét forslag"}
    )
    to_user = forms.ChoiceField(
        label="Giv de valgte forslag til",
        error_messages={
            "required": "Vælg, hvem der skal have forslagene",
            "invalid_choice": "Vælg en rådgiver fra listen",
        },
    )

    def __init__(
        self,
        *args: Any,
        advisers: Iterable[tuple[str, str]],
        is_needed: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].choices = [  # type: ignore[attr-defined]  # it is the ChoiceField above
            ("", "Vælg"),
            *advisers,
            (NOBODY, "Ingen"),
        ]
        for field in self.fields.values():
            field.required = is_needed


class ViewForm(forms.Form):
    """The name of a view, and whether the desk opens with it."""

    optional_fields = ()

    name = LineField(
        label="Visningens navn",
        max_length=LONGEST_NAME,
        help_text="Fx Mine, der haster",
        error_messages={"required": "Indtast et navn, fx Mine, der haster"},
    )
    is_default = forms.BooleanField(label="Vis den, når jeg åbner skrivebordet", required=False)


class PassOnForm(forms.Form):
    """Who of the DGO gets a proposal, and what is said with it."""

    to_user = forms.ChoiceField(
        label="Hvem skal have forslaget?",
        error_messages={
            "required": "Vælg, hvem der skal have forslaget",
            "invalid_choice": "Vælg en rådgiver fra listen",
        },
    )
    note = PlainTextField(
        label="Besked",
        max_length=PROSE,
        required=False,
        help_text="Fx hvor langt du er nået. Beskeden står i brevet og kan læses af jeres DGO's rådgivere.",
    )

    def __init__(self, *args: Any, advisers: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].choices = [("", "Vælg"), *advisers]  # type: ignore[attr-defined]  # the ChoiceField above

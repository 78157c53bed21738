"""Search, filters and columns of the list of proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

import django_filters

from klimaspor.fields import LineField
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.search.parts import WordsField

if TYPE_CHECKING:
    from collections.abc import Iterable

SORTS = {
    "-aendret": "Sidst ændret, nyeste først",
    "aendret": "Sidst ændret, ældste først",
    "frist": "Frist, nærmeste først",
    "-frist": "Frist, fjerneste først",
    "nummer": "Nummer, laveste først",
    "-nummer": "Nummer, højeste først",
    "status": "Status, kladder først",
    "-status": "Status, kladder sidst",
    "titel": "Titel, fra A til Å",
    "-titel": "Titel, fra Å til A",
}
"""The orders of the list, by their word in the address; the heads of its table choose among the same."""
BEST_FIRST = "-relevans"
"""How a search is sorted until another order is chosen."""
BEST_FIRST_TEXT = "Bedste fund først"
OWN_SORTS = {
    "titel": "Titel, fra A til Å",
    "-titel": "Titel, fra Å til A",
    "nummer": "Nummer, laveste først",
    "-nummer": "Nummer, højeste først",
    "status": "Status, kladder først",
    "-status": "Status, kladder sidst",
}
"""The same of what a member sees of their organizations' proposals."""


class WordsFilter(django_filters.CharFilter):
    field_class = WordsField


class ProposalFilter(django_filters.FilterSet):
    """Search and filters of the list of proposals; what is listed is narrowed to what may be seen before."""

    q = WordsFilter(label="Søg i titel, navne og tekst", method="search", max_length=200)
    status = django_filters.ChoiceFilter(label="Status", choices=Status.choices, empty_label="Alle")
    runde = django_filters.ChoiceFilter(
        field_name="round", label="Runde", empty_label="Alle runder"
    )
    dgo = django_filters.ChoiceFilter(field_name="lead_dgo", label="DGO", empty_label="Alle DGO'er")

    class Meta:
        model = Proposal
        fields = ()

    def __init__(
        self, data: Any = None, *, choices: Iterable[tuple[str, int, str]] = (), **options: Any
    ) -> None:
        """Take (filter, key, name) of what one may choose, in order."""
        super().__init__(data, **options)
        choices = tuple(choices)
        for name in ("runde", "dgo"):
            self.filters[name].extra["choices"] = [
                (str(key), label) for of, key, label in choices if of == name
            ]

    def search(self, proposals: Any, name: str, value: str) -> Any:
        return proposals.matching(value)


class OrganizationFilters(forms.Form):
    """What narrows the list of a member's organizations."""

    optional_fields = ()

    q = LineField(label="Søg efter titel eller nummer", required=False, max_length=200)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Alle"), *Status.choices],
        error_messages={"invalid_choice": "Vælg en status fra listen"},
    )
    runde = forms.ChoiceField(
        label="Runde",
        required=False,
        error_messages={"invalid_choice": "Vælg en runde fra listen"},
    )
    organisation = forms.ChoiceField(
        label="Organisation",
        required=False,
        error_messages={"invalid_choice": "Vælg en af dine organisationer fra listen"},
    )

    def __init__(
        self,
        data: Any,
        *,
        rounds: Iterable[tuple[int, str]],
        organizations: Iterable[tuple[int, str]],
    ) -> None:
        """Take what one may choose, by key and name; whoever is a member of one organization only chooses none."""
        super().__init__(data)
        organizations = list(organizations)
        if len(organizations) < 2:
            del self.fields["organisation"]
        for name, choices in (("runde", rounds), ("organisation", organizations)):
            if name in self.fields:
                named = [(str(key), label) for key, label in choices]
                self.fields[name].choices = [("", "Alle"), *named]  # type: ignore[attr-defined]  # choice fields

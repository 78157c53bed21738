"""Search, filters and columns of the list of proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters

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

"""Search, filters and columns of the list of proposals."""

from __future__ import annotations

from typing import Any

from django import forms

import django_filters

from klimaspor import search
from klimaspor.accounts.models import Dgo
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.rounds.models import Round

SORTS = {
    "nummer": "Nummer",
    "titel": "Titel",
    "status": "Status",
    "frist": "Frist",
    "aendret": "Sidst ændret",
}
BEST_FIRST = "-relevans"
"""How a search is sorted until another order is chosen."""


class WordsField(forms.CharField):
    """What somebody looks for, read as the database is asked for it."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return search.tsquery(typed) if typed else ""


class WordsFilter(django_filters.CharFilter):
    field_class = WordsField


class ProposalFilter(django_filters.FilterSet):
    """Search and filters of the list of proposals; what is listed is narrowed to what may be seen before."""

    q = WordsFilter(label="Søg i titel, navne og tekst", method="search", max_length=200)
    status = django_filters.ChoiceFilter(label="Status", choices=Status.choices, empty_label="Alle")
    runde = django_filters.ModelChoiceFilter(
        field_name="round",
        label="Runde",
        queryset=Round.objects.newest_first(),
        empty_label="Alle runder",
    )
    dgo = django_filters.ModelChoiceFilter(
        field_name="lead_dgo",
        label="DGO",
        queryset=Dgo.objects.by_name(),
        empty_label="Alle DGO'er",
    )

    class Meta:
        model = Proposal
        fields = ()

    def search(self, proposals: Any, name: str, value: str) -> Any:
        return proposals.matching(value)

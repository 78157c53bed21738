"""What is typed where proposals are moved to another DGO."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from klimaspor.accounts.models import Dgo
from proposals.line.models import Proposal
from proposals.line.pages import shown_title
from proposals.line.parts import reason_field

if TYPE_CHECKING:
    from django.db.models import QuerySet


class _Proposals(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # takes no type at run time
    def label_from_instance(self, obj: Any) -> str:
        whose = obj.lead_dgo.name if obj.lead_dgo else "ingen DGO"
        return f"{obj.number} {shown_title(obj)} ({whose})"


class MoveForm(forms.Form):
    """Which proposals another DGO is to have."""

    proposals = _Proposals(
        label="Hvilke forslag skal flyttes?",
        queryset=Proposal.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Vælg mindst ét forslag",
            "invalid_choice": "Et af forslagene er flyttet i mellemtiden. Vælg igen",
        },
    )
    dgo = forms.ModelChoiceField(
        label="Hvilken DGO skal have hovedansvaret?",
        queryset=Dgo.objects.none(),
        empty_label="Vælg DGO",
        error_messages={"required": "Vælg en DGO", "invalid_choice": "Vælg en DGO fra listen"},
    )
    reason = reason_field("Hvorfor flyttes de?", "Skriv, hvorfor forslagene flyttes")

    def __init__(
        self,
        *args: Any,
        proposals: QuerySet[Proposal],
        dgos: QuerySet[Dgo],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dgo"].queryset = dgos  # type: ignore[attr-defined]  # declared just above
        self.fields["proposals"].queryset = proposals  # type: ignore[attr-defined]  # declared just above

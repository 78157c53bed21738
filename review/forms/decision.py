"""Who was at the meeting, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from klimaspor.dkfds.formsets import RowFormSet
from klimaspor.fields import PlainTextField
from proposals.lifecycle import Status
from proposals.models import Round
from review.forms.steps import PROSE, capitalized
from review.models import DecisionOutcome, Presence

if TYPE_CHECKING:
    from collections.abc import Iterable


class PresenceForm(forms.Form):
    """One line of the attendance."""

    user = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Navn", max_length=150, error_messages={"required": "Indtast personens navn"}
    )
    presence = forms.ChoiceField(
        label="Fremmøde",
        choices=[("", "Vælg"), *Presence.choices],
        error_messages={"required": "Vælg, om personen var til stede"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The summary has a line for each that lacks an answer, and they must differ.
        if name := self["name"].value():
            self.fields["presence"].error_messages["required"] = f"Vælg, om {name} var til stede"


class PresenceRows(RowFormSet):
    item_name = "Person"
    add_text = "Tilføj person"

    def clean(self) -> None:
        names = [row["name"].casefold() for row in self.present]
        if len(names) != len(set(names)):
            raise ValidationError("Den samme person står to gange. Fjern den ene linje")

    @property
    def present(self) -> list[dict[str, Any]]:
        """The lines that stay."""
        rows = (row.cleaned_data for row in self.forms if hasattr(row, "cleaned_data"))
        return [row for row in rows if row.get("name") and not row.get("DELETE")]


Presences = forms.formset_factory(
    PresenceForm, formset=PresenceRows, extra=0, can_delete=True, max_num=100
)


class DecisionForm(forms.Form):
    """What the committee decided on one item; what an outcome asks for besides, the step says."""

    optional_fields = ("text", "recused")

    outcome = forms.ChoiceField(
        label="Beslutning",
        choices=DecisionOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvad forretningsudvalget besluttede"},
    )
    text = PlainTextField(
        label="Beslutningens ordlyd",
        max_length=PROSE,
        required=False,
        help_text="Som den skal stå i referatet.",
    )
    reason = PlainTextField(
        label="Begrundelse",
        max_length=PROSE,
        required=False,
        help_text="Skal udfyldes ved alt andet end fuld godkendelse.",
    )
    conditions = PlainTextField(
        label="Betingelser",
        max_length=PROSE,
        required=False,
        help_text="Kun når forslaget er godkendt med betingelser.",
    )
    back_to = forms.ChoiceField(
        label="Sendes tilbage til",
        choices=[
            ("", "Sendes ikke tilbage"),
            (Status.DRAFT, "Kladde"),
            (Status.QUALIFIED, "Efter den faglige kvalificering"),
        ],
        required=False,
        help_text="Kun når forslaget sendes tilbage.",
    )
    back_to_round = forms.ModelChoiceField(
        label="Til runden",
        queryset=Round.objects.none(),
        required=False,
        empty_label="Ingen",
        help_text="Kun når forslaget sendes tilbage.",
    )
    recused = forms.MultipleChoiceField(
        label="Deltog ikke i sagens behandling",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Inhabile medlemmer. Det kommer til at stå i referatet.",
    )

    def __init__(
        self,
        *args: Any,
        outcomes: Iterable[DecisionOutcome],
        names: Iterable[str],
        rounds: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["outcome"].choices = [(o.value, capitalized(o.label)) for o in outcomes]
        if rounds is None:
            for name in ("back_to", "back_to_round"):
                del fields[name]
        else:
            fields["back_to_round"].queryset = rounds
        fields["recused"].choices = [(name, name) for name in names]
        if not fields["recused"].choices:
            del fields["recused"]

"""Who was at the meeting, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from klimaspor.fields import PlainTextField
from proposals.line.lifecycle import Status
from proposals.line.parts import PROSE, capitalized
from proposals.rounds.models import Round
from review.decision.models import DecisionOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable


class DecisionForm(forms.Form):
    """What the committee decided on one item; a half-finished one can be kept, and what a decision lacks the step says."""

    optional_fields = ("text", "recused")

    outcome = forms.ChoiceField(
        label="Beslutning",
        choices=DecisionOutcome.choices,
        widget=forms.RadioSelect,
        required=False,
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
            fields[
                "reason"
            ].help_text = "Skal udfyldes, når punktet udsættes, udgår eller får afslag, og når der er betingelser."
        else:
            fields["back_to_round"].queryset = rounds
        fields["recused"].choices = [(name, name) for name in names]
        if not fields["recused"].choices:
            del fields["recused"]

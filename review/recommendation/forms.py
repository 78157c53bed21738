"""What is typed in a recommendation ("indstilling")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from klimaspor.dkfds.formsets import RowFormSet
from klimaspor.fields import AmountField, DanishDateField, PlainTextField
from proposals.line.parts import PROSE, ReasonForm
from review.recommendation.models import Direction
from review.recommendation.seen import POINTS, amount_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from klimaspor.accounts.models import Organization


class RecommendationForm(forms.Form):
    """The secretariat's recommendation with its at-points; a half-finished one can be saved."""

    optional_fields: tuple[str, ...] = ("reason",)

    direction = forms.ChoiceField(
        label="Vi indstiller, at forslaget",
        choices=Direction.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    resume = PlainTextField(
        label="Resumé",
        max_length=PROSE,
        required=False,
        help_text="Det første, forretningsudvalget læser. Fem til ti linjer.",
    )
    reason = PlainTextField(
        label="Begrundelse",
        max_length=PROSE,
        required=False,
        help_text="Skal udfyldes, når I indstiller til afslag.",
    )

    def __init__(
        self,
        *args: Any,
        funders: Iterable[Organization],
        points: Sequence[Mapping[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.funders = tuple(funders)
        for funder in self.funders:
            self.fields[amount_name(funder.pk)] = AmountField(
                label=f"Beløb fra {funder.name}",
                required=False,
                help_text="I hele kroner, fx 1.500.000 eller 1,5\N{NO-BREAK SPACE}mio. Lad feltet stå tomt, hvis bidragyderen ikke spørges.",
            )
        self.optional_fields = ("reason", *(amount_name(funder.pk) for funder in self.funders))
        self.points: PointRows = Points(self.data or None, prefix=POINTS, initial=points)  # type: ignore[assignment]  # the factory's type forgets the class it was given
        self.formsets = (self.points,)

    def is_valid(self) -> bool:
        return all([self.points.is_valid(), super().is_valid()])

    @property
    def amounts(self) -> dict[int, Decimal | None]:
        """What is asked of each funder, in kroner; nothing of one that is not asked."""
        return {f.pk: self.cleaned_data[amount_name(f.pk)] for f in self.funders}

    @staticmethod
    def amount_initial(amounts: dict[int, Decimal]) -> dict[str, Decimal]:
        return {amount_name(pk): amount for pk, amount in amounts.items()}


class PointForm(forms.Form):
    """One at-point."""

    optional_fields = ()

    text = PlainTextField(
        label="At …",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PointRows(RowFormSet):
    item_name = "At-punkt"
    add_text = "Tilføj at-punkt"

    @property
    def points(self) -> list[str]:
        """The points in order, those that are empty or taken away left out."""
        rows = (row.cleaned_data for row in self.forms)
        return [row["text"] for row in rows if row.get("text") and not row.get("DELETE")]


Points = forms.formset_factory(
    PointForm, formset=PointRows, extra=1, can_delete=True, max_num=20, validate_max=True
)


class CorrectForm(ReasonForm):
    """Why a step is taken back, and until when the proposer may act when it comes back there."""

    optional_fields = ("answer_date",)

    answer_date = DanishDateField(
        label="Ny svarfrist",
        required=False,
        help_text="Når forslaget kommer tilbage til forslagsstilleren, og fristen er passeret. Fx 15.4.2027.",
    )

    def __init__(self, *args: Any, has_term: bool, **kwargs: Any) -> None:
        super().__init__(*args, label="Hvad er fejlen?", **kwargs)
        if not has_term:
            del self.fields["answer_date"]

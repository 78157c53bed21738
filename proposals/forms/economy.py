"""The lines of the economy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from klimaspor.dkfds.formsets import RowFormSet
from klimaspor.fields import AmountField
from proposals.forms.parts import on_a_list
from proposals.models import FinancingStatus

if TYPE_CHECKING:
    from proposals.models import Financing

MAX_LINES = 100


class FinancingForm(forms.Form):
    """One line: who gives what in which year, and how sure it is."""

    optional_fields: ClassVar[tuple[str, ...]] = ()
    year = forms.IntegerField(
        label="År",
        min_value=2020,
        max_value=2060,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Indtast et årstal, fx 2027",
            "invalid": "Årstallet skal have fire cifre, fx 2027",
            "min_value": "Årstallet skal være mellem 2020 og 2060",
            "max_value": "Årstallet skal være mellem 2020 og 2060",
        },
    )
    source = forms.CharField(
        label="Kilde",
        max_length=200,
        error_messages={
            "required": "Indtast, hvor beløbet kommer fra, fx Realdania",
            "max_length": "Kilden må højst være på %(limit_value)d tegn",
        },
    )
    amount = AmountField(
        label="Beløb i kr.", error_messages={"required": "Indtast et beløb, fx 1.500.000"}
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[("", "Vælg status"), *on_a_list(FinancingStatus.choices)],
        error_messages={"required": "Vælg, hvor sikkert beløbet er"},
    )


class _FinancingRows(RowFormSet):
    item_name = "linje"
    add_text = "Tilføj en linje"
    default_error_messages: ClassVar[dict[str, Any]] = {
        "too_many_forms": f"Der kan højst være {MAX_LINES} linjer"
    }

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Give the lines that stay, in the order of the page."""
        return [
            {name: form.cleaned_data[name] for name in ("year", "source", "amount", "status")}
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def financing_formset(financing: list[Financing], data: Any = None) -> Any:
    """Make the lines of the economy as rows, with one empty row when there are none."""
    rows = forms.formset_factory(
        FinancingForm,
        formset=_FinancingRows,
        extra=0 if financing else 1,
        can_delete=True,
        max_num=MAX_LINES,
        validate_max=True,
    )
    initial = [
        {"year": f.year, "source": f.source, "amount": f.amount, "status": f.status}
        for f in financing
    ]
    return rows(data, initial=initial, prefix="linjer")

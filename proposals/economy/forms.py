"""The lines of the economy: what the money is spent on, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.forms.formsets import TOTAL_FORM_COUNT

from klimaspor.accounts.models import OrganizationKind
from klimaspor.dkfds.formsets import RowFormSet
from klimaspor.fields import AmountField, LineField
from proposals.answers.sums import FinancingStatus
from proposals.economy.models import BudgetCategory
from proposals.line.parts import on_a_list

if TYPE_CHECKING:
    from proposals.economy.models import BudgetLine, Financing
    from proposals.participants.models import Participant

MAX_LINES = 100
FINANCING, BUDGET = "linjer", "budgetlinjer"
"""What the fields of the two tables begin with."""


class _Line(forms.Form):
    """An amount in a year."""

    year = forms.IntegerField(
        label="År",
        min_value=2020,
        max_value=2060,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 4}),
        error_messages={
            "required": "Indtast et årstal, fx 2027",
            "invalid": "Årstallet skal have fire cifre, fx 2027",
            "min_value": "Årstallet skal være mellem 2020 og 2060",
            "max_value": "Årstallet skal være mellem 2020 og 2060",
        },
    )
    amount = AmountField(
        label="Beløb i kr.", error_messages={"required": "Indtast et beløb, fx 1.500.000"}
    )


class FinancingForm(_Line):
    """One line of the financing: who gives what in which year, and how sure it is."""

    optional_fields: ClassVar[tuple[str, ...]] = ()
    field_order = ("year", "source", "amount", "status")
    source = LineField(
        label="Kilde",
        max_length=200,
        error_messages={
            "required": "Indtast, hvor beløbet kommer fra, fx Realdania",
            "max_length": "Kilden må højst være på %(limit_value)d tegn",
        },
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[("", "Vælg status"), *on_a_list(FinancingStatus.choices)],
        error_messages={"required": "Vælg beløbets status"},
    )


class BudgetForm(_Line):
    """One line of the budget: what an amount is spent on in which year, and whether a participant gets it."""

    optional_fields: ClassVar[tuple[str, ...]] = ("description", "recipient")
    field_order = ("year", "category", "amount", "description", "recipient")
    category = forms.ChoiceField(
        label="Post",
        choices=[("", "Vælg post"), *on_a_list(BudgetCategory.choices)],
        error_messages={"required": "Vælg, hvad beløbet går til"},
    )
    description = LineField(
        label="Hvad",
        max_length=200,
        required=False,
        error_messages={"max_length": "Teksten må højst være på %(limit_value)d tegn"},
    )
    recipient = forms.TypedChoiceField(
        label="Modtager",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={
            "invalid_choice": "Modtageren er ikke længere blandt deltagerne. Vælg igen"
        },
    )

    def __init__(self, *args: Any, participants: list[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", "Ingen deltager"),
            *((p.pk, _recipient_label(p)) for p in participants),
        ]


def _recipient_label(participant: Participant) -> str:
    # The mark stands on the line, and follows the choice without anything to reload.
    if participant.kind == OrganizationKind.COMPANY:
        return f"{participant.name} (statsstøtte?)"
    return participant.name


class LineRows(RowFormSet):
    """The lines of one table; `names` are the fields of each."""

    item_name = "linje"
    add_text = "Tilføj en linje"
    names: ClassVar[tuple[str, ...]]
    default_error_messages: ClassVar[dict[str, Any]] = {
        "too_many_forms": f"Der kan højst være {MAX_LINES} linjer"
    }

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Give the lines that can be read and stay, in the order of the page."""
        return [
            {name: form.cleaned_data[name] for name in self.names}
            for form in self._staying
            if form.is_valid()
        ]

    def says(self, lines: list[dict[str, Any]]) -> bool:
        """Say whether the lines that stay are these, which a page may show in the order of their years."""
        return sorted(self.lines, key=_year) == sorted(lines, key=_year)

    @property
    def unread(self) -> int:
        """How many lines stay and cannot be read."""
        return sum(not form.is_valid() for form in self._staying)

    @property
    def _staying(self) -> list[Any]:
        if self.is_growing or not self.is_bound:
            return []
        typed = [form for form in self.forms if form.is_valid() or form.has_changed()]
        return [form for form in typed if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def _year(line: dict[str, Any]) -> int:
    year: int = line["year"]
    return year


class FinancingRows(LineRows):
    names = FinancingForm.field_order


class BudgetRows(LineRows):
    item_name = "budgetlinje"
    add_text = "Tilføj en budgetlinje"
    names = BudgetForm.field_order


def financing_formset(financing: list[Financing], data: Any = None) -> Any:
    """Make the lines of the financing as rows, with one empty row when there are none."""
    rows = _factory(FinancingForm, FinancingRows, financing)
    return rows(
        _of_table(data, FINANCING),
        initial=_initial(financing, FinancingRows.names),
        prefix=FINANCING,
    )


def budget_formset(
    budget: list[BudgetLine], participants: list[Participant], data: Any = None
) -> Any:
    """Make the lines of the budget as rows, with one empty row when there are none."""
    rows = _factory(BudgetForm, BudgetRows, budget)
    initial = [
        {**given, "recipient": line.recipient_id}
        for line, given in zip(budget, _initial(budget, BudgetRows.names), strict=True)
    ]
    return rows(
        _of_table(data, BUDGET),
        initial=initial,
        prefix=BUDGET,
        form_kwargs={"participants": participants},
    )


def _of_table(data: Any, prefix: str) -> Any:
    """Give nothing for a table that was not on the page: what was not shown is left as it is."""
    return data if data and f"{prefix}-{TOTAL_FORM_COUNT}" in data else None


def _factory(form: type[_Line], rows: type[LineRows], saved: list[Any]) -> Any:
    return forms.formset_factory(
        form,
        formset=rows,
        extra=0 if saved else 1,
        can_delete=True,
        max_num=MAX_LINES,
        validate_max=True,
    )


def _initial(saved: list[Any], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: getattr(line, name) for name in names} for line in saved]

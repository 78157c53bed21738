"""The lines of the economy: what the money is spent on, and where it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME, TOTAL_FORM_COUNT
from django.utils.text import capfirst

from klimaspor import danish
from klimaspor.accounts.models import OrganizationKind
from klimaspor.dkfds.formsets import RowFormSet, unjudged
from klimaspor.fields import AmountField, CellsField, LineField, value_text
from proposals.answers.sums import ZERO, FinancingStatus
from proposals.economy.models import BudgetCategory
from proposals.economy.seen import BUDGET as BUDGET_TABLE
from proposals.economy.seen import FINANCING as FINANCING_TABLE
from proposals.economy.steps import TypedRow
from proposals.line.parts import on_a_list

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from django.forms.boundfield import BoundField

    from proposals.economy.models import BudgetLine, Financing
    from proposals.economy.pasted import PastedRow
    from proposals.economy.seen import Cells, GridRow, Heads
    from proposals.participants.models import Participant

MAX_LINES = 100
FINANCING, BUDGET = "linjer", "budgetlinjer"
"""What the fields of the two tables begin with."""
GRID = "skema"
"""What the fields of the grid begin with."""


NEXT, SAME = "next", "same"


def _follows(how: str) -> dict[str, str]:
    """Say what a new line takes from the one above, see static/scripts/rows.js."""
    return {"data-follows": how}


class _Line(forms.Form):
    """An amount in a year."""

    is_only_suggested = False
    """Whether it says nothing but what was suggested when it was added."""

    year = forms.IntegerField(
        label="År",
        min_value=2020,
        max_value=2060,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "size": 4, **_follows(NEXT)}
        ),
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

    def has_changed(self) -> bool:
        return not self.is_only_suggested and super().has_changed()


class FinancingForm(_Line):
    """One line of the financing: who gives what in which year, and how sure it is."""

    optional_fields: ClassVar[tuple[str, ...]] = ()
    field_order = ("year", "source", "amount", "status")
    source = LineField(
        label="Kilde",
        max_length=200,
        widget=forms.TextInput(attrs=_follows(SAME)),
        error_messages={
            "required": "Indtast, hvor beløbet kommer fra, fx Realdania",
            "max_length": "Kilden må højst være på %(limit_value)d tegn",
        },
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[("", "Vælg status"), *on_a_list(FinancingStatus.choices)],
        widget=forms.Select(attrs=_follows(SAME)),
        error_messages={"required": "Vælg beløbets status"},
    )


RECIPIENT_GONE = "Modtageren er ikke længere blandt deltagerne. Vælg igen"


class BudgetForm(_Line):
    """One line of the budget: what an amount is spent on in which year, and whether a participant gets it."""

    optional_fields: ClassVar[tuple[str, ...]] = ("description", "recipient")
    field_order = ("year", "category", "amount", "description", "recipient")
    category = forms.ChoiceField(
        label="Post",
        choices=[("", "Vælg post"), *on_a_list(BudgetCategory.choices)],
        widget=forms.Select(attrs=_follows(SAME)),
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
        error_messages={"invalid_choice": RECIPIENT_GONE},
    )

    def __init__(self, *args: Any, participants: list[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].choices = _recipients(participants)  # type: ignore[attr-defined]  # a choice field


def _recipients(participants: list[Participant]) -> list[tuple[str, str]]:
    return [("", "Ingen deltager"), *((str(p.pk), _recipient_label(p)) for p in participants)]


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

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if self.is_growing:
            self._suggest(self.total_form_count() - 1)

    def _suggest(self, place: int) -> None:
        """Let a new line begin as the one above goes on: the same, a year later."""
        grown: Any = self.data
        for name, text in self._suggested(place).items():
            grown[f"{self.prefix}-{place}-{name}"] = text

    def _suggested(self, place: int) -> dict[str, str]:
        places = range(place - 1, -1, -1)
        last = next((p for p in places if not self._typed(p, DELETION_FIELD_NAME)), None)
        if last is None:
            return {}
        above = {name: self._typed(last, name) for name in self.names}
        found = {}
        for name, field in self.form.base_fields.items():
            how = field.widget.attrs.get("data-follows")
            if how == SAME:
                found[name] = above[name]
            elif how == NEXT and re.fullmatch("20[0-9]{2}", above[name]):
                found[name] = str(int(above[name]) + 1)
        return found

    def _typed(self, place: int, name: str) -> str:
        return danish.one_line(self.data.get(f"{self.prefix}-{place}-{name}", ""))

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        if self.is_bound and i >= self.initial_form_count():
            came = {name: self._typed(i, name) for name in self.names}
            said = {name: text for name, text in came.items() if text}
            form.is_only_suggested = bool(said) and said == self._suggested(i)
        return form

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


# As a grid: what the lines are about down, years across


@dataclass(frozen=True)
class Cell:
    """One cell of the grid: a field, or the sum of the several lines that stand there."""

    year: int
    field: BoundField | None
    lines: int = 0
    total_text: str = ""


class GridRowForm(forms.Form):
    """One row of the grid: what its lines have in common, and an amount for each year."""

    optional_fields: ClassVar[tuple[str, ...]] = ()
    table: ClassVar[str]
    table_rows: ClassVar[str]
    """Where its lines stand in the section."""
    head_names: ClassVar[tuple[str, ...]]
    number: int = 0
    """Where it stands among the rows that are seen, from 1."""

    def __init__(
        self, *args: Any, years: tuple[int, ...], standing: dict[Heads, Cells], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.years, self.standing = years, standing
        for year in years:
            self.fields[year_name(year)] = AmountField(label=str(year), required=False)

    @property
    def heads_shown(self) -> list[tuple[BoundField, str]]:
        """Its fields but for the years, each with what a reader sees of it."""
        fields = [self[name] for name in self.head_names]
        return [(field, capfirst(value_text(field.field, field.value()))) for field in fields]

    @cached_property
    def heads(self) -> Heads:
        """What it is about, as it came or stands."""
        given = (self[name].value() for name in self.head_names)
        return tuple(danish.one_line(str(value or "")) for value in given)

    @property
    def is_named(self) -> bool:
        """Whether it is said what it is about, as far as that must be said and can be."""
        for name in self.head_names:
            try:
                self.fields[name].clean(self[name].value())
            except ValidationError:
                return False
        return True

    @cached_property
    def several(self) -> dict[int, tuple[Decimal, ...]]:
        """The cells that several lines make, and that nobody has typed in."""
        cells = self.standing.get(self.heads, {})
        return {
            year: amounts
            for year, amounts in cells.items()
            if len(amounts) > 1 and not self._came(year)
        }

    def _came(self, year: int) -> bool:
        return self.is_bound and self.add_prefix(year_name(year)) in self.data

    @property
    def cells(self) -> list[Cell]:
        several = self.several
        return [
            Cell(year, None, len(several[year]), danish.amount_text(sum(several[year], ZERO)))
            if year in several
            else Cell(year, self[year_name(year)])
            for year in self.years
        ]

    @cached_property
    def amounts(self) -> dict[int, Decimal | None]:
        """The amount of each year that came, or that stands; None where there is none or it cannot be read."""
        several = self.several
        return {year: self._amount(year) for year in self.years if year not in several}

    def _amount(self, year: int) -> Decimal | None:
        name = year_name(year)
        try:
            amount: Decimal | None = self.fields[name].clean(self[name].value())
        except ValidationError:
            return None
        return amount

    @cached_property
    def sums(self) -> dict[int, Decimal]:
        """What stands in each year, lines and all."""
        several = {year: sum(amounts, ZERO) for year, amounts in self.several.items()}
        return several | {y: a for y, a in self.amounts.items() if a is not None}

    @property
    def total_text(self) -> str:
        return danish.amount_text(sum(self.sums.values(), ZERO)) if self.sums else ""

    def add_error(self, field: str | None, error: Any) -> None:
        """Say in which row and column, since many rows look alike."""
        where = f"Række {self.number}"
        if field:
            where += f", {self.fields[field].label}"
        said = ValidationError(error).messages
        super().add_error(field, [f"{where}: {text[:1].lower()}{text[1:]}" for text in said])

    def clean(self) -> dict[str, Any]:
        typed = [name for name in map(year_name, self.years) if name in self.errors]
        if not typed and not self.sums and self.has_changed():
            first = year_name(self.years[0])
            self.add_error(first, "Indtast et beløb i et af årene, eller fjern rækken")
        return self.cleaned_data


class BudgetGridForm(GridRowForm):
    optional_fields = ("description", "recipient")
    table = BUDGET_TABLE
    table_rows = f"{BUDGET}_rows"
    head_names = ("category", "description", "recipient")
    category = forms.ChoiceField(
        label="Post",
        choices=[("", "Vælg post"), *on_a_list(BudgetCategory.choices)],
        error_messages={"required": "Vælg, hvad beløbet går til"},
    )
    description = LineField(label="Hvad", max_length=200, required=False)
    recipient = forms.ChoiceField(
        label="Modtager",
        required=False,
        error_messages={"invalid_choice": RECIPIENT_GONE},
    )

    def __init__(self, *args: Any, participants: list[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].choices = _recipients(participants)  # type: ignore[attr-defined]  # a choice field


class FinancingGridForm(GridRowForm):
    table = FINANCING_TABLE
    table_rows = f"{FINANCING}_rows"
    head_names = ("source", "status")
    source = LineField(
        label="Kilde",
        max_length=200,
        error_messages={"required": "Indtast, hvor beløbet kommer fra, fx Realdania"},
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[("", "Vælg status"), *on_a_list(FinancingStatus.choices)],
        error_messages={"required": "Vælg, hvor sikkert beløbet er"},
    )


HEAD_NAMES = {form.table: form.head_names for form in (BudgetGridForm, FinancingGridForm)}


class GridRows(RowFormSet):
    """The rows of one table."""

    item_name = "række"
    add_text = "Tilføj en række"

    @cached_property
    def forms(self) -> list[Any]:
        made: list[Any] = super().forms
        seen = 0
        for row in made:
            is_gone = row.is_bound and bool(row.data.get(row.add_prefix(DELETION_FIELD_NAME)))
            seen += not is_gone
            row.number = seen
        return made

    def clean(self) -> None:
        first: dict[Heads, GridRowForm] = {}
        for row in self.staying:
            other = first.setdefault(row.heads, row)
            if other is not row:
                row.add_error(
                    row.head_names[0],
                    f"Står allerede i række {other.number}. Skriv beløbene i én række",
                )
        lines = sum(
            len(row.sums) - len(row.several) + sum(map(len, row.several.values()))
            for row in self.staying
        )
        if lines > MAX_LINES:
            raise ValidationError(
                f"Der kan højst være {MAX_LINES} beløb. Der er {lines}. Læg nogle rækker sammen"
            )

    @property
    def staying(self) -> list[GridRowForm]:
        """The rows that hold something and are not taken away."""
        return [
            row
            for row in self.forms
            if not (row.is_bound and row.data.get(row.add_prefix(DELETION_FIELD_NAME)))
            and (any(row.heads) or row.sums or row.several)
        ]

    @property
    def table(self) -> str:
        table: str = self.form.table
        return table

    @property
    def whole(self) -> list[GridRowForm]:
        """Those of them that say what they are about, and can be added up by it."""
        return [row for row in self.staying if row.is_named]

    @property
    def years(self) -> tuple[int, ...]:
        years: tuple[int, ...] = self.form_kwargs["years"]
        return years

    @property
    def typed(self) -> list[TypedRow]:
        """The rows as they came."""
        return [TypedRow(row.table, row.heads, row.amounts) for row in self.staying]

    @property
    def sums(self) -> list[tuple[int, str]]:
        """What each year comes to."""
        rows = [row.sums for row in self.staying]
        return [
            (year, danish.amount_text(sum((row.get(year, ZERO) for row in rows), ZERO)))
            for year in self.years
        ]

    @property
    def total_text(self) -> str:
        return danish.amount_text(sum((sum(row.sums.values(), ZERO) for row in self.staying), ZERO))


class GridForm(forms.Form):
    """The whole grid: a table of what is spent and one of who pays, and what is pasted into each."""

    def __init__(
        self,
        data: Any,
        *,
        rows: list[GridRow],
        years: tuple[int, ...],
        participants: list[Participant],
    ) -> None:
        super().__init__(data)
        self.years = years
        self.tables = {
            table: _grid_formset(
                row_form,
                [row for row in rows if row.table == table],
                data,
                years=years,
                **more,
            )
            for table, row_form, more in (
                (BUDGET_TABLE, BudgetGridForm, {"participants": participants}),
                (FINANCING_TABLE, FinancingGridForm, {}),
            )
        }
        for table in self.tables:
            self.fields[paste_name(table)] = CellsField(
                label="Celler fra Excel",
                required=False,
                max_length=MOST_PASTED,
                widget=forms.Textarea(attrs={"rows": 5, "wrap": "off", "spellcheck": "false"}),
                help_text="Kopiér cellerne i Excel, og sæt dem ind her. Tag gerne rækken med årstal med.",
                error_messages={"max_length": "Der er for mange celler. Indsæt lidt ad gangen"},
            )
        if any(rows.is_growing for rows in self.formsets):
            unjudged(self)

    @property
    def formsets(self) -> list[GridRows]:
        return list(self.tables.values())

    @property
    def typed(self) -> list[TypedRow]:
        return [row for rows in self.formsets for row in rows.typed]

    def is_valid(self) -> bool:
        if any(rows.is_growing for rows in self.formsets):
            return False
        # All of them, so that everything that is wrong is said at once.
        return all([super().is_valid(), *(rows.is_valid() for rows in self.formsets)])


MOST_PASTED = 50_000


def year_name(year: int) -> str:
    return f"y{year}"


def paste_name(table: str) -> str:
    return f"paste-{table}"


def _grid_formset(
    row_form: type[GridRowForm],
    rows: list[GridRow],
    data: Any,
    *,
    years: tuple[int, ...],
    **more: Any,
) -> Any:
    made = forms.formset_factory(
        row_form, formset=GridRows, extra=0 if rows else 1, can_delete=True, max_num=MAX_LINES
    )
    initial = [
        {
            **dict(zip(row_form.head_names, row.heads, strict=True)),
            **{
                year_name(year): amounts[0] if len(amounts) == 1 else None
                for year, amounts in row.cells.items()
            },
        }
        for row in rows
    ]
    return made(
        data,
        initial=initial,
        prefix=grid_prefix(row_form.table),
        form_kwargs={
            "years": years,
            "standing": {row.heads: row.cells for row in rows},
            **more,
        },
    )


def grid_prefix(table: str) -> str:
    return f"{GRID}-{table}"


# What comes into the grid besides what is typed


def copy_to_empty(data: Any, prefix: str, years: tuple[int, ...]) -> None:
    """Write a row's first amount in the years that are empty."""
    names = [f"{prefix}-{year_name(year)}" for year in years]
    first = next((data[name] for name in names if data.get(name, "").strip()), "")
    for name in names:
        if name in data and not data[name].strip():
            data[name] = first


def put_among(data: Any, table: str, rows: Iterable[PastedRow]) -> None:
    """Write rows over those that are about the same, else in a row that is empty, else below."""
    prefix, count = grid_prefix(table), f"{grid_prefix(table)}-{TOTAL_FORM_COUNT}"
    names = HEAD_NAMES[table]
    taken: set[int] = set()
    for row in rows:
        heads = tuple(row.heads[name] for name in names)
        total = int(data[count])
        free = [
            at for at in range(total) if at not in taken and not data.get(f"{prefix}-{at}-DELETE")
        ]
        came = {at: tuple(_line(data, f"{prefix}-{at}-{name}") for name in names) for at in free}
        same = [at for at in free if came[at] == heads]
        blank = [at for at in free if not any(came[at]) and not _amounts(data, f"{prefix}-{at}-y")]
        place = (same or blank or [total])[0]
        taken.add(place)
        data[count] = str(max(total, place + 1))
        for name, text in row.heads.items():
            data[f"{prefix}-{place}-{name}"] = text
        for year, text in row.amounts.items():
            data[f"{prefix}-{place}-{year_name(year)}"] = text


def _line(data: Any, name: str) -> str:
    return danish.one_line(data.get(name, ""))


def _amounts(data: Any, start: str) -> bool:
    return any(name.startswith(start) and data[name].strip() for name in data)

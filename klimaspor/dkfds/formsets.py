"""Formsets whose rows can be added and removed by somebody without JavaScript, and what a browser sends of a form."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, TOTAL_FORM_COUNT, BaseFormSet
from django.forms.utils import ErrorDict

ADD_ROW = "add-row"


class RowFormSet(BaseFormSet):  # type: ignore[type-arg]  # Django refuses an argument at run time
    """
    A formset that grows by one row when its "Tilføj" button was pressed.

    The button posts the whole form with `add-row=<prefix>`. The formset then shows what was typed and one row more,
    is not valid and finds no errors, so a view that shows the page again when something is not valid needs no code for it.
    """

    item_name = "Række"
    add_text = "Tilføj række"
    remove_text = "Fjern"
    fields: ClassVar[dict[str, Any]] = {}
    """None of its own: what a step refuses of the whole stands above the rows."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.is_growing = data is not None and data.get(ADD_ROW) == self.prefix
        if self.is_growing:
            grown = data.copy()
            grown[f"{self.prefix}-{TOTAL_FORM_COUNT}"] = str(self.total_form_count() + 1)
            self.data = grown
            # Read again: the management form was cached by counting.
            self.__dict__.pop("management_form", None)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        if self.is_bound and i >= self.initial_form_count():
            # A row that came to the page while it was open. Held against what has been saved since, Django would find
            # it unchanged, take it for empty and drop it.
            kwargs["initial"] = None
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # the stubs leave it out
        return unjudged(form) if self.is_growing else form

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].label = self.remove_text

    def full_clean(self) -> None:
        if self.is_growing:
            self.leave_unjudged()
        else:
            super().full_clean()

    def leave_unjudged(self) -> None:
        for row in self.forms:
            unjudged(row)
        self._errors: list[dict[str, Any]] = [{} for _ in self.forms]
        self._non_form_errors = self.error_class()

    def add_error(self, field: None, error: str) -> None:
        """Say something of the whole, as a form does."""
        self.non_form_errors().append(error)

    def is_valid(self) -> bool:
        return not self.is_growing and super().is_valid()


def as_sent(form: Any) -> dict[str, list[str]]:
    """
    Give what a browser sends of a form, or of rows, when nobody has touched what it shows.

    A form that has rows besides names them in `formsets`.
    """
    sent: dict[str, list[str]] = {}
    if isinstance(form, BaseFormSet):
        for part in (form.management_form, *form.forms):
            sent |= as_sent(part)
        return sent
    for bound in form:
        sent[bound.html_name] = _sent(bound)
    for rows in getattr(form, "formsets", ()):
        sent |= as_sent(rows)
    return sent


def _sent(bound: forms.BoundField) -> list[str]:
    value, widget = bound.value(), bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    shown = widget.format_value(value)
    values = shown if isinstance(shown, (list, tuple)) else ["" if shown is None else shown]
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        # Of marks only those that are set are sent.
        there = {str(key) for key, _ in widget.choices}
        values = [one for one in values if str(one) in there]
    return [str(one) for one in values]


def belonging_to(form_id: str, form: Any) -> Any:
    """Let fields that stand elsewhere on the page belong to the form with that id: its buttons send them too."""
    for field in form.fields.values():
        field.widget.attrs["form"] = form_id
    return form


def again(make: Callable[[Any], Any], typed: Any) -> Any:
    """Make a form with what was typed in it before another button was pressed; else of what stands."""
    standing = make(None)
    if typed is None or not is_touched(standing, typed):
        return standing
    # Nobody has said yet that it is finished.
    return unjudged(make(typed))


def is_touched(standing: Any, data: Any) -> bool:
    """Say whether what came says something else than a form of what stands, as far as the form came at all."""
    sent = as_sent(standing)
    here = [name for name in sent if name in data]
    return bool(here) and any(_lines(data.getlist(name)) != _lines(sent[name]) for name in sent)


def _lines(values: list[str]) -> list[str]:
    return [value.replace("\r\n", "\n") for value in values]


def unjudged(form: Any) -> Any:
    """Let a form, or rows, show what was typed without saying what is wrong with it."""
    if isinstance(form, RowFormSet):
        form.leave_unjudged()
        return form
    form._errors = ErrorDict()  # noqa: SLF001 - a form that knows its errors, even none, does not look for them
    for rows in getattr(form, "formsets", ()):
        unjudged(rows)
    return form

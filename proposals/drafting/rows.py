"""A section's own rows, as its page shows them and as they come back: held against each other, and written as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms import BaseForm
from django.forms.formsets import BaseFormSet

from klimaspor.seen import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.forms.boundfield import BoundField
    from django.http import QueryDict  # noqa: TID251 - only its type

MANAGEMENT = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")


def posted_rows(data: QueryDict, prefixes: tuple[str, ...]) -> str:
    """Give a digest of the rows as they were posted."""
    return _digest(
        (name, value)
        for name, values in data.lists()
        if name.startswith(prefixes) and not name.endswith(MANAGEMENT)
        for value in values
    )


def shown_rows(forms: dict[str, Any], prefixes: tuple[str, ...]) -> str:
    """Give the digest that the rows have when a page shows them and they come back untouched."""
    return _digest(
        (field.html_name, "on" if value is True else str(value))
        for field in _row_fields(forms, prefixes)
        for value in _values(field)
    )


def _digest(pairs: Iterable[tuple[str, str]]) -> str:
    texts = ((name, " ".join(value.split())) for name, value in pairs)
    return digest(f"{name}={text}" for name, text in sorted(texts) if text)


NO_ROWS = _digest(())


def _values(field: BoundField) -> list[Any]:
    value = field.value()
    values = value if isinstance(value, (list, tuple)) else [value]
    return [one for one in values if one is not None and one is not False]


def _row_fields(forms: dict[str, Any], prefixes: tuple[str, ...]) -> Iterator[BoundField]:
    for form in _forms(forms):
        yield from (field for field in form if field.html_name.startswith(prefixes))


def _forms(shown: dict[str, Any]) -> Iterator[BaseForm]:
    for form in shown.values():
        if isinstance(form, BaseFormSet):
            yield from form.forms
        elif isinstance(form, BaseForm):
            yield form


def rows_text(forms: dict[str, Any], prefixes: tuple[str, ...]) -> str:
    """Write rows as a list, a point each, for somebody to compare two of them."""
    points = []
    for form in _forms(forms):
        fields = [f for f in form if f.html_name.startswith(prefixes) and not f.is_hidden]
        if any(f.name == "DELETE" and f.value() for f in fields):
            continue
        if form.prefix:
            points.append(", ".join(text for text in map(_label, fields) if text))
        else:
            points += [f"{f.label}: {_label(f)}" for f in fields]
    return "\n".join(f"- {point}" for point in points if point)


def _label(field: BoundField) -> str:
    if field.name == "DELETE":
        return ""
    value = str(field.value() if field.value() is not None else "")
    choices = getattr(field.field, "choices", None)
    if not choices:
        return value if value not in ("True", "False", "on") else str(field.label)
    return next((str(label) for key, label in choices if str(key) == value and value), "")

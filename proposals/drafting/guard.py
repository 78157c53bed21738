"""
How a section's page carries what it showed, and what a conflict looks like to the one who meets it.

Each question has a hidden `base-<name>`, and so have the section's rows. A button in a conflict says which text to keep:
`do=mine:<name>:<base>` writes over what that base stands for, `do=theirs:<name>` lets it stand.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm
from django.forms.formsets import BaseFormSet

from klimaspor import danish
from klimaspor.seen import UNSEEN, Base, digest
from proposals.answers.content import Content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.forms.boundfield import BoundField
    from django.http import QueryDict

    from klimaspor.accounts.models import User
    from proposals.answers.sections import Field
    from proposals.drafting.parts import SectionForm
    from proposals.drafting.seen import Conflict
    from proposals.line.models import Proposal

MANAGEMENT = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")


def base_name(name: str) -> str:
    """Give the name of the hidden field that carries the base."""
    return f"base-{name}"


# What was posted


@dataclass(frozen=True)
class Choice:
    """What the writer chose in a conflict, if the button said so."""

    kept: str
    """ "mine", "theirs" or nothing."""
    name: str
    base: Base

    @classmethod
    def of(cls, pressed: str) -> Choice:
        kept, _, rest = pressed.partition(":")
        name, _, base = rest.partition(":")
        is_choice = kept in ("mine", "theirs")
        return cls(kept, name, Base.read(base)) if is_choice else cls("", "", UNSEEN)


def bases(names: Iterable[str], data: QueryDict, choice: Choice) -> dict[str, Base]:
    """Give the base of each question that was on the page; what was not there is nobody's answer."""
    found = {
        name: Base.read(data.get(base_name(name), ""))
        for name in names
        if base_name(name) in data or name in data
    }
    if choice.kept == "mine" and choice.name in found:
        found[choice.name] = choice.base
    return found


def with_theirs(data: QueryDict, shown: SectionForm, name: str, base: Base) -> QueryDict:
    """Answer a question with what stands, as if the writer had left it alone."""
    value = shown[name].value()
    data = data.copy()
    values = value if isinstance(value, list) else [] if value is None else [value]
    data.setlist(name, [str(one) for one in values])
    data[base_name(name)] = str(base)
    return data


# Rows


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


# What is shown


def typed_text(proposal: Proposal, question: Field, values: dict[str, Any], *, at: datetime) -> str:
    """Give an answer that was not written, as a reader would see it."""
    typed = copy.copy(proposal)
    for name in question.attributes:
        setattr(typed, name, values[name])
    return Content.of(typed, at=at, rows=()).answer(question.name)


def conflict_shown(
    conflict: Conflict, *, mine: str, theirs: str, user: User, at: datetime
) -> dict[str, Any]:
    """Give what the panel says: who and when, both texts, and what the two buttons carry."""
    is_me = conflict.edited_by == user
    return {
        "name": conflict.name,
        "who": "Du" if is_me else conflict.edited_by.name or "En anden",
        "is_me": is_me,
        "when": when_text(conflict.edited_at, at),
        "mine": mine,
        "theirs": theirs,
        "base": str(conflict.base),
    }


def when_text(moment: datetime, at: datetime) -> str:
    """Say when something was written: by the clock on the same day, else with the day."""
    if danish.day_of(moment) == danish.day_of(at):
        return f"i dag kl. {danish.time_text(danish.local(moment).time())}"
    return danish.datetime_text(moment)


def refusal(shown: dict[str, Any]) -> str:
    """Say at the field what stands in the way."""
    if shown["is_me"]:
        return (
            "Du har selv ændret det et andet sted, efter du åbnede siden. Vælg, hvad der skal stå"
        )
    return f"{shown['who']} har ændret det, efter du åbnede siden. Vælg, hvad der skal stå"

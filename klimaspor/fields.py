"""
Form fields that read what Danes type: amounts, ranges, dates, months, times and plain text.

What was typed stays in the box when it is refused. Messages begin "Indtast …"; a form says it better with
`error_messages={"required": "Indtast forslagets titel"}`, and "invalid" replaces what the reader says.

What a browser counts is tidied first, as `plain_text` does; `tests/lengths.json` holds the two to each other.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from klimaspor import danish


class Reader(Protocol):
    """Reads what was typed, or raises a ValueError that says what to type."""

    def __call__(self, text: str, /) -> Any: ...


class TypedField(forms.Field, ABC):
    """One line of text that is read as something else."""

    widget = forms.TextInput
    read: ClassVar[Reader]

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        """Take what it is the date or amount of, where a page has several: a refusal begins with that."""
        super().__init__(*args, **kwargs)
        self.about = about

    @abstractmethod
    def write(self, value: Any) -> str:
        """Return the text a person would have typed."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip()
        if value in self.empty_values:
            return None
        if not isinstance(value, str):
            return value
        try:
            return self.read(value)
        except ValueError as refusal:
            message = self.error_messages.get("invalid", str(refusal))
            if self.about:
                message = f"{self.about}: {message[:1].lower()}{message[1:]}"
            raise ValidationError(message, code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value in self.empty_values else self.write(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "autocomplete": "off"}


class AmountField(TypedField):
    """An amount in kroner, as a Decimal."""

    read = staticmethod(danish.parse_money)
    default_error_messages = {"required": "Indtast et beløb"}

    def write(self, value: Decimal) -> str:
        return danish.amount_text(value)


class RangeField(TypedField):
    """An amount in kroner that may be "10-12 mio.", as its lowest and highest."""

    read = staticmethod(danish.parse_range)
    default_error_messages = {
        "required": "Indtast et beløb, fx 10-\N{WORD JOINER}12\N{NO-BREAK SPACE}mio.\N{NO-BREAK SPACE}kr."
    }

    def write(self, value: tuple[Decimal, Decimal]) -> str:
        return danish.plain(danish.range_text(*value))


class DanishDateField(TypedField):
    """A date, typed rather than picked."""

    read = staticmethod(danish.parse_date)
    default_error_messages = {"required": "Indtast en dato, fx 15.4.2027"}

    def write(self, value: date) -> str:
        return danish.short_date(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "class": "input-char-11"}


class MonthField(TypedField):
    """A month of a year, as the first of its days."""

    read = staticmethod(danish.parse_month)
    default_error_messages = {"required": "Indtast måned og år, fx januar 2027"}

    def write(self, value: date) -> str:
        return danish.plain(danish.month_text(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "class": "input-char-27"}


class EndMonthField(MonthField):
    """The month something ends with, as the first of its days."""

    read = staticmethod(danish.parse_end_month)
    default_error_messages = {"required": "Indtast måned og år, fx december 2028"}


class DanishTimeField(TypedField):
    """A time of day."""

    read = staticmethod(danish.parse_time)
    default_error_messages = {"required": "Indtast et klokkeslæt, fx 9.00"}

    def write(self, value: time) -> str:
        return danish.time_text(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "class": "input-char-8"}


class CellsField(forms.CharField):
    """Cells copied from a spreadsheet: tabs and line breaks part them, and what nobody sees is left out."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str | None:
        return super().to_python(None if value is None else danish.seen(str(value)))


class PlainTextField(forms.CharField):
    """Paragraphs and "- " lists, however they were pasted. Length is counted after tidying, a line break as one."""

    widget = forms.Textarea
    default_error_messages = {
        "required": "Indtast en tekst",
        "max_length": "Teksten må højst være på %(limit_value)s tegn. Den er på %(show_value)s. Gør den kortere",
        "min_length": "Teksten skal være på mindst %(limit_value)s tegn. Den er på %(show_value)s. Skriv mere",
    }

    def to_python(self, value: Any) -> str | None:
        return super().to_python(None if value is None else plain_text(str(value)))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        # A browser that stops at maxlength cuts off what is pasted without a word.
        attrs.pop("maxlength", None)
        attrs.pop("minlength", None)
        return attrs


class LineField(forms.CharField):
    """A name, a title, or another line of text, as `danish.one_line` has it; its length is counted in characters."""

    default_error_messages = {
        "max_length": "Teksten må højst være på %(limit_value)d tegn. Den er på %(show_value)d. Gør den kortere",
    }

    def to_python(self, value: Any) -> str | None:
        return super().to_python(None if value is None else danish.one_line(str(value)))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        # A browser counts an emoji as two and cuts off what is pasted without a word.
        attrs.pop("maxlength", None)
        return attrs


class AddressField(forms.EmailField):
    """An e-mail address, as `danish.one_line` has it."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(None if value is None else danish.one_line(str(value)))


def plain_text(text: str) -> str:
    """
    Return text as it is stored: line breaks as LF, points as "- ", as it is `danish.seen`.

    What Word, mail and the web put before a point becomes "- ", and "  - " where it lies under another.
    """
    visible = danish.seen(_LINE_BREAK.sub("\n", text))
    lines = _pointed(line.rstrip() for line in visible.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def is_point(line: str) -> bool:
    """Say whether a line begins as a point of a list does."""
    return bool(_BULLET.match(line))


def _pointed(lines: Iterable[str]) -> Iterator[str]:
    """Give each point the level it has among those it follows: by how far it is set in, then by its sign."""
    above: list[tuple[int, int]] = []
    for line in lines:
        found = _BULLET.match(line)
        if not found:
            above = []
            yield line
            continue
        width = len(found["indent"].expandtabs(TAB))
        here = (width, _rank(found))
        while len(above) > 1 and above[-1][0] > width + 1:
            above.pop()
        if not above or width > above[-1][0] + 1:
            above.append(here)
        elif beside := [at for at in above if at[1] == here[1] and abs(at[0] - width) <= 1]:
            del above[above.index(beside[-1]) + 1 :]
        elif here[1] > above[-1][1]:
            above.append(here)
        else:
            above[-1] = here
        yield "  " * (len(above) - 1) + "- " + line[found.end() :]


def _rank(found: re.Match[str]) -> int:
    """Say how deep Word uses a sign when nothing else tells: • over o over §, 1. over 1.1. and a)."""
    sign = found["sign"].strip()
    if sign[0].isdecimal():
        return sign.rstrip(".)").count(".")
    if sign in _THIRD_SIGNS:
        return 2
    return int(sign in _SECOND_SIGNS or sign[-1] == ")")


TAB = 4
# U+000B is Word's break within a paragraph; U+0085, U+2028 and U+2029 come with text from the web.
_LINE_BREAK = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_SECOND_SIGNS = frozenset("o◦○")
_THIRD_SIGNS = frozenset("§▪■\uf0a7")
# Bullets from Word. Letters of its symbol fonts and numbers are that only before a tab or a wide gap: "o" is a word too.
_BULLET = re.compile(
    r"^(?P<indent>[ \t\xa0]*)(?P<sign>"
    r"[•‣◦▪▫●○■□·∙➢✓\uf0a7\uf0b7\uf0d8\uf0fc](?=[ \t\xa0]*\S)|[-*–—](?=[ \t\xa0])"
    r"|[o§Øüvq](?=\t|[ \xa0]{3})|(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]|[a-zæøå]\))(?=\t))[ \t\xa0]*(?=\S)"
)


def value_text(field: forms.Field, value: Any) -> str:
    """Give what a reader sees of a field's value, whether it is stored or cleaned."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(field, TypedField):
        return field.write(value)
    if isinstance(field, forms.ModelChoiceField):
        rows = value if isinstance(value, (list, QuerySet)) else [value]
        known = [row if isinstance(row, Model) else field.to_python(row) for row in rows]
        return danish.join_text(sorted(map(str, known)))
    labels = dict(getattr(field, "choices", ()))
    return str(labels.get(value, value))

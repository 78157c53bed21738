"""What templates need to speak Det Fælles Designsystem."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.formsets import BaseFormSet
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from klimaspor import difference
from klimaspor.dkfds import rare_signs
from klimaspor.dkfds.prose import Bullets, Paragraph, blocks
from klimaspor.fields import LineField, PlainTextField

register = template.Library()


# Pictures


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw an icon of the design system; without a label it is decoration that only the eye meets."""
    picture = (format_html("icon-svg {}", css), f"{static('img/icons.svg')}#{name}")
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}" focusable="false"><use href="{}"></use></svg>',
            picture[0],
            label,
            picture[1],
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', *picture
    )


@register.simple_tag
@lru_cache(maxsize=256)
def status_tag(text: str, tone: str = "") -> SafeString:
    """Draw components/status_tag.html; in a table the same few stand in every row."""
    return render_to_string("components/status_tag.html", {"text": text, "tone": tone})


@dataclass(frozen=True)
class Bar:
    """One bar of a chart; `x` and `width` are in percent of the drawing."""

    label: str
    text: str
    y: int
    width: str
    tone: str


BAR_HEIGHT = 28


@register.simple_tag
def bars(rows: Iterable[dict[str, Any]]) -> list[Bar]:
    """Scale rows of label, value and text so that the largest value fills the drawing."""
    rows = list(rows)
    largest = max((Decimal(row["value"] or 0) for row in rows), default=Decimal(0)) or Decimal(1)
    return [
        Bar(
            label=row["label"],
            text=row.get("text", row["value"]),
            y=index * BAR_HEIGHT,
            width=f"{Decimal(row['value'] or 0) / largest * 100:.1f}%",
            tone=row.get("tone", "1"),
        )
        for index, row in enumerate(rows)
    ]


# Text


@register.filter
def prose(text: str | None) -> SafeString:
    """Show what a person wrote: everything escaped, paragraphs as paragraphs and "- " lines as a list."""
    return format_html_join("", "{}", ((_block(block),) for block in blocks(text or "")))


@register.simple_tag
def marked(text: str, marks: Iterable[tuple[int, int]]) -> SafeString:
    """Show what a person wrote as `prose` does, and mark the words from the first to before the second place of each mark."""
    said = text.translate(_NO_MARKS)
    for start, end in reversed(_apart(marks)):
        said = f"{said[:start]}{_BEGIN}{said[start:end]}{_END}{said[end:]}"
    draw = _Marker()
    return format_html_join("", "{}", ((_block(block, draw),) for block in blocks(said)))


_BEGIN, _END = "\ufdd0", "\ufdd1"
"""Signs that no text holds: Unicode keeps them free for a program's own use."""
_NO_MARKS = {ord(sign): "\N{REPLACEMENT CHARACTER}" for sign in (_BEGIN, _END)}


def _apart(marks: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put marks that overlap together, in order."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


class _Marker:
    """Draws line after line; a mark that goes on over several is drawn in each."""

    def __init__(self) -> None:
        self.is_marked = False

    def __call__(self, line: str) -> SafeString:
        return format_html_join("", "{}", ((piece,) for piece in self._pieces(line)))

    def _pieces(self, line: str) -> Iterator[str]:
        for piece in re.split(f"([{_BEGIN}{_END}])", line):
            if piece in (_BEGIN, _END):
                self.is_marked = piece == _BEGIN
            elif piece:
                yield format_html("<mark>{}</mark>", piece) if self.is_marked else piece


def _block(block: Paragraph | Bullets, draw: Callable[[str], str] = str) -> SafeString:
    if isinstance(block, Bullets):
        return _list([(level, draw(point)) for level, point in block.leveled])
    lines = format_html_join(SafeString("<br>"), "{}", ((draw(line),) for line in block.lines))
    return format_html("<p>{}</p>", lines)


def _list(points: Sequence[tuple[int, str]]) -> SafeString:
    """Draw points that begin at one level, those under a point as a list within it."""
    top = points[0][0]
    starts = [place for place, (level, _) in enumerate(points) if level <= top]
    items = (
        (points[start][1], _list(points[start + 1 : end]) if end > start + 1 else "")
        for start, end in zip(starts, [*starts[1:], len(points)], strict=True)
    )
    return format_html(
        '<ul class="prose-list">{}</ul>', format_html_join("", "<li>{}{}</li>", items)
    )


@register.simple_tag
def differences(one: str, other: str) -> tuple[list[difference.Piece], list[difference.Piece]]:
    """Give both texts in pieces that say whether they stand in that text only."""
    return difference.differences(one, other)


@register.filter
def is_list(value: object) -> bool:
    """Say whether an answer is several."""
    return isinstance(value, (list, tuple))


# Forms


@register.filter
def kind(field: BoundField) -> str:
    """Say how a field is laid out: radios, checkboxes, checkbox, group (several boxes under one legend) or single."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if field.use_fieldset else "single"


@register.filter
def is_optional(field: BoundField) -> bool:
    """
    Say whether to mark a field "(frivilligt)".

    A form that can be saved half-finished requires nothing, so it names what is truly optional in `optional_fields`.
    A lone checkbox is never marked: leaving it is an answer.
    """
    if kind(field) == "checkbox":
        return False
    named = getattr(field.form, "optional_fields", None)
    return not field.field.required if named is None else field.name in named


@register.filter
def limit(field: BoundField) -> int | None:
    """Return how many characters a longer text may have."""
    if isinstance(field.field.widget, forms.Textarea):
        return getattr(field.field, "max_length", None)
    return None


@register.filter
def target(field: BoundField) -> str:
    """Return the id of the element that takes the focus when an error points at a field."""
    if kind(field) == "single" or kind(field) == "checkbox":
        return field.id_for_label
    if kind(field) == "group":
        parts = field.field.widget.get_context(
            field.html_name, field.value(), {"id": field.auto_id}
        )["widget"]["subwidgets"]
        return str(parts[0]["attrs"]["id"])
    ids = (button.id_for_label for _, buttons in choices(field) for button in buttons)
    return next(ids, f"div_{field.auto_id}")


@register.filter
def is_written(field: BoundField) -> bool:
    """Say whether a person's own words stand in a field."""
    return isinstance(field.field, LineField | PlainTextField)


@register.filter
def signs_remark(field: BoundField) -> str:
    """Say what a paper does with signs that its typeface lacks, of those that stand in a field."""
    return rare_signs.remark(str(field.value() or "")) if is_written(field) else ""


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw a field's widget with the classes and descriptions that the design system asks for."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    attrs: dict[str, Any] = {"class": f"{_control_class(widget)} {own}".strip()}
    ids = [field.aria_describedby or ""]
    if limit(field):
        ids.append(f"{field.auto_id}_limit")
    if signs_remark(field):
        ids.append(f"{field.auto_id}_signs")
    if ids[1:]:
        attrs["aria-describedby"] = " ".join(filter(None, ids))
    # A browser that stops at maxlength cuts off what is pasted without a word.
    attrs["maxlength"] = False
    return field.as_widget(attrs=attrs)


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-checkbox"
    is_select = isinstance(widget, forms.Select | forms.SelectDateWidget)
    return "form-select" if is_select else "form-input"


@register.simple_tag
def choices(field: BoundField) -> list[tuple[str | None, list[BoundWidget]]]:
    """List the buttons of a group of radio buttons or checkboxes, under the name of their group if they have one."""
    widget = field.field.widget
    attrs = field.build_widget_attrs({"id": field.auto_id, "class": f"form-{widget.input_type}"})
    groups = widget.optgroups(field.html_name, widget.format_value(field.value()), attrs)
    return [
        (name, [BoundWidget(widget, option, field.form.renderer) for option in options])
        for name, options, _ in groups
    ]


@register.filter
def button_class(names: str) -> str:
    """Return a crispy button's classes in the design system's words."""
    own = [name for name in names.split() if name not in ("btn", "btn-primary", "btn-inverse")]
    if not any(name.startswith("button-") for name in own):
        own.insert(0, "button-primary" if "btn-primary" in names else "button-secondary")
    return " ".join(["button", *own])


@dataclass(frozen=True)
class Problem:
    """One error of a page: what is wrong, and the id of where to fix it ("" when it is about the whole)."""

    text: str
    target: str


@register.simple_tag
def problems(*sources: Any) -> list[Problem]:
    """
    List every error of forms, formsets and lists of them in the order of the page.

    Empty sources are passed over, so a template can name forms that a page has only sometimes.
    """
    return [problem for source in sources if source for problem in _problems(source)]


def _problems(source: Any) -> Iterator[Problem]:
    if isinstance(source, BaseFormSet):
        yield from (
            Problem(str(text), f"{source.prefix}_rows") for text in source.non_form_errors()
        )
        yield from (problem for form in source.forms for problem in _problems(form))
    elif isinstance(source, forms.BaseForm):
        yield from (Problem(str(text), "") for text in source.non_field_errors())
        for field in source:
            where = "" if field.is_hidden else target(field)
            yield from (Problem(str(text), where) for text in field.errors)
    elif isinstance(source, Sequence):
        yield from problems(*source)

"""Whatever is typed into a form is cleaned as its kind is: names, titles and addresses on one line, longer texts in paragraphs."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms

import hypothesis.strategies as st
import pytest
from hypothesis import given

import klimaspor
import proposals
import review
from klimaspor import danish, fields, uploads
from klimaspor.accounts import entrance
from proposals.search.parts import WordsField

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
UNSEEN = "\u2060\u200b\u202e\u00ad\ufeff\u200d"
CLEANED = (
    fields.LineField,
    fields.AddressField,
    fields.PlainTextField,
    fields.CellsField,
    WordsField,
)
ALLOWED = {
    "WordsField": "what is looked for, cleaned as it is read",
}


def our_forms() -> Iterator[type[forms.BaseForm]]:
    """Give every form of ours, from whichever module."""
    for package in (klimaspor, proposals, review):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2] in {"forms", "parts", "entrance", "views"}:
                importlib.import_module(module.name)
    todo: list[type[forms.BaseForm]] = [forms.BaseForm]
    while todo:
        for form in todo.pop().__subclasses__():
            todo.append(form)
            if form.__module__.partition(".")[0] in {"klimaspor", "proposals", "review"}:
                yield form


def typed_lines(form: type[forms.BaseForm]) -> Iterator[tuple[str, forms.Field]]:
    """Give the fields of a form that somebody types words into."""
    for name, field in form.base_fields.items():  # type: ignore[attr-defined]  # made by the metaclass
        is_secret = isinstance(field.widget, forms.PasswordInput | forms.HiddenInput)
        if isinstance(field, forms.CharField) and not is_secret:
            yield name, field


def test_every_field_that_takes_words_cleans_them() -> None:
    found = {
        f"{form.__module__}.{form.__qualname__}.{name}": field
        for form in our_forms()
        if not issubclass(form, entrance.Worded)
        for name, field in typed_lines(form)
    }
    assert len(found) > 60
    assert any(name.endswith("OrganizationForm.code") for name in found)

    assert [name for name, field in found.items() if not isinstance(field, CLEANED)] == []


def test_no_form_makes_a_field_that_does_not() -> None:
    made = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for package in ("klimaspor", "proposals", "review")
        for file in (ROOT / package).rglob("*.py")
        if file.name != "fields.py"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"forms.CharField", "forms.EmailField", "forms.SlugField"}
        and "HiddenInput" not in ast.unparse(node)
    ]
    assert made == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ("LoginForm", "SignupForm", "AddEmailForm", "ResetPasswordForm"))
def test_addresses_at_the_entrance_are_cleaned_too(name: str, rf: Any) -> None:
    made = getattr(entrance, name)
    form = made(request=rf.get("/")) if name == "LoginForm" else made()
    addresses = [field for field in form.fields.values() if isinstance(field, forms.EmailField)]

    assert addresses
    assert all(isinstance(field, fields.AddressField) for field in addresses)
    if "name" in form.fields:
        assert isinstance(form.fields["name"], fields.LineField)


@pytest.mark.parametrize(
    ("typed", "stored"),
    (
        (f"Maja{UNSEEN} \n\u00a0 Holm\t", "Maja Holm"),
        ("A\u030arhus E\ufb00ekt", "Århus Effekt"),
        ("Gr\u202eæs\u2028protein", "Græs protein"),
        (UNSEEN, ""),
        (
            "\U0001f468\u200d\U0001f469\u200d\U0001f467 Familie",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467 Familie",
        ),
    ),
)
def test_a_line_is_as_it_is_seen(typed: str, stored: str) -> None:
    assert danish.one_line(typed) == stored
    assert fields.LineField(required=False).clean(typed) == stored


def test_an_address_is_as_it_is_seen() -> None:
    assert fields.AddressField().clean(f" navn{UNSEEN}@eksempel.dk\n") == "navn@eksempel.dk"


def test_a_file_is_named_as_it_is_seen() -> None:
    assert uploads.with_ending(f"a\u202efdp{UNSEEN}\nplan.pdf", uploads.PDF) == "afdp plan.pdf"


def test_longer_texts_keep_their_paragraphs_and_families() -> None:
    typed = "Lav\u00adbund e\ufb00ekt\r\n\r\n\U0001f468\u200d\U0001f469\u200d\U0001f467 a\u200db"

    stored = "Lavbund effekt\n\n\U0001f468\u200d\U0001f469\u200d\U0001f467 ab"
    assert fields.PlainTextField().clean(typed) == stored


@pytest.mark.slow("tries many texts")
@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    line = danish.one_line(text)
    assert danish.one_line(line) == line
    assert danish.seen(danish.seen(text)) == danish.seen(text)
    assert danish.words_of(line) == danish.words_of(text)


def test_words_are_parted_and_spelled() -> None:
    assert danish.words_of("CO₂-neutral Klimaplan-2030, A\u030ar_1") == [
        "co2",
        "neutral",
        "klimaplan",
        "2030",
        "år",
        "1",
    ]
    assert danish.spelled("græs år søen café") == "graes aar soeen cafe"
    assert danish.endings("protein") == ["rotein", "otein", "tein", "ein"]
    assert danish.endings("abc") == danish.endings("x" * 61) == []

"""The form fields: what they read, what they write back, and what they say."""

import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klimaspor import fields


class Everything(forms.Form):
    amount = fields.AmountField(error_messages={"required": "Indtast beløbet fra Realdania"})
    total = fields.RangeField(required=False)
    day = fields.DanishDateField()
    start = fields.MonthField()
    clock = fields.DanishTimeField(error_messages={"invalid": "Indtast mødets starttid, fx 9.00"})
    text = fields.PlainTextField(max_length=25)


RIGHT = {
    "amount": " 1,5 mio. kr. ",
    "total": "10-12 mio.",
    "day": "15. april 2027",
    "start": "1.2027",
    "clock": "9",
    "text": "Vi vil:\r\n• måle\r\no\tdele",
}


def test_a_form_reads_what_danes_type() -> None:
    form = Everything(RIGHT)

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "amount": Decimal(1_500_000),
        "total": (Decimal(10_000_000), Decimal(12_000_000)),
        "day": date(2027, 4, 15),
        "start": date(2027, 1, 1),
        "clock": time(9),
        "text": "Vi vil:\n- måle\n  - dele",
    }


def test_what_was_saved_is_shown_as_it_would_be_typed_and_is_no_change() -> None:
    saved = Everything(RIGHT)
    assert saved.is_valid()

    form = Everything(initial=saved.cleaned_data)
    again = Everything(RIGHT, initial=saved.cleaned_data)

    assert {
        name: form[name].value() and form.fields[name].prepare_value(form[name].value())
        for name in form.fields
    } == {
        "amount": "1.500.000",
        "total": "10-12 mio. kr.",
        "day": "15.4.2027",
        "start": "januar 2027",
        "clock": "9.00",
        "text": "Vi vil:\n- måle\n  - dele",
    }
    assert again.changed_data == []


def test_refusals_are_danish_and_keep_what_was_typed() -> None:
    form = Everything(
        {
            "amount": "",
            "total": "12-10",
            "day": "31.2.2027",
            "start": "x",
            "clock": "x",
            "text": "a" * 26,
        }
    )

    assert form.errors == {
        "amount": ["Indtast beløbet fra Realdania"],
        "total": ["Det laveste beløb skal stå først, fx 10-12 mio. kr."],
        "day": ["Datoen findes ikke. Indtast dag, måned og år, fx 15.4.2027"],
        "start": ["Måneden skal skrives med måned og år, fx januar 2027"],
        "clock": ["Indtast mødets starttid, fx 9.00"],
        "text": ["Teksten må højst være på 25 tegn. Den er på 26. Gør den kortere"],
    }
    assert 'value="31.2.2027"' in str(form["day"])
    assert 'value="12-10"' in str(form["total"])


def test_empty_is_nothing_and_zero_is_an_answer() -> None:
    field = fields.AmountField(required=False)

    assert field.clean("") is None
    assert field.clean("0") == 0
    assert field.prepare_value(Decimal(0)) == "0"
    assert field.has_changed(None, "0")


def test_default_messages_say_what_to_type() -> None:
    form = Everything({})

    assert [form.errors[name][0] for name in ("day", "start", "clock", "text")] == [
        "Indtast en dato, fx 15.4.2027",
        "Indtast måned og år, fx januar 2027",
        "Indtast et klokkeslæt, fx 9.00",
        "Indtast en tekst",
    ]


def test_a_line_break_counts_as_one_sign_and_the_browser_cuts_nothing_off() -> None:
    field = fields.PlainTextField(max_length=3)

    assert field.clean("a\r\nb") == "a\nb"
    assert "maxlength" not in field.widget.attrs


@pytest.mark.parametrize(
    ("pasted", "stored"),
    (
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\vb\u2028c", "a\nb\nc"),
        ("nul\x00 og\x1f BOM\ufeff", "nul og BOM"),
        ("•\tet\n•to\n· tre", "- et\n- to\n- tre"),
        ("\uf0b7\tet\no\tto\n§\ttre\n\uf0b7\tfire", "- et\n  - to\n    - tre\n- fire"),
        ("o\tet\no\tto", "- et\n- to"),
        ("•   et\no   to\n\no   tre", "- et\n  - to\n\n- tre"),
        ("1.\tet\n1.1.\tto\na)\ttre\n2.\tfire", "- et\n  - to\n  - tre\n- fire"),
        ("- et\n\t- to\n\t\t• tre\n  - fire", "- et\n  - to\n    - tre\n  - fire"),
        (
            "o sådan er det\n§ 4 i loven\nvi gør det\n1. maj\n12\t13",
            "o sådan er det\n§ 4 i loven\nvi gør det\n1. maj\n12\t13",
        ),
        ("  * et\n– to\n-\ttre", "- et\n- to\n- tre"),
        (
            "og sådan\n-3 grader\n2 * 3\nÅr 2027 - 2029",
            "og sådan\n-3 grader\n2 * 3\nÅr 2027 - 2029",
        ),
        ("a  \n\n\n\n\nb\n", "a\n\nb"),
        ("\u202egnp.exe", "gnp.exe"),
        (" \r\n\t ", ""),
        ("A\N{COMBINING RING ABOVE}r", "År"),
    ),
)
def test_pasted_text_becomes_plain(pasted: str, stored: str) -> None:
    assert fields.plain_text(pasted) == stored


@given(
    st.text(alphabet=st.sampled_from("ab\r\n\t\v •o·-*–\x00\u200b\u2028\N{COMBINING RING ABOVE}"))
    | st.text()
)
def test_plain_text_stays_as_it_is(text: str) -> None:
    once = fields.plain_text(text)

    assert fields.plain_text(once) == once
    once.encode()


LENGTHS = json.loads((Path(__file__).parent / "lengths.json").read_text())
"""The same table holds the browser's count, in dkfds/test_browser.py."""


@pytest.mark.parametrize("case", LENGTHS, ids=lambda case: case["case"])
def test_length_is_counted_as_the_browser_counts_it(case: dict[str, Any]) -> None:
    assert len(fields.plain_text(case["text"])) == case["length"]
    if case["length"] > 1:
        with pytest.raises(ValidationError, match=f"Den er på {case['length']}"):
            fields.PlainTextField(max_length=case["length"] - 1).clean(case["text"])
        fields.PlainTextField(max_length=case["length"]).clean(case["text"])


def test_a_line_counts_an_emoji_as_one_and_the_browser_cuts_nothing_off() -> None:
    field = fields.LineField(max_length=3)

    assert field.clean("\U0001f600\U0001f600\U0001f600") == "\U0001f600\U0001f600\U0001f600"
    assert "maxlength" not in field.widget.attrs
    with pytest.raises(ValidationError, match="Den er på 4"):
        field.clean("abcd")

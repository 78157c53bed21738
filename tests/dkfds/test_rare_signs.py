"""A writer is told what the papers do with a sign that their typeface lacks, and of nothing else."""

from django import forms
from django.template.loader import render_to_string

import pytest

from klimaspor.dkfds import rare_signs
from klimaspor.fields import LineField, PlainTextField

FAMILY = "👨\u200d👩\u200d👧"


class Written(forms.Form):
    name = LineField()
    text = PlainTextField()
    mail = forms.EmailField()


@pytest.mark.parametrize(
    ("text", "said"),
    (
        ("", ""),
        ("Æbler, 58-65 %, CO₂, m², ”ja” – ±5 °C… €", ""),
        ("3\u202f000\u2009kr. og CO\u2011to\u200b", ""),
        ("Grøn 🌱", "I PDF'er bliver tegnet 🌱 trykt i sort med en anden skrift."),
        (
            f"✅ {FAMILY} 10⁻³ ✅ 🇩🇰",
            f"I PDF'er bliver tegnene ✅, {FAMILY}, ⁻ og 🇩🇰 trykt i sort med en anden skrift.",
        ),
        ("中", "I PDF'er bliver 中 skrevet [kinesisk tegn U+4E2D]."),
        (
            "🌱 中",
            (
                "I PDF'er bliver tegnet 🌱 trykt i sort med en anden skrift. "
                "I PDF'er bliver 中 skrevet [kinesisk tegn U+4E2D]."
            ),
        ),
        (
            "☀☁☂☃☄★☆",
            "I PDF'er bliver tegnene ☀, ☁, ☂, ☃, ☄ og 2 andre trykt i sort med en anden skrift.",
        ),
    ),
)
def test_a_remark_names_what_is_printed_otherwise(text: str, said: str) -> None:
    assert rare_signs.remark(text) == said


def test_the_remark_stands_at_the_field_and_refuses_nothing() -> None:
    form = Written({"name": "Grøn 🌱", "text": "Almindelig", "mail": "a@example.org"})

    assert form.is_valid()
    shown = {
        name: render_to_string("dkfds/field.html", {"field": form[name]}) for name in form.fields
    }
    said = "I PDF&#x27;er bliver tegnet 🌱 trykt i sort med en anden skrift."
    assert f'<span id="id_name_signs">{said}</span>' in shown["name"]
    assert 'aria-describedby="id_name_signs"' in shown["name"]
    assert '<span id="id_text_signs"></span>' in shown["text"]
    assert "signs" not in shown["mail"]

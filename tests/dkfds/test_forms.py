"""The crispy pack: what the design system asks of a form."""

import re
from html.parser import HTMLParser
from typing import Any

from django import forms
from django.forms import formset_factory
from django.http import QueryDict
from django.template import Context, Template
from django.test import Client

import pytest

from klimaspor.dkfds.formsets import RowFormSet
from klimaspor.dkfds.templatetags.dkfds import problems
from klimaspor.fields import PlainTextField

pytestmark = pytest.mark.usefixtures("gallery")


class Elements(HTMLParser):
    """Every element with its attributes, and the text of those that have an id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.found if "id" in attrs]


def drawn(template: str, **context: Any) -> str:
    loads = "{% load crispy_forms_tags dkfds %}"
    return str(Template(loads + template).render(Context(context)))


def text_of(html: str, element_id: str) -> str:
    found = re.search(rf'id="{element_id}"[^>]*>(.*?)</(?:span|div)>\s', html, re.DOTALL)
    assert found, element_id
    inner = re.sub(r'<span class="sr-only">.*?</span>', "", found[1])
    return re.sub(r"<[^>]+>", "", inner).strip()


@pytest.mark.django_db
def test_summary_says_the_very_words_of_each_field_and_leads_there(client: Client) -> None:
    html = client.get("/galleri/fejl/").content.decode()
    ids = Elements(html).ids()
    entries = re.findall(r'<li><a class="function-link" href="#([^"]+)">([^<]+)</a></li>', html)

    assert len(entries) == 19
    for target, text in entries:
        field = re.sub(r"(_0)+$", "", target)
        assert target in ids
        assert text in text_of(html, f"{field.removesuffix('_rows')}_error")


@pytest.mark.django_db
def test_summary_stands_above_the_heading(client: Client) -> None:
    html = client.get("/galleri/fejl/").content.decode()

    assert 0 < html.index("error-summary-heading") < html.index("<h1>")
    assert "<title>Fejl: Om sporet – Klimaspor</title>" in html


@pytest.mark.django_db
def test_no_id_is_used_twice(client: Client) -> None:
    for address in (
        "/galleri/form/",
        "/galleri/fejl/",
        "/galleri/forslag/",
        "/galleri/liste/",
        "/galleri/bekraeft/",
    ):
        ids = Elements(client.get(address).content.decode()).ids()

        assert sorted(ids) == sorted(set(ids)), address


@pytest.mark.django_db
def test_every_description_of_a_field_exists(client: Client) -> None:
    for address in ("/galleri/form/", "/galleri/fejl/"):
        elements = Elements(client.get(address).content.decode())
        named = {
            word
            for _, attrs in elements.found
            for word in (attrs.get("aria-describedby") or "").split()
        }

        assert named
        assert named - set(elements.ids()) == set()


@pytest.mark.django_db
def test_nothing_is_inline_and_nothing_stands_in_the_boxes(client: Client) -> None:
    for address in (
        "/galleri/form/",
        "/galleri/fejl/",
        "/galleri/forslag/",
        "/galleri/liste/",
        "/galleri/bekraeft/",
        "/konto/log-paa/",
    ):
        for tag, attrs in Elements(client.get(address).content.decode()).found:
            assert "style" not in attrs
            assert "placeholder" not in attrs
            assert not [name for name in attrs if name.startswith("on")]
            assert tag != "style"
            assert tag != "script" or attrs.get("src")


@pytest.mark.django_db
def test_every_form_is_checked_by_us_alone(client: Client) -> None:
    for address in (
        "/galleri/form/",
        "/galleri/forslag/",
        "/galleri/liste/",
        "/galleri/bekraeft/",
        "/konto/log-paa/",
    ):
        drawn_forms = [
            attrs
            for tag, attrs in Elements(client.get(address).content.decode()).found
            if tag == "form"
        ]

        assert drawn_forms
        assert all("novalidate" in attrs and "action" in attrs for attrs in drawn_forms)


def test_help_text_is_escaped() -> None:
    class Form(forms.Form):
        name = forms.CharField(help_text="<script>alert(1)</script>", label="<b>")

    html = drawn("{{ form|crispy }}", form=Form())

    assert "<script>" not in html
    assert "<b>" not in html


def test_message_stands_between_label_and_box() -> None:
    class Form(forms.Form):
        name = forms.CharField(
            label="Navn", help_text="Hele navnet", error_messages={"required": "Indtast navnet"}
        )

    html = drawn("{{ form|crispy }}", form=Form({}))

    places = [html.index(part) for part in ("Navn", "Hele navnet", "Indtast navnet", "<input")]
    assert places == sorted(places)
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


def test_optional_is_marked_and_required_is_not() -> None:
    class Form(forms.Form):
        name = forms.CharField(label="Navn")
        nick = forms.CharField(label="Kaldenavn", required=False)
        news = forms.BooleanField(label="Nyheder", required=False)

    assert drawn("{{ form|crispy }}", form=Form()).count("(frivilligt)") == 1


def test_form_that_can_be_saved_half_finished_names_what_is_optional() -> None:
    class Form(forms.Form):
        optional_fields = ("nick",)
        name = forms.CharField(label="Navn", required=False)
        nick = forms.CharField(label="Kaldenavn", required=False)

    html = drawn("{{ form|crispy }}", form=Form())

    assert html.count("(frivilligt)") == 1
    assert html.index("Kaldenavn") < html.index("(frivilligt)")


def test_long_text_is_counted_and_never_cut_off() -> None:
    class Form(forms.Form):
        name = forms.CharField(label="Navn", max_length=20)
        text = PlainTextField(label="Tekst", max_length=600)

    html = drawn("{{ form|crispy }}", form=Form())

    assert "maxlength" not in html
    assert html.count('data-limit="600"') == 1
    assert 'aria-describedby="id_text_limit"' in html
    assert "Højst 600 tegn" in html


def test_choices_without_any_still_have_a_place_to_lead_to() -> None:
    class Form(forms.Form):
        one = forms.ChoiceField(choices=(), widget=forms.RadioSelect)

    form = Form({})

    assert [problem.target for problem in problems(form)] == ["div_id_one"]
    assert 'id="div_id_one"' in drawn("{{ form|crispy }}", form=form)


def test_several_boxes_under_one_legend() -> None:
    class Form(forms.Form):
        when = forms.DateField(label="Dato", widget=forms.SelectDateWidget)
        both = forms.SplitDateTimeField(label="Møde", widget=forms.SplitDateTimeWidget)

    form = Form({})
    html = drawn("{{ form|crispy }}", form=form)

    assert html.count("<fieldset") == 2
    assert {problem.target for problem in problems(form)} <= set(Elements(html).ids())
    assert html.count('class="form-select"') == 3


def test_hidden_field_shows_its_error_without_a_link() -> None:
    class Form(forms.Form):
        revision = forms.IntegerField(
            widget=forms.HiddenInput, error_messages={"required": "Genindlæs siden"}
        )

    html = drawn('{% include "components/error_summary.html" with form=form only %}', form=Form({}))

    assert "<li>Genindlæs siden</li>" in html


def test_summary_of_nothing_is_nothing() -> None:
    html = drawn(
        '{% include "components/error_summary.html" with form=form formset=missing only %}',
        form=forms.Form({}),
    )

    assert html.strip() == ""


class Line(forms.Form):
    year = forms.CharField(label="År", error_messages={"required": "Indtast et årstal"})


class Lines(RowFormSet):
    item_name = "Linje"
    add_text = "Tilføj linje"
    remove_text = "Fjern linjen"


LineRows = formset_factory(Line, formset=Lines, extra=0, can_delete=True)


def posted(**more: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(
        {
            "l-TOTAL_FORMS": "2",
            "l-INITIAL_FORMS": "0",
            "l-0-year": "2027",
            "l-1-year": "",
            "l-1-DELETE": "",
            **more,
        }
    )
    return data


def test_rows_grow_by_one_without_errors_and_keep_what_was_typed() -> None:
    rows = LineRows(posted(**{"add-row": "l"}), prefix="l")

    assert not rows.is_valid()
    assert rows.is_growing
    assert problems(rows) == []
    assert rows.total_form_count() == 3
    assert [form["year"].value() for form in rows] == ["2027", "", None]


def test_rows_do_not_grow_for_another_formsets_button() -> None:
    rows = LineRows(posted(**{"add-row": "andre", "l-1-year": "2028"}), prefix="l")

    assert rows.is_valid()
    assert rows.total_form_count() == 2


def test_rows_without_data_do_not_grow() -> None:
    rows = LineRows(prefix="l", initial=[{"year": "2027"}])

    assert not rows.is_growing
    assert rows.total_form_count() == 1


@pytest.mark.parametrize("template", ("formset.html", "formset_table.html"))
def test_rows_say_what_they_are_and_how_to_get_one_more(template: str) -> None:
    rows = LineRows(posted(), prefix="l")

    html = drawn(f'{{% include "components/{template}" with formset=rows only %}}', rows=rows)

    assert html.count('name="l-TOTAL_FORMS"') == 1
    assert "Linje" in html
    assert "Fjern linjen" in html
    assert re.search(r'<button[^>]+name="add-row" value="l"[^>]*>.*Tilføj linje</button>', html)
    assert 'name="l-__prefix__-year"' in html


def test_crispy_buttons_wear_the_design_systems_classes() -> None:
    names = ("btn btn-primary", "btn", "btn btn-primary button-warning")

    drawn_classes = [drawn("{{ names|button_class }}", names=name) for name in names]

    assert drawn_classes == [
        "button button-primary",
        "button button-secondary",
        "button button-warning",
    ]

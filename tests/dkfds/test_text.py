"""What people wrote, and numbers and dates, as templates show them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.template import Context, Template

import pytest

from klimaspor.dkfds.prose import Bullets, Paragraph, blocks, text_of


def drawn(template: str, **context: Any) -> str:
    return str(Template("{% load danish dkfds %}" + template).render(Context(context)))


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("", []),
        (" \n\n ", []),
        ("Et.", [Paragraph(("Et.",))]),
        ("Et.\nTo.\n\nTre.", [Paragraph(("Et.", "To.")), Paragraph(("Tre.",))]),
        ("- a\n- b", [Bullets(("a", "b"))]),
        (
            "Vi vil:\n- a\n- b\nSlut.",
            [Paragraph(("Vi vil:",)), Bullets(("a", "b")), Paragraph(("Slut.",))],
        ),
        ("Et.\r\n\r\n- a\r\n", [Paragraph(("Et.",)), Bullets(("a",))]),
        ("-5 grader", [Paragraph(("-5 grader",))]),
    ),
)
def test_blocks(text: str, expected: list[Paragraph | Bullets]) -> None:
    assert list(blocks(text)) == expected


def test_prose_escapes_everything() -> None:
    html = drawn("{{ text|prose }}", text='<script>x</script>\n\n- <img src=x onerror="y">\n- & "')

    assert html == (
        "<p>&lt;script&gt;x&lt;/script&gt;</p>"
        '<ul class="prose-list"><li>&lt;img src=x onerror=&quot;y&quot;&gt;</li><li>&amp; &quot;</li></ul>'
    )


def test_prose_puts_points_under_points() -> None:
    html = drawn("{{ text|prose }}", text="- a\n  - b\n    - c\n- d")

    assert html == (
        '<ul class="prose-list"><li>a<ul class="prose-list"><li>b<ul class="prose-list"><li>c</li></ul></li></ul></li>'
        "<li>d</li></ul>"
    )


@pytest.mark.parametrize("text", ("Et.\nTo.", "Vi vil:\n\n- a\n  - b\n- c\n\nSlut.", ""))
def test_blocks_are_written_as_they_are_read(text: str) -> None:
    assert text_of(blocks(text)) == text


@pytest.mark.parametrize(
    ("text", "marks", "shown"),
    (
        ("a <b>c", [(2, 5)], "<p>a <mark>&lt;b&gt;</mark>c</p>"),
        ("abcdef", [(1, 3), (2, 4)], "<p>a<mark>bcd</mark>ef</p>"),
        ("abcdef", [(4, 5), (1, 3), (1, 2)], "<p>a<mark>bc</mark>d<mark>e</mark>f</p>"),
        ("abc", [(0, 3)], "<p><mark>abc</mark></p>"),
        ("ab\ncd", [(1, 4)], "<p>a<mark>b</mark><br><mark>c</mark>d</p>"),
        (
            "ab\n\n- cd\n  - ef\n- gh",
            [(1, 14)],
            (
                '<p>a<mark>b</mark></p><ul class="prose-list"><li><mark>cd</mark>'
                '<ul class="prose-list"><li><mark>e</mark>f</li></ul></li><li>gh</li></ul>'
            ),
        ),
        ("\ufdd0a\ufdd1b", [], "<p>\N{REPLACEMENT CHARACTER}a\N{REPLACEMENT CHARACTER}b</p>"),
        ("abc", [], "<p>abc</p>"),
    ),
)
def test_marked_words_are_escaped_pieces(
    text: str, marks: list[tuple[int, int]], shown: str
) -> None:
    assert drawn("{% marked text marks %}", text=text, marks=marks) == shown


def test_prose_keeps_line_breaks() -> None:
    assert drawn("{{ text|prose }}", text="Et\nTo") == "<p>Et<br>To</p>"
    assert drawn("{{ text|prose }}", text=None) == ""


def test_dates_and_amounts_are_danish() -> None:
    at = datetime(2024, 4, 15, 7, 0, tzinfo=UTC)

    assert drawn("{{ at|tidspunkt }}", at=at) == "mandag den\xa015.\xa0april\xa02024 kl.\xa09.00"
    assert (
        drawn("{{ at|dato }}, {{ at|kort_dato }}", at=at)
        == "mandag den\xa015.\xa0april\xa02024, 15.4.2024"
    )
    assert drawn("{{ at|kort_tidspunkt }}", at=at) == "15.4.2024 kl.\xa09.00"
    assert drawn("{{ at|om_arbejdsdage:now }}", at=at, now=date(2024, 4, 9)) == "om 4 arbejdsdage"
    assert drawn("{{ a|kroner }}", a=Decimal(1_500_000)) == "1.500.000\N{NO-BREAK SPACE}kr."
    assert (
        drawn("{% antal 1 'punkt' 'punkter' %}, {% antal 7 'punkt' 'punkter' %}")
        == "1 punkt, 7 punkter"
    )
    assert drawn("{{ n|tal }}", n=12_000) == "12.000"


@pytest.mark.parametrize(
    ("names", "most", "text"),
    (
        ("a", "", "a"),
        ("abc", "", "a, b og c"),
        ("abc", ":3", "a, b og c"),
        ("abcd", ":3", "a, b og 2 andre"),
    ),
)
def test_a_list_is_told_and_a_long_one_shortened(names: str, most: str, text: str) -> None:
    assert drawn("{{ names|opremset" + most + " }}", names=list(names)) == text


def test_nothing_is_written_for_nothing_but_zero_is_a_number() -> None:
    assert drawn("{{ a|kroner }}{{ a|dato }}{{ a|tidspunkt }}{{ a|tal }}", a=None) == ""
    assert drawn("{{ a|kroner }}", a=0) == "0\N{NO-BREAK SPACE}kr."


def test_summary_list_tells_zero_from_nothing() -> None:
    rows = [{"label": "A", "value": 0}, {"label": "B", "value": ""}, {"label": "C", "value": []}]

    html = drawn('{% include "components/summary_list.html" with rows=rows only %}', rows=rows)

    assert html.count("Intet svar") == 2
    assert "<dd>0</dd>" in html


def test_largest_bar_fills_the_drawing_and_none_is_broken_by_nothing() -> None:
    rows = [{"label": "A", "value": 0}, {"label": "B", "value": 50}, {"label": "C", "value": 200}]

    html = drawn('{% include "components/bar.html" with rows=rows caption="x" only %}', rows=rows)

    assert [part.split('"')[0] for part in html.split('1" width="')[1:]] == [
        "0.0%",
        "25.0%",
        "100.0%",
    ]
    assert drawn("{% bars rows as all %}{{ all|length }}", rows=[]) == "0"
    assert "0.0%" in drawn(
        "{% bars rows as all %}{{ all.0.width }}", rows=[{"label": "A", "value": None}]
    )


@pytest.mark.parametrize("state", ("done", "now", "todo", "ended"))
def test_line_says_the_state_of_a_stop_in_words(state: str) -> None:
    words = {"done": "Færdig", "now": "Nu", "todo": "Kommer", "ended": "Sluttede her"}
    stops = [{"label": "Møde", "state": state, "text": "Fordi"}]

    html = drawn('{% include "components/line.html" with stops=stops only %}', stops=stops)

    assert [word for word in words.values() if f">{word}<" in html] == [words[state]]
    assert ('aria-current="step"' in html) == (state == "now")


def test_icon_is_decoration_until_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in drawn('{% icon "check" %}')
    assert 'role="img" aria-label="&lt;Fejl"' in drawn('{% icon "error" label %}', label="<Fejl")

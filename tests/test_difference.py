"""What two texts do not have in common: whole, true and in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klimaspor.difference import Piece, differences

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""On a machine with much to do."""
TEXTS = st.text(st.sampled_from("ab ,\n-æ"), max_size=60)


def marked(pieces: list[Piece]) -> str:
    return "".join(f"[{p.text}]" if p.is_only_here else p.text for p in pieces)


@pytest.mark.parametrize(
    ("one", "other", "read_as"),
    (
        ("Vi tester i fire kommuner.", "Vi tester i fem kommuner.", ("fire", "fem")),
        ("Vi tester i kommunerne.", "Vi tester det i kommunerne.", ("", "det")),
        ("- et\n- to", "- et\n- to\n- tre", ("to", "to\n- tre")),
        ("Helt nyt", "", ("Helt nyt", "")),
        ("Det samme", "Det  samme", ("", "")),
        ("<b>x</b>", "<b>y</b>", ("x", "y")),
    ),
)
def test_only_what_differs_is_marked(one: str, other: str, read_as: tuple[str, str]) -> None:
    found = differences(one, other)

    assert tuple("".join(p.text for p in side if p.is_only_here) for side in found) == read_as


def test_each_word_that_differs_stands_alone() -> None:
    one, other = differences(
        "Vi måler CO2 hvert år i Skive.", "Vi måler metan hvert kvartal i Skive."
    )

    assert (marked(one), marked(other)) == (
        "Vi måler [CO2] hvert [år] i Skive.",
        "Vi måler [metan] hvert [kvartal] i Skive.",
    )


@CALM
@given(TEXTS, TEXTS)
def test_both_texts_are_whole_and_what_is_not_marked_is_the_same_in_both(
    one: str, other: str
) -> None:
    found = differences(one, other)

    assert ["".join(p.text for p in side) for side in found] == [one.strip(), other.strip()]
    same = ["".join("".join(p.text for p in side if not p.is_only_here).split()) for side in found]
    assert same[0] == same[1]


@CALM
@given(TEXTS)
def test_a_text_and_itself_differ_nowhere(text: str) -> None:
    assert not any(p.is_only_here for side in differences(text, text) for p in side)


@pytest.mark.parametrize(
    ("one", "other"),
    (
        ("a b " * 12_500, "b c " * 12_500),
        ("." * 50_000, ",." * 25_000),
        (" ".join(map(str, range(9_000))), " ".join(map(str, range(9_000, 0, -1)))),
        ("og " * 16_000, "og " * 8_000 + "eller " + "og " * 8_000),
    ),
)
def test_fifty_thousand_characters_take_bounded_time(one: str, other: str) -> None:
    started = time.process_time()

    found = differences(one, other)

    assert time.process_time() - started < 5
    assert ["".join(p.text for p in side) for side in found] == [one.strip(), other.strip()]

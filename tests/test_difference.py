"""What two texts do not have in common: whole, true and in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klimaspor.difference import Piece, changed_words, differences, shortened

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
        # A line that ends elsewhere because more was written is no change of its last word; where that is all, it is.
        ("- et\n- to", "- et\n- to\n- tre", ("", "- tre")),
        ("- et\n- to", "- et her\n- to", ("", "her")),
        ("Et afsnit\n\nEt til", "Et afsnit", ("Et til", "")),
        ("Et\nto", "Et to", ("Et", "Et")),
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


@CALM
@given(TEXTS, TEXTS)
def test_the_difference_applied_to_the_old_gives_the_new(old: str, new: str) -> None:
    before, after = differences(old, new)

    # What only the old has goes, and what only the new has comes in its place. Blanks are the new's: a line breaks where it breaks.
    kept = iter("".join(p.text for p in before if not p.is_only_here).replace("\n", " ").split())
    stream = iter("".join(kept))
    applied = "".join(
        sign if p.is_only_here else next(stream) for p in after for sign in p.text if sign.strip()
    )
    assert applied == "".join(new.split())
    assert next(stream, None) is None


def test_a_long_text_with_many_changes_is_told_apart_line_by_line() -> None:
    lines = [f"Linje {number} siger noget om det, der er svært i dag." for number in range(1_100)]
    old = "\n".join(lines)
    new = "\n".join(f"{line} Nyt." if place % 2 else line for place, line in enumerate(lines))
    assert min(len(old), len(new)) > 50_000

    before, after = differences(old, new)

    assert not any(p.is_only_here for p in before)
    assert {p.text for p in after if p.is_only_here} == {". Nyt"}


@CALM
@given(TEXTS, TEXTS)
def test_words_that_changed_are_none_only_where_the_words_are_the_same(
    one: str, other: str
) -> None:
    found = changed_words(one, other)

    assert found == changed_words(other, one)
    if not any(p.is_only_here for side in differences(one, other) for p in side):
        assert found == 0
    assert changed_words(f"{one} nyt", one) == 1


def test_a_word_that_took_anothers_place_counts_once() -> None:
    assert changed_words("Vi tester i fire kommuner.", "Vi tester her i fem kommuner.") == 2
    assert changed_words("et to", "to et") == 0


@CALM
@given(st.lists(st.tuples(st.text("ab ", min_size=1, max_size=900), st.booleans()), max_size=6))
def test_shortening_keeps_every_difference(parts: list[tuple[str, bool]]) -> None:
    pieces = [Piece(text, is_only_here=only) for text, only in parts]

    kept = shortened(pieces)

    assert [p for p in kept if p.is_only_here] == [p for p in pieces if p.is_only_here]
    assert all(p.text == "" for p in kept if p.is_left_out)

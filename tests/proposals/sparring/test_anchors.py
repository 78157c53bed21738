"""What is anchored is found again where the edit moved it to, or is said to be changed; never the same words elsewhere."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from proposals.sparring.anchors import Anchor, NotAlone, NotThere, Place, Text
from proposals.sparring.models import CONTEXT, LONGEST_QUOTE

CALM = settings(
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
"""On a machine with much to do."""
OLD = st.text(st.sampled_from("ab \n"), min_size=1, max_size=120)
"""Few letters, so that everything stands many times."""
POINTS = st.text(st.sampled_from("ab \n-"), min_size=1, max_size=120)
NEW = st.text(st.sampled_from("xy \n"), max_size=20)
"""Letters that were not there, so that nothing is typed anew."""
BOILERPLATE = "Kommunen bidrager med 100 timer om året til arbejdet i sporet."


def words(text: str, place: Place | None) -> str | None:
    return text[place.start : place.end] if place else None


def anchored(text: str, quote: str, before: str = "", after: str = "") -> Anchor:
    """Anchor words as somebody chose them."""
    read = Text(text)
    anchor = read.anchor(read.place(quote, before, after))
    assert anchor
    return anchor


def signs(text: str) -> str:
    return "".join(text.split())


# One place


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    (
        ("Vi tester i fire kommuner.", "fire kommuner", "fire kommuner"),
        ("Vi tester i fire\xa0kommuner.", "fire kommuner", "fire\xa0kommuner"),
        ("Vi tester i fire kommuner.", "fire\xa0 \n kommuner", "fire kommuner"),
        ("Klima\xadtilpasning i byen", "Klimatilpasning", "Klima\xadtilpasning"),
        ("Klimatilpasning i byen", "Klima\xadtil\u200bpasning", "Klimatilpasning"),
        ("Det første.\n\nDet næste.", "første.Det næste", "første.\n\nDet næste"),
        ("Det første.\r\nDet næste.", "første.\nDet", "første.\r\nDet"),
        ("Vi vil:\n- måle\n- lære", "måle\n\nlære", "måle\n- lære"),
        ("Vi vil:\n- måle\n  - lære", "- måle\n- lære", "måle\n  - lære"),
        ("- måle\n- lære", "måle", "måle"),
        ("Tal - med omtanke", "- med", "- med"),
        ("Tal - med omtanke", "med", "med"),
    ),
)
def test_words_are_found_however_blanks_and_points_are_written(
    text: str, quote: str, found: str
) -> None:
    anchor = anchored(text, quote)

    assert words(text, Text(text).find(anchor)) == found


def test_what_is_kept_is_written_plainly() -> None:
    text = "Vi vil:\r\n- måle\xa0 CO\xad2\r\n- lære"
    anchor = anchored(text, "måle CO2 lære")

    assert anchor == Anchor("måle CO2 lære", before="Vi vil:")


def test_a_sentence_is_known_by_itself_and_followed_where_it_is_moved() -> None:
    sentence = "Vi måler effekten hvert kvartal i fire kommuner."
    anchor = anchored(f"Først det ene. {sentence} Så det andet.", sentence)

    moved = f"Helt nyt.\n\nOg mere.\n- {sentence}\n- Et punkt"

    assert anchor == Anchor(sentence)
    assert words(moved, Text(moved).find(anchor)) == sentence


@pytest.mark.parametrize("quote", ("", " \n", "\u00ad", "-", "findes ikke", "kommunerne"))
def test_words_that_do_not_stand_there_are_nowhere(quote: str) -> None:
    with pytest.raises(NotThere):
        Text("Vi tester i fire kommuner.").place(quote)
    assert Text("Vi tester").find(Anchor(quote)) is None


# The same words in several places


def test_words_that_stand_twice_need_what_stood_around_them() -> None:
    text = "Byen vokser. Havet stiger. Byen vokser. Vi handler."
    with pytest.raises(NotAlone):
        Text(text).place("Byen vokser.")

    second = anchored(text, "Byen vokser.", "Havet stiger. ", " Vi handler.")

    assert Text(text).find(second) == Place(27, 39)


def test_what_goes_with_its_place_is_changed_though_the_same_words_stand_elsewhere() -> None:
    text = "Byen vokser. Havet stiger. Byen vokser. Vi handler."
    second = anchored(text, "Byen vokser.", "Havet stiger. ", " Vi handler.")

    assert Text("Byen vokser. Havet stiger. Vi handler.").find(second) is None


def test_words_are_found_when_one_side_of_them_is_rewritten() -> None:
    text = "Byen vokser. Havet stiger. Byen vokser. Vi handler."
    second = anchored(text, "Byen vokser.", "Havet stiger. ", " Vi handler.")
    edited = "Byen vokser. Havet stiger. Byen vokser. I alle kommuner gør vi noget ved det."

    assert Text(edited).find(second) == Place(27, 39)


def test_a_paragraph_that_is_copied_leaves_nothing_to_tell_by() -> None:
    text = f"Indledning. {BOILERPLATE} Slut."
    anchor = anchored(text, BOILERPLATE)

    assert Text(f"{text} {text}").find(anchor) is None


def test_words_whose_surroundings_went_two_ways_have_no_place() -> None:
    text = "Før det kom regnen. Byen vokser. Efter det kom solen."
    anchor = anchored(text, "Byen vokser.")
    parted = text.replace(
        "vokser.", "vokser. Og mere er det ikke. Så til noget andet. Byen vokser."
    )

    assert (anchor.before, anchor.after) != ("", "")
    assert Text(parted).find(anchor) is None


def test_the_only_such_word_left_is_another() -> None:
    text = "Kommunerne tester. Regionen betaler. Kommunerne lærer."
    first = anchored(text, "Kommunerne", "", " tester. Regionen")

    assert Text("Regionen betaler. Kommunerne lærer.").find(first) is None


@pytest.mark.parametrize("count", (2, 5000))
def test_boilerplate_has_no_place_among_its_like(count: int) -> None:
    text = "\n".join([BOILERPLATE] * count)
    read = Text(text)

    with pytest.raises(NotAlone):
        read.place(BOILERPLATE)
    middle = len(BOILERPLATE) * (count // 2) + count // 2
    assert read.anchor(Place(middle, middle + 8)) is None or count == 2


def test_boilerplate_beside_something_else_has_its_place() -> None:
    text = "\n".join([*[BOILERPLATE] * 2500, "Men Samsø giver mere.", *[BOILERPLATE] * 2500])
    anchor = anchored(text, BOILERPLATE, "Men Samsø giver mere. ", f" {BOILERPLATE}")

    found = Text(text).find(anchor)

    assert words(text, found) == BOILERPLATE
    assert found
    assert text[: found.start].endswith("Men Samsø giver mere.\n")


# Any edit


def spliced(old: str, data: st.DataObject, new: str) -> tuple[str, list[int | None]]:
    """Replace part of a text, and say where each character of it comes from."""
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    text = old[:start] + new + old[end:]
    return text, [*range(start), *[None] * len(new), *range(end, len(old))]


@CALM
@given(old=OLD, new=NEW, data=st.data())
def test_what_is_found_after_an_edit_is_where_the_edit_moved_it(
    old: str, new: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(old) - 1))
    place = Place(start, data.draw(st.integers(start + 1, len(old))))
    anchor = Text(old).anchor(place)
    assume(anchor)
    assert anchor
    text, origin = spliced(old, data, new)

    found = Text(text).find(anchor)

    if found is None:
        return
    assert signs(text[found.start : found.end]) == signs(anchor.quote)
    there = Text(old).find(anchor)
    assert there
    came = origin[found.start : found.end]
    is_moved = came[0] == there.start and came[-1] == there.end - 1
    # Where nothing is typed, two ways to cut a text can leave the same: then both places are the right one.
    is_same_cut = signs(text[: found.end]) == signs(old[: there.end]) or (
        signs(text[found.start :]) == signs(old[there.start :])
    )
    assert is_moved or is_same_cut


@CALM
@given(
    old=POINTS, edits=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 30), NEW), max_size=6)
)
@example(old="ab ab", edits=[(0, 3, "")])
def test_what_tells_a_place_stood_nowhere_else(old: str, edits: list[tuple[int, int, str]]) -> None:
    anchors = [Text(old).anchor(Place(at, min(at + 3, len(old)))) for at in range(len(old))]
    text = old
    for drawn, length, new in edits:
        at = drawn % (len(text) + 1)
        text = text[:at] + new + text[at + length :]

    read, before = Text(text), Text(old)
    for anchor in filter(None, anchors):
        found = read.find(anchor)
        assert before.find(anchor) is not None
        if found is None:
            continue
        # One of the two sides stands with the quote, once in each text.
        sides = [Anchor(anchor.quote, anchor.before), Anchor(anchor.quote, "", anchor.after)]
        held = [one for one in sides if one.before or one.after] or [Anchor(anchor.quote)]
        assert found in [read.find(one) for one in held]
        assert None not in [before.find(one) for one in held]


@CALM
@given(old=POINTS, data=st.data())
def test_an_unchanged_text_gives_the_place_back(old: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old) - 1))
    chosen = Place(start, data.draw(st.integers(start + 1, len(old))))
    anchor = Text(old).anchor(chosen)
    assume(anchor)
    assert anchor

    found = Text(old).find(anchor)

    assert found
    assert chosen.start <= found.start < found.end <= chosen.end
    assert len(anchor.before) <= CONTEXT
    assert len(anchor.after) <= CONTEXT


# Bounded


@pytest.mark.parametrize(
    "text",
    ("a" * 50_000, "ab" * 25_000, " \n" * 25_000 + "a", "- \n" * 17_000, "\u00ad" * 50_000 + "a"),
)
def test_no_text_takes_long(text: str) -> None:
    began = time.perf_counter()

    read = Text(text)
    for _ in range(20):
        read.find(Anchor("a" * LONGEST_QUOTE, before="a" * CONTEXT, after="b" * CONTEXT))
    read.anchor(Place(len(text) // 2, len(text) // 2 + LONGEST_QUOTE))

    assert time.perf_counter() - began < 2

"""
What two texts do not have in common, word by word, for somebody to see both: plain text in pieces, never markup.

The work is bounded however long and unlike they are: what the two begin and end with is set aside first, and where what is
left is too different to be worth telling apart it is marked whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"(\d[\d.,–-]*\d|\w+|[^\w\s])(\s*)")
MOST_CHANGES = 300
MOST_STEPS = 1_000_000
"""Past so many words that differ, or so much work, the rest is marked whole."""


@dataclass(frozen=True)
class Piece:
    text: str
    is_only_here: bool


@dataclass(frozen=True)
class _Word:
    """A word, number or sign, and the space after it, which differs only where a line ends."""

    text: str
    after: str

    @property
    def key(self) -> tuple[str, int]:
        return self.text, min(self.after.count("\n"), 2)


def differences(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Give both texts in pieces, each saying whether it stands in that text only."""
    words, others = _words(one), _words(other)
    kept = _common([w.key for w in words], [w.key for w in others])
    return (
        list(_pieces(words, {a for a, _ in kept})),
        list(_pieces(others, {b for _, b in kept})),
    )


def _words(text: str) -> list[_Word]:
    return [_Word(m[1], m[2]) for m in _TOKEN.finditer(text.replace("\r\n", "\n").strip())]


def _pieces(words: Sequence[_Word], common: set[int]) -> Iterator[Piece]:
    for is_only_here, places in groupby(range(len(words)), key=lambda place: place not in common):
        run = [words[place] for place in places]
        text = "".join(word.text + word.after for word in run)
        if not is_only_here:
            yield Piece(text, is_only_here=False)
            continue
        bare = text.rstrip()
        yield Piece(bare, is_only_here=True)
        if bare != text:
            yield Piece(text[len(bare) :], is_only_here=False)


Keys = list[tuple[str, int]]


def _common(one: Keys, other: Keys) -> list[tuple[int, int]]:
    """Pair the places that say the same in both, in order."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    middle = _shortest(one[start : len(one) - end], other[start : len(other) - end])
    return [
        *((place, place) for place in range(start)),
        *((start + a, start + b) for a, b in middle),
        *((len(one) - place, len(other) - place) for place in range(end, 0, -1)),
    ]


def _shortest(one: Keys, other: Keys) -> list[tuple[int, int]]:
    """Find the fewest changes from one to the other (Myers 1986), and pair what they leave; nothing when there are too many."""
    reached: dict[int, int] = {}
    trail: list[dict[int, int]] = []
    steps = 0
    for changes in range(MOST_CHANGES + 1):
        trail.append(dict(reached))
        for diagonal in range(-changes, changes + 1, 2):
            place = _next(reached, diagonal, changes, len(one), len(other))
            if place is None:
                reached.pop(diagonal, None)
                continue
            while (
                place < len(one)
                and place - diagonal < len(other)
                and one[place] == other[place - diagonal]
            ):
                place += 1
                steps += 1
            reached[diagonal] = place
            if place == len(one) and place - diagonal == len(other):
                return _walked(trail, len(one), len(other))
        if steps > MOST_STEPS:
            return []
    return []


def _next(
    reached: dict[int, int], diagonal: int, changes: int, width: int, height: int
) -> int | None:
    """Give the furthest place on a diagonal that one more change leads to, within both texts."""
    if changes == 0:
        return 0
    found = []
    if diagonal - 1 in reached and reached[diagonal - 1] < width:
        found.append(reached[diagonal - 1] + 1)
    if diagonal + 1 in reached and reached[diagonal + 1] - diagonal <= height:
        found.append(reached[diagonal + 1])
    return max(found, default=None)


def _walked(trail: list[dict[int, int]], width: int, height: int) -> list[tuple[int, int]]:
    """Go back the way that was found, and give the places where nothing was changed."""
    pairs: list[tuple[int, int]] = []
    a, b = width, height
    for changes in range(len(trail) - 1, -1, -1):
        before = trail[changes]
        diagonal = a - b
        start = _next(before, diagonal, changes, width, height) or 0
        while a > start:
            a, b = a - 1, b - 1
            pairs.append((a, b))
        if changes:
            came_right = diagonal - 1 in before and before[diagonal - 1] + 1 == start
            came_right = came_right and before[diagonal - 1] < width
            a, b = (a - 1, b) if came_right else (a, b - 1)
    return pairs[::-1]

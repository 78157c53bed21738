"""
What two texts do not have in common, word by word, for somebody to see both: plain text in pieces, never markup.

The work is bounded however long and unlike they are: what the two begin and end with is set aside first, what is left is
told apart word by word, or else line by line and the words within the lines, and where it is too different to be worth
telling apart it is marked whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"(\d[\d.,–-]*\d|\w+|[^\w\s])(\s*)")
MOST_CHANGES = 300
MOST_STEPS = 1_000_000
"""Past so many words that differ, or so much work, the rest is marked whole."""
MOST_IN_LINES = 1500
"""The same of all the lines together, where a text was too long for its words to be told apart at once."""
AROUND = 160
"""As many signs are shown around what differs, where what is the same is left out."""


@dataclass(frozen=True)
class Piece:
    text: str
    is_only_here: bool
    is_left_out: bool = False
    """Stands for text that is the same in both and is not shown."""


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
    kept += _before_what_came(words, others, kept)
    return (
        list(_pieces(words, {a for a, _ in kept})),
        list(_pieces(others, {b for _, b in kept})),
    )


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """Leave out what is long and the same in both texts, but for the words around what differs."""
    kept: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.is_only_here or len(piece.text) <= 3 * AROUND:
            kept.append(piece)
            continue
        # Before the first difference only its end is worth reading, and after the last only its beginning.
        if place:
            kept.append(Piece(piece.text[:AROUND].rpartition(" ")[0], is_only_here=False))
        kept.append(Piece("", is_only_here=False, is_left_out=True))
        if place < len(pieces) - 1:
            kept.append(Piece(piece.text[-AROUND:].partition(" ")[2], is_only_here=False))
    return kept


def changed_words(one: str, other: str) -> int:
    """
    Count the words that were changed from one text to the other, in time that grows only with their length.

    A word that took another's place counts once, and one that only moved not at all.
    """
    words, others = (Counter(word.text for word in _words(text)) for text in (one, other))
    return max((words - others).total(), (others - words).total())


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


def _before_what_came(
    words: Sequence[_Word], others: Sequence[_Word], kept: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Pair words that are the same but for where the line ends, when it ends elsewhere because words came or went after them."""
    mine, theirs = {a for a, _ in kept}, {b for _, b in kept}
    found = []
    for a, b in ((a + 1, b + 1) for a, b in [(-1, -1), *kept]):
        if a in mine or b in theirs or a >= len(words) or b >= len(others):
            continue
        is_followed = (a + 1 < len(words) and a + 1 not in mine) or (
            b + 1 < len(others) and b + 1 not in theirs
        )
        if is_followed and words[a].text == others[b].text:
            found.append((a, b))
    return found


Keys = list[tuple[str, int]]


def _common(one: Keys, other: Keys) -> list[tuple[int, int]]:
    """Pair the places that say the same in both, in order."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, other_left = one[start : len(one) - end], other[start : len(other) - end]
    middle = _shortest(left, other_left) or _by_lines(left, other_left)
    return [
        *((place, place) for place in range(start)),
        *((start + a, start + b) for a, b in middle),
        *((len(one) - place, len(other) - place) for place in range(end, 0, -1)),
    ]


def _by_lines(one: Keys, other: Keys) -> list[tuple[int, int]]:
    """Pair the lines that are the same, and the words of those between them as far as there is work left for it."""
    lines, other_lines = _lines(one), _lines(other)
    same = _anchors(
        [tuple(one[a:b]) for a, b in lines], [tuple(other[a:b]) for a, b in other_lines]
    )
    pairs: list[tuple[int, int]] = []
    left = MOST_IN_LINES
    a = b = 0
    for line, other_line in [*same, (len(lines), len(other_lines))]:
        ends = line == len(lines)
        start, end = (len(one), len(one)) if ends else lines[line]
        other_start = len(other) if ends else other_lines[other_line][0]
        if same and left > 0 and start > a and other_start > b:
            found = _shortest(one[a:start], other[b:other_start], most=min(left, MOST_CHANGES))
            pairs += [(a + x, b + y) for x, y in found]
            left -= start - a + other_start - b - 2 * len(found)
        pairs += zip(range(start, end), range(other_start, other_start + end - start), strict=True)
        a, b = end, other_start + end - start
    return pairs


def _anchors(lines: Sequence[object], others: Sequence[object]) -> list[tuple[int, int]]:
    """Pair as many as can be, in order, of the lines that stand once in either text (patience sorting)."""
    once, once_there = Counter(lines), Counter(others)
    there = {line: place for place, line in enumerate(others) if once_there[line] == 1}
    # Of the chains of each length, the one that ends soonest in the other text.
    ends: list[int] = []
    chains: list[tuple[int, int, Any]] = []
    for place, line in enumerate(lines):
        if once[line] != 1 or line not in there:
            continue
        length = bisect_left(ends, there[line])
        link = (place, there[line], chains[length - 1] if length else None)
        ends[length : length + 1] = [there[line]]
        chains[length : length + 1] = [link]
    found = []
    last: Any = chains[-1] if chains else None
    while last:
        found.append(last[:2])
        last = last[2]
    return found[::-1]


def _lines(words: Keys) -> list[tuple[int, int]]:
    """Give where each line begins and ends."""
    ends = [place + 1 for place, (_, breaks) in enumerate(words) if breaks]
    if not ends or ends[-1] != len(words):
        ends.append(len(words))
    return list(zip([0, *ends], ends, strict=False))


def _shortest(
    one: Sequence[object], other: Sequence[object], *, most: int = MOST_CHANGES
) -> list[tuple[int, int]]:
    """Find the fewest changes from one to the other (Myers 1986), and pair what they leave; nothing when there are too many."""
    reached: dict[int, int] = {}
    trail: list[dict[int, int]] = []
    steps = 0
    for changes in range(most + 1):
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

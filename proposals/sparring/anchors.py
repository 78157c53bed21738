"""
Where in an answer a comment stands: the words it quotes, and as much around them as tells them from the same words elsewhere.

What is found after an edit is the quote, where the edit moved it to, or nothing; never the same words in another sentence. So
only that is evidence which stood in one place when the anchor was made, and what by then stands twice is none. Blanks, points
and signs nobody sees are passed over: browsers, Word and telephones each write them in their own way.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proposals.sparring.models import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

ALONE = 30
"""A quote of so many signs that stands once is known by itself, however its surroundings are rewritten."""
REACHES = (20, 40, CONTEXT)
"""How far around a shorter quote one looks for what tells it apart: the nearest that does, since what is near is edited seldom."""

_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_PASSED = re.compile(rf"[\s{_UNSEEN}]+")
_BLANK = re.compile(r"\s")


@dataclass(frozen=True)
class Anchor:
    """What is kept of a place: the words, and what stood around them where that is needed to know them again."""

    quote: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Place:
    """From the first character to after the last, in the text as it is stored."""

    start: int
    end: int


class NotThere(LookupError):
    """The words do not stand in the text."""


class NotAlone(LookupError):
    """The words stand in several places, and nothing tells which is meant."""


class Text:
    """A text in which anchors are made and found; it is read once for all of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []
        self._offsets: list[int] = []
        said: list[str] = []
        length = 0
        for start, end, _ in _pieces(text):
            self._starts.append(start)
            self._offsets.append(length)
            said.append(text[start:end])
            length += end - start
        self._signs = "".join(said)

    def find(self, anchor: Anchor) -> Place | None:
        """Give where the quote stands now; None when it was changed, or when nothing tells it from the same words elsewhere."""
        quote = _tight(anchor.quote)
        if not quote:
            return None
        before, after = _tight(anchor.before), _tight(anchor.after)
        sides = [side for side in ((before, ""), ("", after)) if any(side)]
        found = set()
        for left, right in sides or [("", "")]:
            stretch = left + quote + right
            at = self._signs.find(stretch)
            if at < 0:
                continue
            if not self._is_last(stretch, at):
                return None
            found.add(at + len(left))
        return self._place(found.pop(), len(quote)) if len(found) == 1 else None

    def anchor(self, place: Place) -> Anchor | None:
        """Make what finds the place again; None where nothing near it tells it from the same words elsewhere."""
        start, end = self._offset(place.start), self._offset(place.end)
        if start == end:
            return None
        quote = self._said(start, end)
        alone = Anchor(quote)
        is_once = self.find(alone) is not None
        if is_once and end - start >= ALONE:
            return alone
        before = after = ""
        for reach in REACHES:
            if not before:
                tried = self._said(max(start - reach, 0), start)[-CONTEXT:].strip()
                before = tried if self.find(Anchor(quote, before=tried)) else ""
            if not after:
                tried = self._said(end, end + reach)[:CONTEXT].strip()
                after = tried if self.find(Anchor(quote, after=tried)) else ""
        return Anchor(quote, before, after) if before or after or is_once else None

    def place(self, quote: str, before: str = "", after: str = "") -> Place:
        """
        Give where words stand that somebody has chosen, with what they saw before and after them.

        :raises NotThere:
        :raises NotAlone:
        """
        is_there = False
        for words in _readings(quote):
            at = self._signs.find(words)
            if at < 0:
                continue
            is_there = True
            is_once = self._is_last(words, at)
            if is_once and (len(words) >= ALONE or not (before or after)):
                return self._place(at, len(words))
            if not (before or after):
                continue
            left, right = (Text(side)._signs for side in (before, after))  # noqa: SLF001 - its own
            stretch = left + words + right
            at = self._signs.find(stretch)
            if at >= 0 and self._is_last(stretch, at):
                return self._place(at + len(left), len(words))
            if at < 0 and is_once:
                # Where it stands alone, but among other words than were seen, nobody knows that it is the same.
                is_there = False
        raise NotAlone if is_there else NotThere

    def _is_last(self, signs: str, at: int) -> bool:
        return self._signs.find(signs, at + 1) < 0

    def _place(self, offset: int, length: int) -> Place:
        return Place(self._source(offset), self._source(offset + length - 1) + 1)

    def _source(self, offset: int) -> int:
        piece = bisect_right(self._offsets, offset) - 1
        return self._starts[piece] + offset - self._offsets[piece]

    def _offset(self, source: int) -> int:
        """Count the signs before a character of the text."""
        piece = bisect_right(self._starts, source) - 1
        if piece < 0:
            return 0
        ends = [*self._offsets[piece + 1 : piece + 2], len(self._signs)]
        return min(self._offsets[piece] + source - self._starts[piece], ends[0])

    def _said(self, start: int, end: int) -> str:
        """Give the signs from one offset to another as they are kept: on one line, with single blanks."""
        end = min(end, len(self._signs))
        if start >= end:
            return ""
        said = self.text[self._source(start) : self._source(end - 1) + 1]
        return "".join(
            f"{' ' if is_apart else ''}{said[first:last]}"
            for first, last, is_apart in _pieces(said, is_whole=False)
        ).strip()


def _pieces(text: str, *, is_whole: bool = True) -> Iterator[tuple[int, int, bool]]:
    """Give the parts of a text that are seen as signs, each with whether a blank parts it from the one before it."""
    start, is_apart = 0, False
    if is_whole and text.startswith("- "):
        start, is_apart = 1, True
    for passed in _PASSED.finditer(text):
        if passed.start() > start:
            yield start, passed.start(), is_apart
            is_apart = False
        start = passed.end()
        is_apart = is_apart or bool(_BLANK.search(passed[0]))
        # The dash of a point, which browsers draw and do not write.
        if "\n" in passed[0] and text.startswith("- ", start):
            start += 1
    if start < len(text):
        yield start, len(text), is_apart


def _tight(words: str) -> str:
    """Give what an anchor keeps as it is compared."""
    return _PASSED.sub("", words)


def _readings(quote: str) -> tuple[str, ...]:
    """Give how chosen words may be meant: a dash before them is a sign of theirs, or that of a point."""
    words = Text(quote)._signs  # noqa: SLF001 - its own
    if not words:
        return ()
    return (f"-{words}", words) if quote.startswith("- ") else (words,)

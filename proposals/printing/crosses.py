"""
What somebody chose of a few, as people say it on paper: a box that is crossed, an X beside it, or the word itself.

What says two things, or nothing that we know, is given back as it stands for its writer to choose: nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The last of each are those of Wingdings, which Word puts in by "Insert symbol".
SIGN = re.compile(
    r"(?P<crossed>[☒☑✓✔✗✘✅❌⊠🗹🗷🗸\uf0fe\uf0fd\uf0fc\uf0fb]|[\[(]\s*[xX✓✔]\s*[\])])"
    r"|(?P<open>[☐□▢◻⬜\uf0a8\uf06f\uf071]|\[[\s_]*\]|\([\s_]*\))"
)
X = re.compile(r"(?<![^\W_])[xX](?![^\W_])")
AROUND = " \t.,:;!*_|/\\\"'»«”“’()–—-→>"
ANSWER = re.compile(
    r"(?:(?:vi|jeg)\s+svarer\s*:?\s*|svar(?:et)?(?:\s+er)?\s*:?\s*)?(ja|nej)(?!\w)(.*)",
    re.IGNORECASE | re.DOTALL,
)
AND_THE_OTHER = re.compile(
    r"[\s/\\|,.;:()–—-]*(?:(?:eller|el|og)\b\.?\s*)?(ja|nej)(?!\w)(.*)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Piece:
    """One box with its words, or a line without."""

    words: str
    is_crossed: bool = False
    has_box: bool = False


def pieces(text: str) -> Iterator[Piece]:
    """Cut an answer into its boxes with their words, and the lines that have none."""
    for line in text.split("\n"):
        if line.strip(AROUND):
            yield from _of_line(line.strip().removeprefix("- "))


def _of_line(line: str) -> Iterator[Piece]:
    signs = list(SIGN.finditer(line))
    if len(signs) < 2 or X.search(SIGN.sub(" ", line)):
        # An X between two boxes may be of either.
        yield _piece(line)
        return
    starts = [sign.start() for sign in signs]
    if line[: starts[0]].strip(AROUND):
        # The words come first, each with its box after it.
        ends = [sign.end() for sign in signs]
        cuts = [0, *ends[:-1], len(line)]
    else:
        cuts = [0, *starts[1:], len(line)]
    parts = [_piece(line[a:b]) for a, b in pairwise(cuts)]
    if any(not part.words for part in parts):
        # Two boxes at the same words: an X was put beside the box rather than in it.
        yield _piece(line)
    else:
        yield from parts


def _piece(text: str) -> Piece:
    signs = [sign.lastgroup for sign in SIGN.finditer(text)]
    bare = SIGN.sub(" ", text)
    words = X.sub(" ", bare)
    return Piece(
        " ".join(words.split()).strip(AROUND),
        "crossed" in signs or words != bare,
        bool(signs),
    )


@dataclass
class YesNo:
    """What an answer says, in "Ja" and "Nej"; `remarks` is what else it says."""

    crossed: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    """Those that stand there only because the form has them."""
    remarks: list[str] = field(default_factory=list)
    is_unclear: bool = False

    @property
    def choice(self) -> str:
        """The one that is chosen, or nothing when the answer says neither or both."""
        found = self.crossed | self.written
        return found.pop() if len(found) == 1 and not self.is_unclear else ""

    @property
    def is_blank(self) -> bool:
        """Whether nobody has answered: both words stand there as the form has them, or nothing at all."""
        says = self.crossed or self.written or self.remarks or self.is_unclear
        return not says and len(self.labels) != 1


def yes_no(text: str) -> YesNo:
    """Read an answer of yes or no."""
    found = YesNo()
    plain: list[str] = []
    for piece in pieces(text):
        match = ANSWER.fullmatch(piece.words)
        if not match:
            found.remarks += [piece.words] if piece.words else []
            found.is_unclear |= piece.is_crossed
            continue
        word, rest = match[1].capitalize(), match[2]
        other = AND_THE_OTHER.fullmatch(rest)
        second = other[1].capitalize() if other else ""
        remark = (other[2] if other else rest).strip(AROUND)
        found.remarks += [remark] if remark else []
        if piece.is_crossed:
            found.crossed.add(word)
            found.is_unclear |= second not in ("", word)
        elif piece.has_box:
            found.labels.add(word)
            found.written |= {second} if second else set()
            # A reason beside a box that is not crossed: which of the two is for its writer to say.
            found.is_unclear |= bool(remark and not second)
        elif second not in ("", word):
            found.is_unclear = True
        elif remark or second:
            found.written.add(word)
        else:
            plain.append(word)
    if found.crossed and len(plain) == 1 and not found.labels:
        # The boxes are gone, and the one that was not crossed is left as a word.
        found.labels |= set(plain) - found.crossed
        plain = []
    found.written |= set(plain)
    return found

"""
Signs that the papers' typeface lacks: those that another of ours has, and words for those that none has.

A paper says what it can, and a writer is told at the field; nothing is ever refused for a sign. What a typeface has is read
from its file, once in each process.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OWN = tuple(f"fonts/IBMPlexSans-{style}.woff2" for style in ("Regular", "Italic", "SemiBold"))
"""Each of these must have a sign, for it to be printed like the rest."""
OTHERS = ("signs/dejavu-sans-latin-400-normal.woff", "signs/noto-emoji-emoji-400-normal.woff")
"""As `paper-signs.css` has them; the bold one of the first lacks a few, and then lends the other's."""

# Only what is seldom met is looked up: these the typeface has, or they are no signs.
_ORDINARY = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(
    "æøåÆØÅéÉüÜöÖäÄ–—§°½€«»“”’…·•\u00a0\n\r\t\f"
)
# Parts of one sign: a color of skin, which of its two looks is meant, whose flag it is; a joiner makes one of two.
_TINTS = "\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_JOINER = "\u200d"
# The typeface has only one hyphen and one space of its own width, which say the same.
_SAME = str.maketrans({"\u2010": "-", "\u2011": "-", "\u202f": "\u00a0", "\u2007": "\u00a0"})
_SCRIPTS = {
    "CJK": "kinesisk",
    "HIRAGANA": "japansk",
    "KATAKANA": "japansk",
    "HANGUL": "koreansk",
    "DEVANAGARI": "indisk",
    "BENGALI": "indisk",
    "TAMIL": "indisk",
    "THAI": "thailandsk",
    "ETHIOPIC": "etiopisk",
}


class TypefaceMissing(Exception):
    """A typeface's file is not there: the design system is not built."""


@dataclass(frozen=True)
class Sign:
    """A sign that the papers' typeface lacks."""

    text: str
    """As it was typed; a family of four is one sign."""
    words: str
    """What a paper says in its place; empty where another typeface prints it."""


def lacking(text: str, build: Path) -> tuple[Sign, ...]:
    """Give the signs of a text that its paper prints in another typeface or as words, in order, each once."""
    missing = _missing(text.translate(_SAME), build)
    if not missing:
        return ()
    found = dict.fromkeys(each.group() for each in _sequences(missing).finditer(text))
    unknown = missing - _others(build)
    return tuple(Sign(each, _words(each) if unknown.intersection(each) else "") for each in found)


def printable(html: str, build: Path) -> tuple[str, bool]:
    """Give a page as it can be printed, and whether that takes the other typefaces."""
    if not _missing(html, build):
        return html, False
    html = html.translate(_SAME)
    missing = _missing(html, build)
    unknown = missing - _others(build)
    if unknown:
        html = re.sub(f"[{_class(unknown)}]+", lambda each: _words(each.group()), html)
    return html, bool(missing - unknown)


def _words(run: str) -> str:
    scripts = {_SCRIPTS.get(unicodedata.name(sign, "").partition(" ")[0], "") for sign in run}
    script = scripts.pop() if len(scripts) == 1 else ""
    codes = " ".join(f"U+{ord(sign):04X}" for sign in run)
    whose = f"{script}{'e' if script and len(run) > 1 else ''} " if script else ""
    return f"[{whose}tegn {codes}]"


def _missing(text: str, build: Path) -> set[str]:
    rare = {sign for sign in set(text) - _ORDINARY if not _is_silent(sign)}
    return rare - _own(build) if rare else rare


def _is_silent(sign: str) -> bool:
    """Whether it shows nothing by itself: a space, a joiner, a direction, a mark that picks another's look."""
    return unicodedata.category(sign) in {"Cc", "Cf", "Zs", "Zl", "Zp"} or sign in "\ufe0e\ufe0f"


def _sequences(missing: set[str]) -> re.Pattern[str]:
    one = f"[{_class(missing)}][{_TINTS}]*"
    flag = "[\U0001f1e6-\U0001f1ff]{2}"
    return re.compile(f"{flag}|{one}(?:{_JOINER}{one})*")


def _class(signs: set[str]) -> str:
    return "".join(re.escape(sign) for sign in sorted(signs))


@functools.cache
def _own(build: Path) -> frozenset[str]:
    return frozenset.intersection(*(_signs_of(build / name) for name in OWN))


@functools.cache
def _others(build: Path) -> frozenset[str]:
    return frozenset.union(*(_signs_of(build / name) for name in OTHERS))


def _signs_of(path: Path) -> frozenset[str]:
    # It takes a while to wake, and most texts have only signs that are known.
    from fontTools.ttLib import TTFont

    if not path.is_file():
        raise TypefaceMissing(path)
    with TTFont(path, lazy=True) as typeface:
        return frozenset(map(chr, typeface.getBestCmap()))

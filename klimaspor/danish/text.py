"""Text as it is stored and as it is looked for: what cannot be seen is taken out, and words are spelled one way."""

import re
import unicodedata

from klimaspor.danish.words import SPELLED_OUT

LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
"""Letters that a printer sets as one, and that come along when text is copied from a PDF."""
SHORTEST_ENDING = 3
LONGEST_WORD = 60
"""Nothing longer is a word that anybody looks for a part of."""
_EMOJI = r"\xa9\xae\u203c\u2049\u2122-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff"
# Signs of format and direction, halves of signs, and letters that are drawn as nothing. What joins emoji to one, and what
# colors them, stays where it does.
_UNSEEN = re.compile(
    rf"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])|(?<![{_EMOJI}])\ufe0f(?!\u20e3)"
    r"|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    r"\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile(
    r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]"
)
"""Marks above and below letters that have no letter of their own with them."""


def seen(text: str) -> str:
    """
    Return text as it is seen: composed letters (NFC), and no sign that cannot be seen or that turns the writing around.

    So what looks the same is the same, wherever it was copied from. Line breaks stay.
    """
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text).translate(LIGATURES))


def one_line(text: str) -> str:
    """Return a name, title, address or file name as it is stored: as it is `seen`, on one line, with single spaces."""
    return " ".join(seen(text).split())


def words_of(text: str) -> list[str]:
    """
    Return the words of a text in order, in small letters: "CO₂-neutral Klimaplan-2030" is co2, neutral, klimaplan, 2030.

    A hyphen parts words, and one that is only seen at the end of a line (U+00AD) does not.
    """
    composed = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).lower()
    return _WORD.findall(composed if composed.isascii() else _MARK.sub("", composed))


def spelled(text: str) -> str:
    """Return `words_of` a text as they are compared, with Danish letters spelled out: "år" and "aar" are one, as "é" and "e" are."""
    out = text.translate(SPELLED_OUT)
    return out if out.isascii() else _MARK.sub("", unicodedata.normalize("NFKD", out))


def endings(word: str) -> list[str]:
    """Return what a word ends on, from three letters: whoever looks for a part of it types the beginning of one of these."""
    if len(word) > LONGEST_WORD:
        return []
    return [word[place:] for place in range(1, len(word) - SHORTEST_ENDING + 1)]

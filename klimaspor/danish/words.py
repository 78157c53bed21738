"""Sorting, searching and counting in Danish."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST_ENTRY = 200

NBSP = "\N{NO-BREAK SPACE}"
JOINER = "\N{WORD JOINER}"
TO = f"-{JOINER}"
"""The hyphen of "10-12", after which a line does not end: browsers end one after a hyphen between digits."""


def sort_key(text: str) -> str:
    """Return a key whose code points sort as Danes do: … z æ ø å, with Aa as Å.

    In SQL it is `translate(replace(lower(x), 'aa', 'å'), 'æøå', '{|}') COLLATE "C"`.
    """
    return unicodedata.normalize("NFC", text).lower().replace("aa", "å").translate(_AFTER_Z)


_AFTER_Z = str.maketrans("æøå", "{|}")


def search_key(text: str) -> str:
    """Return what is compared when somebody searches by typing the beginning of a name.

    "a", "aar", "år" and "AAR" all begin Aarhus, as "kø" and "koe" begin København.
    """
    spelled_out = unicodedata.normalize("NFC", text).lower().translate(SPELLED_OUT)
    letters = unicodedata.normalize("NFKD", spelled_out)
    return " ".join(
        re.findall(
            r"[^\W_]+", "".join(letter for letter in letters if not unicodedata.combining(letter))
        )
    )


SPELLED_OUT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe"})


def municipality_name(name: str) -> str:
    """Return the municipality's own name, e.g. "Københavns Kommune" for "København"."""
    return _OWN_NAMES.get(name, f"{name} Kommune")


_OWN_NAMES = {"København": "Københavns Kommune", "Bornholm": "Bornholms Regionskommune"}


def join_text(parts: Sequence[str]) -> str:
    """Return e.g. "a, b og c"."""
    return " og ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def place_text(place: str) -> str:
    """Return the place with the word that goes before it in a sentence, e.g. "i Demosalen" or "på Vestre Allé 2"."""
    first, _, rest = place.partition(" ")
    if first.lower().strip(",.") in _PLACED:
        return f"{first.lower()} {rest}".strip()
    return f"{'på' if _ON.search(place.partition(',')[0]) else 'i'} {place}"


_PLACED = {"i", "på", "hos", "ved", "via", "online", "digitalt", "virtuelt"}
_ON = re.compile(
    r"^(?:teams|zoom|skype)\b|(?:vej|vejen|\ballé|\balle|boulevard|plads|torv|ø)(?: [0-9].*)?$",
    re.IGNORECASE,
)


def number_text(number: int) -> str:
    """Return e.g. "1.200"."""
    return f"{number:,}".replace(",", ".")


def plural_text(number: int, singular: str, plural: str) -> str:
    """Return the word that goes with the number, which is not itself part of it."""
    return singular if number == 1 else plural


def count_text(number: int, singular: str, plural: str) -> str:
    """Return e.g. "1 kommune" or "1.200 kommuner"."""
    return f"{number_text(number)} {plural_text(number, singular, plural)}"


def plain(text: str) -> str:
    """Return the text with blanks and hyphens that may end a line: for boxes to type in and for letters."""
    return text.translate(_MAY_BREAK)


_MAY_BREAK = {ord(NBSP): " ", ord("\N{NARROW NO-BREAK SPACE}"): " ", ord(JOINER): None}


def unbroken(text: str) -> str:
    """Return the text in which a line does not end inside a date, an amount, a time of day or a paragraph's number."""
    return _TOGETHER.sub(lambda found: found[0].replace(" ", NBSP), text)


_MONTH = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
_TOGETHER = re.compile(
    rf"\bden [0-9]{{1,2}}\. (?:{_MONTH})(?: [0-9]{{4}})?\b|\b[0-9]{{1,2}}\. (?:{_MONTH})(?: [0-9]{{4}})?\b"
    rf"|\b(?:{_MONTH}) [0-9]{{4}}\b|\bkl\. [0-9]+(?:\.[0-9]+)*|[0-9] (?:mio\.|mia\.)? ?kr\.|[0-9] %|§§? [0-9]+|\b[Ss]ide [0-9]+(?: af [0-9]+)?"
)


def tidy(text: str) -> str:
    # Nothing that long is a date or an amount, and it is not worth looking.
    if len(text) > LONGEST_ENTRY:
        return ""
    return " ".join(unicodedata.normalize("NFC", text).translate(_AS_TYPED).split())


# What comes along when a date or an amount is copied from a page.
_AS_TYPED = {
    ord(JOINER): None,
    ord("\N{ZERO WIDTH SPACE}"): None,
    ord("\N{NON-BREAKING HYPHEN}"): "-",
}

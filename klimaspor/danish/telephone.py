"""Telephone numbers as Danes write them, and as a telephone dials them."""

import re
from dataclasses import dataclass

from klimaspor.danish.words import NBSP, tidy

DANISH = "+45"
DANISH_DIGITS = 8


@dataclass(frozen=True)
class Telephone:
    """One number."""

    text: str
    """As it is shown, e.g. "12 34 56 78" or "12 34 56 78, lokal 12"; its blanks do not break."""
    link: str
    """What dials it, e.g. "tel:+4512345678"; nothing where no number can be read."""


def telephones(typed: str) -> tuple[Telephone, ...]:
    """Read what was typed, which may be more than one number; what is none stands as it was typed."""
    typed = tidy(typed)
    read = tuple(_read(part) for part in _APART.split(typed) if part)
    return read if any(each.link for each in read) else (Telephone(typed, ""),) * bool(typed)


def telephone_text(typed: str) -> str:
    """Return the numbers as they are shown, e.g. "12 34 56 78 eller 87 65 43 21"."""
    return " eller ".join(each.text for each in telephones(typed))


# A comma stands before an extension too.
_APART = re.compile(r" ?[/;] ?| eller | og |, ?(?=\+?[0-9])")
_EXTENSION = re.compile(
    r"^(?P<number>.*?[0-9)]),? ?(?:lok\.?|lokal(?:nummer)?|ext\.?|x) ?(?P<extension>[0-9]{1,6})$",
    re.IGNORECASE,
)
_CALLED = re.compile(r"^(?:tlf\.?|telefon|mobil):? ?", re.IGNORECASE)


def _read(typed: str) -> Telephone:
    found = _EXTENSION.match(typed)
    number = _CALLED.sub("", found["number"] if found else typed)
    if number.startswith(("+", "00")):
        # The zero that is dialed at home.
        number = number.replace("(0)", "")
    if not re.fullmatch(r"\+?[0-9 ().·-]*", number):
        return Telephone(typed, "")
    digits = re.sub(r"[^0-9]", "", number)
    dialed, text = _dialed(digits, number.strip(), is_abroad=number.strip().startswith("+"))
    if not dialed:
        return Telephone(typed, "")
    if not found:
        return Telephone(text, f"tel:{dialed}")
    return Telephone(
        f"{text}, lokal{NBSP}{found['extension']}", f"tel:{dialed};ext={found['extension']}"
    )


def _dialed(digits: str, number: str, *, is_abroad: bool) -> tuple[str, str]:
    """Give what is dialed and what is shown; nothing where there are too few digits for anybody's number."""
    if len(digits) == DANISH_DIGITS and not is_abroad:
        return DANISH + digits, _pairs(digits)
    # The demo's numbers begin with 00 too, and are of eight digits.
    abroad = digits if is_abroad else digits.removeprefix("00") if digits.startswith("00") else ""
    own = abroad or digits
    if own.startswith("45") and len(own) == len("45") + DANISH_DIGITS:
        return f"+{own}", _pairs(own[2:])
    if abroad:
        shown = NBSP.join(re.sub(r"^\+|^00 ?", "", number).split())
        return f"+{abroad}", f"+{shown}"
    return (digits, digits) if 3 <= len(digits) < DANISH_DIGITS else ("", "")


def _pairs(digits: str) -> str:
    return NBSP.join(digits[place : place + 2] for place in range(0, DANISH_DIGITS, 2))

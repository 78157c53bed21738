"""
A pasted list of who takes part, held against the organizations on the list: which are certain, doubtful or unknown.

A line is a name, or a row copied from a spreadsheet whose other columns say nothing here. What is certain is the name
itself however it is spelled, the name without its kind of authority ("Aarhus" is Aarhus Kommune), or the official code;
what only looks alike is somebody's to choose. Nothing here is asked of the database.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.accounts.models import AUTHORITY_KINDS, OrganizationKind
from klimaspor.seen import digest
from proposals.line.parts import on_a_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klimaspor.accounts.models import Organization

TYPED_KINDS = tuple(
    kind for kind in on_a_list(OrganizationKind.choices) if kind[0] not in AUTHORITY_KINDS
)
"""What somebody who is not on the list may be."""
ADDED_AS = tuple((value, f"Tilføj som {label.lower()}") for value, label in TYPED_KINDS)
"""What somebody who is not on the list may be added as, to choose from."""
LONGEST_NAME = 200
MOST_CANDIDATES = 5
ALIKE = 0.5
"""How much of two names must be the same, in threes of letters, before one is offered for the other."""
KINDS = frozenset(
    ("kommune", "kommuner", "kommunes", "kommunen", "kom", "regionskommune", "region")
)
SHORT = {
    "kbh": "koebenhavn",
    "kbhs": "koebenhavn",
    "kbhvn": "koebenhavn",
    "kobenhavn": "koebenhavn",
    "kobenhavns": "koebenhavn",
    "frb": "frederiksberg",
    "frbg": "frederiksberg",
}
"""What people write for a name, by its spelling."""
HEADS = frozenset(
    {
        *("deltager", "deltagere", "kommune", "kommuner", "kommunenavn", "kommune region", "navn"),
        *("organisation", "organisationer", "partner", "partnere"),
    }
)
"""What stands above a column."""
_POINT = re.compile(r"^(?:[-–—•·*▪◦]|\d{1,3}[.)])\s+")
_QUOTES = "\"'»«”“„‘’"
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_NUMBER = re.compile(r"(?:DK[- ]?)?[\d .-]+", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """One of those a list names."""

    text: str
    """As it was written, on one line."""
    codes: tuple[str, ...] = ()
    """The numbers that stand beside it, or are it."""

    @property
    def key(self) -> str:
        """Name it, however it is spelled."""
        return danish.search_key(self.text) or self.text


@dataclass(frozen=True)
class Match:
    """What one entry may be: certain where there is one and no doubt, unknown where there is none."""

    entry: Entry
    candidates: tuple[Organization, ...] = ()
    is_certain: bool = False
    times: int = 1
    """How often the list names it."""

    @property
    def key(self) -> int | str:
        """Name who it is, as those who take part are named."""
        return self.candidates[0].pk if self.is_certain else self.entry.text.lower()

    @property
    def row(self) -> str:
        """Name its row on the page by what was written, so that what was chosen stays with it."""
        return digest([self.entry.key])


class Register:
    """The organizations a list is held against, by everything they may be called."""

    def __init__(self, organizations: Iterable[Organization]) -> None:
        self.by_name: dict[str, list[Organization]] = defaultdict(list)
        self.by_bare: dict[str, list[Organization]] = defaultdict(list)
        self.by_code: dict[str, list[Organization]] = defaultdict(list)
        self.parts: dict[str, list[tuple[Organization, int]]] = defaultdict(list)
        for organization in organizations:
            self.by_name[danish.search_key(organization.name)].append(organization)
            bare = _bare(organization.name)
            self.by_bare[bare].append(organization)
            if organization.code:
                self.by_code[organization.code.lstrip("0")].append(organization)
            for key in {bare, danish.search_key(organization.name)}:
                threes = _threes(key)
                for three in threes:
                    self.parts[three].append((organization, len(threes)))

    def match(self, entry: Entry) -> Match:
        found = self._exactly(entry.text)
        if not found:
            found = [o for code in entry.codes for o in self.by_code.get(code.lstrip("0"), ())]
        if found:
            return Match(entry, tuple(found[:MOST_CANDIDATES]), is_certain=len(found) == 1)
        return Match(entry, self._alike(entry.text))

    def knows(self, text: str) -> bool:
        return len(self._exactly(text)) == 1

    def _exactly(self, text: str) -> list[Organization]:
        for name in dict.fromkeys((text, _BRACKETS.sub(" ", text))):
            if found := self.by_name.get(danish.search_key(name)) or self.by_bare.get(_bare(name)):
                return found
        return []

    def _alike(self, text: str) -> tuple[Organization, ...]:
        """Give those whose names share most with the text, the likest first; a first part that is one of them is."""
        first = self._exactly(re.split(r"[,;/(:]| - | – ", text)[0]) if text else []
        alike: dict[Organization, float] = {}
        for key in {_bare(text), danish.search_key(text)}:
            threes = _threes(key)
            shared = Counter(part for three in threes for part in self.parts.get(three, ()))
            for (organization, length), number in shared.items():
                share = 2 * number / (len(threes) + length)
                alike[organization] = max(share, alike.get(organization, 0))
        likest = sorted(
            (o for o, share in alike.items() if share >= ALIKE),
            key=lambda o: (-alike[o], danish.sort_key(o.name)),
        )
        return tuple(dict.fromkeys([*first, *likest]))[:MOST_CANDIDATES]


def matches(text: str, register: Register) -> list[Match]:
    """
    Read who a list names, each once, in its order.

    Several on one line, between commas, are each one when all of them are known.
    """
    entries: dict[str, Entry] = {}
    times: Counter[str] = Counter()
    for number, line in enumerate(lines(text)):
        cells = _cells(line)
        if number == 0 and _is_head(cells):
            continue
        for entry in _entries(cells, register):
            entries.setdefault(entry.key, entry)
            times[entry.key] += 1
    found: dict[int | str, Match] = {}
    for key, entry in entries.items():
        match = replace(register.match(entry), times=times[key])
        # "Aarhus" and "Aarhus Kommune" are one.
        before = found.get(match.key)
        found[match.key] = replace(before, times=before.times + match.times) if before else match
    return list(found.values())


def lines(text: str) -> list[str]:
    """Give the lines that say something."""
    return [line for line in text.splitlines() if _cells(line)]


def _is_head(cells: list[str]) -> bool:
    return danish.search_key(cells[0]) in HEADS


def _cells(line: str) -> list[str]:
    cells = (danish.one_line(cell).strip(_QUOTES + " ") for cell in line.split("\t"))
    return [_POINT.sub("", cell) for cell in cells if cell]


def _entries(cells: list[str], register: Register) -> list[Entry]:
    codes = tuple(re.sub(r"\D", "", cell) for cell in cells if _NUMBER.fullmatch(cell))
    words = [cell for cell in cells if not _NUMBER.fullmatch(cell) and "@" not in cell]
    if not words:
        return [Entry(cells[0], codes)]
    name = next((cell for cell in words if register.knows(cell)), words[0])
    parts = [part.strip(_QUOTES + " ") for part in re.split(r"[,;]| og ", name)]
    if len(parts) > 1 and not register.knows(name) and all(map(register.knows, parts)):
        return [Entry(part) for part in parts]
    return [Entry(name, codes)]


@lru_cache(maxsize=4000)
def _bare(name: str) -> str:
    """Write a name without its kind of authority, the numbers beside it and the s it owns by."""
    words = danish.search_key(name.replace("'", "").replace("’", "")).split()
    kept = [word for word in words if word not in KINDS and not word.isdecimal()] or words
    spelled = [SHORT.get(word, word) for word in kept]
    return " ".join([*spelled[:-1], _owned(spelled[-1])]) if spelled else ""


def _owned(word: str) -> str:
    return word[:-1] if len(word) > len("sss") and word.endswith("s") else word


def _threes(key: str) -> frozenset[str]:
    around = f"  {key} "
    return frozenset(around[n : n + 3] for n in range(len(around) - 2))

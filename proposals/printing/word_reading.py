"""
The answers in a Word file that came back: our own form or print, or the regions' form filled in by hand.

The tables of participants and economy come back as the cells they are, from our own form only: a participant is an
organization from the register with a role and an answer of its own, and a line of the economy has a status, so that a name
in a table is neither before it is held against what stands (`proposals.printing.tables`). What is no more than a heading or
a sum is left there too.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from klimaspor import fields, word
from klimaspor.refusals import Refused
from klimaspor.word import Paragraph, Table
from proposals.answers.sections import FIELDS, GOALS, SECTIONS, Kind
from proposals.printing import crosses, rus
from proposals.printing.word_writing import (
    DGO_STAYS,
    FILES_STAY,
    INTRO,
    NO_ANSWER,
    ROWS_COME_BACK,
    ROWS_STAY,
    guidance,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from klimaspor.word.reading import Block

FORM, RUS, SHEETS = "form", "rus", "sheets"
FEWEST_QUESTIONS = 3
FEWEST_LABELS = 4
"""Fewer are a chance likeness: then nothing is read."""
ALIKE = 0.85
LONG_LABEL = 20
LONGEST_SHOWN = 300
MARK = re.compile(r"ks_([a-z]+(?:_[a-z]+)*)(?:_([0-9]{1,9}))?")
NUMBER = re.compile(r"ks_no_(KS_[0-9]{4}_[0-9]{4,9})")
TABLES = re.compile(
    r"ks_(facts|participants|financing|budget_lines|attachments)([0-9]*)(?:_([0-9]{1,9}))?"
)
PARTICIPANTS, BUDGET, FINANCING = "participants", "budget_lines", "financing"
"""The tables that are read back, by the name their rows are marked with."""


class NotOurs(Refused):
    """The file is neither the portal's form nor the RUS form."""

    def __init__(self) -> None:
        super().__init__(
            "Filen er ikke Klimaspors skabelon eller RUS-skemaet, så der er ikke læst noget ind. "
            "Hent skabelonen her på siden, og skriv i den"
        )


@dataclass(frozen=True)
class Reading:
    kind: str
    """FORM, RUS or SHEETS."""
    answers: dict[str, list[str]]
    """By question: what a person would have sent with the page's own form."""
    versions: dict[str, int] = field(default_factory=dict)
    """Which version of an answer, or of a table, the file was made from, where it says so."""
    cells: dict[str, list[list[list[str]]]] = field(default_factory=dict)
    """The tables of participants and economy: by name, some tables of rows of texts."""
    number: str = ""
    """The proposal it was fetched from, where it says so."""
    unread: tuple[str, ...] = ()
    """Texts that have no place in the form, and what else is not read."""
    left_out: tuple[str, ...] = ()
    """Pictures and such, counted in words."""


def read(document: word.Document) -> Reading:
    """
    Find the answers, all or none.

    :raises NotOurs:
    """
    return _read_form(document) or _read_rus(document) or _refuse()


def _refuse() -> Reading:
    raise NotOurs


# Our own


@dataclass
class _Found:
    name: str
    version: int | None
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was written beside the answer, and is not read."""


def _read_form(document: word.Document) -> Reading | None:
    marked = {
        name
        for block in document.blocks
        if isinstance(block, Paragraph)
        for name, _ in _marks(block)
    }
    found: list[_Found] = []
    stray: list[str] = []
    number = ""
    place: _Found | None = None
    is_aside = True
    tables = _Tables()
    for block in document.blocks:
        question = _question(block, marked) if isinstance(block, Paragraph) else None
        if question:
            place, is_aside = _Found(*question), False
            found.append(place)
        elif _is_section(block) or any(TABLES.fullmatch(mark) for mark in block.marks):
            place, is_aside = None, True
            tables.name(block.marks)
        elif place:
            place.blocks.append(block)
        else:
            number = number or next(
                (m[1].replace("_", "-") for mark in block.marks if (m := NUMBER.fullmatch(mark))),
                "",
            )
            if is_aside and isinstance(block, Table):
                tables.add(block)
            elif not (is_aside and block.style == "caption") and not _is_ours(block):
                stray.append(word.joined([block]))
    if len(found) < FEWEST_QUESTIONS:
        return None
    names = [one.name for one in found]
    twice = {name for name in names if names.count(name) > 1}
    unread = [
        f"Spørgsmålet »{FIELDS[name].label}« står flere gange i filen og er ikke læst ind."
        for name in dict.fromkeys(names)
        if name in twice
    ]
    asked = [one for one in found if one.name not in twice and FIELDS[one.name].kind != Kind.DGO]
    answers = {one.name: _answer(one) for one in asked}
    return Reading(
        FORM,
        answers,
        {one.name: one.version for one in asked if one.version is not None} | tables.versions,
        tables.cells,
        number,
        (*unread, *(note for one in asked for note in one.notes), *_shown(stray)),
        document.left_out,
    )


@dataclass
class _Tables:
    """The tables of rows, each under the bookmark at its caption or known by its head."""

    cells: dict[str, list[list[list[str]]]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    named: str = ""

    def name(self, marks: Iterable[str]) -> None:
        for match in filter(None, map(TABLES.fullmatch, marks)):
            self.named = match[1]
            if match[3]:
                self.versions[match[1]] = int(match[3])

    def add(self, table: Table) -> None:
        rows = [[" ".join(word.joined(cell).split()) for cell in row] for row in table.rows]
        name, self.named = self.named or named_by(rows), ""
        if name in (PARTICIPANTS, BUDGET, FINANCING) and len(rows) > 1:
            self.cells.setdefault(name, []).append(rows)


def named_by(rows: list[list[str]]) -> str:
    """Say which table it is by its head, where a bookmark has gone."""
    head = {cell.strip().lower() for cell in rows[0]} if rows else set()
    if {"navn", "rolle"} <= head:
        return PARTICIPANTS
    if "kilde" in head:
        return FINANCING
    has_amounts = {"år", "beløb"} <= head or any(re.fullmatch("20[0-9]{2}", cell) for cell in head)
    return BUDGET if "post" in head and has_amounts else ""


def _marks(paragraph: Paragraph) -> Iterator[tuple[str, int | None]]:
    for mark in paragraph.marks:
        match = MARK.fullmatch(mark)
        if match and match[1] in FIELDS:
            yield match[1], int(match[2]) if match[2] else None


def _question(paragraph: Paragraph, marked: set[str]) -> tuple[str, int | None] | None:
    """Give the question a paragraph asks: by its bookmark, else by its words when no bookmark has that question."""
    by_mark = next(_marks(paragraph), None)
    if by_mark and paragraph.text.strip():
        return by_mark
    text = _letters(paragraph.text)
    if not text:
        return None
    for name, label in LABELS.items():
        if name in marked:
            continue
        is_it = (
            _is_alike(text, label)
            if paragraph.heading
            else text == label and len(label) > LONG_LABEL
        )
        if is_it:
            return name, None
    return None


def _letters(text: str) -> str:
    """Give a label as it is compared: letters only, so that breaks, hyphens and quotes make no difference."""
    text = text.lower().replace("(frivilligt)", "")
    return re.sub(r"[^a-zæøåéü]", "", text)


def _is_alike(text: str, label: str) -> bool:
    if abs(len(text) - len(label)) > max(len(text), len(label)) * (1 - ALIKE) * 2:
        return False
    likeness = difflib.SequenceMatcher(a=text, b=label, autojunk=False)
    # Which letters there are says at once that most are not, and never that one is.
    return likeness.quick_ratio() >= ALIKE and likeness.ratio() >= ALIKE


LABELS = {name: _letters(question.label) for name, question in FIELDS.items()}
SECTION_TITLES = {_letters(section.title) for section in SECTIONS}
GUIDANCE = {_letters(line) for question in FIELDS.values() for line in guidance(question)} | {
    _letters(line) for line in (INTRO, ROWS_STAY, ROWS_COME_BACK, FILES_STAY, DGO_STAYS)
}


def _is_section(block: Block) -> bool:
    return (
        isinstance(block, Paragraph)
        and block.heading == 1
        and _letters(block.text) in SECTION_TITLES
    )


def _is_ours(block: Block) -> bool:
    """Say whether a block is what we wrote around the answers."""
    if isinstance(block, Table):
        return False
    if not block.text.strip() or block.style in (word.ASIDE, "title"):
        return True
    # An example may be somebody's answer: it is guidance only where it has that style.
    return block.style == word.GUIDANCE and _letters(block.text) in GUIDANCE


def _answer(found: _Found) -> list[str]:
    blocks = [block for block in found.blocks if not _is_ours(block)]
    # The frame to write in is a table of one cell.
    flat: list[Block] = []
    for block in blocks:
        if isinstance(block, Table) and all(len(row) == 1 for row in block.rows):
            flat += [
                inner for row in block.rows for cell in row for inner in cell if not _is_ours(inner)
            ]
        else:
            flat.append(block)
    text = _text(flat)
    if _letters(text) == _letters(NO_ANSWER):
        return [] if FIELDS[found.name].kind == Kind.GOALS else [""]
    match FIELDS[found.name].kind:
        case Kind.YES_NO:
            return [_yes_no(found, flat)]
        case Kind.GOALS:
            return _goals(text)
        case Kind.PROSE:
            return [text]
    return [" ".join(text.split())]


def _text(blocks: list[Block]) -> str:
    return fields.plain_text(word.joined(blocks))


def _yes_no(found: _Found, blocks: list[Block]) -> str:
    """Read a yes or a no; what says neither or both is given as it stands, for its writer to choose."""
    written = [b for b in blocks if isinstance(b, Paragraph)]
    text = _text([replace(b, text=b.kept) if isinstance(b, Paragraph) else b for b in blocks])
    said = crosses.yes_no(text)
    if said.choice:
        more = " ".join(said.remarks)
        if more:
            found.notes.append(
                f"Ved »{FIELDS[found.name].label}« står der mere end {said.choice.lower()}: {_quoted(more)}. "
                f"Der er kun læst et {said.choice.lower()}. Skriv resten i et af felterne på siden, hvis det skal med."
            )
        return {"Ja": "True", "Nej": "False"}[said.choice]
    if said.is_blank and not any(b.is_stressed or b.kept != b.text for b in written):
        return ""
    return _short(_text(blocks)) or "Teksten er streget ud"


def _goals(text: str) -> list[str]:
    """Give the numbers of the goals that are crossed or written; what is no goal is given as it stands."""
    pieces = list(crosses.pieces(text))
    has_boxes = any(piece.has_box for piece in pieces)
    are_crossed = any(piece.is_crossed for piece in pieces)
    chosen: list[str] = []
    for piece in pieces:
        is_marked = YES_AFTER.search(piece.words)
        words = YES_AFTER.sub("", piece.words).strip(crosses.AROUND)
        goal = _goal(words)
        if piece.is_crossed or (is_marked and goal):
            chosen.append(goal or _short(words))
        elif piece.has_box:
            # What is written beside an open box is no goal, and no cross.
            chosen += [] if goal else [_short(words)]
        elif numbers := _numbers(words):
            chosen += numbers
        elif not (goal and are_crossed and not has_boxes):
            chosen.append(goal or _short(words))
    return list(dict.fromkeys(chosen))


YES_AFTER = re.compile(r"[\s:,–-]ja[.!]?$", re.IGNORECASE)
NUMBERS = re.compile(
    r"(?:(?:fn'?s |fns )?(?:verdens)?mål(?:ene)?|nr\.?)?[\s:]*"
    r"([0-9]{1,2}(?:(?:[\s,.;&+/]|og|samt)+[0-9]{1,2})*)[\s.]*",
    re.IGNORECASE,
)


def _numbers(text: str) -> list[str]:
    """Read "13, 15 og 17"."""
    match = NUMBERS.fullmatch(text)
    numbers = [str(int(number)) for number in re.findall("[0-9]+", match[1])] if match else []
    known = {str(number) for number, _ in GOALS}
    return numbers if set(numbers) <= known else []


def _goal(line: str) -> str:
    """Give a goal's number, by its number or its words."""
    match = re.match(r"(?:verdensmål |mål )?([0-9]{1,2})(?![0-9])[.:]?\s*(.*)", line, re.IGNORECASE)
    for number, label in GOALS:
        words = _letters(label)
        if (
            match
            and int(match[1]) == number
            and (not match[2] or _is_alike(_letters(match[2]), words))
        ):
            return str(number)
        if not match and _is_alike(_letters(line), words):
            return str(number)
    return ""


def _shown(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{_quoted(text)} har ingen plads i skemaet." for text in texts if text.strip())


def _quoted(text: str) -> str:
    return f"»{_short(text)}«"


def _short(text: str) -> str:
    tidy = " ".join(text.split())
    return f"{tidy[:LONGEST_SHOWN]}…" if len(tidy) > LONGEST_SHOWN else tidy


# The regions' form

RUS_LABELS = {name: _letters(label) for name, label in rus.LABELS.items()}
RUS_OURS = (rus.HEADING, rus.PROJECT, rus.HEAD[0])
"""What stands in the form and answers nothing."""
MONTH = re.compile(
    r"(?:[0-9]{1,2}(?:\.\s?|/))?(?:[a-zæøå]{3,9}\.?\s?|[0-9]{1,2}[./ -])(?:19|20|21)[0-9]{2}",
    re.IGNORECASE,
)


def _read_rus(document: word.Document) -> Reading | None:
    cells: dict[str, list[Block]] = {}
    stray: list[str] = []
    twice: list[str] = []
    last = ""
    for label, answer in _rus_rows(document):
        name = "" if answer is None else _rus_name(_letters(label))
        blocks = answer or []
        if not name and not label.strip() and last:
            # A row that a page broke in two.
            cells[last] += blocks
            continue
        last = name
        if name in cells:
            twice.append(name)
        elif name:
            cells[name] = list(blocks)
        elif not any(_is_alike(_letters(label), _letters(ours)) for ours in RUS_OURS):
            stray.append(": ".join(filter(None, (label, word.joined(blocks)))))
    if len(cells) < FEWEST_LABELS:
        return None
    answers: dict[str, list[str]] = {}
    for name, blocks in cells.items():
        if name not in twice:
            answers |= _rus_answers(name, fields.plain_text(word.joined(blocks)))
    unread = [
        f"Rækken »{rus.LABELS[name]}« står flere gange i filen og er ikke læst ind."
        for name in dict.fromkeys(twice)
    ]
    return Reading(RUS, answers, unread=(*unread, *_shown(stray)), left_out=document.left_out)


def _rus_rows(document: word.Document) -> Iterator[tuple[str, list[Block] | None]]:
    """Give what stands at the left and at the right, row by row; a paragraph outside the table has no right."""
    for block in document.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                answer = [b for cell in row[1:] for b in cell if b.style != word.ASIDE]
                yield word.joined(row[0] if row else ()), answer
        elif block.style not in (word.ASIDE, "title") and block.text.strip():
            yield block.text, None


def _rus_name(label: str) -> str:
    return next(
        (name for name, known in RUS_LABELS.items() if label and _is_alike(label, known)), ""
    )


def _rus_answers(name: str, text: str) -> dict[str, list[str]]:
    """Give what one row answers; an empty row answers nothing, and takes nothing away."""
    if not text or _letters(text) == _letters(NO_ANSWER):
        return {}
    if name == "period":
        return _period(text)
    if name == "goals_text":
        return _rus_goals(text)
    return {name: [" ".join(text.split()) if FIELDS[name].kind == Kind.LINE else text]}


def _period(text: str) -> dict[str, list[str]]:
    """Read "5 år (januar 2023 - december 2027)"; what has no two months is given as it stands, to be put right."""
    months = MONTH.findall(text)
    if len(months) == 1 and re.search(r"\b1 måned\b", text):
        months *= 2
    if len(months) != 2:
        months = [text, text]
    return {"period_start": [months[0]], "period_end": [months[1]]}


def _rus_goals(text: str) -> dict[str, list[str]]:
    lines = text.split("\n")
    goals = {
        line: _goal(line.strip().removeprefix("- "))
        for line in lines
        if line.strip().startswith("- ")
    }
    rest = fields.plain_text("\n".join(line for line in lines if not goals.get(line)))
    numbers = [number for number in goals.values() if number]
    return {**({"goals": numbers} if numbers else {}), **({"goals_text": [rest]} if rest else {})}

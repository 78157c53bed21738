"""
The answers in a Word file that came back: our own form or print, or the regions' form filled in by hand.

Rows are not read back. A participant is an organization from the register with a role and an answer of its own, and a
line of the economy has a status: a name in a table is neither, and half of them would be worse than none. The tables
go out, and the page says that they are changed here.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from klimaspor import fields, word
from klimaspor.refusals import Refused
from klimaspor.word import Paragraph, Table
from proposals.answers.sections import FIELDS, GOALS, SECTIONS, Kind
from proposals.printing import rus
from proposals.printing.word_writing import (
    DGO_STAYS,
    FILES_STAY,
    INTRO,
    NO_ANSWER,
    ROWS_STAY,
    guidance,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from klimaspor.word.reading import Block

FORM, RUS = "form", "rus"
FEWEST_QUESTIONS = 3
FEWEST_LABELS = 4
"""Fewer are a chance likeness: then nothing is read."""
ALIKE = 0.85
LONG_LABEL = 20
LONGEST_SHOWN = 300
MARK = re.compile(r"ks_([a-z]+(?:_[a-z]+)*)(?:_([0-9]{1,9}))?")
NUMBER = re.compile(r"ks_no_(KS_[0-9]{4}_[0-9]{4,9})")
TABLES = re.compile(r"ks_(facts|participants|financing[0-9]*|budget|attachments)")


class NotOurs(Refused):
    """The file is neither the portal's form nor the RUS form."""

    def __init__(self) -> None:
        super().__init__(
            "Filen er ikke klimaspors skabelon eller RUS-skemaet, så der er ikke læst noget ind. "
            "Hent skabelonen her på siden, og skriv i den"
        )


@dataclass(frozen=True)
class Reading:
    kind: str
    """FORM or RUS."""
    answers: dict[str, list[str]]
    """By question: what a person would have sent with the page's own form."""
    versions: dict[str, int] = field(default_factory=dict)
    """Which version of an answer the file was made from, where it says so."""
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
    for block in document.blocks:
        question = _question(block, marked) if isinstance(block, Paragraph) else None
        if question:
            place, is_aside = _Found(*question), False
            found.append(place)
        elif _is_section(block) or any(TABLES.fullmatch(mark) for mark in block.marks):
            place, is_aside = None, True
        elif place:
            place.blocks.append(block)
        else:
            number = number or next(
                (m[1].replace("_", "-") for mark in block.marks if (m := NUMBER.fullmatch(mark))),
                "",
            )
            if not (
                is_aside and (isinstance(block, Table) or block.style == "caption")
            ) and not _is_ours(block):
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
    return Reading(
        FORM,
        {one.name: _answer(one) for one in asked},
        {one.name: one.version for one in asked if one.version is not None},
        number,
        (*unread, *_shown(stray)),
        document.left_out,
    )


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
    _letters(line) for line in (INTRO, ROWS_STAY, FILES_STAY, DGO_STAYS)
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
    text = fields.plain_text(word.joined(flat))
    if _letters(text) == _letters(NO_ANSWER):
        text = ""
    match FIELDS[found.name].kind:
        case Kind.YES_NO:
            return [_yes_no(text)]
        case Kind.GOALS:
            return _goals(text)
        case Kind.PROSE:
            return [text]
    return [" ".join(text.split())]


CROSSED = re.compile(r"^(?:- )?(?:[☒☑✓✔✗✘🗹🗷]|\[[xX]\]|[xX](?=\s))\s*")
UNCROSSED = re.compile(r"^(?:- )?(?:[☐□]|\[\s?\])\s*")


def _chosen(text: str) -> list[str]:
    """Give the lines that are crossed; where there are no boxes, all of them."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    crossed = [CROSSED.sub("", line) for line in lines if CROSSED.match(line)]
    if crossed or any(UNCROSSED.match(line) for line in lines):
        return crossed
    return [line.removeprefix("- ") for line in lines]


def _yes_no(text: str) -> str:
    chosen = _chosen(text)
    known = {"ja": "True", "nej": "False"}
    if len(chosen) == 1:
        return known.get(_letters(chosen[0]), chosen[0])
    return " og ".join(chosen)


def _goals(text: str) -> list[str]:
    return [_goal(line) or line for line in _chosen(text)]


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
    tidy = (" ".join(text.split()) for text in texts)
    return tuple(
        f"»{text[:LONGEST_SHOWN]}{'…' if len(text) > LONGEST_SHOWN else ''}« har ingen plads i skemaet."
        for text in tidy
        if text
    )


# The regions' form

RUS_LABELS = {name: _letters(label) for name, label in rus.LABELS.items()}
RUS_OURS = (rus.HEADING, rus.PROJECT, rus.HEAD[0])
"""What stands in the form and answers nothing."""
MONTH = re.compile(r"(?:[a-zæøå]{3,9}\.?|[0-9]{1,2}[./])\s?(?:19|20|21)[0-9]{2}", re.IGNORECASE)


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

"""
A docx as blocks: paragraphs with style, list level and marks, and tables as rows of cells.

Three parts of the parcel are read, of bounded size and without a document type, so without entities. Pictures, text
boxes, notes and comments are counted and told, and not read. No number in a file is believed further than Word's own
writers go, and the work is in proportion to what is read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from klimaspor import danish, fields
from klimaspor.word import guard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

MAX_CHARACTERS = 400_000
"""More than the whole form holds three times over."""
MAX_BLOCKS = 20_000
"""Paragraphs, tables and cells together."""
DEEPEST = 8
"""Of a list, which in Word has nine levels."""


@dataclass(frozen=True)
class Paragraph:
    text: str
    """Line breaks within it as LF."""
    style: str = ""
    """The style's own name, in lower case."""
    heading: int = 0
    """Which level of heading it is; 0 for none."""
    level: int | None = None
    """How deep a point of a list lies, from 0; None for what is no point."""
    marks: tuple[str, ...] = ()
    """The names of the bookmarks that begin at it."""
    kept: str = ""
    """The text without what is struck through."""
    is_stressed: bool = False
    """Whether some of it is bold, underlined or colored over."""


@dataclass(frozen=True)
class Table:
    rows: tuple[tuple[tuple[Block, ...], ...], ...]
    """Rows of cells of blocks."""
    marks: tuple[str, ...] = ()
    style: str = ""


Block = Paragraph | Table


@dataclass(frozen=True)
class Document:
    blocks: tuple[Block, ...]
    left_out: tuple[str, ...]
    """What it holds besides that is not read, in words."""


def read(file: IO[bytes], size: int) -> Document:
    """
    Read a docx of `size` bytes; tracked changes as if they were accepted.

    :raises guard.Unreadable:
    """
    found = guard.parts(file, size)
    text, styles, numbering = guard.DOCUMENT
    reader = _Reader(_styles(found.get(styles)), _Lists.read(found.get(numbering)))
    blocks = tuple(reader.blocks(found[text]))
    return Document(blocks, reader.left_out())


def joined(blocks: Iterable[Block]) -> str:
    """Give blocks as the text a person would have typed: paragraphs, and points as "- " lines, set in by their level."""
    lines = [(is_point, text) for is_point, text in _lines(blocks) if text.strip()]
    written = [text for _, text in lines[:1]]
    for (was_point, _), (is_point, text) in pairwise(lines):
        written += ("\n" if was_point and is_point else "\n\n", text)
    return "".join(written)


def _lines(blocks: Iterable[Block]) -> Iterator[tuple[bool, str]]:
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                # A table within an answer has no place of its own: a line a row.
                cells = (" ".join(joined(cell).split()) for cell in row)
                yield False, " | ".join(cell for cell in cells if cell)
        elif block.level is not None:
            yield (
                True,
                f"{'  ' * block.level}- {' '.join(block.text.split())}"
                if block.text.strip()
                else "",
            )
        else:
            text = block.text.rstrip()
            yield fields.is_point(text), text


# The parts


def _name(element: Element) -> str:
    """Give a tag without its namespace: the strict and the usual kind of docx differ in nothing else."""
    return element.tag.rpartition("}")[2]


def _value(element: Element | None, name: str = "val") -> str:
    if element is None:
        return ""
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _child(element: Element | None, *names: str) -> Element | None:
    for name in names:
        if element is None:
            return None
        element = next((child for child in element if _name(child) == name), None)
    return element


def _level(element: Element | None) -> int:
    """Read a level of a list: what is no number is the first, and what is too deep the last."""
    text = _value(element, "val") or _value(element, "ilvl")
    return min(int(text), DEEPEST) if re.fullmatch("[0-9]{1,9}", text) else 0


@dataclass(frozen=True)
class _Point:
    """That something is a point of a list."""

    list_id: str
    level: int


def _point(properties: Element | None) -> _Point | None:
    numbered = _child(properties, "numPr")
    if numbered is None:
        return None
    return _Point(_value(_child(numbered, "numId")), _level(_child(numbered, "ilvl")))


@dataclass(frozen=True)
class _Style:
    name: str
    based_on: str
    point: _Point | None


def _styles(root: Element | None) -> dict[str, _Style]:
    return {
        _value(style, "styleId"): _Style(
            _value(_child(style, "name")).lower(),
            _value(_child(style, "basedOn")),
            _point(_child(style, "pPr")),
        )
        for style in (root if root is not None else ())
        if _name(style) == "style"
    }


@dataclass(frozen=True)
class _Lists:
    """What is drawn before each level of each list: bullet, decimal … or none."""

    abstract: dict[str, dict[int, str]] = field(default_factory=dict)
    """By the list that others are made from."""
    made_from: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Element | None) -> _Lists:
        lists = cls()
        for one in root if root is not None else ():
            if _name(one) == "abstractNum":
                lists.abstract[_value(one, "abstractNumId")] = {
                    _level(level): _value(_child(level, "numFmt"))
                    for level in one
                    if _name(level) == "lvl"
                }
            elif _name(one) == "num":
                lists.made_from[_value(one, "numId")] = _value(_child(one, "abstractNumId"))
        return lists

    def is_drawn(self, point: _Point) -> bool:
        """Say whether a point has anything before it."""
        levels = self.abstract.get(self.made_from.get(point.list_id, ""), {})
        return point.list_id not in ("", "0") and levels.get(point.level) != "none"


UNREAD = {
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "pPr",
    "rPr",
    "tblPr",
    "trPr",
    "tcPr",
    "sdtPr",
    "Fallback",
}
BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
COUNTED = {
    "drawing": "pictures",
    "pict": "pictures",
    "object": "pictures",
    "footnoteReference": "notes",
    "endnoteReference": "notes",
    "commentReference": "comments",
}
MOST_BASES = 20
STRUCK, STRESSED = "struck", "stressed"
OFF = {"0", "false", "off", "none"}
"""What says that something is not so; named without a value it is."""
CROSSED, OPEN = "☒", "☐"


@dataclass
class _Reader:
    styles: dict[str, _Style]
    lists: _Lists
    counts: dict[str, int] = field(default_factory=dict)
    characters: int = 0
    blocks_read: int = 0

    def left_out(self) -> tuple[str, ...]:
        words = (
            ("pictures", "billede", "billeder"),
            ("boxes", "tekstboks", "tekstbokse"),
            ("notes", "note", "noter"),
            ("comments", "kommentar", "kommentarer"),
        )
        return tuple(
            danish.count_text(self.counts[kind], one, more)
            for kind, one, more in words
            if self.counts.get(kind)
        )

    def blocks(self, parent: Element) -> Iterator[Block]:
        marks: list[str] = []
        for child in parent:
            name = _name(child)
            if name == "bookmarkStart":
                marks.append(_value(child, "name"))
            elif name == "p":
                self.count()
                yield self.paragraph(child, marks)
                marks = []
            elif name == "tbl":
                self.count()
                yield Table(tuple(self.rows(child)), tuple(marks))
                marks = []
            elif name not in UNREAD:
                yield from self.blocks(child)

    def count(self) -> None:
        self.blocks_read += 1
        if self.blocks_read > MAX_BLOCKS:
            raise guard.Unreadable(
                "Filen har for mange afsnit. Kopiér det, der skal med, til et nyt dokument, og vælg det"
            )

    def rows(self, parent: Element) -> Iterator[tuple[tuple[Block, ...], ...]]:
        for child in parent:
            if _name(child) == "tr":
                yield tuple(tuple(self.blocks(cell)) for cell in self.cells(child))
            elif _name(child) not in UNREAD:
                yield from self.rows(child)

    def cells(self, parent: Element) -> Iterator[Element]:
        for child in parent:
            if _name(child) == "tc":
                self.count()
                yield child
            elif _name(child) not in UNREAD:
                yield from self.cells(child)

    def paragraph(self, element: Element, marks: list[str]) -> Paragraph:
        runs = tuple(self.text(element))
        text = "".join(run for run, _ in runs)
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            raise guard.Unreadable(
                "Filen har mere tekst, end der er plads til i skemaet. Gør den kortere, og vælg den igen"
            )
        own = [_value(e, "name") for e in element.iter() if _name(e) == "bookmarkStart"]
        properties = _child(element, "pPr")
        chain = self.chain(_value(_child(properties, "pStyle")))
        name = chain[0].name if chain else ""
        heading = next(
            (int(m[1]) for s in chain if (m := re.fullmatch(r"heading ([1-9])", s.name))), 0
        )
        level = None if heading else self.level(properties, chain)
        return Paragraph(
            text,
            name,
            heading,
            level,
            (*marks, *own),
            "".join(run for run, look in runs if look != STRUCK),
            any(look == STRESSED and run.strip() for run, look in runs),
        )

    def chain(self, style_id: str) -> list[_Style]:
        """Give a style and those it is based on, which may go in a ring in a broken file."""
        found: list[_Style] = []
        while style_id in self.styles and len(found) < MOST_BASES:
            found.append(self.styles[style_id])
            style_id = found[-1].based_on
        return found

    def level(self, properties: Element | None, chain: list[_Style]) -> int | None:
        for point in (_point(properties), *(style.point for style in chain)):
            if point is None:
                continue
            if not self.lists.is_drawn(point):
                return None
            named = next(
                (
                    int(m[1])
                    for s in chain
                    if (m := re.fullmatch(r"list (?:bullet|number) ([2-5])", s.name))
                ),
                1,
            )
            return max(point.level, named - 1)
        return None

    def text(self, parent: Element, look: str = "") -> Iterator[tuple[str, str]]:
        """Give the text in pieces, each with how it stands out."""
        for child in parent:
            name = _name(child)
            if name == "t":
                yield child.text or "", look
            elif name in BREAKS:
                yield "" if _value(child, "type") in ("page", "column") else BREAKS[name], look
            elif name == "sym":
                yield _symbol(_value(child, "char")), look
            elif name == "checkBox":
                yield CROSSED if _is_crossed(child) else OPEN, look
            elif name in COUNTED:
                has_text = any(_name(inner) == "txbxContent" for inner in child.iter())
                kind = "boxes" if has_text else COUNTED[name]
                self.counts[kind] = self.counts.get(kind, 0) + 1
            elif name not in UNREAD:
                yield from self.text(child, _look(child) if name == "r" else look)


def _look(run: Element) -> str:
    """Say whether a run is struck through, or stressed in a way that may stand for a cross."""
    said = {_name(one): _value(one) for one in (_child(run, "rPr") or ())}
    on = {name for name, value in said.items() if value not in OFF}
    if on & {"strike", "dstrike"}:
        return STRUCK
    return STRESSED if on & {"b", "u", "highlight"} else ""


def _is_crossed(box: Element) -> bool:
    """Read a box of the kind that Word had before 2010: `checked` where somebody has clicked, else `default`."""
    for name in ("checked", "default"):
        said = _child(box, name)
        if said is not None:
            return _value(said) not in OFF
    return False


def _symbol(code: str) -> str:
    """Give the sign of a code, when it is one that a text may hold."""
    sign = chr(int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{4}", code) else ""
    return sign if sign and unicodedata.category(sign) not in ("Cc", "Cs", "Cn") else ""

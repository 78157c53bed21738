"""Blocks as a docx: headings with marks, guidance, boxes to write in, points, tables. Text is text, whatever it looks like."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor

from klimaspor import danish
from klimaspor.dkfds.prose import Bullets, blocks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

GUIDANCE = "klimaspor vejledning"
"""The style of what tells how to answer, in lower case as it is read back."""
ASIDE = "klimaspor oplysning"
"""The style of what the portal adds to an answer."""
GREEN = RGBColor(0x1F, 0x6B, 0x45)
GREY = RGBColor(0x45, 0x45, 0x45)
WIDTH = Mm(163)
LABEL_WIDTH = Mm(48)
MANY_COLUMNS, SMALL = 5, 9
"""A table with more columns is set in so many points."""
A_FIGURE, A_LETTER, ROOM = 0.55, 0.5, 12
"""How wide they are, as a share of the type's size, and the points around a cell's words."""
DEEPEST = 3
"""Levels of points under each other that the template has styles for."""

LONGEST_PROPERTY = 250
MADE_WITH = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>Klimaspor</Application></Properties>"
)

# XML 1.0 has no place for these.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Mark:
    """A bookmark's name: a letter first, then letters, digits and underscores, 40 in all."""

    name: str


@dataclass(frozen=True)
class Title:
    text: str
    over: str = ""
    mark: Mark | None = None


@dataclass(frozen=True)
class Heading:
    text: str
    level: int
    mark: Mark | None = None


@dataclass(frozen=True)
class Note:
    """What is said to the reader and is no answer."""

    text: str
    style: str = GUIDANCE


@dataclass(frozen=True)
class Prose:
    """Paragraphs and "- " lists."""

    text: str


@dataclass(frozen=True)
class Choices:
    """Boxes to cross, each with its words and whether it is crossed."""

    options: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Box:
    """A frame to write in."""

    name: str
    """What it is for, to somebody who cannot see it."""
    content: Prose | Choices
    is_tall: bool = False


@dataclass(frozen=True)
class Grid:
    """A table with a caption and a head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    """The columns that hold figures."""
    mark: Mark | None = None


@dataclass(frozen=True)
class Pair:
    label: str
    content: tuple[Prose | Note, ...]
    mark: Mark | None = None


@dataclass(frozen=True)
class Pairs:
    """A form in two columns: what is asked, and the answer. Each question is a heading of the second level."""

    name: str
    rows: tuple[Pair, ...]
    head: tuple[str, ...] = ()


Part = Title | Heading | Note | Prose | Choices | Box | Grid | Pairs


def write(
    parts: Sequence[Part],
    *,
    title: str,
    foot: str,
    author: str = "",
    created_at: datetime | None = None,
) -> bytes:
    """
    Return the docx; `foot` stands at the foot of each page, before the page's number.

    Its properties say whose words it holds, and when they were so; nothing where that is not given.
    """
    writer = _Writer(title, foot)
    writer.say(author, created_at)
    for part in parts:
        writer.add(part)
    stream = io.BytesIO()
    writer.document.save(stream)
    return stream.getvalue()


def essence(text: str) -> list[tuple[int | None, str]]:
    """Give what of a text survives a Word file: two texts that differ only in spaces and in where a list is cut are the same."""
    found: list[tuple[int | None, str]] = []
    for block in blocks(_clean(text)):
        if isinstance(block, Bullets):
            found += [
                (min(level, DEEPEST - 1), " ".join(point.split())) for level, point in block.leveled
            ]
        else:
            found += [(None, " ".join(line.split())) for line in block.lines]
            found.append((None, ""))
    return found


def _clean(text: str) -> str:
    # Typefaces lack the joint that keeps "10-12" on one line.
    return _FORBIDDEN.sub("", text).replace(danish.JOINER, "")


class _Writer:
    def __init__(self, title: str, foot: str) -> None:
        self.document = docx.Document()
        self.marks = 0
        _page(self.document)
        _styles(self.document)
        # By name, python-docx looks through all of them each time.
        self.ids = {style.name: style.style_id for style in self.document.styles}
        core = self.document.core_properties
        core.title, core.language = _clean(title)[:LONGEST_PROPERTY], "da-DK"
        for language in self.document.settings.element.iter(qn("w:themeFontLang")):
            language.set(qn("w:val"), "da-DK")
        core.comments, core.last_modified_by = "", "Klimaspor"
        line = self.document.sections[0].footer.paragraphs[0]
        line.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        line.style = self.document.styles[ASIDE.capitalize()]
        line.add_run(f"{_clean(foot)}\tSide ")
        _field(line, "PAGE")
        line.add_run(" af ")
        _field(line, "NUMPAGES")

    def say(self, author: str, created_at: datetime | None) -> None:
        core = self.document.core_properties
        core.author = _clean(author)[:LONGEST_PROPERTY]
        # The template's own are of the day and the program it was made with.
        package = self.document.part.package
        made_with = next(p for p in package.iter_parts() if p.partname == "/docProps/app.xml")
        made_with._blob = MADE_WITH  # noqa: SLF001 - python-docx has no word for it
        properties = core._element  # noqa: SLF001 - nor a way to leave a date out
        for name in ("dcterms:created", "dcterms:modified"):
            for element in properties.findall(qn(name)):
                properties.remove(element)
        if created_at:
            core.created = core.modified = created_at.astimezone(UTC).replace(tzinfo=None)

    def add(self, part: Part) -> None:
        body = self.document
        match part:
            case Title():
                if part.over:
                    self.line(body, part.over, ASIDE.capitalize())
                self.mark(self.line(body, part.text, "Title"), part.mark)
            case Heading():
                self.mark(self.line(body, part.text, f"Heading {part.level}"), part.mark)
            case Box():
                self.box(part)
            case Grid():
                self.grid(part)
            case Pairs():
                self.pairs(part)
            case _:
                self.text(body, part)

    def line(self, place: Any, text: str, style: str = "Normal") -> Any:
        """Add a paragraph to the document or a cell."""
        paragraph = place.add_paragraph()
        if style != "Normal":
            paragraph._p.style = self.ids[style]  # noqa: SLF001  # by its id: by its name it costs ten times as much
        paragraph.add_run(_clean(text))
        return paragraph

    def table(self, rows: int, columns: int, described: str) -> Any:
        table = self.document.add_table(rows, columns)
        table._tbl.tblStyle_val = self.ids["Table Grid"]  # noqa: SLF001  # the same
        # Else a word without a blank pushes the other columns off the page.
        table.autofit = False
        _dress(table, described)
        return table

    def text(self, place: Any, part: Note | Prose | Choices) -> None:
        match part:
            case Note():
                for line in part.text.split("\n"):
                    self.line(place, line, part.style.capitalize())
            case Prose():
                for block in blocks(part.text):
                    if isinstance(block, Bullets):
                        for level, point in block.leveled:
                            deep = min(level, DEEPEST - 1) + 1
                            self.line(
                                place, point, "List Bullet" if deep == 1 else f"List Bullet {deep}"
                            )
                    else:
                        self.line(place, "\n".join(block.lines))
            case Choices():
                for words, is_crossed in part.options:
                    line = place.add_paragraph()
                    line._p.append(_crossbox(is_crossed))  # noqa: SLF001  # python-docx has no boxes to cross
                    line.add_run(f" {_clean(words)}")
                    line.paragraph_format.space_after = Pt(2)

    def box(self, part: Box) -> None:
        table = self.table(1, 1, part.name)
        _set_widths(table, (WIDTH,))
        _keep_whole(table)
        if part.is_tall:
            table.rows[0].height = Mm(22)
        self.fill(table.cell(0, 0), (part.content,))
        self.gap()

    def fill(self, cell: Any, content: Sequence[Note | Prose | Choices]) -> None:
        """Put blocks in a cell in place of the empty paragraph it comes with, unless there is nothing to put."""
        first = cell.paragraphs[0]
        for part in content:
            self.text(cell, part)
        if len(cell.paragraphs) > 1:
            first._p.getparent().remove(first._p)  # noqa: SLF001  # python-docx cannot take a paragraph away

    def grid(self, part: Grid) -> None:
        line = self.line(self.document, part.caption, "Caption")
        line.paragraph_format.keep_with_next = True
        self.mark(line, part.mark)
        table = self.table(1, len(part.head), part.caption)
        _repeated(table.rows[0])
        size = Pt(SMALL) if len(part.head) > MANY_COLUMNS else None
        for cells, values in (
            (table.rows[0].cells, part.head),
            *((table.add_row().cells, row) for row in part.rows),
        ):
            for column, (cell, value) in enumerate(zip(cells, values, strict=True)):
                run = cell.paragraphs[0].add_run(_clean(value))
                run.bold = cells is not None and values is part.head
                run.font.size = size
                if column in part.numbers:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _set_widths(table, _widths(part))
        _keep_whole(table)
        self.gap()

    def gap(self) -> None:
        """Keep two tables apart, which would become one; what somebody writes there is an answer."""
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)

    def pairs(self, part: Pairs) -> None:
        table = self.table(0, 2, part.name)
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        if part.head:
            first = table.add_row()
            _repeated(first)
            for cell, words in zip(first.cells, part.head, strict=True):
                cell.paragraphs[0].add_run(words).bold = True
        for pair in part.rows:
            label, answer = table.add_row().cells
            question = label.paragraphs[0]
            question._p.style = self.ids["Heading 2"]  # noqa: SLF001  # by its id
            question.paragraph_format.space_before = question.paragraph_format.space_after = Pt(0)
            question.add_run(_clean(pair.label)).font.size = Pt(11)
            self.mark(question, pair.mark)
            self.fill(answer, pair.content)
        _set_widths(table, (LABEL_WIDTH, Length(WIDTH - LABEL_WIDTH)))
        _keep_whole(table)

    def mark(self, paragraph: Any, mark: Mark | None) -> None:
        if mark is None:
            return
        self.marks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), str(self.marks))
        start.set(qn("w:name"), mark.name)
        end.set(qn("w:id"), str(self.marks))
        properties = paragraph._p.pPr  # noqa: SLF001  # python-docx has no bookmarks
        place = 0 if properties is None else 1
        paragraph._p.insert(place, start)  # noqa: SLF001  # the same
        paragraph._p.append(end)  # noqa: SLF001  # the same


def _page(document: Any) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin = Mm(25), Mm(22)
    page.top_margin, page.bottom_margin = Mm(22), Mm(22)


def _styles(document: Any) -> None:
    styles = document.styles
    for fonts in styles.element.iter(qn("w:lang")):
        fonts.set(qn("w:val"), "da-DK")
    normal = styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (("Title", 22), ("Heading 1", 16), ("Heading 2", 12.5), ("Caption", 10.5)):
        style = styles[name]
        style.font.name, style.font.size, style.font.bold = "Calibri", Pt(size), True
        style.font.color.rgb = GREEN
        # The template's own typeface of headings would win over the name.
        fonts = style.element.rPr.rFonts
        for attribute in [key for key in fonts.attrib if "heme" in key]:
            del fonts.attrib[attribute]
    styles["Heading 1"].paragraph_format.space_before = Pt(22)
    styles["Heading 2"].paragraph_format.space_before = Pt(14)
    styles["Heading 2"].paragraph_format.space_after = Pt(3)
    border = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        styles["Title"].element.pPr.remove(border)
    for name in (GUIDANCE, ASIDE):
        style = styles.add_style(name.capitalize(), WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.font.size, style.font.color.rgb = Pt(10), GREY
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.keep_with_next = name == GUIDANCE
        # Enter after it begins an ordinary paragraph.
        style.next_paragraph_style = normal


def _field(paragraph: Any, name: str) -> None:
    paragraph._p.append(  # noqa: SLF001  # python-docx has no fields
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        )
    )


def _dress(table: Any, text: str) -> None:
    """Say what a table is to somebody who cannot see it, and dress it: thin lines, and room around the words."""
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), _clean(text)[:250])
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A8A8A"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    room = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 60), ("left", 110), ("bottom", 60), ("right", 110))
    )
    properties = table._tbl.tblPr  # noqa: SLF001  # python-docx has no such properties
    look = properties.find(qn("w:tblLook"))
    for element in (
        parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>"),
        parse_xml(f"<w:tblCellMar {nsdecls('w')}>{room}</w:tblCellMar>"),
    ):
        look.addprevious(element)
    look.addnext(caption)


def _widths(part: Grid) -> tuple[Length, ...]:
    """Share a table's width: columns of figures get what they need, the others by how much they say."""
    size = SMALL if len(part.head) > MANY_COLUMNS else 11
    longest = [
        max(len(text) for text in column) for column in zip(part.head, *part.rows, strict=True)
    ]
    asked = [
        length * A_FIGURE * size + ROOM
        if place in part.numbers
        else min(max(length, 8), 40) * A_LETTER * size + ROOM
        for place, length in enumerate(longest)
    ]
    figures = sum(asked[place] for place in part.numbers)
    words = sum(asked) - figures
    # Where figures leave no room, they are the ones to be broken.
    for_figures = min(figures, WIDTH.pt * (0.8 if words else 1))
    return tuple(
        Pt(
            width * for_figures / figures
            if place in part.numbers
            else width * (WIDTH.pt - for_figures) / words
        )
        for place, width in enumerate(asked)
    )


def _set_widths(table: Any, widths: Sequence[int]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table._tbl.tr_lst:  # noqa: SLF001  # its own rows look for their cells anew each time
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = width


def _keep_whole(table: Any) -> None:
    """Let no row of it be split between two pages."""
    for row in table._tbl.tr_lst:  # noqa: SLF001  # python-docx has no such property
        # It stands before the others that we set.
        row.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def _repeated(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001  # python-docx has no such property
    properties.append(OxmlElement("w:tblHeader"))


def _crossbox(is_crossed: bool) -> Any:  # noqa: FBT001  # its only argument
    namespace = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    sign = "☒" if is_crossed else "☐"
    return parse_xml(
        f'<w:sdt {nsdecls("w")} {namespace}><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(is_crossed)}"/>'
        '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/><w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/>'
        '</w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" '
        f'w:hAnsi="MS Gothic" w:hint="eastAsia"/></w:rPr><w:t>{sign}</w:t></w:r></w:sdtContent></w:sdt>'
    )

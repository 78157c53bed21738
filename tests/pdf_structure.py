"""What is inside a PDF for those who do not see it: language, title, tags, bookmarks, fonts, alternatives."""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2


@dataclass(frozen=True)
class Structure:
    pages: int
    title: str
    shows_title: bool
    lang: str
    is_marked: bool
    is_pdf_ua: bool
    tags: Counter[str]
    figures: tuple[str | None, ...]
    """The alternative of each picture, None where there is none."""
    cells_without_heading: int
    """Table cells that belong to no row's or column's heading."""
    outline: tuple[tuple[int, str], ...]
    """Bookmarks as level and text."""
    fonts: dict[str, bool]
    """Each font, and whether it is embedded."""
    links: tuple[str, ...]
    """What they say of where they lead; a link that runs over more boxes is there as often."""
    ids: frozenset[str]
    """Of the parts that others name."""
    ids_found: frozenset[str]
    """Those that are found by their ID."""
    attachments: tuple[str, ...]
    actions: tuple[str, ...]
    """Addresses that a click would open."""


def read(content: bytes) -> Structure:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root
        nodes = list(_nodes(root.StructTreeRoot.K)) if "/StructTreeRoot" in root else []
        links = [
            note
            for page in pdf.pages
            for note in page.get("/Annots", [])
            if note.get("/Subtype") == "/Link"
        ]
        with pdf.open_outline() as outline:
            bookmarks = tuple(_bookmarks(outline.root))
        with pdf.open_metadata() as metadata:
            title = str(metadata.get("dc:title", ""))
            is_pdf_ua = str(metadata.get("pdfuaid:part", "")) == "1"
        return Structure(
            pages=len(pdf.pages),
            title=title,
            shows_title=bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
            lang=str(root.get("/Lang", "")),
            is_marked=bool(root.get("/MarkInfo", {}).get("/Marked", False)),
            is_pdf_ua=is_pdf_ua,
            tags=Counter(str(node.S).removeprefix("/") for node in nodes),
            figures=tuple(
                str(node.Alt) if "/Alt" in node else None for node in nodes if node.S == "/Figure"
            ),
            cells_without_heading=sum(
                node.S == "/TD" and not node.get("/A", {}).get("/Headers") for node in nodes
            ),
            outline=bookmarks,
            fonts=dict(_fonts(pdf)),
            links=tuple(dict.fromkeys(str(link.get("/Contents", "")) for link in links)),
            ids=frozenset(str(node.ID) for node in nodes if "/ID" in node),
            ids_found=frozenset(_ids_found(root.StructTreeRoot)),
            attachments=tuple(pdf.attachments),
            actions=tuple(str(link.A.URI) for link in links if "/URI" in link.get("/A", {})),
        )


def _ids_found(tree: Any) -> Iterator[str]:
    if "/IDTree" not in tree:
        return
    found = pikepdf.NameTree(tree.IDTree)
    for name, node in found.items():
        assert str(node.ID) == name
        yield name


MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 25 * MM, (210 - 22) * MM, (297 - 26) * MM, 24 * MM
"""Of the place for text on a page, in points from its lower left corner."""
ROUNDING = 1


@dataclass(frozen=True)
class Ink:
    """What lies where on a page."""

    outside: str
    """The signs beside the place for text, or above or below the page."""
    share: float
    """How far down the place for text it comes."""
    lines: int


def ink(content: bytes) -> list[Ink]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [_ink(page) for page in document]
    finally:
        document.close()


def _ink(page: Any) -> Ink:
    text = page.get_textpage()
    found = [
        (text.get_text_range(place, 1), text.get_charbox(place))
        for place in range(text.count_chars())
    ]
    text.close()
    page.close()
    found = [(sign, box) for sign, box in found if sign.strip()]
    outside = [
        sign
        for sign, (left, bottom, right, top) in found
        if left < LEFT - ROUNDING or right > RIGHT + ROUNDING or bottom < 0 or top > 297 * MM
    ]
    ends = [bottom for _, (_, bottom, _, top) in found if bottom > BOTTOM and top < TOP]
    share = (TOP - min(ends)) / (TOP - BOTTOM) if ends else 0.0
    return Ink("".join(outside), share, len({round(end / 12) for end in ends}))


def missing_glyphs(content: bytes) -> int:
    """Count the signs that are drawn as the box a typeface has for what it lacks."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return sum(_boxes(page) for page in pdf.pages)


def _boxes(page: pikepdf.Page) -> int:
    shown = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "TJ":
            strings = [bytes(part) for part in operands[0] if isinstance(part, pikepdf.String)]
        elif str(operator) == "Tj":
            strings = [bytes(operands[0])]
        else:
            continue
        # Two bytes for each glyph, and 0 is the box.
        shown += sum(
            string[place : place + 2] == b"\0\0"
            for string in strings
            for place in range(0, len(string), 2)
        )
    return shown


def page_texts(content: bytes) -> list[str]:
    """Return what stands on each page, with white space as single spaces."""
    document = pypdfium2.PdfDocument(content)
    try:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(" ".join(text_page.get_text_bounded().split()))
            text_page.close()
            page.close()
        return texts
    finally:
        document.close()


def _nodes(kids: Any) -> Iterator[Any]:
    if isinstance(kids, pikepdf.Array):
        for kid in kids:
            yield from _nodes(kid)
    elif isinstance(kids, pikepdf.Dictionary):
        if "/S" in kids:
            yield kids
        if "/K" in kids:
            yield from _nodes(kids.K)


def _bookmarks(items: Any, level: int = 1) -> Iterator[tuple[int, str]]:
    for item in items:
        yield level, str(item.title)
        yield from _bookmarks(item.children, level + 1)


def _fonts(pdf: pikepdf.Pdf) -> Iterator[tuple[str, bool]]:
    for page in pdf.pages:
        for font in (page.resources.get("/Font") or {}).values():
            inner = font.get("/DescendantFonts", [font])[0]
            descriptor = inner.get("/FontDescriptor", {})
            is_embedded = any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))
            yield str(font.get("/BaseFont")).rpartition("+")[2], is_embedded

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
    links_without_text: int
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
            links_without_text=sum("/Contents" not in link for link in links),
            attachments=tuple(pdf.attachments),
            actions=tuple(str(link.A.URI) for link in links if "/URI" in link.get("/A", {})),
        )


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

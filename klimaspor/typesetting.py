"""
The only place that knows WeasyPrint: a page becomes a tagged PDF that a screen reader can read (PDF/UA-1).

It names its pictures "paper:images/<name>", and they are given with it; fonts are ours. Nothing else is ever fetched,
neither files nor addresses, whatever stands in the text, and asking for it is an error and not a hole in the page. Knows
no Django, so that a process of its own wakes quickly and stays small.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import logging
import mimetypes
import os
import re
import warnings
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from klimaspor import signs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

OnPage = Callable[[int, int | None], None]
"""Told the number of a page, and of how many."""

PICTURES = "paper:images/"
FONT = re.compile(r"paper:((fonts|signs)/[\w-]+\.(woff2?))")


class Refused(Exception):
    """A paper asked for something it was not given."""


class FontsMissing(Exception):
    """The typeface is not there; a paper in another one would have other pages."""


class Style:
    """
    Our stylesheet and its fonts, read once: that takes longer than most papers.

    :raises FontsMissing:
    """

    def __init__(self, static: Path) -> None:
        self.static = static
        with _only_our_fonts(static):
            from weasyprint.text.fonts import FontConfiguration

            self.fonts = FontConfiguration()
        self.css = self._sheet("paper.css")

    @functools.cached_property
    def signs(self) -> Any:
        """The typefaces of signs that ours lacks; they take longer to read than a paper without them to set."""
        return self._sheet("paper-signs.css")

    @functools.cached_property
    def loose(self) -> Any:
        return self._sheet("paper-loose.css")

    def _sheet(self, name: str) -> Any:
        from weasyprint import CSS
        from weasyprint.urls import FatalURLFetchingError

        try:
            return CSS(
                string=(self.static / name).read_text(),
                base_url="paper:",
                url_fetcher=_fetcher({}, [], self.static),
                font_config=self.fonts,
            )
        except FatalURLFetchingError as error:
            # Not one of Python's ordinary exceptions: it would end the worker instead of the attempt.
            raise error.__cause__ or FontsMissing(str(error)) from None


@contextlib.contextmanager
def _only_our_fonts(static: Path) -> Iterator[None]:
    """Let the engine wake, and gather its typefaces, without those of the machine."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(static / "paper-fonts.conf")
    try:
        with warnings.catch_warnings():
            # It wants some to begin with, and gets ours a moment later.
            warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
            yield
    finally:
        # What is started later, a browser for one, has a use for them.
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def typeset(
    html: str, images: Mapping[str, bytes], style: Style, *, on_page: OnPage | None = None
) -> bytes:
    """
    Set a page with its pictures as a PDF.

    :raises Refused: when the page asks for anything but our fonts and the given images.
    :raises FontsMissing: when it asks for one of ours that is not there.
    """
    # It takes seconds to wake, and a web server that never prints need not know it.
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    refused: list[str] = []
    fetcher = _fetcher(images, refused, style.static)
    html, has_rare_signs = signs.printable(html, style.static / "build")
    html = _with_long_words_marked(html)
    sheets = [style.css, style.signs] if has_rare_signs else [style.css]
    try:
        with _told_of_pages(on_page):
            source = HTML(string=html, base_url="paper:", url_fetcher=fetcher)
            document = source.render(stylesheets=sheets, font_config=style.fonts)
            if _leaves_pages_empty(document):
                sheets.append(style.loose)
                document = source.render(stylesheets=sheets, font_config=style.fonts)
        if on_page:
            for number, page in enumerate(document.pages, 1):
                told = partial(on_page, number, len(document.pages))
                page.paint = _told_when_painted(page.paint, told)
        content: bytes = document.write_pdf(pdf_variant="pdf/ua-1", finisher=_finish)
    except FatalURLFetchingError as error:
        # Not one of Python's ordinary exceptions: it would end the worker instead of the attempt.
        if isinstance(error.__cause__, FontsMissing):
            raise error.__cause__ from None
        raise Refused(str(error)) from error
    if refused:
        # Inside a picture the engine swallows even that, and leaves the picture out.
        raise Refused(", ".join(refused))
    return content


LEAST_OF_A_PAGE = 0.15
"""A page with less was left, rather than written to its end."""


def _leaves_pages_empty(document: Any) -> bool:
    return any(
        _share(page) < LEAST_OF_A_PAGE and not _is_ended(page, after)
        for page, after in itertools.pairwise(document.pages)
    )


def _boxes(page: Any) -> Iterator[Any]:
    # What stands in the margins comes after the page's own.
    yield from page._page_box.children[0].descendants()  # noqa: SLF001  # the engine says it nowhere else


def _share(page: Any) -> float:
    """How far down a page what stands on it comes."""
    box = page._page_box  # noqa: SLF001  # the same
    top = box.content_box_y()
    ends = [
        each.position_y + each.height
        for each in _boxes(page)
        if hasattr(each, "text") or hasattr(each, "replacement")
    ]
    return float((max(ends, default=top) - top) / box.height)


def _is_ended(page: Any, after: Any) -> bool:
    """Whether something that begins a page of its own comes next."""
    here = {each.element for each in _boxes(page)}
    return any(
        each.style["break_before"] == "page" and each.element not in here for each in _boxes(after)
    )


def _finish(document: Any, pdf: Any) -> None:
    """Add what PDF/UA-1 asks for and the engine leaves out: where each ID is found, and what each link leads to."""
    import pydyf

    elements: list[Any] = [each for each in pdf.objects if isinstance(each, dict)]
    named = {each["ID"].string: each for each in elements if "ID" in each}
    if named:
        names = pydyf.Array()
        # Looked up by halving, so they stand in order.
        for name in sorted(named):
            names.extend((pydyf.String(name), named[name].reference))
        tree = pydyf.Dictionary({"Names": names})
        pdf.add_object(tree)
        (root,) = (each for each in elements if each.get("Type") == "/StructTreeRoot")
        root["IDTree"] = tree.reference
    pages = {name: number for number, page in enumerate(document.pages, 1) for name in page.anchors}
    for kind, target, _, box in (link for page in document.pages for link in page.links):
        if box.link_annotation:
            words = " ".join("".join(box.element.itertext()).split())
            where = f", side {pages[target]}" if kind == "internal" else f", {target}"
            box.link_annotation["Contents"] = pydyf.String(f"Gå til {words}{where}")


LONG = 25
"""Signs without a blank that may not fit where a paper has them: no word in a dictionary, but addresses and slips."""
_TAG_OR_LONG = re.compile(
    rf"<(title|style)>.*?</\1>|<[^>]*>|([^ \t\r\n\f<>]{{{LONG},}})", re.DOTALL
)
_ADDRESS = re.compile(r"[\d/@_.:]")


def _with_long_words_marked(html: str) -> str:
    """
    Mark the words that may break anywhere.

    Were all allowed to, a table's columns would be as narrow as a letter. No hyphen is put into what may be an address.
    """

    def marked(found: re.Match[str]) -> str:
        word = found.group(2)
        if word is None:
            return found.group()
        kind = "long address" if _ADDRESS.search(word) else "long"
        return f'<span class="{kind}">{word}</span>'

    return _TAG_OR_LONG.sub(marked, html)


def _told_when_painted(paint: Callable[..., None], told: Callable[[], None]) -> Callable[..., None]:
    def painted(*args: Any) -> None:
        paint(*args)
        told()

    return painted


_on_page: ContextVar[OnPage | None] = ContextVar("_on_page", default=None)


class _Pages(logging.Filter):
    """Passes on what the engine says of its pages, in its log and nowhere else, and lets none of it into ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        on_page = _on_page.get()
        if on_page and "Creating layout - Page" in str(record.msg):
            (page,) = cast("tuple[int]", record.args)
            on_page(page, None)
        return False


_PAGES = _Pages()


@contextlib.contextmanager
def _told_of_pages(on_page: OnPage | None) -> Iterator[None]:
    from weasyprint.logger import PROGRESS_LOGGER

    PROGRESS_LOGGER.addFilter(_PAGES)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    before = _on_page.set(on_page)
    try:
        yield
    finally:
        _on_page.reset(before)


def _fetcher(images: Mapping[str, bytes], refused: list[str], static: Path) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Closed(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Hands out what it was given, and knows no protocol."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(PICTURES) and url.removeprefix(PICTURES) in images:
                name = url.removeprefix(PICTURES)
                kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
                return URLFetcherResponse(url, images[name], {"Content-Type": kind})
            if font := FONT.fullmatch(url):
                content = _font(static, font.group(1)).read_bytes()
                return URLFetcherResponse(url, content, {"Content-Type": f"font/{font.group(3)}"})
            refused.append(url)
            raise Refused(url)

    return Closed()


def _font(static: Path, name: str) -> Path:
    path = static / "build" / name
    if not path.is_file():
        raise FontsMissing(
            f"{path} mangler. Byg designsystemet med `npm ci && npm run build` i static/."
        )
    return path

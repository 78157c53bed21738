"""
The only place that knows WeasyPrint: a page becomes a tagged PDF that a screen reader can read (PDF/UA-1).

It names its pictures "paper:images/<name>", and they are given with it; fonts are ours. Nothing else is ever fetched,
neither files nor addresses, whatever stands in the text, and asking for it is an error and not a hole in the page. Knows
no Django, so that a process of its own wakes quickly and stays small.
"""

from __future__ import annotations

import contextlib
import logging
import mimetypes
import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

OnPage = Callable[[int, int | None], None]
"""Told the number of a page, and of how many."""

PICTURES = "paper:images/"
FONTS = "paper:fonts/"


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
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError

        self.static = static
        self.fonts = FontConfiguration()
        try:
            self.css = CSS(
                string=(static / "paper.css").read_text(),
                base_url="paper:",
                url_fetcher=_fetcher({}, [], static),
                font_config=self.fonts,
            )
        except FatalURLFetchingError as error:
            # Not one of Python's ordinary exceptions: it would end the worker instead of the attempt.
            raise error.__cause__ or FontsMissing(str(error)) from None


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
    try:
        with _told_of_pages(on_page):
            document = HTML(string=html, base_url="paper:", url_fetcher=fetcher).render(
                stylesheets=[style.css], font_config=style.fonts
            )
        if on_page:
            for number, page in enumerate(document.pages, 1):
                told = partial(on_page, number, len(document.pages))
                page.paint = _told_when_painted(page.paint, told)
        content: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        # Not one of Python's ordinary exceptions: it would end the worker instead of the attempt.
        if isinstance(error.__cause__, FontsMissing):
            raise error.__cause__ from None
        raise Refused(str(error)) from error
    if refused:
        # Inside a picture the engine swallows even that, and leaves the picture out.
        raise Refused(", ".join(refused))
    return content


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
            if re.fullmatch(rf"{FONTS}[\w-]+\.woff2", url):
                content = _font(static, url.removeprefix(FONTS)).read_bytes()
                return URLFetcherResponse(url, content, {"Content-Type": "font/woff2"})
            refused.append(url)
            raise Refused(url)

    return Closed()


def _font(static: Path, name: str) -> Path:
    path = static / "build" / "fonts" / name
    if not path.is_file():
        raise FontsMissing(
            f"{path} mangler. Byg designsystemet med `npm ci && npm run build` i static/."
        )
    return path

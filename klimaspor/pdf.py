"""
The only place that knows WeasyPrint: a template becomes a tagged PDF that a screen reader can read (PDF/UA-1).

A template names its pictures "paper:images/<name>", and they are given with it; fonts are ours. Nothing else is ever
fetched, neither files nor addresses, whatever stands in the text, and asking for it is an error and not a hole in the page.
"""

from __future__ import annotations

import contextlib
import json
import logging
import mimetypes
import re
import subprocess
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.template.loader import render_to_string

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


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    images: Mapping[str, bytes] | None = None,
    on_page: OnPage | None = None,
) -> bytes:
    """
    Return a template that extends pdf/base.html as a PDF.

    `on_page` is told of each page twice: as it is laid out, when nobody knows of how many and some come again, and as
    it is drawn. It may stop the work by raising.

    :raises Refused: when the page asks for anything but our fonts and the given images.
    :raises FontsMissing: when the design system is not built.
    """
    return _set(render_to_string(template, dict(context)), images or {}, on_page)


def render_apart(
    template: str,
    context: Mapping[str, Any],
    *,
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """
    Return the same as `render`, set by a process of its own: for a page that is waited for.

    The engine takes seconds to wake and holds its process while it works, so a web server must not do it itself. At
    most `MOST_APART` at once in each web process, for `LONGEST_APART` seconds each.

    :raises Busy: when others are printing, or it takes too long.
    :raises NotMade: whatever is wrong with the paper.
    """
    html = render_to_string(template, dict(context))
    order = {"html": html, "images": {n: b64encode(i).decode() for n, i in (images or {}).items()}}
    with printing():
        try:
            done = subprocess.run(
                [sys.executable, "-m", "klimaspor.pdf"],
                input=json.dumps(order).encode(),
                capture_output=True,
                cwd=settings.BASE_DIR,
                timeout=LONGEST_APART,
                check=True,
            )
        except subprocess.CalledProcessError as error:
            # What the other process said would be lost with it.
            raise NotMade(error.stderr.decode(errors="replace")[-2000:]) from error
        except subprocess.TimeoutExpired:
            raise Busy(
                "PDF'en tager for lang tid at lave. Hent forslaget som Word i stedet."
            ) from None
    return done.stdout


@contextlib.contextmanager
def printing() -> Iterator[None]:
    """
    Hold one of this web process's places at the press.

    :raises Busy: when none is free within `LONGEST_WAIT` seconds.
    """
    if not _APART.acquire(timeout=LONGEST_WAIT):
        raise Busy("Der er mange, der henter PDF'er lige nu. Prøv igen om lidt.")
    try:
        yield
    finally:
        _APART.release()


MOST_APART = 1
LONGEST_WAIT = 15
LONGEST_APART = 30
_APART = threading.BoundedSemaphore(MOST_APART)


class NotMade(Exception):
    """The process that was to set the paper failed; the message is what it said."""


class Busy(Exception):
    """The paper was not made, for want of time; the message says what to do."""


def _set(html: str, images: Mapping[str, bytes], on_page: OnPage | None) -> bytes:
    # It takes seconds, and a web server that never prints need not know it.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    refused: list[str] = []
    fetcher = _fetcher(images, refused)
    fonts = FontConfiguration()
    stylesheet = settings.BASE_DIR / "static" / "paper.css"
    try:
        css = CSS(
            string=stylesheet.read_text(),
            base_url="paper:",
            url_fetcher=fetcher,
            font_config=fonts,
        )
        with _told_of_pages(on_page):
            document = HTML(string=html, base_url="paper:", url_fetcher=fetcher).render(
                stylesheets=[css], font_config=fonts
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


def _fetcher(images: Mapping[str, bytes], refused: list[str]) -> Any:
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
                content = _font(url.removeprefix(FONTS)).read_bytes()
                return URLFetcherResponse(url, content, {"Content-Type": "font/woff2"})
            refused.append(url)
            raise Refused(url)

    return Closed()


def _font(name: str) -> Path:
    path: Path = settings.BASE_DIR / "static" / "build" / "fonts" / name
    if not path.is_file():
        raise FontsMissing(
            f"{path} mangler. Byg designsystemet med `npm ci && npm run build` i static/."
        )
    return path


def _main() -> None:
    """Set what `render_apart` sends."""
    order = json.load(sys.stdin)
    images = {name: b64decode(image) for name, image in order["images"].items()}
    sys.stdout.buffer.write(_set(order["html"], images, None))


if __name__ == "__main__":
    _main()

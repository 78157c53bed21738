"""
Papers: a template becomes a tagged PDF, here or by a press of its own (see `typesetting` and `press`).

What is printed for somebody who waits is kept for a while in this process's memory, and nowhere else, so that the same
text is handed out again at once.

One is printed at a time for each web process, half a minute at most. What was sent is set by the worker and stored
with its fingerprint; a draft changes too often to be worth a row, a file and its cleaning up. Reconsider when people
wait for each other.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string

from klimaspor.press import NotMade, Press, TooLong
from klimaspor.typesetting import FontsMissing, OnPage, Refused, Style, typeset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Busy", "FontsMissing", "NotMade", "OnPage", "Refused", "keep", "render", "render_apart"]

MOST_APART = 1
LONGEST_WAIT = 15
LONGEST_APART = 30
_APART = threading.BoundedSemaphore(MOST_APART)


class Busy(Exception):
    """The paper was not made, for want of time; the message says what to do."""


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
    html = render_to_string(template, dict(context))
    return typeset(html, images or {}, Style(settings.BASE_DIR / "static"), on_page=on_page)


def render_apart(
    template: str,
    context: Mapping[str, Any],
    *,
    images: Mapping[str, bytes] | None = None,
    seconds: float | None = None,
) -> bytes:
    """
    Return the same as `render`, set by a press beside this process, which is awake already.

    The engine holds its process while it works, so a web server must not do it itself. At most `MOST_APART` at once in
    each process, each for so many seconds, or `LONGEST_APART`.

    :raises Busy: when others are printing, or it takes too long.
    :raises NotMade: whatever is wrong with the paper.
    """
    html = render_to_string(template, dict(context))
    with printing():
        try:
            return PRESS.set(html, images or {}, seconds=seconds or LONGEST_APART)
        except TooLong:
            raise Busy(
                "PDF'en tager for lang tid at lave. Hent forslaget som Word i stedet."
            ) from None


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


PRESS = Press()
"""This web process's own; it begins with the first paper, or when `PRESS.warm()` is called."""


class Kept:
    """What was printed last, by what it says and who may read it; the oldest goes first, and all of it after a while."""

    def __init__(self, *, most_bytes: int, seconds: float) -> None:
        self.most_bytes, self.seconds = most_bytes, seconds
        self._lock = threading.Lock()
        self._papers: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            self._forget()
            found = self._papers.get(key)
            return found[1] if found else None

    def put(self, key: str, content: bytes) -> None:
        with self._lock:
            self._papers.pop(key, None)
            self._papers[key] = (time.monotonic() + self.seconds, content)
            self._forget()

    def _forget(self) -> None:
        now = time.monotonic()
        while self._papers:
            until, _ = next(iter(self._papers.values()))
            if until > now and sum(len(c) for _, c in self._papers.values()) <= self.most_bytes:
                return
            self._papers.popitem(last=False)


KEPT = Kept(most_bytes=16 * 1024 * 1024, seconds=600)


def keep(make: Callable[[], bytes], *, says: tuple[str, ...], reader: int) -> bytes:
    """
    Give what `make` prints, or what it printed before of the same for the same reader.

    `says` is all that the paper depends on but the time it was printed; whoever asks has been let in to read just that.
    """
    # A digest of each first, so that no two texts run together to the same.
    digests = "".join(hashlib.sha256(each.encode()).hexdigest() for each in says)
    key = hashlib.sha256(f"{reader}:{digests}".encode()).hexdigest()
    content = KEPT.get(key)
    if content is None:
        content = make()
        KEPT.put(key, content)
    return content

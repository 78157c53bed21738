"""
Counts that many pages show, kept until somebody has done something.

Counting what a person sees among thousands takes longer than the page around it. A count is kept for a minute, under the
mark of the last act: `forget` gives a new mark, and what was counted under another is counted again. Without the cache
everything is counted each time.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.cache import cache
from django.core.paginator import Paginator

from redis import RedisError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

KEPT = timedelta(seconds=60)
"""What waits changes with the clock too: a deadline that passes is seen this much later."""
MARK = "counts:mark"


def kept(key: str, count: Callable[[], int], *, at: datetime) -> int:
    """Give a count that was made less than a minute ago and since the last act, or make it."""
    try:
        known = cache.get_many([MARK, key])
    except RedisError:
        return count()
    mark = known.get(MARK)
    counted_under, counted_at, counted = known.get(key) or (None, None, 0)
    if counted_at and counted_under == mark and abs(at - counted_at) < KEPT:
        return int(counted)
    # The mark was read first: what an act changes after that is found under a newer one.
    counted = count()
    with contextlib.suppress(RedisError):
        cache.set(key, (mark, at, counted), KEPT.total_seconds())
    return counted


def forget() -> None:
    """Let everything be counted again, since somebody has done something."""
    with contextlib.suppress(RedisError):
        cache.set(MARK, uuid4().hex, timeout=None)


class KeptPaginator(Paginator):  # type: ignore[type-arg]  # Django refuses an argument at run time
    """
    Pages of a list whose length is kept, for lists that only an act makes longer or shorter.

    `asked` is all that the length depends on besides the time: who asks, for what.
    """

    def __init__(self, found: Any, size: int, *, asked: tuple[Any, ...], at: datetime) -> None:
        super().__init__(found, size)
        self._found = found
        self._key = f"counts:{sha256(repr(asked).encode()).hexdigest()}"
        self._at = at

    @cached_property
    def count(self) -> int:
        return kept(self._key, self._found.count, at=self._at)

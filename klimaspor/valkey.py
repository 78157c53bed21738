"""
The server of queue and cache, which the portal goes on without.

Nothing there is worth a wait: what is asked of it is answered within PATIENCE_SECONDS or not at all, and whoever got no
answer lets the whole process leave it alone for a while, so that a page waits once at most. Meanwhile each process
remembers for itself: limits on signing in still hold, in each process on its own, and a nudge is left to the clock.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

import structlog
from redis import RedisError
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionBroken
from redis.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 0.25
LEFT_ALONE_SECONDS = 5.0

CACHE_OPTIONS = {
    "socket_connect_timeout": PATIENCE_SECONDS,
    "socket_timeout": PATIENCE_SECONDS,
    # A connection that was kept is broken when the server has been started anew; one that says nothing is not asked twice.
    "retry": Retry(NoBackoff(), 1, supported_errors=(ConnectionBroken,)),
}

_left_alone_until: dict[str, float] = {}


def is_left_alone(url: str) -> bool:
    """Say whether the server gave no answer a moment ago."""
    return time.monotonic() < _left_alone_until.get(_server(url), 0)


def leave_alone(url: str) -> None:
    """Ask nothing more of the server for a while."""
    _left_alone_until[_server(url)] = time.monotonic() + LEFT_ALONE_SECONDS


def _server(url: str) -> str:
    # The same server whichever of its databases is meant, and by whichever library's name for it.
    parts = urlsplit(url)
    return parts.netloc or parts.path


class Cache(BaseCache):
    """Keeps things there, and in this process while nobody answers."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.url = server
        self.prefix = params.get("KEY_PREFIX", "")
        self._there = RedisCache(server, params)
        self._here = LocMemCache(f"without {server}", {**params, "OPTIONS": {}})

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        added: bool = self._ask(lambda cache: cache.add(key, value, timeout, version))
        return added

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(lambda cache: cache.get(key, default, version))

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._ask(lambda cache: cache.set(key, value, timeout, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        touched: bool = self._ask(lambda cache: cache.touch(key, timeout, version))
        return touched

    def delete(self, key: Any, version: int | None = None) -> bool:
        deleted: bool = self._ask(lambda cache: cache.delete(key, version))
        return deleted

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        value: int = self._ask(lambda cache: cache.incr(key, delta, version))
        return value

    def clear(self) -> None:
        """
        Forget all of this portal's: another's may be on the same server.

        :raises NotImplementedError: with a prefix, since the server can only forget everything.
        """
        if self.prefix:
            raise NotImplementedError("Others may keep theirs on the same server")
        self._ask(lambda cache: cache.clear())
        self._here.clear()

    def _ask(self, question: Callable[[BaseCache], Any]) -> Any:
        if not is_left_alone(self.url):
            begun = time.monotonic()
            try:
                return question(self._there)
            except RedisError as error:
                leave_alone(self.url)
                log.warning("cache_away", error=str(error))
            finally:
                # So many of these would be a wait as well.
                if time.monotonic() - begun > PATIENCE_SECONDS:
                    leave_alone(self.url)
        return question(self._here)

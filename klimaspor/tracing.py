"""
One id for all that one request leads to: from the proxy through web, queue and worker to the letter.

Every line of the log carries it, the answer does as `X-Request-ID`, and so does the letter.
"""

import re
import uuid

import structlog

LONGEST = 64
# What proxies make: hexadecimal, a UUID, or base64 for addresses.
PLAIN = re.compile(rf"[A-Za-z0-9_-]{{8,{LONGEST}}}")


def begin(request_id: str = "") -> str:
    """Begin something new in this thread, under the id it came with if that is one, else under a new one; return it."""
    kept = request_id if PLAIN.fullmatch(request_id) else uuid.uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=kept)
    return kept


def end() -> None:
    """Let what this thread does from now on belong to nothing that has been answered."""
    structlog.contextvars.clear_contextvars()


def current() -> str:
    """Give the id of what this thread is doing; nothing at a terminal."""
    request_id: str = structlog.contextvars.get_contextvars().get("request_id", "")
    return request_id

"""
What the live server is answering: a page that is closed leaves its last request behind, which goes on writing.

A test's own client answers in the test's thread, and is done when it returns.
"""

from __future__ import annotations

import threading
from typing import Any

from django.core.signals import request_finished, request_started

PATIENCE_SECONDS = 10

_under_way: set[int] = set()
_changed = threading.Condition()


def _begin(**_: Any) -> None:
    if threading.current_thread() is not threading.main_thread():
        with _changed:
            _under_way.add(threading.get_ident())


def _end(**_: Any) -> None:
    with _changed:
        _under_way.discard(threading.get_ident())
        _changed.notify_all()


request_started.connect(_begin, dispatch_uid="tests.suite.answering")
request_finished.connect(_end, dispatch_uid="tests.suite.answering")


def wait_until_done() -> None:
    """Wait for what is being answered, so that nothing is written after a test's rows are cleared away."""
    with _changed:
        _changed.wait_for(lambda: not _under_way, timeout=PATIENCE_SECONDS)
        _under_way.clear()

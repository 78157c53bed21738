"""
A press: a process beside the web server that is awake with fonts and stylesheet read, and sets one paper at a time.

Each paper is set by a fork of it, which has seen no other, may use so much time and memory and is gone after. The press
ends with the web process, and when it dies itself the next paper begins a new one.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from base64 import b64decode, b64encode
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from klimaspor import apart, typesetting

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).resolve().parent.parent
MOST_MEMORY = 1024 * 1024 * 1024
WAKING_SECONDS = 20
# A press that has hung is noticed by who waits for it, a little after it should have noticed itself.
GRACE_SECONDS = 2
LONGEST_MESSAGE = 2000
SIZE = struct.Struct(">cI")
AWAKE, DONE, FAILED, LATE = b"a", b"d", b"f", b"l"


class NotMade(Exception):
    """The paper could not be set, or the press died over it; the message says why."""


class TooLong(Exception):
    """The paper was not set in the time there was."""


class Press:
    """The press as the web process knows it: it takes one order at a time, and whoever orders holds others back."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._is_awake = False
        self._owner = 0

    def warm(self) -> None:
        """Begin, without waiting for it to be awake."""
        self._begin()

    def set(
        self,
        html: str,
        images: Mapping[str, bytes],
        *,
        seconds: float,
        memory: int = MOST_MEMORY,
    ) -> bytes:
        """
        Set a paper, in so many seconds and bytes.

        :raises TooLong:
        :raises NotMade:
        """
        pictures = {name: b64encode(image).decode() for name, image in images.items()}
        asked = {"html": html, "images": pictures, "seconds": seconds, "memory": memory}
        order = json.dumps(asked).encode()
        try:
            return self._order(order, seconds)
        except (EOFError, OSError):
            # It died, most likely while nobody printed, and has taken nothing with it.
            self.end()
        try:
            return self._order(order, seconds)
        except (EOFError, OSError) as error:
            raise NotMade(self.end() or f"The press died: {error!r}") from error

    def _order(self, order: bytes, seconds: float) -> bytes:
        line = self._begin()
        try:
            if not self._is_awake:
                _receive(line, WAKING_SECONDS)
                self._is_awake = True
            _send(line, DONE, order, seconds)
            kind, content = _receive(line, seconds + GRACE_SECONDS)
        except TimeoutError:
            self.end()
            raise TooLong from None
        if kind == LATE:
            raise TooLong
        if kind == FAILED:
            raise NotMade(content.decode(errors="replace"))
        return content

    def _begin(self) -> socket.socket:
        if self._line is not None and self._owner == os.getpid():
            return self._line
        # One from before a fork is the other process's.
        self._line, self._process, self._is_awake = None, None, False
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "klimaspor.press"],
                cwd=HERE,
                env=apart.environment(),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        self._line, self._owner = ours, os.getpid()
        return ours

    def end(self) -> str:
        """End it, whatever it does; return the last it said, e.g. why it could not begin."""
        line, process = self._line, self._process
        self._line, self._process, self._is_awake = None, None, False
        if line is not None:
            line.close()
        if process is None or self._owner != os.getpid():
            return ""
        try:
            # It ends by itself when nobody is there any more, and then tidies up.
            _, said = process.communicate(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            _, said = process.communicate()
        return said.decode(errors="replace")[-LONGEST_MESSAGE:].strip()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None


def _send(line: socket.socket, kind: bytes, content: bytes, seconds: float) -> None:
    line.settimeout(seconds + GRACE_SECONDS)
    line.sendall(SIZE.pack(kind, len(content)) + content)


def _receive(line: socket.socket, seconds: float) -> tuple[bytes, bytes]:
    deadline = time.monotonic() + seconds

    def read(count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            line.settimeout(max(deadline - time.monotonic(), 0.001))
            more = line.recv(min(count - len(parts), 1 << 20))
            if not more:
                raise EOFError("it hung up")
            parts += more
        return bytes(parts)

    kind, size = SIZE.unpack(read(SIZE.size))
    return kind, read(size)


# The process itself


def _main() -> None:
    line = socket.socket(fileno=os.dup(0))
    os.close(0)
    style = typesetting.Style(HERE / "static")
    # From now on nobody reads what is said there, and a full pipe would stop the work.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    _send(line, AWAKE, b"", WAKING_SECONDS)
    with contextlib.suppress(EOFError, OSError):
        while True:
            _, order = _receive(line, threading.TIMEOUT_MAX)
            _send(line, *_set_by_a_fork(json.loads(order), style, line), WAKING_SECONDS)


def _set_by_a_fork(
    order: dict[str, Any], style: typesetting.Style, line: socket.socket
) -> tuple[bytes, bytes]:
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        line.close()
        _set_and_leave(order, style, write_end)
    os.close(write_end)
    with os.fdopen(read_end, "rb", buffering=0) as answer:
        said = _read_until(answer, line, time.monotonic() + order["seconds"])
    if said is None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if said is None:
        return LATE, b""
    if status != 0 or not said:
        return FAILED, f"The process that set the paper ended with status {status}".encode()
    return said[:1], said[1:]


def _read_until(answer: IO[bytes], line: socket.socket, deadline: float) -> bytes | None:
    """Read what a fork says, or nothing when its time is out or nobody waits for it any more."""
    parts = bytearray()
    while True:
        left = max(deadline - time.monotonic(), 0)
        ready, _, _ = select.select([answer.fileno(), line.fileno()], [], [], left)
        if answer.fileno() not in ready:
            return None
        more = answer.read(1 << 20)
        if not more:
            return bytes(parts)
        parts += more


def _set_and_leave(order: dict[str, Any], style: typesetting.Style, write_end: int) -> NoReturn:
    """Set one paper in this process, and end it without tidying up what it shares with the press."""
    status = 1
    try:
        apart.bound(seconds=int(order["seconds"]) + 1, memory=order["memory"])
        try:
            images = {name: b64decode(image) for name, image in order["images"].items()}
            answer = DONE + typesetting.typeset(order["html"], images, style)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the paper, it must be told
            answer = FAILED + f"{type(error).__name__}: {error}".encode()[:LONGEST_MESSAGE]
        with os.fdopen(write_end, "wb") as line:
            line.write(answer)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    _main()

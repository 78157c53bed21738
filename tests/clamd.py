"""A clamd to scan against: a real socket, and as much of the protocol as a scanner speaks."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(threading.Thread):
    """Answers PING, and looks for EICAR in what INSTREAM sends; a file past `longest` bytes is refused and cut off."""

    def __init__(self, listener: socket.socket, longest: int) -> None:
        super().__init__(daemon=True)
        self.listener, self.longest = listener, longest
        self.seen: list[bytes] = []
        """Each file that was looked through."""
        self.is_silent = False

    def run(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            # One that asks goes away when it likes.
            with line, contextlib.suppress(OSError, EOFError), line.makefile("rb") as said:
                self._serve(line, said)

    def _serve(self, line: socket.socket, said: object) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += _take(said, 1)
        if self.is_silent:
            return
        if command == b"zPING\0":
            line.sendall(b"PONG\0")
        elif command == b"zINSTREAM\0":
            line.sendall(self._look(said))

    def _look(self, said: object) -> bytes:
        content = b""
        while length := struct.unpack(">I", _take(said, 4))[0]:
            content += _take(said, length)
            if len(content) > self.longest:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.seen.append(content)
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


def _take(said: object, length: int) -> bytes:
    content: bytes = said.read(length)  # type: ignore[attr-defined]  # a socket's file
    if len(content) < length:
        raise EOFError
    return content


@contextlib.contextmanager
def clamd(where: Path | None = None, *, longest: int = 25_000_000) -> Iterator[tuple[Clamd, str]]:
    """Run one on a path, or on a port of this machine, and give its address as CLAMAV has it."""
    with socket.socket(socket.AF_UNIX if where else socket.AF_INET) as listener:
        listener.bind(str(where) if where else ("127.0.0.1", 0))
        listener.listen()
        port = "" if where else listener.getsockname()[1]
        running = Clamd(listener, longest)
        running.start()
        try:
            yield running, f"unix:{where}" if where else f"tcp:127.0.0.1:{port}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            running.join(5)

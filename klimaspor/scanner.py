"""
The virus scanner: a clamd on a socket, spoken to in the few words that are needed (PING, INSTREAM).

Without CLAMAV there is none, and files are kept unscanned; what was taken in before it was set is not scanned later. Nobody
can fetch a new file before it is scanned, so while the scanner is away files wait. An infected one is deleted, and the
writers get a letter. Let clamd's `StreamMaxLength` be 25 MB or more.

The protocol is our own, since the `clamd` package has had no release since 2014.
"""

import contextlib
import socket
import struct
from collections.abc import Iterator
from typing import IO

from django.conf import settings

PING_SECONDS = 2
# A large document of many parts takes a while to look through.
SCAN_SECONDS = 120
CHUNK = 256 * 1024
LONGEST_ANSWER = 4096


class Away(Exception):
    """The scanner does not answer: nothing is known of the file."""


class Unscannable(Exception):
    """The scanner answered that it could not look through this file."""


def is_set() -> bool:
    return bool(settings.CLAMAV)


def answers() -> bool:
    try:
        with _talk(PING_SECONDS) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except Away:
        return False


def find(file: IO[bytes]) -> str:
    """Look through a file, and give the name of what was found in it: nothing when it is clean.

    :raises Away:
    :raises Unscannable:
    """
    with _talk(SCAN_SECONDS) as line:
        # It may hang up in the middle of a file that is too large for it, and its answer says so.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
        said = _answer(line)
    if said == "stream: OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removeprefix("stream: ").removesuffix(" FOUND")
    if not said:
        raise Away("Virusscanneren svarede ikke")
    raise Unscannable(said)


@contextlib.contextmanager
def _talk(seconds: float) -> Iterator[socket.socket]:
    how, _, where = settings.CLAMAV.partition(":")
    try:
        if how == "unix":
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(seconds)
            with line:
                line.connect(where)
                yield line
        else:
            host, _, port = where.removeprefix("//").rpartition(":")
            with socket.create_connection((host, int(port)), timeout=seconds) as line:
                yield line
    except OSError as error:
        raise Away(f"Virusscanneren svarer ikke: {error}") from error


def _answer(line: socket.socket) -> str:
    said = b""
    while len(said) < LONGEST_ANSWER and not said.endswith(b"\0"):
        more = line.recv(LONGEST_ANSWER)
        if not more:
            break
        said += more
    return said.rstrip(b"\0").decode(errors="replace").strip()

"""
What a stranger's file is read by: a process of its own, with a bound on its time and its memory, gone when it has answered.

Whatever a file is made to do to its reader, it does there: it is killed when it takes too long, and the portal says that the
file cannot be read. A new process rather than a fork, since the web server has threads and a worker may have no children of
its own kind; it knows no setting and no secret, opens no file and sees no database. A module that reads so ends with
`answer`, and is asked with `ask`.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)

HERE = Path(__file__).resolve().parent.parent
SECONDS = 10
"""Of work; a machine with much to do takes longer by the clock."""
PATIENCE_SECONDS = 3 * SECONDS
MOST_MEMORY = 512 * 1024 * 1024
MOST_AT_ONCE = 2
"""In each process of the portal, so that many files at once wait rather than take all there is."""

_places = threading.BoundedSemaphore(MOST_AT_ONCE)


class NoAnswer(Exception):
    """The process died or was killed over what it was to read; the message is for the log."""


class Busy(Exception):
    """So many files are being read that this one was not begun."""


def ask(
    module: str,
    content: bytes,
    *,
    seconds: int = SECONDS,
    patience: float = PATIENCE_SECONDS,
    memory: int = MOST_MEMORY,
) -> bytes:
    """
    Let a module read some bytes apart, in so many seconds of work and bytes of memory.

    :raises NoAnswer:
    :raises Busy:
    """
    if not _places.acquire(timeout=patience):
        raise Busy
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, str(seconds), str(memory)],
            input=content,
            capture_output=True,
            cwd=HERE,
            env=environment(),
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        how = "no answer in time"
        log.warning("file_not_read", module=module, size=len(content), how=how)
        raise NoAnswer(how) from late
    finally:
        _places.release()
    if done.returncode != 0:
        how = f"status {done.returncode}"
        # What it says last names the fault, and never the file: a traceback shows code.
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
        log.warning("file_not_read", module=module, size=len(content), how=how, last=last)
        raise NoAnswer(how)
    return done.stdout


def environment() -> dict[str, str]:
    """Give what a process of ours may know of the environment: what libraries need, and no secret of the portal's."""
    return {name: value for name, value in os.environ.items() if _is_harmless(name)}


def _is_harmless(name: str) -> bool:
    return name in {"HOME", "LANG", "PATH", "TMPDIR"} or name.startswith(
        ("DYLD_", "FONTCONFIG_", "LC_", "LD_", "PYTHON", "XDG_")
    )


# In the process itself


def bound(*, seconds: int, memory: int) -> None:
    """Bound what this process may use from now on; above its time it is killed, above its memory it gets none."""
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        # Not every system knows each of them.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def answer(read: Callable[[bytes], bytes]) -> None:
    """Read what is asked about, and say what was found, as the whole of what a process does."""
    seconds, memory = map(int, sys.argv[1:])
    bound(seconds=seconds, memory=memory)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    found = read(sys.stdin.buffer.read())
    sys.stdout.buffer.write(found)
    sys.stdout.buffer.flush()
    # What is left is taken down faster by the system than object by object.
    os._exit(0)

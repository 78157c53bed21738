"""A reader that does what it is told to, run by tests as a process of its own (`klimaspor.apart`)."""

import os
import sys
import time
from pathlib import Path

from klimaspor import apart


def read(content: bytes) -> bytes:
    what, _, rest = content.partition(b" ")
    match what:
        case b"sleep":
            time.sleep(60)
        case b"spin":
            while True:
                pass
        case b"grow":
            return b"x" * int(rest)
        case b"crash":
            os.abort()
        case b"exit":
            sys.exit(3)
        case b"write":
            Path(rest.decode()).write_text("x")
        case b"know":
            return os.environ.get(rest.decode(), "").encode()
    return rest


if __name__ == "__main__":
    apart.answer(read)

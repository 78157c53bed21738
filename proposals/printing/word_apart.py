"""
A Word or Excel file that somebody sent, read apart (`klimaspor.apart`): what comes back is the answers in it, or why there are none.

All of the reading is there, also the search for questions among what was written, since both take as long as a file is made
to make them take.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from klimaspor import apart, word
from klimaspor.excel import reading as excel
from proposals.printing import sheet_reading, word_reading
from proposals.printing.word_reading import Reading

if TYPE_CHECKING:
    from typing import IO

TOO_HARD = (
    "Filen er for indviklet til at blive læst. Kopiér teksten til et nyt dokument, og vælg det"
)
BUSY = "Der bliver læst mange filer lige nu. Vent lidt, og vælg filen igen"


def read(file: IO[bytes], size: int, *, patience: float = apart.PATIENCE_SECONDS) -> Reading:
    """
    Read the answers in a Word file, or the tables in an Excel file, of `size` bytes, waiting so many seconds.

    :raises Unreadable:
    :raises NotOurs:
    """
    # What can be said without opening it, which also bounds what is sent on.
    word.look(file, size)
    try:
        said = json.loads(apart.ask(__name__, file.read(), patience=patience))
    except apart.NoAnswer as error:
        raise word.Unreadable(TOO_HARD) from error
    except apart.Busy as error:
        raise word.Unreadable(BUSY) from error
    if "unreadable" in said:
        raise word.Unreadable(said["unreadable"])
    if "foreign" in said:
        raise word_reading.NotOurs
    found = said["found"]
    return Reading(**{**found, **{name: tuple(found[name]) for name in ("unread", "left_out")}})


def _read(content: bytes) -> bytes:
    said: dict[str, object]
    try:
        file, size = io.BytesIO(content), len(content)
        if excel.is_book(file, size):
            found = sheet_reading.read(excel.read(file, size))
        else:
            found = word_reading.read(word.read(file, size))
        said = {"found": asdict(found)}
    except word.Unreadable as refusal:
        said = {"unreadable": str(refusal)}
    except word_reading.NotOurs:
        said = {"foreign": True}
    except (MemoryError, RecursionError):
        said = {"unreadable": TOO_HARD}
    return json.dumps(said).encode()


if __name__ == "__main__":
    apart.answer(_read)

"""A look at a file that somebody sent, before anything in it is unpacked or believed."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO
from xml.etree import ElementTree as ET

MAX_BYTES = 20 * 1024 * 1024
MAX_ENTRIES = 2000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
"""How many times its packed size a parcel may unpack to; real ones stay under 30, pictures apart."""
RATIO_COUNTS_FROM = 4 * 1024 * 1024
MAX_PART = 16 * 1024 * 1024
"""Of one part that is read, in bytes unpacked."""
MAX_DEPTH = 150
MAX_ELEMENTS = 300_000
MAX_ATTRIBUTES = 1_000_000

DOCUMENT = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml",
)
"""The kinds of parts that are read: the text, and what says how it is styled and numbered."""
CONTENT_TYPES = "[Content_Types].xml"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How Word packs; other ways may ask for gigabytes before the first byte."""

# What a file is that is not a docx, by how it begins.
KINDS = (
    (b"\xd0\xcf\x11\xe0", "Filen har adgangskode eller er i det gamle Word-format (.doc)."),
    (b"%PDF", "Filen er en PDF."),
    (b"MZ", "Filen er et program, ikke et Word-dokument."),
    (b"{\\rtf", "Filen er i RTF-format."),
)
SAVE_AS = "Gem den som Word-dokument (.docx) uden adgangskode, og vælg den igen"
ANOTHER = "Vælg en anden fil"


class Unreadable(Exception):
    """The file cannot be read as a Word document; the message says why, and what to do."""


def look(file: IO[bytes], size: int) -> None:
    """
    Look at how long a file is and how it begins, `size` in bytes, and go back to its beginning.

    :raises Unreadable:
    """
    if not size:
        raise Unreadable("Filen er tom. Vælg en anden fil")
    if size > MAX_BYTES:
        raise Unreadable(
            f"Filen må højst fylde {MAX_BYTES // 1024 // 1024} MB. Fjern billeder, og vælg den igen"
        )
    start = file.read(8)
    for signature, told in KINDS:
        if start.startswith(signature):
            raise Unreadable(f"{told} {ANOTHER if signature == b'MZ' else SAVE_AS}")
    if not start.startswith(b"PK\x03\x04"):
        raise Unreadable(f"Filen er ikke et Word-dokument. {SAVE_AS}")
    file.seek(0)


def parts(file: IO[bytes], size: int) -> dict[str, ET.Element]:
    """
    Give the parts of a docx that are read, by their content type; `size` in bytes.

    :raises Unreadable: also for what is built to exhaust or to reach out: a bomb, macros, entities.
    """
    look(file, size)
    try:
        with zipfile.ZipFile(file) as parcel:
            return _parts(parcel, size)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RecursionError,
        RuntimeError,
        EOFError,
        OSError,
    ) as error:
        # RuntimeError is what zipfile raises for a password.
        raise Unreadable(f"Filen er beskadiget. {SAVE_AS}") from error
    except (ValueError, LookupError, UnicodeError) as error:
        raise Unreadable(f"Filen er ikke et Word-dokument. {SAVE_AS}") from error


def _parts(parcel: zipfile.ZipFile, size: int) -> dict[str, ET.Element]:
    entries = parcel.infolist()
    if any(entry.compress_type not in METHODS for entry in entries):
        raise Unreadable(f"Filen er beskadiget. {SAVE_AS}")
    unpacked = sum(entry.file_size for entry in entries)
    is_bomb = unpacked > MAX_UNPACKED or (
        unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * size
    )
    if len(entries) > MAX_ENTRIES or is_bomb:
        raise Unreadable(
            "Filen fylder for meget, når den pakkes ud. Kopiér teksten til et nyt dokument, og vælg det"
        )
    names = {entry.filename for entry in entries}
    if "mimetype" in names and CONTENT_TYPES not in names:
        raise Unreadable(f"Filen er i OpenDocument-format. {SAVE_AS}")
    if CONTENT_TYPES not in names:
        raise Unreadable(f"Filen er ikke et Word-dokument. {SAVE_AS}")
    named = {
        str(kind.get("PartName", "")).lstrip("/"): str(kind.get("ContentType", ""))
        for kind in _xml(parcel, CONTENT_TYPES)
    }
    if any("macro" in kind.lower() or "vba" in kind.lower() for kind in named.values()):
        raise Unreadable(
            "Filen har makroer. Gem den som Word-dokument uden makroer (.docx), og vælg den igen"
        )
    # One of each kind, however many say that they are it.
    first = {kind: name for name, kind in reversed(named.items()) if kind in DOCUMENT}
    if DOCUMENT[0] not in first:
        raise Unreadable(f"Filen er ikke et Word-dokument. {SAVE_AS}")
    return {kind: _xml(parcel, name) for kind, name in first.items()}


def _xml(parcel: zipfile.ZipFile, name: str) -> ET.Element:
    """Read one part: no more of it than the parcel says, and nothing that it points at."""
    if parcel.getinfo(name).file_size > MAX_PART:
        raise Unreadable("Filen har for meget tekst. Del den i to")
    parser = ET.XMLParser(target=_Builder())  # noqa: S314  # the builder refuses all that makes it unsafe
    try:
        parser.feed(parcel.read(name))
        root: ET.Element = parser.close()
    except ET.ParseError as error:
        raise Unreadable(f"Filen er beskadiget. {SAVE_AS}") from error
    return root


class _Builder(ET.TreeBuilder):
    """Builds a tree of bounded size, and refuses a document type: without one there are no entities to expand or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.count = self.attributes = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Unreadable(f"Filen er ikke et almindeligt Word-dokument. {SAVE_AS}")

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self.depth += 1
        self.count += 1
        self.attributes += len(attrs)
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS or self.attributes > MAX_ATTRIBUTES:
            raise Unreadable(
                "Filen er for indviklet til at blive læst. Kopiér teksten til et nyt dokument, og vælg det"
            )
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self.depth -= 1
        return super().end(tag)

"""A look at a file that somebody sent, before anything in it is unpacked or believed."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, TypeVar
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_BYTES = 20 * 1024 * 1024
MAX_ENTRIES = 2000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
"""How many times its packed size a parcel may unpack to; real ones stay under 30, pictures apart."""
RATIO_COUNTS_FROM = 4 * 1024 * 1024
MAX_PART = 16 * 1024 * 1024
"""Of one part that is read, in bytes unpacked."""
LONGEST_TYPE = 200
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
    (b"\xd0\xcf\x11\xe0", "Filen har adgangskode eller er i et gammelt format (.doc eller .xls)."),
    (b"%PDF", "Filen er en PDF."),
    (b"MZ", "Filen er et program, ikke et Word-dokument."),
    (b"{\\rtf", "Filen er i RTF-format."),
)


@dataclass(frozen=True)
class Kind:
    """What kind of file a parcel is to be, in words."""

    name: str
    ending: str

    @property
    def save_as(self) -> str:
        return f"Gem den som {self.name} (.{self.ending}) uden adgangskode, og vælg den igen"

    @property
    def copy_to(self) -> str:
        return f"Kopiér det, der skal med, til et nyt {self.name}, og vælg det"


WORD = Kind("Word-dokument", "docx")
EXCEL = Kind("Excel-ark", "xlsx")
SAVE_AS = WORD.save_as
Found = TypeVar("Found")
ANSWERS = {
    b"MZ": "Vælg en anden fil",
    b"\xd0\xcf\x11\xe0": "Gem den som Word-dokument (.docx) eller Excel-ark (.xlsx) uden adgangskode, og vælg den igen",
}
"""What to do, where it is not to save it as a Word document."""


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
            raise Unreadable(f"{told} {ANSWERS.get(signature, SAVE_AS)}")
    if not start.startswith(b"PK\x03\x04"):
        raise Unreadable(f"Filen er ikke et Word-dokument. {SAVE_AS}")
    file.seek(0)


@dataclass(frozen=True)
class Parcel:
    """A file that was looked at: its parts by name, each with its content type."""

    kind: Kind
    named: dict[str, str]
    _file: zipfile.ZipFile

    def xml(self, name: str) -> ET.Element:
        return _xml(self._file, name, self.kind)

    def has(self, name: str) -> bool:
        return name in self._file.NameToInfo


def parts(file: IO[bytes], size: int) -> dict[str, ET.Element]:
    """
    Give the parts of a docx that are read, by their content type; `size` in bytes.

    :raises Unreadable: also for what is built to exhaust or to reach out: a bomb, macros, entities.
    """
    return opened(file, size, WORD, _document)


def opened(file: IO[bytes], size: int, kind: Kind, read: Callable[[Parcel], Found]) -> Found:
    """
    Look at a file of `size` bytes, and read it as a parcel.

    :raises Unreadable: also for what is built to exhaust or to reach out: a bomb, macros, entities.
    """
    look(file, size)
    try:
        with zipfile.ZipFile(file) as parcel:
            return read(_looked_at(parcel, size, kind))
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
        raise Unreadable(f"Filen er beskadiget. {kind.save_as}") from error
    except (ValueError, LookupError, UnicodeError) as error:
        raise Unreadable(f"Filen er ikke et {kind.name}. {kind.save_as}") from error


def _looked_at(parcel: zipfile.ZipFile, size: int, kind: Kind) -> Parcel:
    entries = parcel.infolist()
    if any(entry.compress_type not in METHODS for entry in entries):
        raise Unreadable(f"Filen er beskadiget. {kind.save_as}")
    unpacked = sum(entry.file_size for entry in entries)
    is_bomb = unpacked > MAX_UNPACKED or (
        unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * size
    )
    if len(entries) > MAX_ENTRIES or is_bomb:
        raise Unreadable(
            "Filen fylder for meget, når den pakkes ud. Kopiér teksten til et nyt dokument, og vælg det"
            if kind == WORD
            else f"Filen fylder for meget, når den pakkes ud. {kind.copy_to}"
        )
    names = {entry.filename for entry in entries}
    if "mimetype" in names and CONTENT_TYPES not in names:
        said = parcel.getinfo("mimetype").file_size < LONGEST_TYPE and parcel.read("mimetype")
        is_sheet = b"spreadsheet" in (said or b"")
        raise Unreadable(f"Filen er i OpenDocument-format. {(EXCEL if is_sheet else kind).save_as}")
    if CONTENT_TYPES not in names:
        raise Unreadable(f"Filen er ikke et {kind.name}. {kind.save_as}")
    named = {
        str(part.get("PartName", "")).lstrip("/"): str(part.get("ContentType", ""))
        for part in _xml(parcel, CONTENT_TYPES, kind)
    }
    if any("macro" in one.lower() or "vba" in one.lower() for one in named.values()):
        raise Unreadable(
            f"Filen har makroer. Gem den som {kind.name} uden makroer (.{kind.ending}), og vælg den igen"
        )
    return Parcel(kind, named, parcel)


def _document(parcel: Parcel) -> dict[str, ET.Element]:
    # One of each kind, however many say that they are it.
    first = {kind: name for name, kind in reversed(parcel.named.items()) if kind in DOCUMENT}
    if DOCUMENT[0] not in first:
        raise Unreadable(f"Filen er ikke et Word-dokument. {SAVE_AS}")
    return {kind: parcel.xml(name) for kind, name in first.items()}


def _xml(parcel: zipfile.ZipFile, name: str, kind: Kind) -> ET.Element:
    """Read one part: no more of it than the parcel says, and nothing that it points at."""
    if parcel.getinfo(name).file_size > MAX_PART:
        raise Unreadable("Filen har for meget tekst. Del den i to")
    parser = ET.XMLParser(target=_Builder(kind))  # noqa: S314  # the builder refuses all that makes it unsafe
    try:
        parser.feed(parcel.read(name))
        root: ET.Element = parser.close()
    except ET.ParseError as error:
        raise Unreadable(f"Filen er beskadiget. {kind.save_as}") from error
    return root


class _Builder(ET.TreeBuilder):
    """Builds a tree of bounded size, and refuses a document type: without one there are no entities to expand or fetch."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind
        self.depth = self.count = self.attributes = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Unreadable(f"Filen er ikke et almindeligt {self.kind.name}. {self.kind.save_as}")

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self.depth += 1
        self.count += 1
        self.attributes += len(attrs)
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS or self.attributes > MAX_ATTRIBUTES:
            raise Unreadable(
                "Filen er for indviklet til at blive læst. Kopiér teksten til et nyt dokument, og vælg det"
                if self.kind == WORD
                else f"Filen er for indviklet til at blive læst. {self.kind.copy_to}"
            )
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self.depth -= 1
        return super().end(tag)

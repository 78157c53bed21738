"""
What kinds of files are taken in, and how each is known by what is in it, never by its name.

Nothing is unpacked to disk and no document is interpreted: a container's list is read, each XML part is looked through as it
comes, and everything has a bound before it is read.

`filetype` takes the first look. PDFs are searched for the `/Encrypt` that is never compressed, and refused also when
only changes are locked, since no library then has to open them; Office files are zips with bounds on list, parts,
size and growth, without macros or XML declarations; pictures are measured by their header. Reconsider if people are
often refused PDFs that open without a password.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO
from xml.etree import ElementTree as ET

import filetype

from klimaspor import danish

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_SENT_BYTES = 50 * MEGABYTE
"""All the files of one press together."""
MAX_FILES = 20
"""With one proposal."""

LONGEST_NAME = 150


class Refused(Exception):
    """The file is not one that is taken in; the text says what to do."""


@dataclass(frozen=True)
class Kind:
    mime: str
    ending: str
    label: str
    """What people call it."""
    main: str = ""
    """What the list of parts of an Office file calls the document itself; empty for what is no container."""


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
PDF = Kind("application/pdf", ".pdf", "PDF")
WORD = Kind(
    f"{_OPEN_XML}wordprocessingml.document",
    ".docx",
    "Word",
    f"{_OPEN_XML}wordprocessingml.document.main+xml",
)
EXCEL = Kind(
    f"{_OPEN_XML}spreadsheetml.sheet",
    ".xlsx",
    "Excel",
    f"{_OPEN_XML}spreadsheetml.sheet.main+xml",
)
PNG = Kind("image/png", ".png", "PNG")
JPEG = Kind("image/jpeg", ".jpg", "JPEG")
KINDS = (PDF, WORD, EXCEL, PNG, JPEG)
BY_MIME = {kind.mime: kind for kind in KINDS}
TAKEN = "PDF, Word (docx), Excel (xlsx), PNG eller JPEG"
ACCEPT = ",".join([*(kind.ending for kind in KINDS), ".jpeg", *(kind.mime for kind in KINDS)])

NOT_TAKEN = f"Filen er ikke {TAKEN}. Gem den som en af dem, og vælg den igen"
BROKEN = "Filen er beskadiget. Prøv at åbne den selv, gem den igen, og vælg den på ny"
LOCKED_PDF = (
    "PDF-filen er beskyttet med en adgangskode eller låst mod ændringer. "
    "Gem den uden beskyttelse, og vælg den igen"
)
LOCKED_OFFICE = (
    "Filen er beskyttet med en adgangskode eller gemt i et ældre format. "
    "Gem den som docx eller xlsx uden adgangskode, og vælg den igen"
)
MACROS = "Filen har makroer, og dem tager vi ikke imod. Gem den uden makroer som docx eller xlsx, og vælg den igen"
TOO_MUCH_INSIDE = (
    "Filen fylder for meget, når den bliver pakket ud. Gem den som PDF, og vælg PDF-filen"
)
STRANGE_XML = (
    "Filen er ikke gemt, som Word og Excel gør det. Åbn den, gem den igen, og vælg den på ny"
)
MAX_MEGAPIXELS = 100
TOO_MANY_PIXELS = (
    f"Billedet har mere end {MAX_MEGAPIXELS} megapixel. Gør det mindre, og vælg det igen"
)


def of_mime(mime: str) -> Kind:
    """Give the kind of a stored file; what has a type we no longer take in is shown as a PDF, which all once were."""
    return BY_MIME.get(mime, PDF)


def with_ending(file_name: str, kind: Kind) -> str:
    """Give a file's name the ending that its content has, and no more than a name."""
    plain = danish.one_line(re.sub(r'[/\\:*?"<>|]+', " ", file_name)).lstrip(". ")
    path = PurePath(plain)
    same = {kind.ending, ".jpeg"} if kind is JPEG else {kind.ending}
    if path.suffix.lower() in same:
        return f"{path.stem[:LONGEST_NAME]}{path.suffix}"
    known = {one.ending for one in KINDS} | {".jpeg"}
    stem = path.stem if path.suffix.lower() in known else plain
    return f"{stem[:LONGEST_NAME].rstrip(' .') or 'bilag'}{kind.ending}"


def recognize(file: IO[bytes]) -> Kind:
    """Say what kind of file this is, and leave it at its beginning.

    :raises Refused:
    """
    try:
        file.seek(0)
        start = file.read(1024)
        if start.startswith(OLD_OFFICE):
            raise Refused(LOCKED_OFFICE)
        if start.startswith(b"PK\x03\x04"):
            return _office(file)
        kind = BY_MIME.get(filetype.guess_mime(start) or "")
        if kind is PDF:
            _look_through_pdf(file)
        elif kind is PNG:
            _measure(*_png_size(start))
        elif kind is JPEG:
            _measure(*_jpeg_size(file))
        if kind is None or kind.main:
            raise Refused(NOT_TAKEN)
        return kind
    finally:
        file.seek(0)


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the older Office files begin, and every Office file that has a password."""


# PDF

_CHUNK = MEGABYTE
_OVERLAP = 100
# The trailer says it, or the dictionary of the cross-reference stream, and neither is ever compressed.
_ENCRYPTED = re.compile(rb"/Encrypt\s{0,20}(?:\d{1,10}\s{1,20}\d{1,5}\s{1,20}R\b|<<)")


def _look_through_pdf(file: IO[bytes]) -> None:
    file.seek(0)
    if any(_ENCRYPTED.search(window) for window in _windows(file)):
        raise Refused(LOCKED_PDF)


def _windows(file: IO[bytes]) -> Iterator[bytes]:
    """Read on piece by piece, each beginning with the end of the one before."""
    before = b""
    while piece := file.read(_CHUNK):
        yield before + piece
        before = (before + piece)[-_OVERLAP:]


# Pictures

_SIZED = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The markers of a JPEG that say how large the picture is."""
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_MOST_MARKERS = 1000


def _png_size(start: bytes) -> tuple[int, int]:
    if len(start) < 24 or start[12:16] != b"IHDR":
        raise Refused(BROKEN)
    width, height = struct.unpack(">II", start[16:24])
    return width, height


def _jpeg_size(file: IO[bytes]) -> tuple[int, int]:
    """Walk the markers until the one that says the size."""
    file.seek(2)
    for _ in range(_MOST_MARKERS):
        lead = file.read(2)
        if len(lead) < 2 or lead[0] != 0xFF:
            break
        marker = lead[1]
        if marker == 0xFF:
            file.seek(-1, 1)
            continue
        if marker in _BARE:
            continue
        head = file.read(7 if marker in _SIZED else 2)
        if marker in _SIZED and len(head) == 7:
            height, width = struct.unpack(">HH", head[3:7])
            return width, height
        if len(head) < 2:
            break
        length = int.from_bytes(head[:2])
        if length < 2:
            break
        file.seek(length - 2, 1)
    raise Refused(BROKEN)


def _measure(width: int, height: int) -> None:
    if not width or not height:
        raise Refused(BROKEN)
    if width * height > MAX_MEGAPIXELS * 1_000_000:
        raise Refused(TOO_MANY_PIXELS)


# Word and Excel: a zip of XML parts

MOST_PARTS = 3000
MOST_UNPACKED = 100 * MEGABYTE
MOST_TIMES_LARGER = 200
_LONGEST_LIST = MOST_PARTS * 300
_LONGEST_TYPES = MEGABYTE
_SMALL = MEGABYTE
_TYPES = "[Content_Types].xml"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IS_ENCRYPTED = 0x1
# XML that declares entities can grow without end; Office never writes any, and "<" is never part of a text.
_DECLARATIONS = tuple(
    word.encode(coding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for coding in ("ascii", "utf-16-le", "utf-16-be")
)
_XML = (".xml", ".rels", ".vml")
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ET.ParseError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def _office(file: IO[bytes]) -> Kind:
    _bound_list(file)
    try:
        with zipfile.ZipFile(file) as bundle:
            parts = bundle.infolist()
            _bound(parts)
            names = {part.filename.casefold() for part in parts}
            types = _types(bundle) if _TYPES.casefold() in names else []
            if _has_macros(names, types):
                raise Refused(MACROS)
            for part in parts:
                if part.filename.casefold().endswith(_XML):
                    _refuse_declarations(bundle, part)
    except _UNREADABLE as error:
        raise Refused(BROKEN) from error
    for kind in KINDS:
        if any(kind.main == mime and name.casefold() in names for name, mime in types):
            return kind
    raise Refused(NOT_TAKEN)


def _bound_list(file: IO[bytes]) -> None:
    """Look at the end of the zip, since reading its list takes memory for all that the list claims."""
    end = file.seek(0, 2)
    file.seek(max(0, end - 65_557))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < 22:
        raise Refused(BROKEN)
    parts, length = struct.unpack("<HI", tail[place + 10 : place + 16])
    # Zip64 is for more than four gigabytes.
    if parts > MOST_PARTS or length > _LONGEST_LIST or b"PK\x06\x07" in tail[:place]:
        raise Refused(TOO_MUCH_INSIDE)
    file.seek(0)


def _bound(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & _IS_ENCRYPTED for part in parts):
        raise Refused(LOCKED_OFFICE)
    if any(part.compress_type not in _METHODS for part in parts):
        raise Refused(BROKEN)
    grows = any(
        part.file_size > _SMALL and part.file_size > MOST_TIMES_LARGER * part.compress_size
        for part in parts
    )
    if grows or len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(TOO_MUCH_INSIDE)


def _types(bundle: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Read which part is what, as pairs of part and type."""
    part = next(p for p in bundle.infolist() if p.filename.casefold() == _TYPES.casefold())
    if part.file_size > _LONGEST_TYPES:
        raise Refused(TOO_MUCH_INSIDE)
    _refuse_declarations(bundle, part)
    root = ET.fromstring(bundle.read(part))  # noqa: S314 - bounded, and what declares entities is refused before
    return [
        (element.get("PartName", "").lstrip("/"), element.get("ContentType", ""))
        for element in root.iter()
    ]


def _has_macros(names: set[str], types: list[tuple[str, str]]) -> bool:
    return any(
        name.endswith("vbaproject.bin") or "/macrosheets/" in f"/{name}" for name in names
    ) or any("macroenabled" in mime.casefold() for _, mime in types)


def _refuse_declarations(bundle: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with bundle.open(part) as content:
        for window in _windows(content):
            if any(word in window for word in _DECLARATIONS):
                raise Refused(STRANGE_XML)

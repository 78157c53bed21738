"""Files that are not what they say, or are made to exhaust whoever opens them."""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile
import zlib

import pytest

from klimaspor import word
from klimaspor.word import guard

GOOD = word.write([word.Heading("Effekt", 2), word.Prose("Vi måler.")], title="T", foot="F")
TYPES = "[Content_Types].xml"
TEXT = "word/document.xml"


def read(content: bytes) -> word.Document:
    return word.read(io.BytesIO(content), len(content))


def changed(**parts: bytes) -> bytes:
    """Give the good file with some of its parts replaced or added, by name with `_` for the dot and slash."""
    named = {{"types": TYPES, "text": TEXT}.get(key, key): value for key, value in parts.items()}
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, named.pop(name, old.read(name)))
        for name, value in named.items():
            new.writestr(name, value)
    return stream.getvalue()


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as parcel:
        return parcel.read(name)


def with_doctype(subset: str, text: str = "x") -> bytes:
    xml = part(TEXT).decode().replace("Vi måler.", text)
    head, _, body = xml.partition("?>")
    return f"{head}?>\n<!DOCTYPE x [{subset}]>{body}".encode()


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))


def test_the_good_file_is_read() -> None:
    assert word.joined(read(GOOD).blocks) == "Effekt\n\nVi måler."
    assert read(changed()) == read(GOOD)


@pytest.mark.parametrize(
    ("content", "said"),
    (
        (b"", "Filen er tom"),
        (
            b"MZ\x90\x00" + b"\0" * 200,
            "Filen er et program, ikke et Word-dokument. Vælg en anden fil",
        ),
        ("Kære læser, her er æ, ø og å".encode("cp1252"), "ikke et Word-dokument"),
        (b"%PDF-1.7\n", "Filen er en PDF"),
        (b"{\\rtf1 }", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "adgangskode eller er i et gammelt"),
        (b"PK\x03\x04" + b"\0" * 100, "beskadiget"),
        (GOOD[: len(GOOD) // 2], "beskadiget"),
        (changed(types=part(TYPES).replace(b"main+xml", b"x+xml")), "ikke et Word-dokument"),
        (
            changed(
                types=part(TYPES).replace(
                    b"openxmlformats-officedocument.wordprocessingml.document.main",
                    b"ms-word.document.macroEnabled.main",
                )
            ),
            "makroer",
        ),
        (changed(types=b"<Types/>"), "ikke et Word-dokument"),
        (changed(types=b"<Types>"), "beskadiget"),
        (changed(text=b"<w:document"), "beskadiget"),
        (changed(text=with_doctype(LAUGHS, "&a9;")), "ikke et almindeligt Word-dokument"),
        (
            changed(text=with_doctype('<!ENTITY e SYSTEM "file:///etc/passwd">', "&e;")),
            "ikke et almindeligt",
        ),
        (
            changed(text=with_doctype('<!ENTITY % e SYSTEM "http://127.0.0.1:9/"> %e;')),
            "ikke et almindeligt",
        ),
        (
            changed(text=with_doctype("").decode().replace("UTF-8", "UTF-16").encode("utf-16")),
            "ikke et almindeligt",
        ),
        (changed(types=with_doctype("")), "ikke et almindeligt Word-dokument"),
        (changed(text=b"<a>" * 5000 + b"</a>" * 5000), "indviklet"),
        (changed(text=b"<a>" + b"<b/>" * 700_000 + b"</a>"), "indviklet"),
    ),
    ids=range(20),
)
def test_other_files_get_a_clear_answer(content: bytes, said: str) -> None:
    with pytest.raises(word.Unreadable, match=re.escape(said)):
        read(content)


def test_an_opendocument_file_is_told_how_to_be_saved() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parcel:
        parcel.writestr("mimetype", "application/vnd.oasis.opendocument.text")

    with pytest.raises(word.Unreadable, match="OpenDocument"):
        read(stream.getvalue())


def test_a_locked_parcel_is_refused() -> None:
    locked = bytearray(GOOD)
    for found in [m.start() for m in re.finditer(b"PK\x03\x04", GOOD)]:
        locked[found + 6] |= 1
    for found in [m.start() for m in re.finditer(b"PK\x01\x02", GOOD)]:
        locked[found + 8] |= 1

    with pytest.raises(word.Unreadable, match="beskadiget"):
        read(bytes(locked))


@pytest.mark.parametrize("name", ("word/media/x.xml", TEXT))
def test_a_bomb_is_refused_before_it_is_unpacked(name: str) -> None:
    bomb = changed(**{name: b"<a>" + b" " * 60_000_000 + b"</a>"})
    assert len(bomb) < 200_000

    started = time.perf_counter()
    with pytest.raises(word.Unreadable, match="pakkes ud"):
        read(bomb)

    assert time.perf_counter() - started < 0.5


def test_many_small_parts_are_refused() -> None:
    with pytest.raises(word.Unreadable, match="pakkes ud"):
        read(changed(**{f"word/{n}.xml": b"" for n in range(guard.MAX_ENTRIES)}))


def test_a_part_that_lies_about_its_size_is_not_unpacked_further() -> None:
    """The parcel says 10 bytes and holds 50 million: what is read is what it says, and then the sum is wrong."""
    content = b"<a>" + b" " * 50_000_000 + b"</a>"
    honest = changed(text=content)
    lying = honest.replace(struct.pack("<I", len(content)), struct.pack("<I", 10))
    assert lying != honest
    assert zlib.crc32(content)

    with pytest.raises(word.Unreadable, match="beskadiget"):
        read(lying)


def test_a_file_of_too_many_bytes_is_not_opened() -> None:
    with pytest.raises(word.Unreadable, match="højst fylde 20 MB"):
        word.read(io.BytesIO(GOOD), guard.MAX_BYTES + 1)


def test_more_text_than_the_form_could_hold_is_refused_and_200000_characters_are_read() -> None:
    long = word.write([word.Prose("æ" * 200_000)], title="T", foot="F")
    longer = word.write([word.Prose("æ" * 400_001)], title="T", foot="F")

    assert len(word.joined(read(long).blocks)) == 200_000
    with pytest.raises(word.Unreadable, match="mere tekst"):
        read(longer)

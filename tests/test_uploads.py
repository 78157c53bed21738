"""What is taken in, by what is in it."""

from __future__ import annotations

import io
import re
import zipfile

import pikepdf
import pytest
from PIL import Image

from klimaspor import uploads
from tests import office


def recognized(content: bytes) -> uploads.Kind:
    file = io.BytesIO(content)
    kind = uploads.recognize(file)
    assert file.tell() == 0
    return kind


@pytest.mark.parametrize(
    ("content", "label"),
    (
        (office.PDF, "PDF"),
        (office.word(), "Word"),
        (office.excel(), "Excel"),
        (office.office(), "Word"),
        (office.png(), "PNG"),
        (office.jpeg(), "JPEG"),
        (office.jpeg(10_000, 10_000), "JPEG"),
    ),
)
def test_file_is_known_by_what_is_in_it(content: bytes, label: str) -> None:
    assert recognized(content).label == label


def locked_pdf(**how: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, **how)  # type: ignore[arg-type]  # they are what each case says
    return out.getvalue()


OWNER_ONLY = pikepdf.Encryption(owner="hemmelig", user="")
BOTH = pikepdf.Encryption(owner="hemmelig", user="hemmelig", R=6)
STREAMS = pikepdf.ObjectStreamMode.generate


def with_macro_sheet() -> bytes:
    return office.office({"xl/macrosheets/sheet1.xml": b"<x/>"})


def with_a_list_that_lies() -> bytes:
    """A zip whose end says that its list is far longer than any document's."""
    made = bytearray(office.office())
    place = made.rindex(b"PK\x05\x06")
    made[place + 12 : place + 16] = (2**31).to_bytes(4, "little")
    return bytes(made)


def with_many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr("[Content_Types].xml", office.types())
        for number in range(uploads.MOST_PARTS):
            bundle.writestr(f"{number}", b"")
    return out.getvalue()


def with_another_method() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as bundle:
        bundle.writestr("[Content_Types].xml", office.types())
        bundle.writestr("word/document.xml", b"<x/>")
    return out.getvalue()


def marked_encrypted() -> bytes:
    made = bytearray(office.office())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(mark) + at] |= 1
    return bytes(made)


DTD = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
FILLER = " ".join(map(str, range(200_000))).encode()
BOMB = {"word/media/a.bin": b"\0" * 3_000_000}
LARGE = {f"word/media/{n}.bin": bytes(range(256)) * 80_000 for n in range(6)}


@pytest.mark.parametrize(
    ("content", "said"),
    (
        (office.EXE, uploads.NOT_TAKEN),
        (b"<html><script>alert(1)</script>", uploads.NOT_TAKEN),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', uploads.NOT_TAKEN),
        (b"GIF89a" + b"\0" * 40, uploads.NOT_TAKEN),
        (b"x", uploads.NOT_TAKEN),
        (locked_pdf(encryption=OWNER_ONLY), uploads.LOCKED_PDF),
        (locked_pdf(encryption=BOTH), uploads.LOCKED_PDF),
        (locked_pdf(encryption=BOTH, object_stream_mode=STREAMS), uploads.LOCKED_PDF),
        (uploads.OLD_OFFICE + b"\0" * 600, uploads.LOCKED_OFFICE),
        (marked_encrypted(), uploads.LOCKED_OFFICE),
        (office.office({"word/vbaProject.bin": b"x"}), uploads.MACROS),
        (office.office({"word/anden_VBAPROJECT.BIN": b"x"}), uploads.MACROS),
        (
            office.office(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
            uploads.MACROS,
        ),
        (
            office.office(main="application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
            uploads.MACROS,
        ),
        (with_macro_sheet(), uploads.MACROS),
        (office.office(BOMB), uploads.TOO_MUCH_INSIDE),
        (office.office(LARGE), uploads.TOO_MUCH_INSIDE),
        (with_a_list_that_lies(), uploads.TOO_MUCH_INSIDE),
        (with_many_parts(), uploads.TOO_MUCH_INSIDE),
        (office.office(before=DTD), uploads.STRANGE_XML),
        (office.office({"word/styles.xml": DTD.encode()}), uploads.STRANGE_XML),
        (office.office({"word/styles.xml": DTD.encode("utf-16")}), uploads.STRANGE_XML),
        (
            office.office({"word/styles.xml": FILLER[: uploads.MEGABYTE - 4] + DTD.encode()}),
            uploads.STRANGE_XML,
        ),
        (with_another_method(), uploads.BROKEN),
        (office.word()[:-200], uploads.BROKEN),
        (b"PK\x03\x04" + b"0" * 100, uploads.BROKEN),
        (office.zipped({"[Content_Types].xml": b"<Types", "a": b""}), uploads.BROKEN),
        # The list of parts promises a document that is not there, or there is no list at all.
        (office.office(part="/word/andet.xml"), uploads.NOT_TAKEN),
        (office.zipped({"word/document.xml": b"<x/>"}), uploads.NOT_TAKEN),
        (
            office.office(
                main="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
            ),
            uploads.NOT_TAKEN,
        ),
        (office.png(0, 3), uploads.BROKEN),
        (office.png()[:20], uploads.BROKEN),
        (office.png(20_000, 20_000), uploads.TOO_MANY_PIXELS),
        (office.jpeg(20_000, 20_000), uploads.TOO_MANY_PIXELS),
        (office.jpeg()[:24], uploads.BROKEN),
        (b"\xff\xd8\xff" + b"\xff" * 5000, uploads.BROKEN),
    ),
)
def test_file_that_is_not_taken_in_is_told_why(content: bytes, said: str) -> None:
    with pytest.raises(uploads.Refused, match=f"^{re.escape(said)}$"):
        recognized(content)


@pytest.mark.parametrize("form", ("JPEG", "PNG"))
def test_a_real_picture_is_measured(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by what we make ourselves: Pillow comes with the engine that sets the papers."""
    out = io.BytesIO()
    Image.new("RGB", (1500, 1000)).save(out, form, dpi=(72, 72), comment=b"x" * 500)
    assert recognized(out.getvalue()).label == form
    monkeypatch.setattr(uploads, "MAX_MEGAPIXELS", 1)
    with pytest.raises(uploads.Refused):
        recognized(out.getvalue())


def test_encryption_is_found_across_the_pieces_a_file_is_read_in() -> None:
    filler = b"%PDF-1.7\n" + b" " * (uploads.MEGABYTE - 9 - 8)
    with pytest.raises(uploads.Refused):
        recognized(filler + b"/Encrypt 12 0 R")
    assert recognized(filler + b"/EncryptMetadata false").label == "PDF"


@pytest.mark.parametrize(
    ("given", "kind", "kept"),
    (
        ("tilsagn.pdf", uploads.PDF, "tilsagn.pdf"),
        ("TILSAGN.PDF", uploads.PDF, "TILSAGN.PDF"),
        ("kort.jpeg", uploads.JPEG, "kort.jpeg"),
        ("kort.png", uploads.JPEG, "kort.jpg"),
        ("faktura.exe", uploads.PDF, "faktura.exe.pdf"),
        ("notat v. 2", uploads.WORD, "notat v. 2.docx"),
        ("../../etc/passwd", uploads.PDF, "etc passwd.pdf"),
        ('a"b\r\nc.pdf', uploads.PDF, "a b c.pdf"),
        (".pdf", uploads.PDF, "pdf.pdf"),
        ("x" * 300 + ".pdf", uploads.PDF, "x" * 150 + ".pdf"),
    ),
)
def test_name_has_the_ending_of_what_is_in_it(given: str, kind: uploads.Kind, kept: str) -> None:
    assert uploads.with_ending(given, kind) == kept


def test_kinds_are_told_apart() -> None:
    assert len({kind.mime for kind in uploads.KINDS}) == len(uploads.KINDS)
    assert uploads.of_mime("text/html") is uploads.PDF
    assert not {"text/html", "image/svg+xml"} & set(uploads.ACCEPT.split(","))

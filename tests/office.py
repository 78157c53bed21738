"""Files as people send them, and as they should not: Word, Excel, pictures, PDF, and what pretends to be them."""

from __future__ import annotations

import io
import struct
import zipfile

import docx
import openpyxl

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EXE = b"MZ\x90\x00" + b"\x00" * 400
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def word(text: str = "Tidsplan") -> bytes:
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def excel() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "År"
    book.save(out)
    return out.getvalue()


def png(width: int = 4, height: int = 3) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIB", 13, b"IHDR", width, height, 8) + b"\0" * 40


def jpeg(width: int = 4, height: int = 3) -> bytes:
    start = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    size = struct.pack(">HBHH", 17, 8, height, width) + b"\0" * 10
    return start + b"\xff\xff\xc0" + size + b"\xff\xd9"


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in parts.items():
            bundle.writestr(name, content)
    return out.getvalue()


def types(main: str = MAIN, part: str = "/word/document.xml", before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="{part}" ContentType="{main}"/></Types>'
    ).encode()


def office(extra: dict[str, bytes] | None = None, **about: str) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": types(**about),
            "word/document.xml": b"<w:document/>",
            **(extra or {}),
        }
    )

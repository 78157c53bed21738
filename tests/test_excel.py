"""Excel files: what we write is text, what comes back is read whole, and what is made to exhaust its reader is refused."""

from __future__ import annotations

import io
import re
import time
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klimaspor.excel import reading, writing
from klimaspor.word.guard import MAX_BYTES, Unreadable
from proposals.printing import word_apart
from tests.word.test_guard import LAUGHS

TABLE = writing.Table(
    "Budget",
    ("Post", "Hvad", 2027, 2028),
    (("andet", "=1+1", Decimal(1500000), None), ("andet", "-x", Decimal("10.5"), Decimal(0))),
    sums=2,
)
GOOD = writing.write([TABLE], title="T")
SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes) -> tuple[reading.Sheet, ...]:
    return reading.read(io.BytesIO(content), len(content))


def changed(parts: dict[str, bytes]) -> bytes:
    """Give the good file with some of its parts replaced or added."""
    parts = dict(parts)
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts.pop(name, old.read(name)))
        for name, value in parts.items():
            new.writestr(name, value)
    return stream.getvalue()


def with_cells(cells: str, before: str = "") -> bytes:
    xml = (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )
    return changed({SHEET: xml.encode()})


def rows_of(cells: str) -> tuple[tuple[str, ...], ...]:
    return read(with_cells(cells))[0].rows


def test_what_is_written_comes_back_as_it_would_be_typed() -> None:
    [sheet] = read(GOOD)

    assert sheet.rows == (
        ("Post", "Hvad", "2027", "2028", "I alt"),
        ("andet", "=1+1", "1500000", "", ""),
        ("andet", "-x", "10,50", "0", ""),
        ("I alt", "", "", "", ""),
    )
    assert (sheet.reckoned, sheet.unreckoned) == (0, ())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_written_as_text(text: str) -> None:
    file = writing.write([writing.Table("A", ("Navn",), ((text,),))], title="T")

    cell = openpyxl.load_workbook(io.BytesIO(file))["A"]["A2"]
    assert cell.data_type != "f"
    rows = read(file)[0].rows
    assert (rows[1][0] if len(rows) > 1 else "") == " ".join(
        re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text).split()
    )


@pytest.mark.parametrize(
    ("cells", "expected"),
    (
        ('<row><c r="A1"><v>1.5E6</v></c><c r="B1"><v>0.1</v></c></row>', (("1500000", "0,10"),)),
        ('<row><c r="C1" t="inlineStr"><is><t>x</t></is></c></row>', (("", "", "x"),)),
        ('<row><c r="A1" t="s"><v>99999</v></c><c r="B1"><v>1</v></c></row>', (("", "1"),)),
        ('<row><c r="XFD1048576"><v>1</v></c></row>', ()),
        ('<row><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>', (("", "2"),)),
        ("<row><c><v>1</v></c><c><v>2</v></c></row>", (("1", "2"),)),
        ('<row><c r="A1"><v>1E999999999</v></c></row>', (("1E999999999",),)),
        ('<row><c r="A1" t="e"><v>#REF!</v></c></row>', (("#REF!",),)),
        ('<row r="9999999"><c r="A9"><v>1</v></c></row>', (("1",),)),
    ),
)
def test_cells_of_every_kind(cells: str, expected: Any) -> None:
    assert rows_of(cells) == expected


def test_of_a_formula_the_saved_result_is_read_and_told() -> None:
    [sheet] = read(
        with_cells(
            '<row><c r="A1" t="inlineStr"><is><t>Post</t></is></c><c r="B1"><v>2027</v></c></row>'
            '<row><c r="A2" t="inlineStr"><is><t>andet</t></is></c><c r="B2"><f>1+1</f><v>2</v></c></row>'
            '<row><c r="A3" t="inlineStr"><is><t>løn</t></is></c><c r="B3"><f>1+1</f></c></row>'
        )
    )

    assert sheet.rows == (("Post", "2027"), ("andet", "2"), ("løn", ""))
    assert list(reading.texts_of(sheet)) == [
        "Arket »Budget«: 1 celle er en formel. Vi har læst det, regnearket sidst kom frem til, og regner ikke selv.",
        "Arket »Budget«: formlerne i B3 har intet gemt resultat og er ikke læst. Åbn filen i Excel, gem den, og vælg den igen.",
    ]


@pytest.mark.parametrize(
    ("file", "said"),
    (
        (
            with_cells("<row/>", f"<!DOCTYPE x [{LAUGHS}]>"),
            "Filen er ikke et almindeligt Excel-ark",
        ),
        (changed({"bomb": b"\0" * 150_000_000}), "Filen fylder for meget, når den pakkes ud"),
        (with_cells("<row><c r='A1'><v>1</v></c></row>" * 1001), "flere end 1000 rækker"),
        (with_cells("<row>" + "<c/>" * 400_000 + "</row>"), "for indviklet"),
        (GOOD[:-200], "beskadiget"),
    ),
)
def test_what_is_made_to_exhaust_its_reader_is_refused_in_words(file: bytes, said: str) -> None:
    started = time.process_time()
    with pytest.raises(Unreadable, match=said):
        read(file)
    assert time.process_time() - started < 5


def test_macros_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as parcel:
        types = parcel.read("[Content_Types].xml")
    file = changed(
        {"[Content_Types].xml": types.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")}
    )

    with pytest.raises(Unreadable, match="uden makroer"):
        read(file)


def test_what_is_too_long_is_refused_before_it_is_opened() -> None:
    with pytest.raises(Unreadable, match="højst fylde 20 MB"):
        reading.read(io.BytesIO(GOOD), MAX_BYTES + 1)


def test_a_book_is_read_apart() -> None:
    book = writing.write(
        [writing.Table("Deltagere", ("Navn", "Rolle"), (("Aarhus Kommune", "deltager"),))],
        title="T",
    )

    found = word_apart.read(io.BytesIO(book), len(book))

    assert found.cells == {"participants": [[["Navn", "Rolle"], ["Aarhus Kommune", "deltager"]]]}

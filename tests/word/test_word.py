"""Blocks to a docx and back, and what Word's own writers put in it."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from klimaspor import word
from klimaspor.fields import plain_text


def read(content: bytes) -> word.Document:
    return word.read(io.BytesIO(content), len(content))


def read_document(document: Any) -> word.Document:
    stream = io.BytesIO()
    document.save(stream)
    return read(stream.getvalue())


def paragraph(xml: str) -> Any:
    return parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>")


def test_headings_keep_their_marks_and_tables_their_cells() -> None:
    document = read(
        word.write(
            [
                word.Heading("Effekt", 2, word.Mark("ks_effects_3")),
                word.Note("Skriv her."),
                word.Grid("Tal", ("År", "Beløb"), (("2027", "=1+1"),), (1,), word.Mark("ks_tal")),
            ],
            title="T",
            foot="F",
        )
    )

    heading, note, caption, table = (
        b for b in document.blocks if b.style or b.marks or isinstance(b, word.Table)
    )
    assert isinstance(heading, word.Paragraph)
    assert (heading.text, heading.heading, heading.marks) == ("Effekt", 2, ("ks_effects_3",))
    assert note.style == word.GUIDANCE
    assert caption.marks == ("ks_tal",)
    assert isinstance(table, word.Table)
    assert [[word.joined(cell) for cell in row] for row in table.rows] == [
        ["År", "Beløb"],
        ["2027", "=1+1"],
    ]


LONG = "https://example.org/" + "x" * 160


def test_no_table_is_wider_than_the_page_and_no_row_of_one_is_split() -> None:
    content = word.write(
        [
            word.Box("Svar", word.Prose(LONG)),
            word.Grid("Lidt", ("Navn", "År", "Beløb"), ((LONG, "2027", "1.500.000"),), (2,)),
            word.Grid(
                "Meget",
                ("Kilde", "Status", *map(str, range(2027, 2032)), "I alt"),
                ((LONG, LONG, *["1.500.000,50"] * 6),),
                tuple(range(2, 8)),
            ),
            word.Grid("Kun tal", ("2027", "2028"), (("1" * 90, "2"),), (0, 1)),
            word.Pairs("Skema", (word.Pair(LONG, (word.Prose(LONG),)),), ("Spørgsmål", "Svar")),
        ],
        title="T",
        foot="F",
    )

    document = docx.Document(io.BytesIO(content))
    page = document.sections[0]
    room = page.page_width - page.left_margin - page.right_margin
    for table in document.tables:
        assert table.autofit is False
        assert sum(column.width for column in table.columns) <= room
        rows = table._tbl.tr_lst  # noqa: SLF001  # python-docx has no such properties
        for row in rows:
            assert [cell.width for cell in row.tc_lst] == [c.width for c in table.columns]
            assert row.trPr.find(qn("w:cantSplit")) is not None
        is_repeated = [row.trPr.find(qn("w:tblHeader")) is not None for row in rows]
        assert is_repeated == [len(rows) > 1, *[False] * (len(rows) - 1)]
    # A year's amount stands on one line beside five others.
    assert document.tables[2].columns[2].width.pt > 4.6 * len("1.500.000,50")


def test_what_a_form_asks_is_a_heading_and_the_language_is_danish() -> None:
    pairs = word.Pairs("Skema", (word.Pair("Titel", (word.Prose("Varme"),)),), ("Hvad", "Svar"))
    content = word.write([word.Heading("Projektet", 1), pairs], title="T", foot="F")

    document = docx.Document(io.BytesIO(content))
    label = document.tables[0].rows[1].cells[0].paragraphs[0]
    assert (label.text, label.style.name) == ("Titel", "Heading 2")
    assert document.paragraphs[0].style.name == "Heading 1"
    languages = {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"da-DK"}


def test_what_somebody_wrote_is_text_and_never_a_field_or_a_tag() -> None:
    wild = '=1+1 {HYPERLINK "x"} <w:t> & "æ" \x00\x01\ud800 😀 \u202e'
    content = word.write([word.Prose(wild), word.Heading(wild, 2)], title=wild, foot=wild)

    found = word.joined(read(content).blocks)

    assert found.count('=1+1 {HYPERLINK "x"} <w:t> & "æ"') == 2
    opened = docx.Document(io.BytesIO(content))
    assert not [
        e
        for e in opened.element.iter()
        if e.tag.endswith(("}instrText", "}fldSimple", "}hyperlink"))
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Vi måler.", "- et", "  - to", "    - tre", "- =1+1", "", "æ\tø", "1. maj", "o sådan"]
        ),
        max_size=12,
    )
)
@pytest.mark.slow("tries many texts")
def test_prose_comes_back_as_it_was_written(lines: list[str]) -> None:
    text = plain_text("\n".join(lines))

    document = read(word.write([word.Prose(text)], title="T", foot="F"))

    assert word.essence(plain_text(word.joined(document.blocks))) == word.essence(text)


def test_tracked_changes_are_read_as_accepted_and_pictures_are_counted() -> None:
    document = docx.Document()
    body = document.element.body
    body.insert(
        0,
        paragraph(
            "<w:r><w:t xml:space='preserve'>Vi </w:t></w:r><w:del><w:r><w:delText>ikke </w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>måler</w:t></w:r></w:ins><w:r><w:noBreakHyphen/><w:t>CO2</w:t><w:br/><w:t>og</w:t><w:tab/>"
            "<w:sym w:font='Wingdings' w:char='F0A7'/><w:softHyphen/></w:r>"
            "<w:r><w:drawing/></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>x</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
            "<w:r><w:footnoteReference w:id='1'/><w:instrText>PAGE</w:instrText></w:r>"
        ),
    )

    found = read_document(document)

    assert word.joined(found.blocks) == "Vi måler-CO2\nog\t\uf0a7"
    assert found.left_out == ("1 billede", "1 tekstboks", "1 note")


def test_words_lists_become_points_with_their_levels() -> None:
    document = docx.Document()
    for style, text in (
        ("Normal", "Vi vil:"),
        ("List Bullet", "et"),
        ("List Bullet 2", "to"),
        ("List Number", "tre"),
        ("Normal", "•\tfire"),
        ("Normal", "slut"),
    ):
        document.add_paragraph(text, style=style)
    numbered = document.element.body.findall(qn("w:p"))[1].get_or_add_pPr()
    numbered.append(
        parse_xml(f"<w:numPr {nsdecls('w')}><w:ilvl w:val='0'/><w:numId w:val='0'/></w:numPr>")
    )

    found = word.joined(read_document(document).blocks)

    # The first one's number was taken away by its writer.
    assert found == "Vi vil:\n\net\n\n  - to\n- tre\n•\tfire\n\nslut"
    assert plain_text(found) == "Vi vil:\n\net\n\n- to\n- tre\n- fire\n\nslut"


def test_boxes_to_cross_stand_in_content_controls() -> None:
    document = read(
        word.write(
            [word.Box("x", word.Choices((("Ja", True), ("Nej", False))))], title="T", foot="F"
        )
    )

    (table,) = (block for block in document.blocks if isinstance(block, word.Table))
    assert word.joined(table.rows[0][0]) == "☒ Ja\n\n☐ Nej"

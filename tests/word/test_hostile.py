"""
Word files made to take all there is of whoever reads them: each is refused, or read in proportion to what it holds.

What a file says is put together at random from what Word says and what nobody should: huge and foreign numbers, deep and
endless nesting, lists and styles in rings.
"""

from __future__ import annotations

import io
import resource
import time
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klimaspor import uploads, word
from klimaspor.word import guard, reading
from proposals.printing import word_apart, word_reading
from tests.suite import pace

if TYPE_CHECKING:
    from collections.abc import Callable

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "".join(
    f'<Override PartName="/word/{name}.xml" ContentType="{kind}"/>'
    for name, kind in zip(("document", "styles", "numbering"), guard.DOCUMENT, strict=True)
)
DIGITS = "9" * 5000


def docx(body: str, *, styles: str = "", numbering: str = "", types: str = TYPES) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr("[Content_Types].xml", f"<Types>{types}</Types>")
        for name, root, said in (
            ("document", "document", f"<w:body>{body}</w:body>"),
            ("styles", "styles", styles),
            ("numbering", "numbering", numbering),
        ):
            parcel.writestr(
                f"word/{name}.xml",
                f'<w:{root} xmlns:w="{W}">{said}</w:{root}>'.encode(errors="surrogatepass"),
            )
    return stream.getvalue()


def read(content: bytes) -> word.Document:
    return word.read(io.BytesIO(content), len(content))


def point(level: str, text: str = "Punkt", list_id: str = "1", style: str = "") -> str:
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
        f"</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )


@pytest.mark.parametrize(
    ("level", "shown"),
    (
        ("0", 0),
        ("3", 3),
        ("8", 8),
        ("9", 8),
        ("300000000", 8),
        (DIGITS, 0),
        ("-1", 0),
        ("1e9", 0),
        ("٣", 0),
        ("²", 0),
        ("", 0),
    ),
)
def test_a_level_is_believed_as_far_as_word_goes(level: str, shown: int) -> None:
    [block] = read(docx(point(level))).blocks

    assert isinstance(block, word.Paragraph)
    assert block.level == shown
    assert word.joined([block]) == f"{'  ' * shown}- Punkt"


def _styles_with_much_between(count: int) -> str:
    rest = "<w:keepNext/>" * count
    return "".join(
        f'<w:style w:styleId="s{n}"><w:name w:val="S{n}"/><w:basedOn w:val="s{n + 1}"/><w:pPr>{rest}</w:pPr></w:style>'
        for n in range(20)
    )


MADE: dict[str, Callable[[], bytes]] = {
    "empty paragraphs": lambda: docx("<w:p/>" * 250_000),
    "empty cells": lambda: docx("<w:tbl><w:tr>" + "<w:tc/>" * 250_000 + "</w:tr></w:tbl>"),
    "empty tables": lambda: docx("<w:tbl/>" * 250_000),
    "lists of lists": lambda: docx(
        point("1"),
        numbering='<w:abstractNum w:abstractNumId="0">'
        + "".join(f'<w:lvl w:ilvl="{n}"/>' for n in range(100_000))
        + "</w:abstractNum>"
        + "".join(
            f'<w:num w:numId="{n}"><w:abstractNumId w:val="0"/></w:num>' for n in range(90_000)
        ),
    ),
    "styles of much": lambda: docx(
        '<w:p><w:pPr><w:pStyle w:val="s0"/></w:pPr></w:p>' * 15_000,
        styles=_styles_with_much_between(2_000),
    ),
    "attributes": lambda: docx("<w:p " + " ".join(f'a{n}="x"' for n in range(1_100_000)) + "/>"),
    "nested tables": lambda: docx(
        "<w:tbl><w:tr><w:tc>" * 40 + "<w:p/>" * 15_000 + "</w:tc></w:tr></w:tbl>" * 40
    ),
    "levels": lambda: docx(point("300000000") * 15_000),
    "headings": lambda: docx(
        "".join(
            f'<w:p><w:pPr><w:pStyle w:val="h"/></w:pPr><w:r><w:t>effektivmådeogformål{"abcde"[n % 5]}</w:t></w:r></w:p>'
            for n in range(15_000)
        ),
        styles='<w:style w:styleId="h"><w:name w:val="heading 1"/></w:style>',
    ),
}


@pytest.mark.slow("reads what is made to be slow to read")
@pytest.mark.parametrize("made", MADE)
def test_the_work_is_in_proportion_to_the_file(made: str) -> None:
    content = MADE[made]()
    assert len(content) < 6_000_000

    before, begun = _peak(), time.process_time()
    try:
        document = read(content)
        text = word.joined(document.blocks)
    except word.Unreadable:
        text = ""
    spent, grown = time.process_time() - begun, _peak() - before

    assert len(text) < 2 * reading.MAX_CHARACTERS
    assert spent < 3 * pace.slowness(), f"{spent:.1f} s"
    assert grown < 400 * 1024, f"{grown} KiB"


def _peak() -> int:
    """Give the most memory this process has had, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


NUMBERS = st.one_of(
    st.integers(-2, 12).map(str),
    st.sampled_from(["", "300000000", DIGITS, "-1", "1e9", "0x10", "٣", "²", "NaN", " 1", "1.0"]),
)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="<>&\"'", exclude_categories=("Cc", "Cs")),
    max_size=8,
)
IDS = st.sampled_from(["0", "1", "2", "s0", "s1", "", DIGITS[:50]])
LEAVES = st.one_of(
    TEXTS.map(lambda text: f"<w:r><w:t>{text}</w:t></w:r>"),
    st.sampled_from(["d800", "0000", "fffe", "F0A7", "zzzz", "2022", "10000", ""]).map(
        lambda code: f'<w:r><w:sym w:char="{code}"/></w:r>'
    ),
    NUMBERS.map(lambda text: f'<w:bookmarkStart w:id="{text}" w:name="ks_effects_{text}"/>'),
    st.sampled_from(
        [
            "<w:r><w:tab/><w:br/><w:cr/></w:r>",
            '<w:r><w:br w:type="page"/></w:r>',
            "<w:r><w:drawing><w:txbxContent><w:p/></w:txbxContent></w:drawing></w:r>",
            "<w:del><w:r><w:delText>x</w:delText></w:r></w:del>",
            "<w:r><w:footnoteReference/></w:r>",
        ]
    ),
)
PARAGRAPHS = st.builds(
    lambda style, level, list_id, inner: (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
        f"</w:pPr>{''.join(inner)}</w:p>"
    ),
    IDS,
    NUMBERS,
    IDS,
    st.lists(LEAVES, max_size=4),
)
BODIES = st.recursive(
    st.lists(PARAGRAPHS, max_size=4).map("".join),
    lambda inner: st.one_of(
        inner.map(lambda said: f"<w:tbl><w:tr><w:tc>{said}</w:tc><w:tc/></w:tr></w:tbl>"),
        inner.map(lambda said: f"<w:sdt><w:sdtContent>{said}</w:sdtContent></w:sdt>"),
        st.tuples(inner, st.integers(0, 60)).map(
            lambda pair: (
                "<w:tbl><w:tr><w:tc>" * pair[1] + pair[0] + "</w:tc></w:tr></w:tbl>" * pair[1]
            )
        ),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=6,
)
STYLES = st.lists(
    st.builds(
        lambda key, name, base, level: (
            f'<w:style w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="{base}"/>'
            f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        ),
        IDS,
        st.sampled_from(["heading 1", "heading 0", "list bullet 5", "list number 9", "normal", ""]),
        IDS,
        NUMBERS,
    ),
    max_size=4,
).map("".join)
LISTS = st.lists(
    st.one_of(
        st.builds(
            lambda key, level, drawn: (
                f'<w:abstractNum w:abstractNumId="{key}"><w:lvl w:ilvl="{level}"><w:numFmt w:val="{drawn}"/></w:lvl></w:abstractNum>'
            ),
            IDS,
            NUMBERS,
            st.sampled_from(["bullet", "none", ""]),
        ),
        st.builds(
            lambda key, base: f'<w:num w:numId="{key}"><w:abstractNumId w:val="{base}"/></w:num>',
            IDS,
            IDS,
        ),
    ),
    max_size=6,
).map("".join)


@pytest.mark.slow("tries many files")
@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(body=BODIES, styles=STYLES, numbering=LISTS)
def test_any_document_is_read_or_refused_in_words(body: str, styles: str, numbering: str) -> None:
    content = docx(body, styles=styles, numbering=numbering)
    try:
        document = read(content)
        found = word_reading.read(document)
    except (word.Unreadable, word_reading.NotOurs):
        return
    said = repr(found) + word.joined(document.blocks)
    assert "\x00" not in said
    said.encode()


@pytest.mark.slow("tries many files")
@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, 3000), st.integers(0, 8), st.binary(max_size=8)), max_size=6
    )
)
def test_any_bytes_are_read_or_refused_in_words(cuts: list[tuple[int, int, bytes]]) -> None:
    content = docx(point("1") * 3)
    for place, length, new in cuts:
        content = content[:place] + new + content[place + length :]

    for take in (read, lambda said: uploads.recognize(io.BytesIO(said))):
        try:
            take(content)
        except (word.Unreadable, uploads.Refused):
            continue


def test_of_many_parts_that_say_they_are_the_document_one_is_read() -> None:
    stream = io.BytesIO()
    names = [f"word/{n}.xml" for n in range(500)]
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parcel:
        kinds = "".join(
            f'<Override PartName="/{name}" ContentType="{guard.DOCUMENT[0]}"/>' for name in names
        )
        parcel.writestr("[Content_Types].xml", f"<Types>{kinds}</Types>")
        for name in names:
            text = f'<w:body xmlns:w="{W}"><w:p><w:r><w:t>{name}</w:t></w:r></w:p></w:body>'
            parcel.writestr(name, text if name == names[0] else "<no xml")

    assert word.joined(read(stream.getvalue()).blocks) == names[0]


@pytest.mark.parametrize("method", (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2))
def test_a_file_is_packed_as_word_packs(method: int) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as parcel:
        parcel.writestr("[Content_Types].xml", f"<Types>{TYPES}</Types>")

    with pytest.raises(word.Unreadable, match="beskadiget"):
        read(stream.getvalue())


# Read apart


FORM = word.write(
    [
        part
        for name in ("title", "effects", "purpose", "challenges")
        for part in (word.Heading(name, 2, word.Mark(f"ks_{name}_3")), word.Prose(f"Svar {name}."))
    ],
    title="T",
    foot="F",
)


def test_a_file_read_apart_says_the_same() -> None:
    here = word_reading.read(read(FORM))

    assert word_apart.read(io.BytesIO(FORM), len(FORM)) == here
    assert here.answers["effects"] == ["Svar effects."]
    assert here.versions["effects"] == 3


@pytest.mark.parametrize(
    ("content", "said"),
    (
        (b"", "Filen er tom"),
        (b"%PDF-1.7\n", "Filen er en PDF"),
        (b"PK\x03\x04" + b"\0" * 100, "beskadiget"),
        (docx("<w:p/>" * 30_000), "for mange afsnit"),
    ),
    ids=range(4),
)
def test_what_cannot_be_read_apart_is_said_in_words(content: bytes, said: str) -> None:
    with pytest.raises(word.Unreadable, match=said):
        word_apart.read(io.BytesIO(content), len(content))


def test_what_is_nobodys_form_is_said_in_words() -> None:
    content = docx(point("1"))

    with pytest.raises(word_reading.NotOurs):
        word_apart.read(io.BytesIO(content), len(content))


def test_a_file_that_takes_too_long_is_said_to_be_too_hard() -> None:
    with pytest.raises(word.Unreadable, match="for indviklet"):
        word_apart.read(io.BytesIO(FORM), len(FORM), patience=0.01)

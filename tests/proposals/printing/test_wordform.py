"""The form in Word, out and back, and the regions' form as a person filled it in."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klimaspor import danish, word
from proposals.answers.content import Content
from proposals.answers.sections import FIELDS, Kind
from proposals.printing import crosses, rus, word_reading
from proposals.printing import word_writing as wordform
from proposals.reading.imprint import Imprint
from tests.browser import paper
from tests.factories.intake import NOW, a_cast, a_ready_draft, a_round
from tests.proposals.printing import rus_docx

if TYPE_CHECKING:
    from collections.abc import Callable

SAID = Imprint(0, "Kladde.", "Kladde", "Kan læses af os.", NOW)
READ_BACK = [name for name, question in FIELDS.items() if question.kind != Kind.DGO]


@pytest.fixture
def content(db: None) -> Content:
    return Content.of(a_ready_draft(a_cast(), a_round()), at=NOW)


def answered(content: Content, **texts: str) -> Content:
    answers = tuple(replace(a, text=texts.get(a.name, a.text)) for a in content.answers)
    return replace(content, answers=answers)


def read(file: bytes) -> word_reading.Reading:
    return word_reading.read(word.read(io.BytesIO(file), len(file)))


def edited(file: bytes, change: Callable[[Any], None]) -> bytes:
    """Open a file as its reader would, change it, and save it."""
    document = docx.Document(io.BytesIO(file))
    change(document)
    return rus_docx.saved(document)


def as_typed(content: Content, name: str) -> list[str]:
    """Give an answer as the page's own form would be sent it."""
    text = content.answer(name)
    match FIELDS[name].kind:
        case Kind.YES_NO:
            return [{"Ja": "True", "Nej": "False", "": ""}[text]]
        case Kind.GOALS:
            return [line.removeprefix("- ").partition(".")[0] for line in text.split("\n") if line]
    return [text.replace("\xa0", " ")]


def box_after(document: Any, label: str) -> Any:
    """Give the frame under a question."""
    heading = next(p for p in document.paragraphs if p.text.startswith(label))
    table = next(e for e in heading._p.itersiblings() if e.tag == qn("w:tbl"))  # noqa: SLF001  # python-docx goes no other way
    return next(t for t in document.tables if t._tbl is table).cell(0, 0)  # noqa: SLF001  # the same


def test_every_question_has_its_place_and_comes_back_as_it_was(content: Content) -> None:
    content = answered(
        content, goals="- 13. Klimaindsats\n- 15. Livet på land", risks="", is_open="Nej"
    )

    reading = read(wordform.write_form(content, {"effects": 3, "title": 1}, said=SAID))

    assert list(reading.answers) == READ_BACK
    assert {n: [word.essence(v) for v in vs] for n, vs in reading.answers.items()} == {
        name: [word.essence(v) for v in as_typed(content, name)] for name in READ_BACK
    }
    tables = ("participants", "budget_lines", "financing")
    assert reading.versions == {
        name: {"effects": 3, "title": 1}.get(name, 0) for name in (*READ_BACK, *tables)
    }
    assert (reading.kind, reading.number) == (word_reading.FORM, content.number)
    assert (reading.unread, reading.left_out) == ((), ())


def test_an_empty_form_comes_back_empty(content: Content) -> None:
    empty = answered(content, **dict.fromkeys(FIELDS, ""))

    reading = read(wordform.write_form(empty, {}, said=SAID))

    assert {name for name, values in reading.answers.items() if any(values)} == set()
    assert list(reading.answers) == READ_BACK


def test_the_form_has_guidance_limits_examples_and_the_rows_as_tables(content: Content) -> None:
    document = docx.Document(io.BytesIO(wordform.write_form(content, {}, said=SAID)))
    said = [p.text for p in document.paragraphs]
    cells = [[c.text for c in row.cells] for t in document.tables for row in t.rows]

    assert "Hvad skal være anderledes, når sporet er slut? Højst 6.000 tegn." in said
    assert "Eksempel: DGO Fjordlandet" in said
    assert said[said.index("Eksempel:") + 1] == FIELDS["challenges"].example.split("\n")[0]
    assert "Risici (frivilligt)" in said
    word = "Ikke svaret, oplyst af forslagsstilleren"
    assert ["Ærø Kommune", "kommune", "problemejer", "Ja", word] in cells
    assert ["Klimaalliancen", "søgt", "1.500.000", "–", "1.500.000"] in cells
    assert ["I alt", "", "1.500.000", "250.000,50", "1.750.000,50"] in cells
    assert document.core_properties.language == "da-DK"


def test_answers_are_found_by_their_headings_when_the_bookmarks_are_gone(content: Content) -> None:
    def strip(document: Any) -> None:
        for mark in [e for e in document.element.iter() if "bookmark" in e.tag]:
            mark.getparent().remove(mark)
        next(
            p for p in document.paragraphs if p.text == "Overordnet formål"
        ).text = "Overordnede formål:"

    reading = read(edited(wordform.write_form(content, {"effects": 3}, said=SAID), strip))

    assert list(reading.answers) == READ_BACK
    assert word.essence(reading.answers["purpose"][0]) == word.essence(content.answer("purpose"))
    assert (reading.versions, reading.number) == ({}, "")


def test_answers_are_found_by_their_bookmarks_when_the_headings_are_reworded(
    content: Content,
) -> None:
    def reword(document: Any) -> None:
        heading = next(p for p in document.paragraphs if p.text == "Effekt")
        heading.runs[0].text = "Hvad kommer der ud af det?"

    assert (
        list(read(edited(wordform.write_form(content, {}, said=SAID), reword)).answers) == READ_BACK
    )


def test_what_is_written_under_the_frame_and_in_the_guidance_is_an_answer_too(
    content: Content,
) -> None:
    def add(document: Any) -> None:
        box = box_after(document, "Effektkæde")
        box.paragraphs[0].text = "I rammen."
        guidance = next(
            p for p in document.paragraphs if p.text.startswith("Hvordan fører tiltagene")
        )
        guidance.insert_paragraph_before("Over rammen.", style=guidance.style)
        after = next(p for p in document.paragraphs if p.text == "Risici (frivilligt)")
        after.insert_paragraph_before("Under rammen.")
        after.insert_paragraph_before("Risici er nævnt her", style="Heading 3")

    reading = read(edited(wordform.write_form(content, {}, said=SAID), add))

    assert reading.answers["effect_chain"] == [
        "Over rammen.\n\nI rammen.\n\nUnder rammen.\n\nRisici er nævnt her"
    ]
    assert reading.answers["risks"] == [""]


def refilled(content: Content, label: str, fill: Callable[[Any], None]) -> word_reading.Reading:
    """Read the form back with something else in the frame under a question."""

    def answer(document: Any) -> None:
        box = box_after(document, label)
        for line in list(box.paragraphs):
            line._p.getparent().remove(line._p)  # noqa: SLF001  # python-docx cannot take a paragraph away
        fill(box)

    return read(edited(wordform.write_form(content, {}, said=SAID), answer))


def yes_no_of(content: Content, *lines: str) -> str:
    def fill(box: Any) -> None:
        for line in lines or [""]:
            box.add_paragraph(line)

    return refilled(content, "Har sporet et tydeligt", fill).answers["has_development"][0]


@pytest.mark.parametrize(
    ("lines", "read_as"),
    (
        (["☐ Ja", "☒ Nej"], "False"),
        (["Ja"], "True"),
        (["JA"], "True"),
        (["nej."], "False"),
        (["Svar: Nej"], "False"),
        (["[x] Ja", "[ ] Nej"], "True"),
        (["☐ Ja", "☐ Nej"], ""),
        ([""], ""),
        (["☐ Ja", "☐ Nej", "", "ja"], "True"),
        (["Nej", "☐ Ja", "☐ Nej"], "False"),
        (["☐ Ja ja", "☐ Nej"], "True"),
        (["☐ Ja", "☐ Nej nej"], "False"),
        (["ja ☐ Ja", "☐ Nej"], "True"),
        (["☐ Ja X", "☐ Nej"], "True"),
        (["x Ja", "Nej"], "True"),
        (["Ja", "Nej x"], "False"),
        (["X ☐ Ja", "☐ Nej"], "True"),
        (["☐ Ja ☒ Nej"], "False"),
        (["Ja ☒ Nej ☐"], "True"),
        (["Ja ☐ Nej ☒"], "False"),
        (["(x) ja", "( ) nej"], "True"),
        (["\uf0a8 Ja", "\uf0fe Nej"], "False"),
        (["☐ Ja", "☐ Nej", "Ja, fordi vi afprøver en ny metode"], "True"),
        (["ja - vi siger nej til det kendte"], "True"),
        # What is not said is given as it stands.
        (["☒ Ja", "☒ Nej"], "☒ Ja ☒ Nej"),
        (["☒ Ja", "☐ Nej", "Nej"], "☒ Ja ☐ Nej Nej"),
        (["Ja", "Nej"], "Ja Nej"),
        (["Ja/nej"], "Ja/nej"),
        (["Ja eller nej"], "Ja eller nej"),
        (["Måske"], "Måske"),
        (["☐ Ja", "☐ Nej", "Delvist"], "☐ Ja ☐ Nej Delvist"),
        (["☐ Ja, det er nyt", "☐ Nej"], "☐ Ja, det er nyt ☐ Nej"),
        (["☐ Nej"], "☐ Nej"),
        (["☐ Ja", "☐ Nej", "x"], "☐ Ja ☐ Nej x"),
        (["Jaguar"], "Jaguar"),
    ),
)
def test_yes_and_no_however_they_are_crossed_and_written(
    content: Content, lines: list[str], read_as: str
) -> None:
    assert yes_no_of(content, *lines) == read_as


CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""On a machine with much to do."""
WORDS = st.sampled_from(("Ja", "ja", "JA", "Nej", "nej", "NEJ"))
AFTER = st.sampled_from(
    ("", ".", "!", " ", ", fordi det er nyt", ": vi afprøver", " – se nedenfor")
)
BOXES = st.sampled_from((("☐", "☐"), ("[ ]", "[ ]"), ("\uf0a8", "\uf0a8"), ("□", "□")))
CROSSES = st.sampled_from(("☒", "☑", "✓", "[x]", "[X]", "(x)", "X", "\uf0fe", "x", "☐ x", "x ☐"))


@CALM
@given(word=WORDS, after=AFTER, boxes=BOXES, place=st.sampled_from(("over", "under", "instead")))
def test_a_word_over_under_and_instead_of_the_boxes_is_what_it_says(
    word: str, after: str, boxes: tuple[str, str], place: str
) -> None:
    form = f"{boxes[0]} Ja\n{boxes[1]} Nej"
    said = f"{word}{after}"
    text = {"over": f"{said}\n{form}", "under": f"{form}\n\n{said}", "instead": said}[place]

    assert crosses.yes_no(text).choice == word.capitalize()


@CALM
@given(
    cross=CROSSES,
    box=st.sampled_from(("☐ ", "[ ] ", "□ ", "")),
    is_yes=st.booleans(),
    is_after=st.booleans(),
    is_one_line=st.booleans(),
)
def test_a_cross_before_and_after_the_word_is_of_that_word(
    cross: str, box: str, is_yes: bool, is_after: bool, is_one_line: bool
) -> None:
    chosen, other = ("Ja", "Nej") if is_yes else ("Nej", "Ja")
    crossed = f"{chosen} {cross}" if is_after else f"{cross} {chosen}"
    left = f"{other} {box}".strip() if is_after else f"{box}{other}"
    lines = [crossed, left] if is_yes else [left, crossed]
    said = crosses.yes_no(("   " if is_one_line else "\n").join(lines))

    # On one line a cross that is no box may be of either: then it is not said.
    assert said.choice in ({chosen, ""} if is_one_line else {chosen})
    assert not said.is_blank


@CALM
@given(
    st.lists(st.sampled_from(("Ja", "Nej", "☐", "☒", "x", "\n", "eller", "måske", ",")), max_size=8)
)
def test_an_answer_that_says_both_or_neither_is_never_a_choice(parts: list[str]) -> None:
    said = crosses.yes_no(" ".join(parts))

    if said.choice:
        assert said.choice in parts
        assert "x" in parts or "☒" in parts or not said.written - {said.choice}
    if not {"Ja", "Nej"} & set(parts):
        assert said.choice == ""


def test_what_is_struck_out_and_what_is_stressed_is_not_guessed_at(content: Content) -> None:
    def strike(box: Any) -> None:
        box.add_paragraph().add_run("☐ Ja").font.strike = True
        box.add_paragraph("☐ Nej")

    def stress(box: Any) -> None:
        box.add_paragraph().add_run("☐ Ja").font.underline = True
        box.add_paragraph("☐ Nej")

    def both(box: Any) -> None:
        line = box.add_paragraph()
        line.add_run("nej").font.strike = True
        line.add_run(" ja")

    label = "Har sporet et tydeligt"
    found = [
        refilled(content, label, fill).answers["has_development"] for fill in (strike, stress, both)
    ]

    assert found == [["☐ Ja ☐ Nej"], ["☐ Ja ☐ Nej"], ["True"]]


def test_the_boxes_of_an_old_word_are_read(content: Content) -> None:
    def fill(box: Any) -> None:
        for words, said in (
            ("Ja", '<w:default w:val="0"/><w:checked/>'),
            ("Nej", '<w:default w:val="0"/>'),
        ):
            line = box.add_paragraph()
            line._p.append(  # noqa: SLF001  # python-docx has no such boxes
                parse_xml(
                    f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:sizeAuto/>'
                    f"{said}</w:checkBox></w:ffData></w:fldChar></w:r>"
                )
            )
            line.add_run(f" {words}")

    assert refilled(content, "Har sporet et tydeligt", fill).answers["has_development"] == ["True"]


def test_what_stands_beside_a_yes_is_told(content: Content) -> None:
    reading = refilled(
        content, "Har sporet et tydeligt", lambda box: box.add_paragraph("Ja, fordi det er nyt")
    )

    assert reading.answers["has_development"] == ["True"]
    told = "Der er kun læst et ja. Skriv resten i et af felterne på siden, hvis det skal med."
    label = FIELDS["has_development"].label
    assert reading.unread == (f"Ved »{label}« står der mere end ja: »fordi det er nyt«. {told}",)


@pytest.mark.parametrize(
    ("lines", "read_as"),
    (
        (["☐ 13. Klimaindsats", "☐ 14. Livet i havet", "13 og 15"], ["13", "15"]),
        (["Verdensmål 13, 15 og 17"], ["13", "15", "17"]),
        (["☐ 13. Klimaindsats X", "☐ 14. Livet i havet"], ["13"]),
        (["☐ 13. Klimaindsats ja", "☐ 14. Livet i havet"], ["13"]),
        (["x 13. Klimaindsats", "14. Livet i havet"], ["13"]),
        (["13. Klimaindsats", "Livet på land"], ["13", "15"]),
        (["☐ 13. Klimaindsats", "☒ 14. Livet i havet"], ["14"]),
        (["☐ 13. Klimaindsats", "☐ 14. Livet i havet"], []),
        (["☐ 13. Klimaindsats", "Dem alle"], ["Dem alle"]),
        (["13 og 40"], ["13 og 40"]),
    ),
)
def test_goals_however_they_are_crossed_and_written(
    content: Content, lines: list[str], read_as: list[str]
) -> None:
    def fill(box: Any) -> None:
        for line in lines:
            box.add_paragraph(line)

    assert refilled(content, "Hvilke af FN's verdensmål", fill).answers["goals"] == read_as


def test_a_question_that_stands_twice_is_not_read_and_is_told(content: Content) -> None:
    def copy(document: Any) -> None:
        document.add_heading("Risici", 2)
        document.add_paragraph("igen")

    def strip(document: Any) -> None:
        for mark in [e for e in document.element.iter() if "bookmark" in e.tag]:
            mark.getparent().remove(mark)
        copy(document)

    marked = read(edited(wordform.write_form(content, {}, said=SAID), copy))
    unmarked = read(edited(wordform.write_form(content, {}, said=SAID), strip))

    # Beside a bookmark the same words are somebody's own heading.
    assert "risks" in marked.answers
    assert "risks" not in unmarked.answers
    assert unmarked.unread == (
        "Spørgsmålet »Risici« står flere gange i filen og er ikke læst ind.",
    )


def test_text_without_a_place_is_told(content: Content) -> None:
    def add(document: Any) -> None:
        document.paragraphs[2].insert_paragraph_before("Kære kollega, husk bilag.")

    assert read(edited(wordform.write_form(content, {}, said=SAID), add)).unread == (
        "»Kære kollega, husk bilag.« har ingen plads i skemaet.",
    )


def test_the_print_has_every_answer_and_is_read_back_without_versions(content: Content) -> None:
    file = wordform.write_print(answered(content, risks=""), said=SAID)
    document = docx.Document(io.BytesIO(file))

    reading = read(file)

    said = [p.text for p in document.paragraphs]
    assert said[said.index("Risici") + 1] == "Intet svar"
    assert reading.answers["risks"] == [""]
    assert sorted(reading.answers) == sorted(set(READ_BACK) - {"title"})
    assert word.essence(reading.answers["effects"][0]) == word.essence(content.answer("effects"))
    assert reading.versions == {}


def test_the_print_has_the_sums_the_balance_and_why_a_participant_does_not_count(
    content: Content,
) -> None:
    document = docx.Document(io.BytesIO(wordform.write_print(content, said=SAID)))
    said = [danish.plain(p.text) for p in document.paragraphs]
    cells = [[c.text for c in row.cells] for t in document.tables for row in t.rows]
    cells = [[text.replace(danish.NBSP, " ") for text in row] for row in cells]

    assert "Søgt hos Klimaalliancen: 1.500.000 kr., 13-15 % af budgettet" in said
    assert [danish.plain(remark.text) for remark in content.economy.remarks] == [
        text
        for text in said
        if text.startswith(("Budgetlinjerne giver", "Budgettet er", "Linjerne"))
    ]
    assert ["Post", "2027", "2028", "I alt"] in cells
    assert ["løn og timer", "10.000.000", "–", "10.000.000"] in cells
    assert ["I alt", "10.000.000", "250.000,50", "10.250.000,50"] in cells
    assert ["test og demonstration", "", "Vandværket ApS", "2028", "250.000,50"] in cells
    assert ["egen tid", "0 kr.", "0 %"] in cells
    noted = [p for p in content.participants if p.note]
    assert noted
    for row in content.participants:
        assert [row.name, row.kind, row.role, row.counts_text] in [found[:4] for found in cells]
    # Nothing of it is taken for an answer.
    assert word.essence(
        read(wordform.write_print(content, said=SAID)).answers["co_financing"][0]
    ) == word.essence(content.answer("co_financing"))


@pytest.mark.parametrize(
    "parts",
    (
        [],
        [word.Heading("Effekt", 2), word.Prose("x"), word.Heading("Risici", 2), word.Prose("y")],
        [
            word.Pairs(
                "x",
                (word.Pair("Titel", (word.Prose("x"),)), word.Pair("Økonomi", (word.Prose("y"),))),
            )
        ],
        [word.Prose("Titel\n\nOverordnet formål\n\nEffekt\n\nRisici\n\nProjektperiode")],
    ),
)
def test_a_file_that_is_not_ours_is_refused_whole(parts: list[Any]) -> None:
    with pytest.raises(word_reading.NotOurs, match="ikke Klimaspors skabelon eller RUS-skemaet"):
        read(word.write(parts, title="T", foot="F"))


# The regions' form


def test_the_form_that_was_really_sent_arrives_whole() -> None:
    sent = paper.read()

    reading = read(rus_docx.build())

    assert (reading.kind, reading.unread, reading.left_out) == (word_reading.RUS, (), ())
    expected = {
        "title": sent["Titel"],
        "challenges": sent["Hvilke udfordringer skal projektet løse"],
        "purpose": sent["Overordnet formål"],
        "effects": sent["Effekt"],
        "activities": sent["Tiltag/handlinger i projektet"].replace("• ", "- "),
        "organization_text": sent["Partnere og projektorganisering"],
        "finances": sent["Økonomi"],
        "rus_areas": sent["Indsatsområde i RUS- handlingsplan 2020-2023"],
        "goals_text": sent["Bidrager til FN’s verdensmål"],
    }
    essence = {name: word.essence(values[0]) for name, values in reading.answers.items()}
    assert {n: e for n, e in essence.items() if n in expected} == {
        n: word.essence(t) for n, t in expected.items()
    }
    assert reading.answers["effects"][0].startswith("- Reducering af CO2-udledning ved")
    assert reading.answers["activities"][0].count("\n- ") == 7
    assert reading.answers["period_start"] == ["januar 2023"]
    assert reading.answers["period_end"] == ["december 2027"]
    assert set(reading.answers) == {*expected, "period_start", "period_end"}


def test_our_own_rus_form_is_read_back_without_what_we_added(content: Content) -> None:
    content = answered(
        content,
        goals="- 13. Klimaindsats",
        goals_text="Og lidt til.",
        rus_areas="- Klima",
        finances="",
    )
    file = wordform.write_rus(content, said=SAID)
    table = docx.Document(io.BytesIO(file)).tables[0]

    reading = read(file)

    rows = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert list(rows) == ["Spørgsmål", *rus.LABELS.values()]
    assert reading.unread == ()
    assert danish.plain(rows["Projektperiode"]) == "2 år (august 2027 - juli 2029)"
    assert "Søges hos Klimaalliancen: 1.500.000\xa0kr." in rows["Økonomi"]
    lines = rows["Økonomi"].replace("\xa0", " ").split("\n")
    place = lines.index("Budget i alt: 10.250.000,50 kr. (2027: 10.000.000, 2028: 250.000,50)")
    assert lines[place + 1 : place + 7] == [
        "– Løn og timer: 10.000.000 kr. (2027: 10.000.000)",
        "– Test og demonstration: 250.000,50 kr. (2028: 250.000,50)",
        "Finansiering i alt: 1.750.000,50 kr. (2027: 1.500.000, 2028: 250.000,50)",
        "– Klimaalliancen, søgt: 1.500.000 kr. (2027: 1.500.000)",
        "– Ærø Kommune, egen tid: 0 kr. (2027: 0)",
        "– Region Midtjylland, forventet: 250.000,50 kr. (2028: 250.000,50)",
    ]
    assert "– Ærø Kommune (problemejer)" in rows["Partnere og projektorganisering"]
    assert "finances" not in reading.answers
    assert reading.answers["goals"] == ["13"]
    assert reading.answers["goals_text"] == ["Og lidt til."]
    period = [*reading.answers["period_start"], *reading.answers["period_end"]]
    assert list(map(danish.plain, period)) == ["august 2027", "juli 2029"]
    assert word.essence(reading.answers["organization_text"][0]) == word.essence(
        content.answer("organization_text")
    )


def test_a_rus_form_with_nothing_in_it_says_no_answer(content: Content) -> None:
    rows = rus.rows(
        replace(
            answered(content, **dict.fromkeys(FIELDS, "")), participants=(), financing=(), budget=()
        )
    )

    assert [row.label for row in rows if row.is_empty] == list(rus.LABELS.values())


@pytest.mark.parametrize(
    ("written", "read_as"),
    (
        ("5 år (januar 2023 - december 2027)", ("januar 2023", "december 2027")),
        ("jan. 2023-dec. 2027", ("jan. 2023", "dec. 2027")),
        ("fra 1.2027 til 12.2028", ("1.2027", "12.2028")),
        ("1 måned (maj 2027)", ("maj 2027", "maj 2027")),
        ("2023 - 2027", ("2023 - 2027", "2023 - 2027")),
        ("fem år", ("fem år", "fem år")),
    ),
)
def test_the_period_of_the_rus_form(written: str, read_as: tuple[str, str]) -> None:
    labels = [*rus.LABELS.values()]
    rows = [
        word.Pair(label, (word.Prose(written if label == "Projektperiode" else "x"),))
        for label in labels
    ]

    answers = read(word.write([word.Pairs("x", tuple(rows))], title="T", foot="F")).answers

    assert (answers["period_start"], answers["period_end"]) == ([read_as[0]], [read_as[1]])


def test_rows_that_a_page_broke_and_rows_we_do_not_know() -> None:
    labels = ["Titel", "Formål", "Overordnet formål", "Effekt", "", "Økonomi", "Effekt"]
    rows = [word.Pair(label, (word.Prose(f"tekst {n}"),)) for n, label in enumerate(labels)]
    rows += [
        word.Pair("Projektperiode", (word.Prose("maj 2027 - juni 2028"),)),
        word.Pair("Underskrift", (word.Prose("NN"),)),
    ]

    reading = read(
        word.write([word.Pairs("x", tuple(rows)), word.Prose("Hilsen")], title="T", foot="F")
    )

    assert reading.answers["purpose"] == ["tekst 2"]
    assert "effects" not in reading.answers
    assert reading.unread == (
        "Rækken »Effekt« står flere gange i filen og er ikke læst ind.",
        "»Formål: tekst 1« har ingen plads i skemaet.",
        "»Underskrift: NN« har ingen plads i skemaet.",
        "»Hilsen« har ingen plads i skemaet.",
    )

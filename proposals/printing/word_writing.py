"""
The Word files that the portal hands out.

A question is a heading with a bookmark (`ks_effects_3`: the question and the version of its answer). Of what we tried
it survives most: Word and LibreOffice keep it when they save, also by way of .odt, and where it is gone the heading's
words are enough. The version tells what was changed here after the file was fetched, so that an old file takes
nothing back unasked. Reconsider if people write in a service that drops both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from klimaspor import danish, word
from proposals.answers.sections import FIELDS, GOALS, Field, Kind
from proposals.printing import rus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from klimaspor.word.writing import Part
    from proposals.answers.content import Content
    from proposals.answers.sums import Table
    from proposals.reading.imprint import Imprint

NO_ANSWER = "Intet svar"
ROWS_STAY = "Tabellen læses ikke ind igen. Ret den på siden."
"""What stands in files that were fetched before the tables were read back."""
ROWS_COME_BACK = "I kan rette i tabellen og tilføje rækker. I ser, hvad der bliver ændret, før noget bliver gemt."
EMPTY_ROWS = 3
"""At the end of a table to write in."""
FILES_STAY = "Bilag tilføjes på siden."
DGO_STAYS = "Vælges på siden og læses ikke ind herfra."
INTRO = (
    "Skriv jeres svar i rammerne, og behold overskrifterne: de viser, hvor svarene hører til. "
    "Gem filen som Word-dokument (.docx), og læs den ind på siden under Dit forslag. "
    "I ser, hvad der bliver ændret, før noget bliver gemt."
)
YES_NO = "Klik i en af boksene, eller skriv ja eller nej."
GOALS_HELP = "Klik i boksene ved de verdensmål, der passer."
LISTS_HELP = "Brug Words egne punkter, eller begynd linjen med en bindestreg."


def mark_of(name: str, version: int | None = None) -> word.Mark:
    return word.Mark(f"ks_{name}" if version is None else f"ks_{name}_{version}")


def guidance(question: Field) -> tuple[str, ...]:
    """Give what stands over the answer to a question, a line each."""
    said = [question.help]
    if question.help.startswith("Skriv gerne som punkter"):
        said = [f"Skriv gerne som punkter. {LISTS_HELP}"]
    if question.kind == Kind.PROSE:
        said.append(f"Højst {danish.number_text(question.max_length)} tegn.")
    extra = {Kind.YES_NO: YES_NO, Kind.GOALS: GOALS_HELP, Kind.DGO: DGO_STAYS}
    said.append(extra.get(question.kind, ""))
    example = question.example.split("\n") if question.example else []
    if example[:1] == [question.example]:
        example = [f"Eksempel: {question.example.removeprefix('- ')}"]
    elif example:
        example.insert(0, "Eksempel:")
    return tuple(line for line in (" ".join(filter(None, said)), *example) if line)


def label_of(question: Field) -> str:
    return question.label if question.required else f"{question.label} (frivilligt)"


def write_form(content: Content, versions: Mapping[str, int], *, said: Imprint) -> bytes:
    """
    Write the form with guidance and what is already answered.

    `versions` says which version of each answer this is, so that reading it back knows what was changed since.
    """
    return word.write(
        [
            word.Title(
                content.title or "Uden titel",
                f"Forslag til klimaudviklingsspor, {content.number}",
                _number(content),
            ),
            word.Note(f"{said.text} {said.readers}", word.ASIDE),
            word.Note(INTRO),
            *_form(content, versions),
        ],
        title=f"{content.number} {content.title}",
        author=_author(content),
        created_at=said.act_at,
        foot=f"{content.number} · skema til udfyldelse · {said.stamp}",
    )


def write_print(content: Content, *, said: Imprint) -> bytes:
    """Write all that a reader sees."""
    return word.write(
        [
            word.Title(
                content.title or "Uden titel", "Forslag til klimaudviklingsspor", _number(content)
            ),
            word.Note(f"{said.text} {said.readers}", word.ASIDE),
            word.Grid(
                "Om forslaget",
                ("Hvad", "Svar"),
                (
                    ("Nummer", content.number),
                    ("Organisation", content.on_behalf_text or NO_ANSWER),
                    ("Forslagsstiller", content.owner),
                    ("DGO", content.lead_dgo or NO_ANSWER),
                    ("Runde", content.round),
                ),
                mark=mark_of("facts"),
            ),
            *_print(content),
        ],
        title=f"{content.number} {content.title}",
        author=_author(content),
        created_at=said.act_at,
        foot=f"{content.number} · {said.stamp}",
    )


def write_rus(content: Content, *, said: Imprint) -> bytes:
    """Write the regions' two-page form."""
    return word.write(
        [
            word.Title(
                rus.HEADING, f"{content.number} · {content.on_behalf_text or content.owner}"
            ),
            word.Note(f"{said.text} {said.readers}", word.ASIDE),
            word.Heading(rus.PROJECT, 1),
            word.Pairs(
                rus.HEADING,
                tuple(
                    word.Pair(
                        row.label,
                        (
                            *((word.Prose(row.text),) if row.text else ()),
                            *(word.Note(line, word.ASIDE) for line in _lines(row.asides)),
                            *((word.Note(NO_ANSWER, word.ASIDE),) if row.is_empty else ()),
                        ),
                    )
                    for row in rus.rows(content)
                ),
                rus.HEAD,
            ),
        ],
        title=f"{rus.HEADING}: {content.title}",
        author=_author(content),
        created_at=said.act_at,
        foot=f"{content.number} · {said.stamp}",
    )


def _lines(asides: tuple[rus.Aside, ...]) -> Iterator[str]:
    """Give what the portal adds, a line each: as points it would be read back as an answer."""
    for aside in asides:
        yield aside.text
        yield from (f"– {point}" for point in aside.points)


def _author(content: Content) -> str:
    return content.on_behalf_text or content.owner


def _number(content: Content) -> word.Mark:
    return word.Mark(f"ks_no_{content.number.replace('-', '_')}")


def _form(content: Content, versions: Mapping[str, int]) -> Iterator[Part]:
    for part in content.sections:
        yield word.Heading(part.section.title, 1)
        yield from _rows(content, part.section.rows, note=True, versions=versions)
        for answer in part.answers:
            question = FIELDS[answer.name]
            yield word.Heading(
                label_of(question), 2, mark_of(answer.name, versions.get(answer.name, 0))
            )
            for line in guidance(question):
                yield word.Note(line)
            if question.kind == Kind.DGO:
                yield word.Note(answer.text or NO_ANSWER, word.ASIDE)
            else:
                filled = _answer(question, answer.text)
                yield word.Box(f"Svar: {question.label}", filled, question.kind == Kind.PROSE)


def _answer(question: Field, text: str) -> word.Prose | word.Choices:
    if question.kind == Kind.YES_NO:
        return word.Choices((("Ja", text == "Ja"), ("Nej", text == "Nej")))
    if question.kind == Kind.GOALS:
        chosen = set(text.split("\n"))
        return word.Choices(tuple((label, f"- {label}" in chosen) for _, label in GOALS))
    return word.Prose(text)


def _print(content: Content) -> Iterator[Part]:
    for part in content.sections:
        yield word.Heading(part.section.title, 1)
        if part.section.rows == "financing":
            yield from _added_up(content)
        yield from _rows(content, part.section.rows, note=False, versions={})
        for answer in part.answers:
            if answer.name == "title":
                continue
            yield word.Heading(answer.label, 2, mark_of(answer.name))
            yield word.Prose(answer.text) if answer.text else word.Note(NO_ANSWER, word.ASIDE)


def _rows(
    content: Content, rows: str, *, note: bool, versions: Mapping[str, int]
) -> Iterator[Part]:
    """Give a section's own rows as tables; to write in, with what tells so, empty rows, and which version they are."""
    grids = {
        "participants": _participants,
        "financing": _money,
        "attachments": _attachments,
    }
    found = list(grids[rows](content)) if rows else []
    if note and rows in ("participants", "financing"):
        found = [_to_write_in(grid, versions) for grid in found or _EMPTY[rows]]
    if note and rows:
        yield word.Note(FILES_STAY if rows == "attachments" else ROWS_COME_BACK)
    yield from found
    if rows and not found:
        none = {
            "participants": "Ingen deltagere",
            "financing": "Ingen linjer",
            "attachments": "Ingen bilag",
        }
        yield word.Note(none[rows], word.ASIDE)


def _to_write_in(part: Part, versions: Mapping[str, int]) -> Part:
    """Give a table with the version of its rows in its mark, and with room below; sums stay last."""
    if not isinstance(part, word.Grid) or part.mark is None:
        return part
    name = part.mark.name.removeprefix("ks_").rstrip("0123456789")
    is_summed = bool(part.rows) and part.rows[-1][0] == "I alt"
    filled, sums = (part.rows[:-1], part.rows[-1:]) if is_summed else (part.rows, ())
    empty = (("",) * len(part.head),) * EMPTY_ROWS
    number = versions.get(name, 0)
    return replace(
        part, rows=(*filled, *empty, *sums), mark=word.Mark(f"{part.mark.name}_{number}")
    )


_EMPTY: dict[str, tuple[Part, ...]] = {
    "participants": (
        word.Grid("Deltagere", ("Navn", "Type", "Rolle"), (), mark=mark_of("participants")),
    ),
    "financing": (
        word.Grid(
            "Finansiering, beløb i kr.",
            ("Kilde", "Status", "År", "Beløb"),
            (),
            (3,),
            mark=mark_of("financing"),
        ),
        word.Grid(
            "Budget, beløb i kr.",
            ("Post", "Hvad", "Modtager", "År", "Beløb"),
            (),
            (4,),
            mark=mark_of("budget_lines"),
        ),
    ),
}


def _participants(content: Content) -> Iterator[Part]:
    if content.participants:
        yield word.Grid(
            "Deltagere",
            ("Navn", "Type", "Rolle", "Tæller med i K1", "Tilsagn"),
            tuple(
                (
                    row.name,
                    row.kind,
                    row.role,
                    row.counts_text,
                    ", ".join(filter(None, (row.answer_text, row.brought_text))),
                )
                for row in content.participants
            ),
            mark=mark_of("participants"),
        )


def _added_up(content: Content) -> Iterator[Part]:
    """Say whether the figures agree, and add the lines up by year and by how sure they are, as the PDF does."""
    economy = content.economy
    if economy.asked_text:
        yield word.Note(f"Søgt hos Klimaalliancen: {economy.asked_text}", word.ASIDE)
    for remark in economy.remarks:
        yield word.Note(remark.text, word.ASIDE)
    if economy.state_aid_text:
        asked = "Penge til en privat virksomhed: spørg om statsstøtte."
        yield word.Note(f"{asked} {economy.state_aid_text}", word.ASIDE)
    # Sums are marked as what is told and never read back.
    for place, table in enumerate(economy.budget.tables, 2):
        yield _by_year(table, "Budget efter post", ("Post",), mark_of(f"facts{place}"))
    if economy.by_status:
        yield word.Grid(
            "Finansieringens status",
            ("Status", "Beløb", "Andel"),
            (
                *((s.label, s.amount_text, s.percent_text) for s in economy.by_status),
                ("I alt", economy.financing.total_text, ""),
            ),
            (1, 2),
            mark=mark_of("facts1"),
        )
        if economy.rounding_text:
            yield word.Note(economy.rounding_text, word.ASIDE)


def _by_year(table: Table, caption: str, heads: tuple[str, ...], mark: word.Mark) -> word.Grid:
    totals = ("I alt",) if table.total else ()
    years = tuple(map(str, table.years))
    return word.Grid(
        f"{caption} {table.span}, beløb i kr.",
        (*heads, *years, *totals),
        (
            *(
                (
                    *line.heads,
                    *(amount or "–" for _, amount in line.by_year),
                    *((line.total,) if totals else ()),
                )
                for line in table.lines
            ),
            (
                "I alt",
                *("" for _ in heads[1:]),
                *(amount for _, amount in table.by_year),
                *((table.total,) if totals else ()),
            ),
        ),
        tuple(range(len(heads), len(heads) + len(years) + len(totals))),
        mark=mark,
    )


def _money(content: Content) -> Iterator[Part]:
    for place, table in enumerate(content.economy.financing.tables, 1):
        yield _by_year(table, "Finansiering", ("Kilde", "Status"), mark_of(f"financing{place}"))
    if content.budget:
        yield word.Grid(
            "Budget, beløb i kr.",
            ("Post", "Hvad", "Modtager", "År", "Beløb"),
            tuple(
                (
                    line.category_label,
                    line.description,
                    line.recipient,
                    str(line.year),
                    danish.amount_text(line.amount),
                )
                for line in content.budget
            ),
            (4,),
            mark=mark_of("budget_lines"),
        )


def _attachments(content: Content) -> Iterator[Part]:
    if content.attachments:
        yield word.Grid(
            "Bilag",
            ("Navn", "Fil"),
            tuple((row.title, row.file_name) for row in content.attachments),
            mark=mark_of("attachments"),
        )

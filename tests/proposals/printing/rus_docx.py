"""The two-page form that was really sent to RUS-puljen, as the Word file its writer may have had."""

from __future__ import annotations

import io
from typing import Any

import docx

from tests.browser import paper

# As they stand on the paper: with the writer's own line breaks, and words that differ a little from the printed form.
LABELS = {
    "Hvilke udfordringer skal projektet løse": "Hvilke udfordringer skal \nprojektet løse  ",
    "Tiltag/handlinger i projektet": "Tiltag/ handlinger i projektet",
    "Partnere og projektorganisering": "Partnere og \nprojektorganisering",
    "Indsatsområde i RUS- handlingsplan 2020-2023": "Indsatsomåde i RUS-\nhandlingsplan 2020-2023",
    "Bidrager til FN’s verdensmål": "Bidrager til FN’s\nverdensmål",
}


def build() -> bytes:
    """Make the table by hand: points of "Effekt" are typed, the others are Word's own."""
    document = docx.Document()
    document.add_paragraph("Projektforslag til RUS-puljen 2022/2023")
    table = document.add_table(0, 2)
    for heading, text in paper.read().items():
        label, answer = table.add_row().cells
        label.text = LABELS.get(heading, heading)
        write(answer, text, are_typed=heading == "Effekt")
    document.sections[0].footer.paragraphs[0].text = "Side 2 af 2"
    return saved(document)


def write(cell: Any, text: str, *, are_typed: bool) -> None:
    for line in filter(None, text.split("\n")):
        if line.startswith(("- ", "• ")) and not are_typed:
            cell.add_paragraph(line[2:], style="List Bullet")
        elif line.startswith("- "):
            cell.add_paragraph(f"-\t{line[2:]}")
        else:
            cell.add_paragraph(line)


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()

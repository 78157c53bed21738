"""The two-page form that was really sent to RUS-puljen, read as the person read it who types it into the portal."""

from __future__ import annotations

import re
from pathlib import Path

PAPER = Path(__file__).with_name("rus_form.txt")
HEADINGS = (
    "Titel",
    "Hvilke udfordringer skal projektet løse",
    "Overordnet formål",
    "Effekt",
    "Tiltag/handlinger i projektet",
    "Projektperiode",
    "Partnere og projektorganisering",
    "Økonomi",
    "Indsatsområde i RUS- handlingsplan 2020-2023",
    "Bidrager til FN’s verdensmål",
)


def read() -> dict[str, str]:
    """Give what stands under each heading: paragraphs, and points that begin with a bullet of the paper's own."""
    text = "\n".join(line.strip() for line in PAPER.read_text("utf-8").splitlines())
    # The paper's lines and its foot are its own business.
    text = text.replace("Side 2 af 2", "")
    places = []
    after = text.index("Titel")
    for heading in HEADINGS:
        found = re.compile(r"\s+".join(map(re.escape, heading.split()))).search(text, after)
        assert found, f"{heading} is not on the paper"
        places.append(found.span())
        after = found.end()
    ends = [*(start for start, _ in places[1:]), len(text)]
    return {
        heading: _unwrapped(text[start:end])
        for heading, (_, start), end in zip(HEADINGS, places, ends, strict=True)
    }


def _unwrapped(text: str) -> str:
    """Join the lines that the paper's columns broke; a point or the end of a sentence before an empty line begins anew."""
    written: list[str] = []
    is_new = True
    for line in text.strip().split("\n"):
        if not line:
            is_new = is_new or written[-1].endswith((".", ".’"))
        elif is_new or line.startswith(("- ", "• ")):
            written.append(line)
            is_new = False
        else:
            written[-1] += f" {line}"
    points = all(line.startswith(("- ", "• ")) for line in written)
    return ("\n" if points else "\n\n").join(written)

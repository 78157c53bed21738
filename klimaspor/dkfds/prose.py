"""What people write: paragraphs and "- " lists, read as blocks that a page, a PDF and a Word file can show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

BULLET = "- "


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """One list of points."""

    points: tuple[str, ...]


def blocks(text: str) -> Iterator[Paragraph | Bullets]:
    """Yield the blocks of a text: an empty line or a change between lines and points begins a new one."""
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = (line.strip() for line in part.split("\n"))
        for is_list, group in groupby(filter(None, lines), key=_is_point):
            found = tuple(group)
            yield (
                Bullets(tuple(line[1:].strip() for line in found)) if is_list else Paragraph(found)
            )


def _is_point(line: str) -> bool:
    return line.startswith(BULLET)

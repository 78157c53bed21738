"""What people write: paragraphs and "- " lists, read as blocks that a page, a PDF and a Word file can show."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

BULLET = "- "
INDENT = "  "


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """One list of points, each with its level when some lie under others."""

    points: tuple[str, ...]
    levels: tuple[int, ...] = ()

    @property
    def leveled(self) -> tuple[tuple[int, str], ...]:
        return tuple(zip(self.levels or (0,) * len(self.points), self.points, strict=True))


def blocks(text: str) -> Iterator[Paragraph | Bullets]:
    """Yield the blocks of a text: an empty line or a change between lines and points begins a new one."""
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip("\r\n")):
        lines = (line.rstrip() for line in part.split("\n"))
        for is_list, group in groupby(filter(None, lines), key=_is_point):
            found = tuple(group)
            yield _bullets(found) if is_list else Paragraph(tuple(line.strip() for line in found))


def text_of(found: Iterable[Paragraph | Bullets]) -> str:
    """Write blocks as a text that is read as the same blocks."""
    return "\n\n".join(
        "\n".join(block.lines)
        if isinstance(block, Paragraph)
        else "\n".join(f"{INDENT * level}{BULLET}{point}" for level, point in block.leveled)
        for block in found
    )


def _bullets(lines: tuple[str, ...]) -> Bullets:
    points: list[str] = []
    levels: list[int] = []
    for line in lines:
        depth = (len(line) - len(line.lstrip())) // len(INDENT)
        # A point lies at most one level under the one before it.
        levels.append(min(depth, levels[-1] + 1 if levels else 0))
        points.append(line.strip()[1:].strip())
    return Bullets(tuple(points), tuple(levels) if any(levels) else ())


def _is_point(line: str) -> bool:
    return line.lstrip().startswith(BULLET)

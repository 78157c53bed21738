"""The pictures in papers: shapes only, since words inside a picture are read to nobody."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders

from klimaspor import danish
from proposals.answers.content import DECLINED
from proposals.answers.sums import FinancingStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from proposals.answers.content import ParticipantRow

BAR_WIDTH, BAR_HEIGHT = 480, 20
KEY = 12
FILLS = {
    FinancingStatus.REQUESTED: ("Mørk", "#0f3a26"),
    FinancingStatus.GRANTED: ("Mellem", "#2f8058"),
    FinancingStatus.COMMITTED: ("Lys", "#8fc1a8"),
    FinancingStatus.EXPECTED: ("Stribet", "url(#lines)"),
    FinancingStatus.OWN_TIME: ("Prikket", "url(#dots)"),
}
"""What each is called, and looks like: told apart without colors too."""
PATTERNS = (
    '<defs><pattern id="lines" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="4" height="4" fill="#fff"/><rect width="1.6" height="4" fill="#1f6b45"/></pattern>'
    '<pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse">'
    '<rect width="4" height="4" fill="#fff"/><circle cx="2" cy="2" r="0.9" fill="#1f6b45"/></pattern></defs>'
)
LAND, REGION, KOMMUNE = "#d5dad6", "#8fc1a8", "#1f6b45"
_STROKES = {
    LAND: 'stroke="#fff" stroke-width="1"',
    REGION: 'stroke="#fff" stroke-width="1"',
    # A line of its own color keeps the smallest from vanishing.
    KOMMUNE: 'stroke="#0f3a26" stroke-width="2"',
}


@dataclass(frozen=True)
class Picture:
    """A drawing under the name a template calls it by, and the same in words."""

    name: str
    svg: bytes
    alt: str


def images(pictures: Iterable[Picture]) -> dict[str, bytes]:
    """Give the pictures as `pdf.render` takes them; the same drawing has the same name and comes once."""
    return {picture.name: picture.svg for picture in pictures}


def draw_bar(amounts: Mapping[str, Decimal], alt: str) -> Picture:
    """Draw amounts by status as one bar; they are not all 0."""
    total = sum(amounts.values(), Decimal(0))
    shapes, x = [], Decimal(0)
    for status, amount in amounts.items():
        width = amount / total * BAR_WIDTH
        _, fill = FILLS[FinancingStatus(status)]
        shapes.append(
            f'<rect x="{x:.2f}" width="{width:.2f}" height="{BAR_HEIGHT}" fill="{fill}"/>'
        )
        x += width
    return _draw("".join(shapes) + _frame(BAR_WIDTH, BAR_HEIGHT), BAR_WIDTH, BAR_HEIGHT, alt)


def draw_key(status: str) -> Picture:
    """Draw what the bar is filled with for a status."""
    name, fill = FILLS[FinancingStatus(status)]
    square = f'<rect width="{KEY}" height="{KEY}" fill="{fill}"/>'
    return _draw(square + _frame(KEY, KEY), KEY, KEY, name)


def draw_map(
    participants: tuple[ParticipantRow, ...], regions: Mapping[str, str]
) -> Picture | None:
    """
    Draw Denmark with the participating kommuner dark and the regioner light; None when there are none.

    Who has declined is not drawn.

    `regions` gives the code of the region each kommune lies in, by the kommune's code.
    """
    marked = {
        _outline(row.code): row.name for row in participants if row.code and row.answer != DECLINED
    }
    drawing = _denmark()
    outlines: dict[str, str] = drawing["small"]
    lying_in = {_outline(kommune): _outline(region) for kommune, region in regions.items()}
    paths: dict[str, list[str]] = {LAND: [], REGION: [], KOMMUNE: []}
    for code, outline in outlines.items():
        fill = KOMMUNE if code in marked else REGION if lying_in.get(code) in marked else LAND
        paths[fill].append(outline)
    if not paths[KOMMUNE] and not paths[REGION]:
        return None
    shapes = "".join(
        f'<path d="{"".join(drawn)}" fill="{fill}" {_STROKES[fill]}/>'
        for fill, drawn in paths.items()
        if drawn
    )
    said = danish.join_text(list(marked.values()))
    alt = f"Kort over Danmark, hvor {said} er markeret."
    return _draw(shapes, drawing["width"], drawing["height"], alt)


def _draw(shapes: str, width: int, height: int, alt: str) -> Picture:
    patterns = PATTERNS if "url(#" in shapes else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{patterns}{shapes}</svg>'
    ).encode()
    return Picture(f"{hashlib.sha256(svg).hexdigest()[:16]}.svg", svg, alt)


def _frame(width: int, height: int) -> str:
    return f'<rect x=".4" y=".4" width="{width - 0.8}" height="{height - 0.8}" fill="none" stroke="#0f3a26" stroke-width=".8"/>'


def _outline(code: str) -> str:
    return code.lstrip("0")


@cache
def _denmark() -> dict[str, Any]:
    found = finders.find("denmark.json")
    if not found:
        raise FileNotFoundError("denmark.json: run `npm run build` in static/")
    drawing: dict[str, Any] = json.loads(Path(found).read_text(encoding="utf-8"))
    return drawing

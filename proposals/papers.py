"""
A sent version as a paper: everything a reader sees, resolved down to the last word and figure, and its PDF.

The committee's papers show proposals with the same parts.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders

from klimaspor import danish, pdf
from klimaspor.accounts.models import Organization, OrganizationKind
from proposals.content import Content
from proposals.eligibility import STATE_TEXT, State
from proposals.models import FinancingStatus
from proposals.sections import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from proposals.content import Answer, AttachmentRow, FinancingRow, ParticipantRow
    from proposals.models import Version

YEARS_ACROSS = 5
"""More columns of amounts than that do not fit across a page."""


@dataclass(frozen=True)
class Picture:
    """A drawing under the name a template calls it by, and the same in words."""

    name: str
    svg: bytes
    alt: str = ""


@dataclass(frozen=True)
class Answers:
    """Answers that stand together: a run of short ones, or one that is prose."""

    is_prose: bool
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Part:
    """One section of the proposal under its own heading."""

    slug: str
    title: str
    rows: str
    """What else the section holds: participants, financing or attachments."""
    answers: tuple[Answers, ...]


@dataclass(frozen=True)
class MoneyLine:
    source: str
    status: str
    amounts: tuple[str, ...]
    """One a year; empty where nothing is said, which is not the same as 0."""
    total: str


@dataclass(frozen=True)
class MoneyTable:
    """Who gives what, with what certainty, in some of the years; amounts in kroner, as they are written."""

    years: tuple[int, ...]
    lines: tuple[MoneyLine, ...]
    sums: tuple[str, ...]
    total: str
    """Of all the years; in the last table only."""


@dataclass(frozen=True)
class Share:
    """What one status makes of the whole."""

    status: str
    amount: str
    percent: str
    key: Picture
    """Its color in the bar."""


@dataclass(frozen=True)
class Economy:
    tables: tuple[MoneyTable, ...]
    shares: tuple[Share, ...]
    total: str
    bar: Picture | None
    """Nothing to draw when all amounts are 0."""


@dataclass(frozen=True)
class FindingLine:
    id: str
    text: str
    weight: str
    state: str
    message: str


@dataclass(frozen=True)
class ProposalPaper:
    """A sent version with everything resolved: no template asks the database."""

    number: str
    title: str
    organization: str
    owner: str
    lead_dgo: str
    round: str
    version: int
    gate: str
    received: str
    """The moment of receipt, as Danes write it."""
    sha256: str
    parts: tuple[Part, ...]
    participants: tuple[ParticipantRow, ...]
    authorities: int
    """How many kommuner and regioner count for K1."""
    map: Picture | None
    economy: Economy | None
    attachments: tuple[AttachmentRow, ...]
    findings: tuple[FindingLine, ...]

    def part(self, slug: str) -> Part:
        return next(part for part in self.parts if part.slug == slug)

    @property
    def pictures(self) -> Iterator[Picture]:
        if self.map:
            yield self.map
        if self.economy:
            yield from (share.key for share in self.economy.shares)
            if self.economy.bar:
                yield self.economy.bar


def collect(version: Version, *, regions: Mapping[str, str]) -> ProposalPaper:
    """
    Resolve a frozen version: no queries when it came with its `round`.

    `regions` gives the code of the region each kommune lies in, by the kommune's code.
    """
    content = Content.of_version(version)
    return ProposalPaper(
        number=content.number,
        title=content.title,
        organization=content.organization,
        owner=content.owner,
        lead_dgo=content.lead_dgo,
        round=content.round,
        version=version.number,
        gate=version.get_gate_display(),
        received=danish.datetime_text(version.frozen_at),
        sha256=version.sha256,
        parts=parts(content),
        participants=content.participants,
        authorities=len(content.authorities),
        map=draw_map(content.participants, regions),
        economy=economy(content.financing),
        attachments=content.attachments,
        findings=tuple(
            FindingLine(row.id, row.text, row.weight, STATE_TEXT[State(row.state)], row.message)
            for row in content.findings
        ),
    )


def render_version(version: Version) -> bytes:
    """Set a sent version as a PDF: one query."""
    paper = collect(version, regions=region_codes())
    return pdf.render("proposals/pdf/version.html", {"paper": paper}, images=images(paper.pictures))


def images(pictures: Iterable[Picture]) -> dict[str, bytes]:
    """Give the pictures as `pdf.render` takes them; the same drawing has the same name and comes once."""
    return {picture.name: picture.svg for picture in pictures}


def region_codes() -> dict[str, str]:
    """Read which region each kommune lies in, by their codes: one query."""
    kommuner = Organization.objects.of_kind(OrganizationKind.MUNICIPALITY)
    return {kommune.code: kommune.region_code for kommune in kommuner}


def file_name(version: Version) -> str:
    return f"{version.proposal.number} version {version.number}.pdf"


def parts(content: Content) -> tuple[Part, ...]:
    """Give the sections with their answers, but for the title, which stands above them all."""
    return tuple(
        Part(
            slug=section.section.slug,
            title=section.section.title,
            rows=section.section.rows,
            answers=_together(a for a in section.answers if a.name != "title"),
        )
        for section in content.sections
    )


_PROSE = frozenset({Kind.PROSE, Kind.GOALS})


def _together(answers: Iterable[Answer]) -> tuple[Answers, ...]:
    found: list[Answers] = []
    for is_prose, group in groupby(answers, key=lambda answer: answer.kind in _PROSE):
        if is_prose:
            found.extend(Answers(True, (answer,)) for answer in group)
        else:
            found.append(Answers(False, tuple(group)))
    return tuple(found)


# Money


def economy(lines: tuple[FinancingRow, ...]) -> Economy | None:
    """Add the lines up by year, source and status; None when there are none."""
    if not lines:
        return None
    years = sorted({line.year for line in lines})
    rows = tuple(dict.fromkeys((line.source, line.status_label) for line in lines))
    total = sum((line.amount for line in lines), Decimal(0))

    def add(**wanted: Any) -> str:
        found = [
            line.amount
            for line in lines
            if all(getattr(line, name) == value for name, value in wanted.items())
        ]
        return danish.amount_text(sum(found, Decimal(0))) if found else ""

    tables = []
    for start in range(0, len(years), YEARS_ACROSS):
        shown = tuple(years[start : start + YEARS_ACROSS])
        tables.append(
            MoneyTable(
                years=shown,
                lines=tuple(
                    MoneyLine(
                        source,
                        status,
                        tuple(add(source=source, status_label=status, year=y) for y in shown),
                        add(source=source, status_label=status),
                    )
                    for source, status in rows
                ),
                sums=tuple(add(year=year) for year in shown),
                total=danish.amount_text(total) if shown[-1] == years[-1] else "",
            )
        )
    shares = _shares(lines, total)
    return Economy(
        tables=tuple(tables),
        shares=shares,
        total=danish.money_text(total),
        bar=_draw_bar(lines, total, shares) if total else None,
    )


def _sums(lines: tuple[FinancingRow, ...]) -> dict[str, Decimal]:
    return {
        status: sum((line.amount for line in lines if line.status == status), Decimal(0))
        for status in FinancingStatus.values
        if any(line.status == status for line in lines)
    }


def _shares(lines: tuple[FinancingRow, ...], total: Decimal) -> tuple[Share, ...]:
    return tuple(
        Share(
            status=FinancingStatus(status).label,
            amount=danish.money_text(amount),
            percent=_percent_text(amount, total),
            key=_draw(
                f'<rect width="12" height="12" {_FILLS[FinancingStatus(status)]}/>'
                '<rect x=".4" y=".4" width="11.2" height="11.2" fill="none" stroke="#0f3a26" stroke-width=".8"/>',
                12,
                12,
                _KEYS[FinancingStatus(status)],
            ),
        )
        for status, amount in _sums(lines).items()
    )


def _percent_text(amount: Decimal, total: Decimal) -> str:
    if not total:
        return ""
    percent = (amount / total * 100).quantize(Decimal(1), ROUND_HALF_UP)
    if amount and not percent:
        return f"under 1{danish.NBSP}%"
    return f"{percent}{danish.NBSP}%"


# Drawings: shapes only, since words in a picture are read by nobody who needs them read aloud

_FILLS = {
    FinancingStatus.REQUESTED: 'fill="#0f3a26"',
    FinancingStatus.GRANTED: 'fill="#2f8058"',
    FinancingStatus.COMMITTED: 'fill="#8fc1a8"',
    FinancingStatus.EXPECTED: 'fill="url(#lines)"',
    FinancingStatus.OWN_TIME: 'fill="url(#dots)"',
}
_KEYS = {
    FinancingStatus.REQUESTED: "Mørk",
    FinancingStatus.GRANTED: "Mellem",
    FinancingStatus.COMMITTED: "Lys",
    FinancingStatus.EXPECTED: "Stribet",
    FinancingStatus.OWN_TIME: "Prikket",
}
"""What the fills are called: they are told apart without colors too."""
_PATTERNS = (
    '<defs><pattern id="lines" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="4" height="4" fill="#fff"/><rect width="1.6" height="4" fill="#1f6b45"/></pattern>'
    '<pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse">'
    '<rect width="4" height="4" fill="#fff"/><circle cx="2" cy="2" r="0.9" fill="#1f6b45"/></pattern></defs>'
)
BAR_WIDTH, BAR_HEIGHT = 480, 20


def _draw(shapes: str, width: int, height: int, alt: str = "") -> Picture:
    patterns = _PATTERNS if "url(#" in shapes else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{patterns}{shapes}</svg>'
    ).encode()
    return Picture(f"{hashlib.sha256(svg).hexdigest()[:16]}.svg", svg, alt)


def _draw_bar(
    lines: tuple[FinancingRow, ...], total: Decimal, shares: tuple[Share, ...]
) -> Picture:
    shapes, x = [], Decimal(0)
    for status, amount in _sums(lines).items():
        width = amount / total * BAR_WIDTH
        shapes.append(
            f'<rect x="{x:.2f}" width="{width:.2f}" height="{BAR_HEIGHT}" {_FILLS[FinancingStatus(status)]}/>'
        )
        x += width
    shapes.append(
        f'<rect x=".5" y=".5" width="{BAR_WIDTH - 1}" height="{BAR_HEIGHT - 1}" fill="none" stroke="#0f3a26"/>'
    )
    said = danish.join_text([f"{s.status} {s.amount} ({s.percent})" for s in shares])
    return _draw("".join(shapes), BAR_WIDTH, BAR_HEIGHT, f"Søjle, der viser {said}.")


def draw_map(
    participants: tuple[ParticipantRow, ...], regions: Mapping[str, str]
) -> Picture | None:
    """Draw Denmark with the participating kommuner dark and the regioner light; None when there are none."""
    marked = {_outline(row.code): row.name for row in participants if row.code}
    outlines = _outlines()
    in_regions = {
        _outline(kommune) for kommune, region in regions.items() if _outline(region) in marked
    }
    if not marked.keys() & outlines.keys() and not in_regions & outlines.keys():
        return None
    land = [d for code, d in outlines.items() if code not in marked and code not in in_regions]
    light = [d for code, d in outlines.items() if code in in_regions and code not in marked]
    dark = [d for code, d in outlines.items() if code in marked]
    shapes = "".join(
        f'<path d="{"".join(paths)}" fill="{fill}" stroke="#fff" stroke-width="1"/>'
        for paths, fill in ((land, "#d5dad6"), (light, "#8fc1a8"), (dark, "#1f6b45"))
        if paths
    )
    return _draw(
        shapes,
        _denmark()["width"],
        _denmark()["height"],
        f"Kort over Danmark, hvor {danish.join_text(list(marked.values()))} er markeret.",
    )


def _outline(code: str) -> str:
    return code.lstrip("0")


@cache
def _outlines() -> dict[str, str]:
    # Drawn one after another in one path, so what begins relative must not continue from the one before.
    return {code: f"M0 0{d}" if d.startswith("m") else d for code, d in _denmark()["paths"].items()}


@cache
def _denmark() -> dict[str, Any]:
    found = finders.find("denmark.json")
    if not found:
        raise FileNotFoundError("denmark.json: run `npm run build` in static/")
    drawing: dict[str, Any] = json.loads(Path(found).read_text())
    return drawing

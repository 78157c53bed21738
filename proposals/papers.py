"""
A sent version as a paper: everything a reader sees, resolved down to the last word and figure, and its PDF.

The committee's papers show proposals with the same parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from klimaspor import danish, pdf
from klimaspor.accounts.models import Organization, OrganizationKind
from proposals.content import Content
from proposals.drawings import draw_bar, draw_key, draw_map, images
from proposals.eligibility import STATE_TEXT, State
from proposals.models import FinancingStatus
from proposals.sections import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from proposals.content import Answer, AttachmentRow, FinancingRow, ParticipantRow
    from proposals.drawings import Picture
    from proposals.models import Version

YEARS_ACROSS = 5
"""More columns of amounts than that do not fit across a page."""


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
        received=danish.to_the_second(version.frozen_at),
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
        bar=_bar(lines, shares) if total else None,
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
            key=draw_key(status),
        )
        for status, amount in _sums(lines).items()
    )


def _bar(lines: tuple[FinancingRow, ...], shares: tuple[Share, ...]) -> Picture:
    said = danish.join_text([f"{s.status} {s.amount} ({s.percent})" for s in shares])
    return draw_bar(_sums(lines), f"Søjle, der viser {said}.")


def _percent_text(amount: Decimal, total: Decimal) -> str:
    if not total:
        return ""
    percent = (amount / total * 100).quantize(Decimal(1), ROUND_HALF_UP)
    if amount and not percent:
        return f"under 1{danish.NBSP}%"
    return f"{percent}{danish.NBSP}%"

"""
The proposal as a paper: everything a reader sees, resolved down to the last word and figure, and its PDF.

The committee's papers show proposals with the same parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from klimaspor import danish, pdf
from klimaspor.accounts.models import Organization, OrganizationKind
from proposals.answers.content import Content
from proposals.answers.sections import Kind
from proposals.eligibility.requirements import STATE_TEXT, State
from proposals.printing import rus
from proposals.printing.drawings import draw_bar, draw_key, draw_map, images
from proposals.reading import imprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from klimaspor.accounts.models import User
    from proposals.answers.content import Answer, AttachmentRow, ParticipantRow
    from proposals.answers.sums import Economy, Table
    from proposals.line.models import Version
    from proposals.printing.drawings import Picture
    from proposals.reading.imprint import Imprint


LONGEST_SECONDS = 100
"""For a version, which nobody waits for at a page: as long as a worker keeps it from others."""


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
    """One line of the budget as it is written."""

    year: int
    category: str
    description: str
    recipient: str
    asks_state_aid: bool
    amount: str


@dataclass(frozen=True)
class KeyedShare:
    """What one status makes of the whole."""

    status: str
    amount: str
    percent: str
    key: Picture
    """Its color in the bar."""


@dataclass(frozen=True)
class Money:
    """The economy as it is written: what is spent, who pays, and whether the two agree."""

    asked: str
    """What is asked of Klimaalliancen, with its share of the budget; empty when nothing is."""
    remarks: tuple[str, ...]
    state_aid: str
    """What goes to private companies; empty when nothing does."""
    budget: tuple[Table, ...]
    """Empty in what was sent before there were lines to a budget."""
    budget_lines: tuple[MoneyLine, ...]
    budget_total: str
    financing: tuple[Table, ...]
    financing_total: str
    shares: tuple[KeyedShare, ...]
    rounding: str
    """That the shares do not add up; empty when they do."""
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
    """A proposal with everything resolved, as it was sent or as it stands: no template asks the database."""

    number: str
    title: str
    organization: str
    owner: str
    lead_dgo: str
    round: str
    imprint: Imprint
    sha256: str
    """The fingerprint; empty of a text that is not what was sent."""
    parts: tuple[Part, ...]
    participants: tuple[ParticipantRow, ...]
    authorities: int
    """How many kommuner and regioner count for K1."""
    map: Picture | None
    economy: Money
    attachments: tuple[AttachmentRow, ...]
    findings: tuple[FindingLine, ...]

    def part(self, slug: str) -> Part:
        return next(part for part in self.parts if part.slug == slug)

    @property
    def pictures(self) -> Iterator[Picture]:
        if self.map:
            yield self.map
        yield from (share.key for share in self.economy.shares)
        if self.economy.bar:
            yield self.economy.bar


def collect(version: Version, *, regions: Mapping[str, str]) -> ProposalPaper:
    """
    Resolve a frozen version: no queries when it came with its `round`.

    `regions` gives the code of the region each kommune lies in, by the kommune's code.
    """
    return _paper(
        Content.of_version(version),
        regions,
        imprint.of_version(version),
        version.sha256,
    )


def _paper(
    content: Content, regions: Mapping[str, str], said: Imprint, sha256: str = ""
) -> ProposalPaper:
    return ProposalPaper(
        number=content.number,
        title=content.title,
        organization=content.on_behalf_text,
        owner=content.owner,
        lead_dgo=content.lead_dgo,
        round=content.round,
        parts=parts(content),
        participants=content.participants,
        authorities=len(content.authorities),
        map=draw_map(content.participants, regions),
        economy=money(content),
        attachments=content.attachments,
        findings=tuple(
            FindingLine(row.id, row.text, row.weight, STATE_TEXT[State(row.state)], row.message)
            for row in content.findings
        ),
        imprint=said,
        sha256=sha256,
    )


def print_live(content: Content, *, said: Imprint, reader: User) -> bytes:
    """
    Give the live text as a PDF while somebody waits; what this reader has just printed and nobody has changed is kept.

    :raises pdf.Busy:
    """
    return pdf.keep(
        lambda: _print_live(content, said),
        says=("live", _which(said), content.sha256),
        reader=reader.pk,
    )


def _which(said: Imprint) -> str:
    """Tell texts apart, but not the moments they were printed at."""
    return f"{said.version} {said.stamp.partition(' · ')[0]} {said.readers}"


def _print_live(content: Content, said: Imprint) -> bytes:
    paper = _paper(content, region_codes(), said)
    context = {"paper": paper}
    return pdf.render_apart(
        "proposals/printing/pdf/version.html", context, images=images(paper.pictures)
    )


def print_rus(content: Content, *, said: Imprint, reader: User) -> bytes:
    """
    Give the regions' form as a PDF while somebody waits, as `print_live` does.

    :raises pdf.Busy:
    """
    return pdf.keep(
        lambda: _print_rus(content, said),
        says=("rus", _which(said), content.sha256),
        reader=reader.pk,
    )


def _print_rus(content: Content, said: Imprint) -> bytes:
    context = {"content": content, "heading": rus.HEADING, "rows": rus.rows(content), "said": said}
    return pdf.render_apart("proposals/printing/pdf/rus.html", context)


def render_version(version: Version) -> bytes:
    """
    Set a sent version as a PDF, for a worker: one query.

    :raises pdf.NotMade:
    :raises pdf.Busy:
    """
    paper = collect(version, regions=region_codes())
    return pdf.render_apart(
        "proposals/printing/pdf/version.html",
        {"paper": paper},
        images=images(paper.pictures),
        seconds=LONGEST_SECONDS,
    )


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


def money(content: Content) -> Money:
    """Write the economy as a paper shows it, with the bar and the key to its colors."""
    economy = content.economy
    return Money(
        asked=economy.asked_text,
        remarks=tuple(remark.text for remark in economy.remarks),
        state_aid=economy.state_aid_text,
        budget=economy.budget.tables,
        budget_lines=tuple(
            MoneyLine(
                row.year,
                row.category_label,
                row.description,
                row.recipient,
                row.asks_state_aid,
                row.amount_text,
            )
            for row in content.budget
        ),
        budget_total=economy.budget.total_text,
        financing=economy.financing.tables,
        financing_total=economy.financing.total_text,
        shares=tuple(
            KeyedShare(share.label, share.amount_text, share.percent_text, draw_key(share.key))
            for share in economy.by_status
        ),
        rounding=economy.rounding_text,
        bar=_bar(economy) if economy.financing.total else None,
    )


def _bar(economy: Economy) -> Picture:
    said = danish.join_text(
        [f"{s.label} {s.amount_text} ({s.percent_text})" for s in economy.by_status]
    )
    amounts = {share.key: share.amount for share in economy.by_status}
    return draw_bar(amounts, f"Søjle, der viser {said}.")

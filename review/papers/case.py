"""The proposal an item is about ("sagen"): its own words, the assessment of it, and whether it meets the requirements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from klimaspor import danish
from proposals.attachments.models import Attachment
from proposals.line.models import Proposal
from proposals.printing import papers
from review.formality.models import FormalCheck
from review.qualification.models import Outcome, Qualification
from review.qualification.shown import document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from proposals.line.models import Version
    from proposals.printing.papers import Part, ProposalPaper

# Shown with the table or list that belongs to them, not among the proposal's own words.
APART = ("deltagere", "oekonomi", "bilag")


@dataclass(frozen=True)
class Assessed:
    """What the assessment says of one criterion, in the words it was judged by; empty text when it says nothing."""

    code: str
    title: str
    guidance: str
    judgment: str
    text: str


@dataclass(frozen=True)
class Side:
    """What proposer and adviser answer to the same."""

    question: str
    proposer: tuple[tuple[str, str], ...]
    """The questions of the form, each with its answer."""
    adviser: str


@dataclass(frozen=True)
class Assessment:
    """The professional assessment ("faglig kvalificering")."""

    outcome: str
    by: str
    """The DGO's name, or sekretariatet."""
    on_behalf: str
    """The DGO the secretariat stood in for, if it did, and why."""
    reason: str
    completed: str
    version: int
    summary: str
    sides: tuple[Side, ...]
    criteria: tuple[Assessed, ...]
    cosigned: tuple[str, ...]
    """Who else put a name under it, and when."""
    reply: str
    replied: str
    is_reply_late: bool
    amended: str = ""
    """Why it took the place of an earlier one, when it did."""
    earlier: Assessment | None = None
    """The one it took the place of."""


@dataclass(frozen=True)
class RequirementLine:
    """One requirement: what the program found, and what a person answered."""

    id: str
    text: str
    weight: str
    finding: str
    message: str
    answer: str
    note: str


@dataclass(frozen=True)
class Case:
    """The proposal an item is about, as the version on the table has it."""

    paper: ProposalPaper
    on_behalf: str
    """As it is known when the papers are made, which may be after the secretariat has confirmed or changed it."""
    told: tuple[Part, ...]
    """The sections of the proposal's own words."""
    assessment: Assessment | None
    requirements: tuple[RequirementLine, ...]
    checked: str
    """When and by whom a person answered."""

    @property
    def finances(self) -> Part:
        return self.paper.part("oekonomi")

    @property
    def joining(self) -> Part:
        return self.paper.part("deltagere")


@dataclass(frozen=True)
class Known:
    """What belongs to the versions on the table, read at once."""

    assessments: Mapping[int, Qualification]
    checks: Mapping[int, FormalCheck]
    stored: Mapping[int, str]
    regions: Mapping[str, str]
    on_behalf: Mapping[int, str]
    until: datetime
    """What came after the agenda was sent is not in its papers."""

    @classmethod
    def about(cls, versions: list[Any], until: datetime) -> Known:
        assessments = Qualification.objects.of_proposals(
            version.proposal_id for version in versions
        )
        completed = assessments.completed_by(until).with_statements().oldest_first()
        found = {one.proposal_id: one for one in completed}
        checks = FormalCheck.objects.of_versions(versions).with_answers()
        attachments = [row["pk"] for version in versions for row in version.content["attachments"]]
        return cls(
            assessments=found,
            checks={check.version_id: check for check in checks},
            stored={one.pk: one.file.name or "" for one in Attachment.objects.among(attachments)},
            regions=papers.region_codes(),
            on_behalf={
                proposal.pk: proposal.on_behalf_text
                for proposal in Proposal.objects.behind(versions).with_frame()
            },
            until=until,
        )


def case_of(version: Version, known: Known) -> Case:
    check = known.checks.get(version.pk)
    paper = papers.collect(version, regions=known.regions)
    assessment = known.assessments.get(version.proposal_id)
    return Case(
        paper=paper,
        on_behalf=known.on_behalf[version.proposal_id],
        told=tuple(part for part in paper.parts if part.slug not in APART),
        assessment=_assessment(document(assessment), known) if assessment else None,
        requirements=_requirements(paper, check),
        checked=f"{danish.datetime_text(check.checked_at)} af {check.checked_by}"
        if check and check.checked_at
        else "",
    )


def _assessment(shown: dict[str, Any], known: Known) -> Assessment:
    row = shown["qualification"]
    dgo = row.dgo.name if row.dgo else ""
    has_reply = row.replied_at is not None and row.replied_at <= known.until
    return Assessment(
        outcome=Outcome(row.outcome).label,
        by="Sekretariatet" if row.is_by_secretariat else dgo,
        on_behalf=dgo if row.is_by_secretariat else "",
        reason=row.secretariat_reason,
        completed=danish.date_text(danish.day_of(row.completed_at)) if row.completed_at else "",
        version=row.version.number,
        summary=row.summary,
        sides=tuple(
            Side(
                side["question"],
                tuple((answer["label"], answer["value"]) for answer in side["proposer"]),
                side["adviser"],
            )
            for side in shown["sides"]
        ),
        criteria=tuple(
            Assessed(
                line["criterion"].code,
                line["criterion"].title,
                line["criterion"].text,
                line["judgment"],
                line["text"],
            )
            for line in shown["criteria"]
        ),
        cosigned=tuple(
            f"{one.signed_by.name} {danish.datetime_text(one.signed_at)}"
            for one in shown["cosignatures"]
            if not one.lapsed_at
        ),
        amended=row.amendment_reason,
        earlier=_assessment(shown["earlier"], known) if shown["earlier"] else None,
        is_reply_late=has_reply and row.is_reply_late,
        reply=row.reply if has_reply else "",
        replied=danish.date_text(danish.day_of(row.replied_at))
        if has_reply and row.replied_at
        else "",
    )


_ANSWERS = {True: "Opfyldt", False: "Ikke opfyldt", None: ""}


def _requirements(paper: ProposalPaper, check: FormalCheck | None) -> tuple[RequirementLine, ...]:
    answers = {answer.requirement: answer for answer in check.answers.all()} if check else {}
    return tuple(
        RequirementLine(
            id=finding.id,
            text=finding.text,
            weight=finding.weight,
            finding=finding.state,
            message=finding.message,
            answer=_ANSWERS[answers[finding.id].is_met] if finding.id in answers else "",
            note=answers[finding.id].note if finding.id in answers else "",
        )
        for finding in paper.findings
    )

"""
What a reader sees of a proposal, with everything resolved: one shape for the live text and for a frozen version.

Pages, papers and differences read this and never the tables, so that what was sent looks as it did.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from klimaspor import danish, uploads
from proposals.answers.sections import FIELDS, GOALS, SECTION_OF, SECTIONS, Field, Kind, Section
from proposals.answers.sums import BudgetRow, Economy, FinancingRow
from proposals.line.functions import on_behalf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date, datetime

    from proposals.line.models import Proposal, Version

GOAL_TEXT = dict(GOALS)
Row = TypeVar("Row")
Amount = TypeVar("Amount")
CONFIRMED, DECLINED = "confirmed", "declined"
CLAIMED = "claimed"
"""Said to be in by somebody nobody has confirmed: no answer of the participant's."""
EVERY_ROW = frozenset({"participants", "financing", "attachments"})


@dataclass(frozen=True)
class Answer:
    """One answered question; empty text means "Intet svar"."""

    name: str
    label: str
    section: str
    kind: str
    text: str


class Word(StrEnum):
    """Whose word it is that somebody takes part, and with what."""

    OWN = "own"
    CONTACT = "contact"
    MAILBOX = "mailbox"
    """Of a contact who answered with a code, and is known by the mailbox alone."""
    PROPOSER = "proposer"
    UNKNOWN = ""
    """Frozen before it was kept."""


WORDS = {
    Word.CONTACT: "oplyst af en kontaktperson, der ikke er bekræftet",
    Word.PROPOSER: "oplyst af forslagsstilleren",
}


@dataclass(frozen=True)
class ParticipantRow:
    name: str
    kind: str
    role: str
    """Labels, in Danish."""
    is_problem_owner: bool
    code: str
    """The kommune's or region's official code, for the map; empty for others."""
    counts: bool
    """Whether it counts among the kommuner and regioner of K1."""
    note: str
    """Why it does not count, when somebody might think so."""
    answer: str = ""
    """What it has answered: confirmed itself, only claimed so, declined, or nothing yet. Why it declined is for the proposer alone."""
    word: str = Word.UNKNOWN
    mailbox: str = ""
    """Who answered with a code, and to which address it was sent."""
    plan_action: str = ""
    hours: int | None = None
    amount: Decimal | None = None
    """Its own co-financing in kroner."""
    case_number: str = ""
    is_lead: bool = False
    """Whether it leads the track ("tovholder"), which its role says too."""
    stand_in: str = ""
    """The kommune that could count in its place, where it does not count and the kommune is not on the list."""
    pk: int | None = field(default=None, compare=False)
    """Its key, which comments name; none where it was frozen before it was kept."""

    @property
    def said(self) -> str:
        """What a comment is about, in one line."""
        return ", ".join(filter(None, (self.name, self.role, self.brought_text)))

    @property
    def counts_text(self) -> str:
        """Whether it counts for K1, and if not why."""
        if self.counts:
            return f"Ja. {self.note}" if self.note else "Ja"
        return self.note or "Nej"

    @property
    def answer_text(self) -> str:
        said = {CONFIRMED: "Bekræftet", CLAIMED: "Svar ikke bekræftet", DECLINED: "Er ikke med"}
        return said.get(self.answer, "Ikke svaret")

    @property
    def word_text(self) -> str:
        """Whose word it is, where it is not the participant's own."""
        if self.word == Word.MAILBOX:
            return f"oplyst af {self.mailbox}"
        return WORDS.get(Word(self.word), "")

    @property
    def case_number_text(self) -> str:
        return ", ".join(filter(None, (f"{self.case_number} ({self.name})", self.word_text)))

    @property
    def brought_text(self) -> str:
        """What it brings besides itself and whose word it is, in one line."""
        said = []
        if self.hours is not None:
            said.append(f"{danish.number_text(self.hours)}{danish.NBSP}timer")
        if self.amount is not None:
            said.append(danish.money_text(self.amount))
        if self.case_number:
            said.append(f"sagsnr. {self.case_number}")
        if self.word_text:
            said.append(self.word_text)
        return ", ".join(said)


@dataclass(frozen=True)
class AttachmentRow:
    pk: int
    title: str
    file_name: str
    size: int
    """In bytes."""
    sha256: str
    is_confidential: bool = False
    confidential_reason: str = ""
    content_type: str = uploads.PDF.mime

    @property
    def kind(self) -> uploads.Kind:
        return uploads.of_mime(self.content_type)


@dataclass(frozen=True)
class FindingRow:
    """What the program found about one requirement when the version was frozen."""

    id: str
    text: str
    weight: str
    state: str
    message: str


@dataclass(frozen=True)
class SectionContent:
    section: Section
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Content:
    number: str
    title: str
    organization: str
    owner: str
    lead_dgo: str
    round: str
    answers: tuple[Answer, ...]
    participants: tuple[ParticipantRow, ...]
    financing: tuple[FinancingRow, ...]
    attachments: tuple[AttachmentRow, ...]
    findings: tuple[FindingRow, ...] = field(default=())
    budget: tuple[BudgetRow, ...] = field(default=())
    is_organization_confirmed: bool = True
    """Whether somebody but the owner had said on whose behalf it is made; what was frozen before it was kept does not say."""

    @classmethod
    def of(cls, proposal: Proposal, *, at: datetime, rows: Collection[str] = EVERY_ROW) -> Content:
        """
        Read the live text: four queries when the proposal came with its frame.

        A page that shows some `rows` only (by the accessor of `Section.rows`) asks for no more.
        """
        participants: tuple[ParticipantRow, ...] = ()
        if "participants" in rows:
            participants = kept_participants(
                proposal, at=at
            ) or proposal.participants.listed().rows(counting_day(proposal, at))
        financing: tuple[FinancingRow, ...] = ()
        budget: tuple[BudgetRow, ...] = ()
        if "financing" in rows:
            financing = proposal.financing.listed().rows()
            budget = proposal.budget_lines.listed().rows()
        attachments: tuple[AttachmentRow, ...] = ()
        if "attachments" in rows:
            attachments = proposal.attachments.present().not_infected().listed().rows()
        return cls(
            number=proposal.number,
            title=proposal.title,
            organization=proposal.organization.name if proposal.organization else "",
            owner=proposal.owner.name,
            lead_dgo=proposal.lead_dgo.name if proposal.lead_dgo else "",
            round=proposal.round.name,
            answers=tuple(_answer(proposal, question) for question in FIELDS.values()),
            participants=participants,
            financing=financing,
            attachments=attachments,
            budget=budget,
            is_organization_confirmed=proposal.organization_id is None
            or proposal.organization_confirmed_at is not None,
        )

    @classmethod
    def of_version(cls, version: Version) -> Content:
        return cls.from_json(version.content)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Content:
        """Read back what `to_json` wrote."""
        rows = dict(data)
        rows["answers"] = tuple(Answer(**row) for row in data["answers"])
        rows["participants"] = tuple(_with_amount(ParticipantRow, r) for r in data["participants"])
        rows["financing"] = tuple(_with_amount(FinancingRow, r) for r in data["financing"])
        rows["budget"] = tuple(_with_amount(BudgetRow, r) for r in data.get("budget", ()))
        rows["attachments"] = tuple(AttachmentRow(**row) for row in data["attachments"])
        rows["findings"] = tuple(FindingRow(**row) for row in data["findings"])
        return cls(**rows)

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        for row in (*data["financing"], *data["budget"], *data["participants"]):
            row["amount"] = None if row["amount"] is None else str(row["amount"])
        return json.loads(json.dumps(data))  # type: ignore[no-any-return]  # what was dumped as an object loads as one

    @property
    def sha256(self) -> str:
        """The fingerprint: over the canonical bytes of `to_json`."""
        canonical = json.dumps(
            self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def sections(self) -> tuple[SectionContent, ...]:
        return tuple(
            SectionContent(section, tuple(a for a in self.answers if a.section == section.slug))
            for section in SECTIONS
        )

    @cached_property
    def economy(self) -> Economy:
        """Add the lines up; the amounts among the answers are read back from the words that were sent."""
        return Economy.of(
            financing=self.financing,
            budget=self.budget,
            requested=_amount(danish.parse_money, self.answer("requested_amount")),
            stated=_amount(danish.parse_range, self.answer("budget")),
        )

    @property
    def on_behalf_text(self) -> str:
        return on_behalf(self.organization, is_confirmed=self.is_organization_confirmed)

    @property
    def authorities(self) -> tuple[ParticipantRow, ...]:
        """The kommuner and regioner that count for K1."""
        return tuple(row for row in self.participants if row.counts)

    @property
    def case_numbers(self) -> tuple[str, ...]:
        """The participants' own case numbers ("jeres sagsnr."), for journalising."""
        return tuple(row.case_number_text for row in self.participants if row.case_number)

    def answer(self, name: str) -> str:
        return next((a.text for a in self.answers if a.name == name), "")


_KEPT = "_participant_rows"


def keep_participants(
    proposal: Proposal, rows: tuple[ParticipantRow, ...], *, at: datetime
) -> None:
    """Keep what was read of the participants for whoever reads the same object again at the moment: pages that only show."""
    proposal.__dict__.setdefault(_KEPT, {})[at] = rows


def kept_participants(proposal: Proposal, *, at: datetime) -> tuple[ParticipantRow, ...]:
    """Give what was kept; nothing where nobody has."""
    rows: tuple[ParticipantRow, ...] = proposal.__dict__.get(_KEPT, {}).get(at, ())
    return rows


def counting_day(proposal: Proposal, at: datetime) -> date:
    """
    Give the day on which those who take part and give money must be legal entities, which is never before today.

    It is the first day of the period, and the meeting of its round while nobody has said when that is.
    """
    return max(danish.day_of(at), proposal.period_start or proposal.round.meeting_date)


def _answer(proposal: Proposal, question: Field) -> Answer:
    return Answer(
        question.name,
        question.label,
        SECTION_OF[question.name],
        question.kind,
        answer_text(proposal, question),
    )


def answer_text(proposal: Proposal, question: Field) -> str:
    """Write one answer as readers see it; empty when there is none."""
    values = [getattr(proposal, attribute) for attribute in question.attributes]
    value = values[0]
    if value is None or value == "":
        return ""
    text = str(value)
    match question.kind:
        case Kind.YES_NO:
            text = "Ja" if value else "Nej"
        case Kind.MONTH:
            text = danish.month_text(value)
        case Kind.MONEY:
            text = danish.money_text(value)
        case Kind.RANGE:
            text = danish.range_text(*values)
        case Kind.GOALS:
            text = "\n".join(f"- {GOAL_TEXT[number]}" for number in value)
    return text


def _amount(read: Callable[[str], Amount], text: str) -> Amount | None:
    return read(text) if text else None


def _with_amount(shape: type[Row], row: dict[str, Any]) -> Row:
    amount = row.get("amount")
    return shape(**{**row, "amount": None if amount is None else Decimal(amount)})

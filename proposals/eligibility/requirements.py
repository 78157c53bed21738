"""
The requirements ("krav") K1-K9 and what the program can say about each.

All are assessed, so that a person sees everything at once. Ids are stored and quoted, never reused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.answers.content import CONFIRMED, Content, FindingRow, ParticipantRow
from proposals.answers.sections import FIELDS, Field, Kind
from proposals.gates import deadlines
from proposals.line.lifecycle import Status
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from proposals.gates.models import Dispensation
    from proposals.line.models import Proposal

FLYER = "Klimaudviklingsspor i Klimaalliancen (flyer)"
RUS_FORM = "Projektforslag til RUS-puljen 2022/2023"


class Weight(StrEnum):
    MUST = "skal"
    SHOULD = "bør"


class State(StrEnum):
    MET = "met"
    MISSING = "missing"
    WARNING = "warning"
    JUDGED = "judged"


STATE_TEXT = {
    State.MET: "Opfyldt",
    State.MISSING: "Mangler",
    State.WARNING: "Bør overvejes",
    State.JUDGED: "Vurderes af DGO",
}


@dataclass(frozen=True)
class Check:
    """What a requirement is assessed on."""

    proposal: Proposal
    content: Content
    at: datetime
    leave: Sequence[Dispensation] | None = None
    """From deadlines of its round; read when it is asked, where it was not."""


Verdict = tuple[bool | None, str]
"""Whether it is met (None: a person judges) and one sentence: what is missing, or why it is met."""


@dataclass(frozen=True)
class Requirement:
    id: str
    text: str
    source: str
    """Document and heading."""
    weight: Weight
    section: str
    """Where to fix it: the slug of a section, or empty."""
    assess: Callable[[Check], Verdict]
    details: Callable[[Content], tuple[str, ...]] = lambda _: ()
    """More that a person must know of how it was judged, a sentence each."""
    questions: tuple[str, ...] = ()
    """The questions it is judged by, in so far as they must be answered."""

    def find(self, check: Check) -> Finding:
        return Finding(self, *self.assess(check), self.details(check.content))


@dataclass(frozen=True)
class Finding:
    requirement: Requirement
    is_met: bool | None
    message: str
    details: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        if self.is_met is None:
            return State.JUDGED
        if self.is_met:
            return State.MET
        return State.MISSING if self.requirement.weight == Weight.MUST else State.WARNING

    @property
    def section(self) -> str:
        return self.requirement.section

    def row(self) -> FindingRow:
        """Give what is frozen in a version."""
        return FindingRow(
            self.requirement.id,
            self.requirement.text,
            self.requirement.weight,
            self.state,
            self.message,
        )


def authorities(proposal: Proposal, counted: Sequence[ParticipantRow]) -> Verdict:
    """Assess K1 on the kommuner and regioner that count."""
    needed = proposal.round.min_authorities
    confirmed = sum(row.answer == CONFIRMED for row in counted)
    message = (
        f"{len(counted)} kommuner/regioner. Der skal være mindst {needed}."
        if len(counted) > needed
        else f"{len(counted)} af {needed} kommuner/regioner."
    )
    is_asked = proposal.round.requires_commitments
    if confirmed or is_asked:
        message += f" {confirmed} har bekræftet."
    if len(counted) < needed:
        missing = danish.count_text(
            needed - len(counted), "kommune eller region", "kommuner eller regioner"
        )
        return False, f"{message} Tilføj {missing}."
    if confirmed < needed and must_be_confirmed(proposal):
        missing = danish.count_text(needed - confirmed, "tilsagn", "tilsagn")
        return False, f"{message} Runden kræver tilsagn: der mangler {missing}."
    if confirmed < needed and is_asked:
        message += f" Runden kræver {needed} tilsagn ved fristen for {Gate.APPROVAL.label}."
    return True, message


def _uncounted(content: Content) -> tuple[str, ...]:
    return tuple(
        f"{row.name} ({row.kind}): {row.note}{f' {row.stand_in} kunne tælle med.' if row.stand_in else ''}"
        for row in content.participants
        if not row.counts
    )


def must_be_confirmed(proposal: Proposal) -> bool:
    """Say whether only participants that have confirmed are enough now: at the second gate, where the round says so."""
    return proposal.round.requires_commitments and proposal.status == Status.QUALIFIED


def _plan_needs(check: Check) -> Verdict:
    if not check.proposal.plan_needs.strip():
        return False, "Skriv, hvilken plan og hvilken handling sporet tager afsæt i."
    return None, "Beskrevet."


def _declared(flag: str, text: str, no: str) -> Callable[[Check], Verdict]:
    def assess(check: Check) -> Verdict:
        declared = getattr(check.proposal, flag)
        if declared is False:
            return False, no
        if declared is None:
            return False, f"Svar på: {FIELDS[flag].label}"
        if not getattr(check.proposal, text).strip():
            return False, f"Besvar: {FIELDS[text].label}"
        return None, "Oplyst og beskrevet."

    return assess


def _co_financing(check: Check) -> Verdict:
    # Zero is an answer: a line of 0 kr. says that it was considered.
    others = [line for line in check.content.financing if line.status != "requested"]
    if check.proposal.co_financing.strip() or others:
        return True, "Medfinansiering er overvejet."
    return False, "Skriv, hvordan I har overvejet medfinansiering."


def _in_time(check: Check) -> Verdict:
    proposal = check.proposal
    if proposal.status not in (Status.DRAFT, Status.QUALIFIED):
        return True, "Modtaget til tiden."
    gate = Gate.QUALIFICATION if proposal.status == Status.DRAFT else Gate.APPROVAL
    due_at = deadlines.due_at(proposal, gate)
    is_in_time = deadlines.is_in_time(due_at, at=check.at)
    verb = "er" if is_in_time else "var"
    said = [f"Fristen for {gate.label} {verb} {danish.datetime_text(due_at)}."]
    leave = check.leave
    if leave is None and (not is_in_time or gate == Gate.APPROVAL):
        leave = deadlines.leave_from(proposal)
    if leave:
        # Whoever judges reads here what was let in late, by whom and why.
        said += [leave_text(row) for row in leave]
        is_in_time = is_in_time or any(
            row.gate == gate and deadlines.is_in_time(row.until_at, at=check.at) for row in leave
        )
    return is_in_time, " ".join(said)


def leave_text(row: Dispensation) -> str:
    """Say who got leave from which deadline, until when and why."""
    return (
        f"Sekretariatet har givet {row.granted_to.name} dispensation fra fristen for {row.get_gate_display()} "
        f"til {danish.datetime_text(row.until_at)}. Begrundelse: {row.reason}"
    )


def _problem_owner(check: Check) -> Verdict:
    if any(row.is_problem_owner for row in check.content.participants):
        return True, "Problemejeren er angivet."
    return False, "Vælg rollen problemejer for mindst én deltager."


def _joining(check: Check) -> Verdict:
    if check.proposal.joining.strip():
        return True, "Beskrevet."
    return False, "Skriv, hvordan andre kan være med i sporet."


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        "K1",
        "Mindst tre kommuner eller regioner deltager",
        f"{FLYER}: Hvem kan være med?",
        Weight.MUST,
        "deltagere",
        lambda check: authorities(check.proposal, check.content.authorities),
        _uncounted,
    ),
    Requirement(
        "K2",
        "Sporet tager afsæt i behov og udfordringer i arbejdet med at realisere klimahandlingsplanerne",
        f"{FLYER}: Klimaudviklingsspor i Klimaalliancen",
        Weight.MUST,
        "klimahandlingsplaner",
        _plan_needs,
        questions=("plan_needs",),
    ),
    Requirement(
        "K3",
        "Sporet har et tydeligt udviklings-, test- eller demonstrationselement",
        f"{FLYER}: Klimaudviklingsspor i Klimaalliancen",
        Weight.MUST,
        "udviklingselement",
        _declared(
            "has_development",
            "development",
            "Et spor skal have et tydeligt udviklings-, test- eller demonstrationselement.",
        ),
        questions=("has_development", "development"),
    ),
    Requirement(
        "K4",
        "Sporet er ikke direkte implementering af kendte og velafprøvede løsninger",
        f"{FLYER}: Klimaudviklingsspor i Klimaalliancen",
        Weight.MUST,
        "udviklingselement",
        _declared(
            "is_beyond_known",
            "novelty",
            "Der gives ikke støtte til direkte implementering af kendte og velafprøvede løsninger.",
        ),
        questions=("is_beyond_known", "novelty"),
    ),
    Requirement(
        "K5",
        "Løsninger og viden er tilgængelige for alle interesserede kommuner og regioner",
        f"{FLYER}: Klimaudviklingsspor i Klimaalliancen",
        Weight.MUST,
        "udviklingselement",
        _declared(
            "is_open",
            "openness",
            "Løsninger og viden skal være tilgængelige for alle interesserede kommuner og regioner.",
        ),
        questions=("is_open", "openness"),
    ),
    Requirement(
        "K6",
        "Forslaget forholder sig til muligheder for medfinansiering",
        f"{FLYER}: Hvor mange midler er afsat?",
        Weight.SHOULD,
        "oekonomi",
        _co_financing,
    ),
    Requirement(
        "K7",
        "Forslaget er modtaget inden begge rundens frister",
        f"{FLYER}: Hvornår er der deadline?",
        Weight.MUST,
        "",
        _in_time,
    ),
    Requirement(
        "K8",
        "Problemejeren eller problemejerne er nævnt",
        f"{RUS_FORM}: Tiltag/handlinger i projektet",
        Weight.SHOULD,
        "deltagere",
        _problem_owner,
    ),
    Requirement(
        "K9",
        "Forslaget siger, hvordan andre kan være med",
        f"{FLYER}: Hvem kan være med?",
        Weight.SHOULD,
        "deltagere",
        _joining,
    ),
)


def assess(
    proposal: Proposal,
    *,
    at: datetime,
    content: Content | None = None,
    leave: Sequence[Dispensation] | None = None,
) -> tuple[Finding, ...]:
    """Assess every requirement on the live text, in order."""
    check = Check(proposal, content or Content.of(proposal, at=at), at, leave)
    return tuple(requirement.find(check) for requirement in REQUIREMENTS)


@dataclass(frozen=True)
class Remark:
    """What is worth a thought and stops nothing."""

    text: str
    section: str
    """Where to do something about it: the slug of a section."""


def remarks(proposal: Proposal, content: Content) -> tuple[Remark, ...]:
    """Give what the writers should think of before they send it: no queries."""
    found = []
    start, meeting = proposal.period_start, proposal.round.meeting_date
    if start and start < meeting:
        found.append(
            Remark(
                f"Projektet begynder i {danish.month_text(start)}, og forretningsudvalget tager først stilling på "
                f"mødet {danish.date_text(meeting)}. Overvej en senere start.",
                "periode",
            )
        )
    if content.participants and not any(row.is_lead for row in content.participants):
        found.append(Remark("Ingen af deltagerne er tovholder. Vælg en.", "deltagere"))
    return tuple(found)


def blocking(proposal: Proposal, findings: tuple[Finding, ...], gate: Gate) -> tuple[Finding, ...]:
    """
    Give the findings that stop a submission; time is the deadline check's business alone.

    What is missing only because a question has no answer is told once, among the `unanswered`.
    """
    if not blocks_at(proposal, gate):
        return ()
    return tuple(
        finding
        for finding in findings
        if finding.state == State.MISSING
        and finding.requirement.id != "K7"
        and not _is_asked(proposal, finding.requirement)
    )


def blocks_at(proposal: Proposal, gate: Gate) -> bool:
    """Say whether what must be met and is not stops a submission at the gate."""
    return gate != Gate.QUALIFICATION or proposal.round.is_first_gate_strict


def _is_asked(proposal: Proposal, requirement: Requirement) -> bool:
    if any(getattr(proposal, name) is False for name in requirement.questions):
        return False
    asked = {question.name for question in unanswered(proposal)}
    return not asked.isdisjoint(requirement.questions)


def unanswered(proposal: Proposal) -> tuple[Field, ...]:
    """Give the questions that must be answered before anything can be sent, and are not."""
    return tuple(
        question
        for question in FIELDS.values()
        if question.required and question.blocks and not is_answered(proposal, question)
    )


def is_answered(proposal: Proposal, question: Field) -> bool:
    """Say whether there is an answer; zero and no are answers."""
    if question.kind == Kind.DGO:
        return proposal.lead_dgo_id is not None
    value = getattr(proposal, question.attributes[0])
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value != []

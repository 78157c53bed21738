"""
Sending a proposal in, to qualification and to approval: checked, frozen as a version, moved, told.

Pressing twice, a stale page and two tabs give one submission.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish, sweeps
from klimaspor.accounts.models import Role, User
from klimaspor.refusals import AlreadyDone, Refused
from proposals.answers.content import Content
from proposals.eligibility import requirements as eligibility
from proposals.gates import deadlines
from proposals.line import behalf, impartiality
from proposals.line.functions import WRITER_FUNCTIONS, Function, Group
from proposals.line.lifecycle import Status, Transition
from proposals.line.mails import following
from proposals.line.models import Access, IllegalTransition, Proposal, Stale, Version
from proposals.participants.models import Commitment
from proposals.printing.models import VersionPaper
from proposals.reading import steps as reading
from proposals.rounds.models import Gate
from proposals.search import steps as search
from proposals.submission import mails

if TYPE_CHECKING:
    from datetime import datetime

    from proposals.answers.sections import Field
    from proposals.eligibility.requirements import Finding


class NotEligible(Refused):
    """The proposal does not meet what must be met at this gate. Carries everything at once."""

    def __init__(
        self, proposal: Proposal, findings: tuple[Finding, ...], unanswered: tuple[Field, ...]
    ) -> None:
        self.proposal, self.findings, self.unanswered = proposal, findings, unanswered
        parts = [f"{finding.requirement.id}: {finding.message}" for finding in findings]
        parts += [f"Besvar: {question.label}" for question in unanswered]
        super().__init__("Forslaget kan ikke indsendes endnu. " + " ".join(parts))


class AlreadySubmitted(AlreadyDone):
    """The same page was sent twice: here is what the first one gave."""

    def __init__(self, version: Version) -> None:
        self.version = version
        super().__init__(
            f"{version.proposal.number} er modtaget {danish.datetime_text(version.frozen_at)}."
        )


@transaction.atomic
def submit(*, proposal_pk: int, revision: int, by: User, at: datetime) -> Version:
    """
    Send to professional assessment ("faglig kvalificering"); `at` is when the server received it.

    :raises AlreadySubmitted:
    :raises Stale:
    :raises IllegalTransition:
    :raises DeadlinePassed:
    :raises NotEligible:
    """
    version = _send(Transition.SUBMIT, Gate.QUALIFICATION, proposal_pk, revision, by=by, at=at)
    dgo = version.proposal.lead_dgo
    _tell(version, User.objects.holding(Role.DGO_ADVISER, at=at, dgo=dgo), by, at)
    return version


@transaction.atomic
def submit_for_approval(*, proposal_pk: int, revision: int, by: User, at: datetime) -> Version:
    """
    Send the qualified proposal, as it reads now, to the approval procedure ("godkendelsesforløb").

    :raises AlreadySubmitted:
    :raises Stale:
    :raises IllegalTransition:
    :raises DeadlinePassed:
    :raises NotEligible:
    """
    version = _send(
        Transition.SUBMIT_FOR_APPROVAL, Gate.APPROVAL, proposal_pk, revision, by=by, at=at
    )
    _tell(version, User.objects.holding(Role.SECRETARIAT, at=at), by, at)
    return version


def _send(  # one page's worth of facts
    transition: Transition,
    gate: Gate,
    pk: int,
    revision: int,
    *,
    by: User,
    at: datetime,
) -> Version:
    proposal: Proposal = Proposal.objects.locked(pk)
    _refuse_stale(proposal, gate, revision)
    if proposal.status not in transition.sources:
        raise IllegalTransition(
            f"{proposal.number} {Status(proposal.status).state} og kan ikke indsendes nu."
        )
    deadlines.require(proposal, gate, by=by, at=at)
    behalf.claim_again(proposal, at=at)
    content = Content.of(proposal, at=at)
    findings = eligibility.assess(proposal, at=at, content=content)
    blocking = eligibility.blocking(proposal, findings, gate)
    unanswered = eligibility.unanswered(proposal)
    if blocking or unanswered:
        raise NotEligible(proposal, blocking, unanswered)
    version = freeze(
        proposal, replace(content, findings=tuple(f.row() for f in findings)), gate, by=by, at=at
    )
    if gate == Gate.QUALIFICATION:
        Access.objects.grant(proposal, Function.QUALIFY, dgo=proposal.lead_dgo, by=by, at=at)
    Access.objects.grant(proposal, Function.RECOMMEND, group=Group.SECRETARIAT, by=by, at=at)
    proposal.move(transition, by=by, at=at, version=version)
    reading.mark_own(proposal, version, by=by, at=at)
    return version


def freeze(proposal: Proposal, content: Content, gate: Gate, *, by: User, at: datetime) -> Version:
    """Keep what was sent, for ever, and ask for its PDF."""
    latest = proposal.versions.newest_first().first()
    version = Version.objects.create(
        proposal=proposal,
        number=latest.number + 1 if latest else 1,
        gate=gate,
        round=proposal.round,
        title=content.title,
        content=content.to_json(),
        sha256=content.sha256,
        frozen_at=at,
        frozen_by=by,
        answer_due_at=proposal.answer_due_at,
    )
    search.index([proposal.pk])
    VersionPaper.objects.create(version=version, requested_at=at)
    sweeps.nudge("proposals.tasks.build_papers")
    return version


def _refuse_stale(proposal: Proposal, gate: Gate, revision: int) -> None:
    if proposal.revision == revision:
        return
    sent = proposal.versions.at_gate(gate).newest_first().first()
    expected = Status.IN_QUALIFICATION if gate == Gate.QUALIFICATION else Status.IN_APPROVAL
    if sent and proposal.revision == revision + 1 and proposal.status == expected:
        raise AlreadySubmitted(sent)
    raise Stale(proposal)


def _tell(version: Version, staff: object, by: User, at: datetime) -> None:
    proposal = version.proposal
    people = list(staff)  # type: ignore[call-overload]  # a queryset of people, untyped by its manager
    impartiality.raise_ties(people, proposal, by=by, at=at)
    told = impartiality.impartial(people, proposal, at=at)
    held = proposal.accesses.current(at=at).filter(function__in=WRITER_FUNCTIONS)
    writers = User.objects.active().filter(pk__in=held.values("user_id"))
    given = _give_receipts(version, {*writers, proposal.owner, by}, at=at)
    why = following(proposal, without=[*told, *given], at=at)
    mails.submitted(version, [*told, *why], why=why, at=at)


def _give_receipts(version: Version, writers: set[User], *, at: datetime) -> set[User]:
    """Send the receipt to those who write, and to whoever has confirmed, and give them: each journals it under their own number."""
    proposal = version.proposal
    said = list(Commitment.objects.of_proposal(proposal).with_frame().listed())
    contacts = {c.contact for c in said if c.is_confirmed and c.contact and c.contact.is_active}

    def numbers(person: User) -> str:
        mine = [c for c in said if c.contact == person]
        if person in writers and proposal.organization_id:
            mine += [
                c
                for c in said
                if c.participant.organization_id == proposal.organization_id and c not in mine
            ]
        return danish.join_text([c.case_number for c in mine if c.case_number])

    people = writers | contacts
    mails.receipt(version, people, case_numbers={p.pk: numbers(p) for p in people}, at=at)
    return people

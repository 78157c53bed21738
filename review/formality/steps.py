"""The formal check ("formel kontrol"): the requirements, what the program found, and what a person says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish, seen
from klimaspor.refusals import Missing
from proposals.answers.content import Content, FindingRow
from proposals.drafting.returns import keep_reasons, tidy_reasons
from proposals.eligibility.requirements import REQUIREMENTS, Requirement, State, Weight
from proposals.line import impartiality
from proposals.line.lifecycle import Status, Transition
from proposals.line.models import Duty, Event, Proposal, Version
from proposals.line.steps import day_end, hold, require_status, term
from proposals.rounds.models import Gate
from review.formality import mails
from review.formality.models import FormalAnswer, FormalCheck
from review.formality.seen import answers as earlier_answers
from review.formality.seen import shown_answers, shown_check

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from klimaspor.accounts.models import User
    from klimaspor.seen import Base

IS_MET = {State.MET: True, State.MISSING: False, State.WARNING: False, State.JUDGED: None}


@dataclass(frozen=True)
class Judgement:
    """One requirement of the version that was sent: the program's finding and a person's answer."""

    requirement: Requirement
    finding: FindingRow | None
    answer: FormalAnswer | None

    @property
    def found(self) -> bool | None:
        """What the program says; None when it cannot tell."""
        return IS_MET[State(self.finding.state)] if self.finding else None

    @property
    def is_met(self) -> bool | None:
        """What holds: a person's answer before the program's; None when nobody has said."""
        if self.answer is not None and self.answer.is_met is not None:
            return self.answer.is_met
        return self.found

    @property
    def is_must(self) -> bool:
        return self.requirement.weight == Weight.MUST

    @property
    def is_blocking(self) -> bool:
        return self.is_must and self.is_met is not True


def sent_version(proposal: Proposal) -> Version | None:
    """Give what was sent to approval last; read once, since sending moves the proposal."""
    known: dict[int, Version | None] = proposal.__dict__.setdefault("_sent", {})
    if proposal.revision not in known:
        sent = proposal.versions.at_gate(Gate.APPROVAL).newest_first()
        known[proposal.revision] = sent.first()
    return known[proposal.revision]


def judgements(proposal: Proposal) -> tuple[Judgement, ...]:
    """Put finding and answer beside each requirement, for what was sent to approval last; empty before that."""
    version = sent_version(proposal)
    return judgements_of(version) if version else ()


def judgements_of(version: Version) -> tuple[Judgement, ...]:
    """The same for one version, which need not be the last."""
    return judged(version, check_of(version))


def check_of(version: Version) -> FormalCheck | None:
    """Give what has been answered about a version, with the answers."""
    check: FormalCheck | None = FormalCheck.objects.with_answers().filter(version=version).first()
    return check


def earlier_check(proposal: Proposal, version: Version | None) -> FormalCheck | None:
    """Give what was answered about the version before, until the one that was sent since has answers of its own."""
    checks = FormalCheck.objects.with_answers().filter(proposal=proposal)
    found: FormalCheck | None = checks.order_by("-version__number", "-pk").first()
    return found if found and found.version_id != (version and version.pk) else None


@transaction.atomic
def save_answers(
    *,
    proposal_pk: int,
    answers: Mapping[str, tuple[bool | None, str]],
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> FormalCheck:
    """
    Keep a person's answers, (is met, note) by requirement; those not named are left alone.

    :raises Changed: somebody else has answered the same since `bases`, or what was sent is another version.
    :raises Missing: an answer says otherwise than the program and does not say why; by requirement.
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    require_status(proposal, Status.IN_APPROVAL, act="Kontrollér krav")
    impartiality.require(by, proposal, at=at)
    version = sent_version(proposal)
    if version is None:
        raise LookupError(f"{proposal.number} is in approval without a version")
    earlier = check_of(version)
    typed = shown_answers(version, {**earlier_answers(earlier), **answers})
    names = seen.touched(bases, shown_check(version, earlier), typed, reader=by)
    check: FormalCheck
    check, _ = FormalCheck.objects.get_or_create(version=version, defaults={"proposal": proposal})
    found = {j.requirement.id: j.found for j in judged(version, None)}
    errors = {}
    for requirement_id, (is_met, note) in answers.items():
        if requirement_id not in found:
            raise LookupError(requirement_id)
        if requirement_id not in names:
            continue
        if is_met is not None and found[requirement_id] is (not is_met) and not note.strip():
            errors[requirement_id] = (
                f"Skriv ved {requirement_id}, hvorfor du er uenig i portalens kontrol"
            )
            continue
        FormalAnswer.objects.update_or_create(
            check_of=check,
            requirement=requirement_id,
            defaults={"is_met": is_met, "note": note.strip()},
        )
    if errors:
        raise Missing(errors)
    check = FormalCheck.objects.with_answers().get(pk=check.pk)
    is_done = all(j.is_met is not None for j in judged(version, check) if j.is_must)
    check.checked_at = at if is_done else None
    check.checked_by = by if is_done else None
    check.save(update_fields=["checked_at", "checked_by"])
    Duty.objects.settle(proposal.pk, by=by, at=at)
    return check


@transaction.atomic
def request_completion(
    *,
    proposal_pk: int,
    revision: int,
    reasons: Mapping[str, str],
    answer_date: date | None,
    by: User,
    at: datetime,
) -> Event:
    """
    Send the proposal back to be completed by a date, with what is missing by section.

    :raises Missing: reasons or answer_date.
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = hold(proposal_pk, Transition.REQUEST_COMPLETION, revision=revision)
    impartiality.require(by, proposal, at=at)
    errors = {}
    if not tidy_reasons(reasons):
        errors["reasons"] = "Skriv, hvad der mangler, i mindst ét afsnit"
    latest_at = day_end(proposal.round.meeting_date)
    answer_due_at = term(answer_date, latest_at=latest_at)
    if answer_due_at is None or answer_due_at <= at:
        errors["answer_date"] = (
            f"Vælg en dato fra i dag til mødet {danish.date_text(proposal.round.meeting_date)}"
            if at < latest_at
            else "Rundens møde er holdt. Flyt forslaget til en anden runde i stedet"
        )
    if errors:
        raise Missing(errors)
    event = proposal.move(
        Transition.REQUEST_COMPLETION,
        by=by,
        at=at,
        answer_due_at=answer_due_at,
        version=sent_version(proposal),
    )
    keep_reasons(event, reasons)
    mails.completion_requested(proposal, event, at=at)
    return event


@transaction.atomic
def refuse(*, proposal_pk: int, revision: int, reason: str, by: User, at: datetime) -> Event:
    """
    End the line, because the proposal is not what may be proposed ("afvist på formalia").

    :raises Missing: reason.
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = hold(proposal_pk, Transition.REFUSE, revision=revision)
    impartiality.require(by, proposal, at=at)
    if not reason.strip():
        raise Missing({"reason": "Skriv, hvilke krav forslaget ikke opfylder, og hvorfor"})
    event = proposal.move(Transition.REFUSE, by=by, at=at, reason=reason.strip())
    mails.refused(proposal, event, at=at)
    return event


@transaction.atomic
def reopen(*, proposal_pk: int, revision: int, reason: str, by: User, at: datetime) -> Event:
    """
    Take a refused proposal up again.

    :raises Missing: reason.
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = hold(proposal_pk, Transition.REOPEN, revision=revision)
    impartiality.require(by, proposal, at=at)
    if not reason.strip():
        raise Missing({"reason": "Skriv, hvorfor forslaget genoptages"})
    event = proposal.move(Transition.REOPEN, by=by, at=at, reason=reason.strip())
    mails.reopened(proposal, event, at=at)
    return event


def judged(version: Version, check: FormalCheck | None) -> tuple[Judgement, ...]:
    """The same with what has been read already."""
    findings = {row.id: row for row in Content.of_version(version).findings}
    answers = {a.requirement: a for a in check.answers.all()} if check else {}
    return tuple(
        Judgement(requirement, findings.get(requirement.id), answers.get(requirement.id))
        for requirement in REQUIREMENTS
    )

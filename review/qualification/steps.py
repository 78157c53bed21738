"""
The professional assessment ("faglig kvalificering"): a statement about each criterion, and an outcome.

The proposer may go on in each case. Where the DGO is silent, the secretariat completes or waives it with a reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish, seen
from klimaspor.refusals import AlreadyDone, Missing, Refused
from proposals.drafting.returns import keep_reasons, tidy_reasons
from proposals.line import impartiality
from proposals.line.lifecycle import Status, Transition
from proposals.line.models import Event, Proposal, Version
from proposals.line.steps import hold, require_status, term
from proposals.rounds.models import Gate
from review.criteria.models import Criterion
from review.qualification import mails
from review.qualification.models import Outcome, Qualification, Statement
from review.qualification.seen import (
    OUTCOME,
    SUMMARY,
    shown_qualification,
    shown_reply,
    shown_words,
    statement_name,
)
from review.qualification.seen import statements as stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from klimaspor.accounts.models import User
    from klimaspor.seen import Base, Shown

WRITABLE_OUTCOMES = (Outcome.RECOMMENDED, Outcome.WITH_REMARKS, Outcome.NOT_RECOMMENDED)
REPLY_STATUSES = (Status.QUALIFIED, Status.IN_APPROVAL, Status.RECOMMENDED)
"""Until the papers are frozen, the proposer may answer what the assessment says (forvaltningsloven § 19)."""
NEWER_VERSION = "Forslaget er sendt i en ny version. Åbn kvalificeringen igen"


class AlreadyCompleted(AlreadyDone):
    """The assessment has been given and stands."""


class HandedOver(Refused):
    """Another DGO was given the proposal while an adviser of this one acted."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(
            f"{proposal.number} er givet videre til {proposal.lead_dgo}, så du kan ikke skrive om det mere. "
            "Det, der var gemt, er fulgt med."
        )


@transaction.atomic
def begin(*, proposal_pk: int, by: User, at: datetime) -> Qualification:
    """
    Open the assessment of what was sent last, or find the one that is open.

    :raises IllegalTransition:
    :raises HandedOver:
    :raises NotImpartial:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    require_status(proposal, Status.IN_QUALIFICATION, act="Kvalificér")
    _require_own(by, proposal, at=at)
    return _open(proposal)


@transaction.atomic
def assign(*, qualification_pk: int, to_user: User | None, by: User, at: datetime) -> Qualification:
    """
    Say which of the DGO's advisers has it; the others may still act.

    :raises Missing: the person is no adviser of the DGO.
    :raises HandedOver:
    :raises NotImpartial: of the one who is given it, too.
    """
    qualification = _locked(qualification_pk)
    proposal = qualification.proposal
    _require_own(by, proposal, at=at)
    if to_user is not None:
        if qualification.dgo_id not in to_user.duties_at(at).dgo_ids:
            raise Missing({"to_user": "Vælg en rådgiver i den DGO, der kvalificerer forslaget"})
        impartiality.require(to_user, proposal, at=at)
    qualification.assigned_to = to_user
    qualification.save(update_fields=["assigned_to"])
    return qualification


@transaction.atomic
def save(
    *,
    qualification_pk: int,
    bases: Mapping[str, Base] | None = None,
    outcome: str,
    summary: str,
    statements: Mapping[int, str],
    by: User,
    at: datetime,
) -> Qualification:
    """
    Keep what is written so far; `statements` by criterion, and those it does not name are left alone.

    :raises Changed: somebody else has written in a field that was touched since `bases`; nothing is written.
    :raises Missing: a newer version has been sent.
    :raises AlreadyCompleted:
    :raises IllegalTransition:
    :raises HandedOver:
    :raises NotImpartial:
    """
    qualification = _locked(qualification_pk)
    _require_own(by, qualification.proposal, at=at)
    typed = _typed(qualification, outcome, summary, statements)
    now = shown_qualification(qualification)
    names = seen.touched(bases, now, typed, reader=by)
    if any(typed.base_of(name) != now.base_of(name) for name in names):
        _write(
            qualification,
            outcome=outcome if OUTCOME in names else qualification.outcome,
            summary=summary if SUMMARY in names else qualification.summary,
            statements={
                one.pk: statements[one.pk]
                for one in _criteria(qualification)
                if one.pk in statements and statement_name(one) in names
            },
            by=by,
            at=at,
        )
    return qualification


@transaction.atomic
def complete(
    *, qualification_pk: int, revision: int, base: Base | None = None, by: User, at: datetime
) -> Qualification:
    """
    Give the assessment; `revision` is the proposal's.

    :raises Reread: it says something else than what the last look showed.
    :raises Missing: outcome or summary.
    :raises AlreadyCompleted:
    :raises Stale:
    :raises IllegalTransition:
    :raises HandedOver:
    :raises NotImpartial:
    """
    proposal_pk = Qualification.objects.get(pk=qualification_pk).proposal_id
    proposal = _hold_for_statement(proposal_pk, revision)
    _require_own(by, proposal, at=at)
    qualification = _open(proposal)
    if qualification.pk != qualification_pk:
        raise Missing({"summary": NEWER_VERSION})
    seen.require_read("Udtalelsen", base, shown_qualification(qualification))
    _give(qualification, proposal, by=by, at=at)
    return qualification


@transaction.atomic
def return_for_changes(
    *,
    proposal_pk: int,
    revision: int,
    reasons: Mapping[str, str],
    answer_date: date | None,
    by: User,
    at: datetime,
) -> Event:
    """
    Send the proposal back with wishes by section, and a date it must be back by: no later than the second deadline.

    :raises Missing: reasons or answer_date.
    :raises Stale:
    :raises IllegalTransition:
    :raises HandedOver:
    :raises NotImpartial:
    """
    proposal = hold(proposal_pk, Transition.RETURN_FOR_CHANGES, revision=revision)
    _require_own(by, proposal, at=at)
    errors = {}
    if not tidy_reasons(reasons):
        errors["reasons"] = "Skriv, hvad der skal ændres, i mindst ét afsnit"
    answer_due_at = term(answer_date, latest_at=latest_answer_at(proposal, at=at))
    if answer_due_at is None or answer_due_at <= at:
        latest_at = latest_answer_at(proposal, at=at)
        errors["answer_date"] = (
            f"Vælg en dato fra i dag til {danish.date_text(danish.day_of(latest_at))}"
            if at < latest_at
            else "Anden frist er passeret, så forslaget kan ikke sendes tilbage. Afgiv udtalelsen, "
            "eller bed sekretariatet om at give dispensation"
        )
    if errors:
        raise Missing(errors)
    event = proposal.move(
        Transition.RETURN_FOR_CHANGES,
        by=by,
        at=at,
        answer_due_at=answer_due_at,
        version=_latest_version(proposal),
    )
    keep_reasons(event, reasons)
    mails.returned(proposal, event, at=at)
    return event


def latest_answer_at(proposal: Proposal, *, at: datetime) -> datetime:
    """Give the latest moment a return may set: the second deadline, or the end of a dispensation from it."""
    granted = proposal.dispensations.in_force(Gate.APPROVAL, at=at)
    return max([proposal.round.approval_deadline_at, *(row.until_at for row in granted)])


@transaction.atomic
def complete_for_dgo(
    *,
    proposal_pk: int,
    revision: int,
    outcome: str,
    summary: str,
    statements: Mapping[int, str],
    reason: str,
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> Qualification:
    """
    Give the assessment in the DGO's place, with the reason why.

    :raises Changed: the DGO has written since `bases`, wherever it was.
    :raises Missing: outcome, summary or reason.
    :raises AlreadyCompleted:
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = _hold_for_statement(proposal_pk, revision)
    impartiality.require(by, proposal, at=at)
    if not reason.strip():
        raise Missing({"reason": "Skriv, hvorfor sekretariatet afgiver udtalelsen"})
    qualification = _open(proposal)
    typed = _typed(qualification, outcome, summary, statements)
    seen.require(bases, shown_qualification(qualification), typed, reader=by)
    _write(qualification, outcome=outcome, summary=summary, statements=statements, by=by, at=at)
    _give(qualification, proposal, by=by, at=at, secretariat_reason=reason.strip())
    return qualification


@transaction.atomic
def waive(*, proposal_pk: int, revision: int, reason: str, by: User, at: datetime) -> Qualification:
    """
    Let the proposal go on without an assessment, with the reason why.

    :raises Missing: reason.
    :raises AlreadyCompleted:
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = _hold_for_statement(proposal_pk, revision)
    impartiality.require(by, proposal, at=at)
    if not reason.strip():
        raise Missing({"reason": "Skriv, hvorfor den faglige kvalificering frafaldes"})
    qualification = _open(proposal)
    qualification.outcome = Outcome.WAIVED
    _give(qualification, proposal, by=by, at=at, secretariat_reason=reason.strip())
    return qualification


@transaction.atomic
def reply(
    *,
    proposal_pk: int,
    text: str,
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> Qualification:
    """
    Answer the assessment on the proposer's behalf; the answer goes with it to the committee.

    :raises Changed: a co-writer has answered since `bases`.
    :raises Missing: text.
    :raises IllegalTransition:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    require_status(proposal, *REPLY_STATUSES, act="Svar på udtalelsen")
    if not text.strip():
        raise Missing({"text": "Skriv dit svar på udtalelsen"})
    qualification: Qualification | None = proposal.qualifications.completed().newest_first().first()
    if qualification is None:
        raise Missing({"text": "Der er ingen udtalelse at svare på"})
    if qualification.reply == text.strip():
        return qualification
    stands = shown_reply(qualification)
    qualification.reply = text.strip()
    seen.touched(bases, stands, shown_reply(qualification), reader=by)
    qualification.replied_at = at
    qualification.replied_by = by
    qualification.save(update_fields=["reply", "replied_at", "replied_by"])
    Event.objects.create(proposal=proposal, transition="replied", at=at, by=by)
    mails.replied(proposal, qualification, at=at)
    return qualification


def reopen(proposal: Proposal) -> None:
    """Take back the assessment of a locked proposal, because somebody pressed by mistake; what it says is kept."""
    qualification = proposal.qualifications.completed().newest_first().first()
    if qualification is None:
        return
    if qualification.outcome == Outcome.WAIVED:
        qualification.outcome = ""
    qualification.completed_at = None
    qualification.completed_by = None
    qualification.is_by_secretariat = False
    qualification.secretariat_reason = ""
    qualification.save(
        update_fields=[
            "outcome",
            "completed_at",
            "completed_by",
            "is_by_secretariat",
            "secretariat_reason",
        ]
    )


def _require_own(by: User, proposal: Proposal, *, at: datetime) -> None:
    """
    Refuse whoever is tied, or no longer of the DGO that has the held proposal.

    :raises HandedOver:
    :raises NotImpartial:
    """
    impartiality.require(by, proposal, at=at)
    if proposal.lead_dgo_id not in by.duties_at(at).dgo_ids:
        raise HandedOver(proposal)


def _hold_for_statement(proposal_pk: int, revision: int) -> Proposal:
    try:
        return hold(proposal_pk, Transition.QUALIFY, revision=revision)
    except AlreadyDone:
        raise AlreadyCompleted("Udtalelsen er allerede afgivet.") from None


def _locked(qualification_pk: int) -> Qualification:
    """Read an open assessment and hold its proposal."""
    proposal_pk = Qualification.objects.get(pk=qualification_pk).proposal_id
    proposal = Proposal.objects.locked(proposal_pk)
    qualification: Qualification = Qualification.objects.get(pk=qualification_pk)
    qualification.proposal = proposal
    if qualification.completed_at:
        raise AlreadyCompleted("Udtalelsen er allerede afgivet.")
    require_status(proposal, Status.IN_QUALIFICATION, act="Kvalificér")
    if qualification.version_id != _latest_version(proposal).pk:
        raise Missing({"summary": NEWER_VERSION})
    _follow(qualification, proposal)
    return qualification


def _latest_version(proposal: Proposal) -> Version:
    version: Version = proposal.versions.at_gate(Gate.QUALIFICATION).newest_first()[0]
    return version


def _open(proposal: Proposal) -> Qualification:
    """Find or make the assessment of the latest version; what an unfinished one said before a return is copied."""
    earlier = proposal.qualifications.open().newest_first().first()
    qualification, is_new = Qualification.objects.get_or_create(
        version=_latest_version(proposal),
        defaults={"proposal": proposal, "dgo": proposal.lead_dgo},
    )
    qualification.proposal = proposal
    if is_new and earlier:
        qualification.summary = earlier.summary
        qualification.assigned_to = earlier.assigned_to
        qualification.save(update_fields=["summary", "assigned_to"])
        # In another round the criteria are other rows; what was said goes on under the same code.
        criteria = {c.code: c for c in Criterion.objects.of_round(proposal.round).listed()}
        Statement.objects.bulk_create(
            Statement(
                qualification=qualification,
                criterion=criteria[said.criterion.code],
                text=said.text,
            )
            for said in earlier.statements.select_related("criterion")
            if said.criterion.code in criteria
        )
    _follow(qualification, proposal)
    return qualification


def _follow(qualification: Qualification, proposal: Proposal) -> None:
    """Let what is written be the DGO's that has the proposal now, of whose advisers nobody has it yet."""
    if qualification.dgo_id != proposal.lead_dgo_id:
        qualification.dgo = proposal.lead_dgo
        qualification.assigned_to = None
        qualification.save(update_fields=["dgo", "assigned_to"])


def _typed(
    qualification: Qualification, outcome: str, summary: str, statements: Mapping[int, str]
) -> Shown:
    """
    Show what came, in the words of what stands.

    :raises Missing: outcome.
    """
    if outcome and outcome not in WRITABLE_OUTCOMES:
        raise Missing({"outcome": "Vælg et udfald"})
    return shown_words(
        qualification,
        outcome=outcome,
        summary=summary,
        statements={**stated(qualification), **statements},
    )


def _criteria(qualification: Qualification) -> Iterable[Criterion]:
    return Criterion.objects.of_round(qualification.proposal.round_id).listed()


def _write(
    qualification: Qualification,
    *,
    outcome: str,
    summary: str,
    statements: Mapping[int, str],
    by: User,
    at: datetime,
) -> None:
    qualification.outcome = outcome
    qualification.summary = summary.strip()
    qualification.revision += 1
    qualification.edited_at = at
    qualification.edited_by = by
    qualification.save(update_fields=["outcome", "summary", "revision", "edited_at", "edited_by"])
    for criterion in _criteria(qualification):
        if criterion.pk not in statements:
            continue
        text = statements[criterion.pk].strip()
        if text:
            Statement.objects.update_or_create(
                qualification=qualification, criterion=criterion, defaults={"text": text}
            )
        else:
            Statement.objects.filter(qualification=qualification, criterion=criterion).delete()


def _give(
    qualification: Qualification,
    proposal: Proposal,
    *,
    by: User,
    at: datetime,
    secretariat_reason: str = "",
) -> None:
    errors = {}
    if not qualification.outcome:
        errors["outcome"] = "Vælg et udfald"
    if not qualification.summary and qualification.outcome != Outcome.WAIVED:
        errors["summary"] = "Skriv en samlet udtalelse"
    if errors:
        raise Missing(errors)
    qualification.completed_at = at
    qualification.completed_by = by
    qualification.is_by_secretariat = bool(secretariat_reason)
    qualification.secretariat_reason = secretariat_reason
    qualification.save(
        update_fields=[
            "outcome",
            "completed_at",
            "completed_by",
            "is_by_secretariat",
            "secretariat_reason",
        ]
    )
    event = proposal.move(
        Transition.QUALIFY,
        by=by,
        at=at,
        version=qualification.version,
        reason=secretariat_reason,
        note=Outcome(qualification.outcome).label,
    )
    mails.qualified(proposal, qualification, event, at=at)

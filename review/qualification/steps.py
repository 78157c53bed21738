"""
The professional assessment ("faglig kvalificering"): a statement about each criterion, and an outcome.

The proposer may go on in each case. Where the DGO is silent, the secretariat completes or waives it with a reason. What is
given stands: it is changed by another one that says why, until the papers of the meeting are out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish, seen
from klimaspor.refusals import AlreadyDone, Missing, Refused
from proposals.drafting.returns import keep_reasons, tidy_reasons
from proposals.line import impartiality
from proposals.line.lifecycle import Status, Transition
from proposals.line.models import Event, Proposal, Version
from proposals.line.steps import day_end, hold, require_status, term
from proposals.reading import steps as reading
from proposals.rounds.models import Gate
from review.criteria.models import Criterion
from review.qualification import holding, mails
from review.qualification.models import CoSignature, Outcome, Qualification, Statement
from review.qualification.seen import (
    Words,
    criteria_of,
    forget_read,
    shown_qualification,
    shown_reply,
    shown_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from klimaspor.accounts.models import User
    from klimaspor.seen import Base
    from proposals.line.standing import Standing

WRITTEN = ("outcome", "summary", "tested", "known", "revision", "edited_at", "edited_by")
CARRIED_ON = ("summary", "tested", "known", "assigned_to")
"""What an unfinished assessment hands to that of the next version."""
GIVEN = (
    "outcome",
    "completed_at",
    "completed_by",
    "is_by_secretariat",
    "secretariat_reason",
    "reply_due_at",
)
WRITABLE_OUTCOMES = (Outcome.RECOMMENDED, Outcome.WITH_REMARKS, Outcome.NOT_RECOMMENDED)
REPLY_STATUSES = (Status.QUALIFIED, Status.IN_APPROVAL, Status.RECOMMENDED)
"""Until the papers are frozen, the proposer may answer what the assessment says (forvaltningsloven § 19)."""
ANYWAY = "Afgiv alligevel"
NEWER_VERSION = "Forslaget er sendt i en ny version. Åbn kvalificeringen igen"


class AlreadyCompleted(AlreadyDone):
    """The assessment has been given and stands."""


class OwnWords(Refused):
    """Nobody signs as the second what is their own, or what nobody has written."""

    def __init__(self, *, is_written: bool) -> None:
        super().__init__(
            "Du har selv skrevet udtalelsen sidst. Bed en anden rådgiver eller sekretariatet om at medunderskrive."
            if is_written
            else "Der er ikke skrevet noget i udtalelsen endnu. Vent med at medunderskrive, til den er skrevet."
        )


class CriteriaEmpty(Refused):
    """Nothing is said about some criteria: whoever gives the assessment is asked first."""

    def __init__(self, criteria: Iterable[Criterion]) -> None:
        self.criteria = tuple(criteria)
        names = danish.join_text([str(one) for one in self.criteria])
        super().__init__(
            f"Der er ikke skrevet noget om {names}. Udfyld det, der mangler, eller tryk på {ANYWAY}."
        )


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
    qualification = _open(proposal)
    _take(qualification, by=by, at=at)
    return qualification


@transaction.atomic
def save(
    *,
    qualification_pk: int,
    bases: Mapping[str, Base] | None = None,
    words: Words,
    by: User,
    at: datetime,
) -> Qualification:
    """
    Keep what is written so far; the criteria that `words` do not name are left alone.

    :raises Changed: somebody else has written in a field that was touched since `bases`; nothing is written.
    :raises Missing: a newer version has been sent.
    :raises AlreadyCompleted:
    :raises IllegalTransition:
    :raises HandedOver:
    :raises NotImpartial:
    """
    qualification = _locked(qualification_pk)
    _require_own(by, qualification.proposal, at=at)
    stands = Words.of(qualification)
    typed_words = _typed(words).over(stands)
    typed = shown_words(qualification, typed_words)
    now = shown_qualification(qualification)
    names = seen.touched(bases, now, typed, reader=by)
    if any(typed.base_of(name) != now.base_of(name) for name in names):
        _take(qualification, by=by, at=at)
        _write(qualification, typed_words.but(stands, names), by=by, at=at)
    return qualification


@transaction.atomic
def complete(
    *,
    qualification_pk: int,
    revision: int,
    base: Base | None = None,
    anyway: bool = False,
    by: User,
    at: datetime,
) -> Qualification:
    """
    Give the assessment; `revision` is the proposal's, and `anyway` says that criteria may be left empty.

    :raises Reread: it says something else than what the last look showed.
    :raises Missing: outcome or summary.
    :raises CriteriaEmpty:
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
    _take(qualification, by=by, at=at)
    _give(qualification, proposal, anyway=anyway, by=by, at=at)
    reading.mark_own(proposal, qualification.version, by=by, at=at)
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
    version = _latest_version(proposal)
    _take(_open(proposal), by=by, at=at)
    event = proposal.move(
        Transition.RETURN_FOR_CHANGES, by=by, at=at, answer_due_at=answer_due_at, version=version
    )
    keep_reasons(event, reasons)
    reading.mark_own(proposal, version, by=by, at=at)
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
    words: Words,
    reason: str,
    bases: Mapping[str, Base] | None = None,
    anyway: bool = False,
    by: User,
    at: datetime,
) -> Qualification:
    """
    Give the assessment in the DGO's place, with the reason why.

    :raises Changed: the DGO has written since `bases`, wherever it was.
    :raises Missing: outcome, summary or reason.
    :raises CriteriaEmpty:
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
    words = _typed(words).over(Words.of(qualification))
    typed = shown_words(qualification, words)
    seen.require(bases, shown_qualification(qualification), typed, reader=by)
    _write(qualification, words, by=by, at=at)
    _give(
        qualification,
        proposal,
        anyway=anyway,
        by=by,
        at=at,
        secretariat_reason=reason.strip(),
    )
    reading.mark_own(proposal, qualification.version, by=by, at=at)
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
    _give(qualification, proposal, anyway=True, by=by, at=at, secretariat_reason=reason.strip())
    return qualification


@transaction.atomic
def cosign(
    *, qualification_pk: int, base: Base | None = None, by: User, at: datetime
) -> CoSignature:
    """
    Put one's name under what somebody else has written, before it is given.

    :raises Reread: it says something else than what the last look showed.
    :raises OwnWords:
    :raises Missing: a newer version has been sent.
    :raises AlreadyCompleted:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    qualification = _locked(qualification_pk)
    impartiality.require(by, qualification.proposal, at=at)
    if qualification.edited_by_id in (None, by.pk):
        raise OwnWords(is_written=qualification.edited_by_id is not None)
    if qualification.cosignatures.standing().filter(signed_by=by).exists():
        raise AlreadyDone("Du har allerede medunderskrevet.")
    seen.require_read("Udtalelsen", base, shown_qualification(qualification))
    signed, _ = CoSignature.objects.update_or_create(
        qualification=qualification,
        signed_by=by,
        defaults={"signed_at": at, "lapsed_at": None},
    )
    return signed


@transaction.atomic
def take_back_signature(*, qualification_pk: int, by: User, at: datetime) -> None:
    """
    Take one's name off again, while the assessment is not given.

    :raises Missing: a newer version has been sent.
    :raises AlreadyCompleted:
    :raises IllegalTransition:
    """
    qualification = _locked(qualification_pk)
    qualification.cosignatures.filter(signed_by=by).delete()


@transaction.atomic
def amend(
    *,
    proposal_pk: int,
    words: Words,
    reason: str,
    bases: Mapping[str, Base] | None = None,
    anyway: bool = False,
    by: User,
    at: datetime,
) -> Qualification:
    """
    Give another assessment in place of the one that stands, with the reason why; the first stays readable.

    It is judged by the same criteria in the same words, whatever they are called since.

    :raises Changed: another one has been given since `bases`.
    :raises Missing: outcome, summary, reason or a change.
    :raises CriteriaEmpty:
    :raises IllegalTransition: the papers of the meeting are out.
    :raises NotImpartial:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    require_status(proposal, *REPLY_STATUSES, act="Ændr udtalelsen")
    impartiality.require(by, proposal, at=at)
    given = standing_assessment(proposal)
    if given is None or given.outcome == Outcome.WAIVED:
        raise Missing({"summary": "Der er ingen udtalelse at ændre"})
    if not reason.strip():
        raise Missing({"reason": "Skriv, hvorfor udtalelsen ændres"})
    stands = Words.of(given)
    words = _typed(words).over(stands)
    now, typed = shown_qualification(given), shown_words(given, words)
    seen.require(bases, now, typed, reader=by)
    if typed.base == now.base:
        raise Missing({"summary": "Der er ikke ændret noget i udtalelsen"})
    criteria = criteria_of(given)
    amendment = Qualification(
        proposal=proposal,
        version=given.version,
        # Whoever has the proposal now signs it.
        dgo=given.dgo if given.is_by_secretariat else proposal.lead_dgo,
        assigned_to_id=given.assigned_to_id,
        amends=given,
        amendment_reason=reason.strip(),
        outcome=words.outcome,
        summary=words.summary.strip(),
        tested=words.tested.strip(),
        known=words.known.strip(),
        edited_at=at,
        edited_by=by,
        is_by_secretariat=given.is_by_secretariat,
        secretariat_reason=given.secretariat_reason,
    )
    _require_whole(amendment)
    _require_said(words, criteria, anyway=anyway)
    amendment.completed_at = at
    amendment.completed_by = by
    amendment.reply_due_at = reply_due_at(proposal, at=at)
    amendment.save(force_insert=True)
    Statement.objects.bulk_create(
        Statement(
            qualification=amendment,
            criterion_id=one.pk,
            judgment=words.judgments.get(one.pk, ""),
            text=words.statements.get(one.pk, "").strip(),
            code=one.code,
            title=one.title,
            guidance=one.text,
        )
        for one in criteria
    )
    event = Event.objects.create(
        proposal=proposal,
        transition="amended",
        at=at,
        by=by,
        reason=reason.strip(),
        note=Outcome(amendment.outcome).label,
        version=given.version,
    )
    mails.amended(proposal, amendment, event, at=at)
    return amendment


def may_amend(standing: Standing, given: Qualification) -> bool:
    """Say whether the person is of those who gave it, the DGO or the secretariat in its place."""
    if given.outcome == Outcome.WAIVED:
        return False
    return standing.may_recommend if given.is_by_secretariat else standing.may_qualify


def standing_assessment(proposal: Proposal) -> Qualification | None:
    """Give the assessment that was given last, with all it says."""
    given: Qualification | None = proposal.qualifications.standing().with_statements().first()
    return given


def reply_due_at(proposal: Proposal, *, at: datetime) -> datetime:
    """
    Give until when the proposer is asked to answer what is given now: the round's working days, and no later than the second deadline.

    Past that deadline the day before the meeting takes its place, which is the last on which an answer can be read.
    """
    wished = day_end(danish.add_working_days(danish.day_of(at), proposal.round.reply_days))
    ends = (
        latest_answer_at(proposal, at=at),
        day_end(proposal.round.meeting_date - timedelta(days=1)),
    )
    return min(wished, next((end for end in ends if end > at), wished))


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
    qualification: Qualification | None = proposal.qualifications.standing().first()
    if qualification is None:
        raise Missing({"text": "Der er ingen udtalelse at svare på"})
    if qualification.reply == text.strip():
        return qualification
    stands = shown_reply(qualification)
    before, at_before, by_before = (
        qualification.reply,
        qualification.replied_at,
        qualification.replied_by,
    )
    qualification.reply = text.strip()
    seen.touched(bases, stands, shown_reply(qualification), reader=by)
    if at_before and by_before:
        qualification.reply_wordings.create(text=before, written_at=at_before, written_by=by_before)
    qualification.replied_at = at
    qualification.replied_by = by
    qualification.save(update_fields=["reply", "replied_at", "replied_by"])
    Event.objects.create(proposal=proposal, transition="replied", at=at, by=by)
    mails.replied(proposal, qualification, at=at)
    return qualification


def reopen(proposal: Proposal) -> None:
    """Take back the assessment of a locked proposal, because somebody pressed by mistake; what it says is kept."""
    qualification = proposal.qualifications.standing().first()
    if qualification is None:
        return
    if qualification.outcome == Outcome.WAIVED:
        qualification.outcome = ""
    qualification.statements.filter(text="", judgment="").delete()
    qualification.completed_at = None
    qualification.completed_by = None
    qualification.reply_due_at = None
    qualification.is_by_secretariat = False
    qualification.secretariat_reason = ""
    qualification.save(update_fields=GIVEN)


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
    version = _latest_version(proposal)
    is_new = earlier is None or earlier.version_id != version.pk
    qualification: Qualification = (
        earlier
        if earlier and not is_new
        else Qualification.objects.create(proposal=proposal, version=version, dgo=proposal.lead_dgo)
    )
    qualification.proposal = proposal
    if is_new and earlier:
        for name in CARRIED_ON:
            setattr(qualification, name, getattr(earlier, name))
        qualification.save(update_fields=CARRIED_ON)
        # In another round the criteria are other rows; what was said goes on under the same code.
        criteria = {c.code: c for c in Criterion.objects.of_round(proposal.round).listed()}
        Statement.objects.bulk_create(
            Statement(
                qualification=qualification,
                criterion=criteria[said.criterion.code],
                judgment=said.judgment,
                text=said.text,
            )
            for said in earlier.statements.select_related("criterion").order_by("pk")
            if said.criterion.code in criteria
        )
    _follow(qualification, proposal)
    if is_new:
        holding.hand_on(qualification)
    return qualification


def _follow(qualification: Qualification, proposal: Proposal) -> None:
    """Let what is written be the DGO's that has the proposal now, of whose advisers nobody has it yet."""
    if qualification.dgo_id != proposal.lead_dgo_id:
        qualification.dgo = proposal.lead_dgo
        qualification.assigned_to = None
        qualification.save(update_fields=["dgo", "assigned_to"])


def _take(qualification: Qualification, *, by: User, at: datetime) -> None:
    """Let the adviser who acts have it, where nobody had."""
    if qualification.assigned_to_id or qualification.dgo_id not in by.duties_at(at).dgo_ids:
        return
    qualification.assigned_to = by
    qualification.save(update_fields=["assigned_to"])


def _typed(words: Words) -> Words:
    """
    Give what came, when it is among what can be chosen.

    :raises Missing: outcome.
    """
    if words.outcome and words.outcome not in WRITABLE_OUTCOMES:
        raise Missing({"outcome": "Vælg et udfald"})
    return words


def _write(qualification: Qualification, words: Words, *, by: User, at: datetime) -> None:
    criteria = criteria_of(qualification)
    qualification.outcome = words.outcome
    qualification.summary = words.summary.strip()
    qualification.tested = words.tested.strip()
    qualification.known = words.known.strip()
    qualification.revision += 1
    qualification.edited_at = at
    qualification.edited_by = by
    qualification.save(update_fields=WRITTEN)
    for criterion in criteria:
        _write_statement(qualification, criterion, words)
    # They put their names under other words.
    qualification.cosignatures.standing().update(lapsed_at=at)
    forget_read(qualification)


def _write_statement(qualification: Qualification, criterion: Criterion, words: Words) -> None:
    text = words.statements.get(criterion.pk, "").strip()
    judgment = words.judgments.get(criterion.pk, "")
    if text or judgment:
        Statement.objects.update_or_create(
            qualification=qualification,
            criterion_id=criterion.pk,
            defaults={"text": text, "judgment": judgment},
        )
    else:
        Statement.objects.filter(qualification=qualification, criterion_id=criterion.pk).delete()


def _give(
    qualification: Qualification,
    proposal: Proposal,
    *,
    anyway: bool,
    by: User,
    at: datetime,
    secretariat_reason: str = "",
) -> None:
    _require_whole(qualification)
    if qualification.outcome != Outcome.WAIVED:
        criteria = criteria_of(qualification)
        _require_said(Words.of(qualification), criteria, anyway=anyway)
        _freeze(qualification, criteria)
        qualification.reply_due_at = reply_due_at(proposal, at=at)
    # Who gives it signs it so.
    qualification.cosignatures.filter(signed_by=by).delete()
    qualification.completed_at = at
    qualification.completed_by = by
    qualification.is_by_secretariat = bool(secretariat_reason)
    qualification.secretariat_reason = secretariat_reason
    qualification.save(update_fields=GIVEN)
    event = proposal.move(
        Transition.QUALIFY,
        by=by,
        at=at,
        version=qualification.version,
        reason=secretariat_reason,
        note=Outcome(qualification.outcome).label,
    )
    mails.qualified(proposal, qualification, event, at=at)


def _require_whole(qualification: Qualification) -> None:
    """
    Refuse an assessment without what everybody reads first.

    :raises Missing: outcome or summary.
    """
    errors = {}
    if not qualification.outcome:
        errors["outcome"] = "Vælg et udfald"
    if not qualification.summary and qualification.outcome != Outcome.WAIVED:
        errors["summary"] = "Skriv en samlet udtalelse"
    if errors:
        raise Missing(errors)


def _require_said(words: Words, criteria: list[Criterion], *, anyway: bool) -> None:
    if not anyway and (empty := words.empty(criteria)):
        raise CriteriaEmpty(empty)


def _freeze(qualification: Qualification, criteria: Iterable[Criterion]) -> None:
    """Keep each criterion's words as they are judged by, also those nothing is said about."""
    Statement.objects.bulk_create(
        [
            Statement(
                qualification=qualification,
                criterion_id=one.pk,
                code=one.code,
                title=one.title,
                guidance=one.text,
            )
            for one in criteria
        ],
        update_conflicts=True,
        unique_fields=["qualification", "criterion"],
        update_fields=["code", "title", "guidance"],
    )
    forget_read(qualification)

"""
The committee's decisions ("beslutninger"): recorded item by item, told to nobody until all are released at once.

They may be released before the day of the meeting, with a warning: some are taken in writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from klimaspor import danish, seen, sweeps
from klimaspor.refusals import AlreadyDone, Missing, Refused
from proposals.line import impartiality
from proposals.line.functions import Function
from proposals.line.lifecycle import Status, Transition
from proposals.line.models import Access, Duty, Proposal
from proposals.rounds.models import Gate, Round
from review.agenda.models import Agenda, AgendaItem, Dossier
from review.agenda.steps import BUILD_PAPERS
from review.decision import mails
from review.decision.models import Decision, DecisionDraft, DecisionOutcome
from review.decision.seen import RECUSED, shown_decision, shown_release
from review.funding.models import FunderConsent
from review.meeting import steps as meeting
from review.meeting.models import Recusal
from review.meeting.steps import NotRecordable, recordable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from klimaspor.accounts.models import User
    from klimaspor.seen import Base, Shown
    from proposals.rounds.queries import RoundQuerySet

TRANSITION_OF: dict[str, Transition] = {
    DecisionOutcome.APPROVED: Transition.APPROVE,
    DecisionOutcome.WITH_CONDITIONS: Transition.APPROVE,
    DecisionOutcome.POSTPONED: Transition.POSTPONE,
    DecisionOutcome.DROPPED: Transition.POSTPONE,
    DecisionOutcome.SENT_BACK: Transition.SEND_BACK,
    DecisionOutcome.REJECTED: Transition.REJECT,
}
WORDS = ("outcome", "text", "reason", "conditions", "back_to", "back_to_round")
"""What is written of a decision, each guarded by itself."""
FREE_ONLY = frozenset({DecisionOutcome.NOTED, DecisionOutcome.NOTHING})
WITHOUT_REASON = FREE_ONLY | {DecisionOutcome.APPROVED}


class AttendanceMissing(Refused):
    """Nobody has said who was there, or of somebody whether."""


class Undecided(Refused):
    """Some proposals have no decision yet; `items` are theirs."""

    def __init__(self, items: Sequence[AgendaItem]) -> None:
        self.items = tuple(items)
        numbers = danish.join_text([f"punkt {item.number}" for item in items])
        super().__init__(f"Skriv beslutningen på {numbers}, før beslutningerne frigives.")


class HalfWritten(Refused):
    """Something is written about some items that nobody has saved as their decision; `items` are those."""

    def __init__(self, items: Sequence[AgendaItem]) -> None:
        self.items = tuple(items)
        numbers = danish.join_text([f"punkt {item.number}" for item in items])
        super().__init__(
            f"Der er en kladde på {numbers}. Gem den som beslutning, eller kassér den, "
            "før beslutningerne frigives."
        )


@dataclass(frozen=True)
class Written:
    """What is written on an item, finished or not, and who took no part."""

    words: Decision | DecisionDraft
    recused: tuple[str, ...]

    @property
    def shown(self) -> Shown:
        return shown_decision(self.words, self.recused)


def outcomes(item: AgendaItem) -> tuple[DecisionOutcome, ...]:
    """Give what may be decided on an item: a proposal is always decided about, and only a proposal is sent back."""
    not_here = FREE_ONLY if item.proposal_id else {DecisionOutcome.SENT_BACK}
    return tuple(outcome for outcome in DecisionOutcome if outcome not in not_here)


def later_rounds(proposal: Proposal, *, at: datetime) -> RoundQuerySet:
    """Give the rounds a proposal may be sent back to: after its own, and still taking proposals in."""
    found: RoundQuerySet = (
        Round.objects.current(at=at)
        .filter(
            approval_deadline_at__gt=proposal.round.approval_deadline_at,
            approval_deadline_at__gte=at,
        )
        .soonest_first()
    )
    return found


def draft_of(item: AgendaItem) -> DecisionDraft | None:
    draft: DecisionDraft | None = getattr(item, "decision_draft", None)
    return draft


def written(item: AgendaItem, *, at: datetime) -> Written:
    """Give what the page of an item shows: its draft, or its decision, or who may not take part in it."""
    if draft := draft_of(item):
        return Written(draft, tuple(draft.recused.splitlines()))
    return saved(item, at=at)


def saved(item: AgendaItem, *, at: datetime) -> Written:
    """Give the same without the draft."""
    decision: Decision | None = getattr(item, "decision", None)
    if decision:
        return Written(decision, tuple(row.name for row in item.recusals.all()))
    return Written(Decision(), meeting.suggested_recusals(item, at=at))


@transaction.atomic
def keep(
    *,
    item_pk: int,
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
    **came: Any,
) -> DecisionDraft | None:
    """
    Keep what is written on an item, as of `record`, finished or not; what says the same as its decision is no draft.

    :raises Changed: somebody else has written in a field that was touched since `bases`; nothing is written.
    :raises NotRecordable:
    :raises AlreadyReleased:
    :raises NotImpartial:
    """
    item, proposal = _held(item_pk, by=by, at=at)
    typed = _typed(**came)
    stands = written(item, at=at)
    agreed = _agreed(typed, stands, seen.touched(bases, stands.shown, typed.shown, reader=by))
    had_draft = draft_of(item) is not None
    draft = None
    if agreed.shown.base == saved(item, at=at).shown.base:
        DecisionDraft.objects.filter(item=item).delete()
    else:
        words = {name: getattr(agreed.words, name) for name in WORDS}
        draft, _ = DecisionDraft.objects.update_or_create(
            item=item,
            defaults={
                **words,
                "recused": "\n".join(agreed.recused),
                "edited_at": at,
                "edited_by": by,
            },
        )
    if proposal is not None and had_draft != (draft is not None):
        Duty.objects.settle(proposal.pk, by=by, at=at)
    return draft


@transaction.atomic
def discard(*, item_pk: int, base: Base | None = None, by: User, at: datetime) -> None:
    """
    Throw away what is written on an item and not saved as its decision; a decision that was saved before stands.

    :raises Reread: somebody has written in it since it was shown.
    :raises AlreadyDone: there is none.
    :raises AlreadyReleased:
    :raises NotImpartial:
    """
    item, proposal = _held(item_pk, by=by, at=at)
    draft = draft_of(item)
    if draft is None:
        raise AlreadyDone("Der er ingen kladde at kassere.")
    seen.require_read("Kladden", base, written(item, at=at).shown)
    draft.delete()
    if proposal is not None:
        Duty.objects.settle(proposal.pk, by=by, at=at)


@transaction.atomic
def record(
    *,
    item_pk: int,
    outcome: str,
    text: str = "",
    reason: str = "",
    conditions: str = "",
    back_to: str = "",
    back_to_round: Round | None = None,
    recused: Sequence[str] = (),
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> Decision:
    """
    Write down what was decided on an item, and who took no part; tells nobody, and may be written again.

    A draft becomes the decision, when all of it has been seen.

    :raises Changed: somebody else has written in a field that was touched since `bases`, or anywhere in a draft; nothing
        is written.
    :raises Missing: outcome, reason, conditions, back_to or back_to_round.
    :raises NotRecordable:
    :raises AlreadyReleased:
    :raises NotImpartial:
    """
    item, proposal = _held(item_pk, by=by, at=at)
    typed = _typed(
        outcome=outcome,
        text=text,
        reason=reason,
        conditions=conditions,
        back_to=back_to,
        back_to_round=back_to_round,
        recused=recused,
    )
    stands = written(item, at=at)
    names = seen.touched(bases, stands.shown, typed.shown, reader=by)
    if draft_of(item):
        # What a colleague is in the middle of becomes no decision unread.
        seen.require(bases, stands.shown, typed.shown, reader=by)
    agreed = _agreed(typed, stands, names)
    words = {name: getattr(agreed.words, name) for name in WORDS}
    if errors := _decision_errors(Decision(**words), item, proposal, at=at):
        raise Missing(errors)
    decision, _ = Decision.objects.update_or_create(
        item=item, defaults={**words, "recorded_at": at, "recorded_by": by}
    )
    item.recusals.all().delete()
    Recusal.objects.bulk_create(Recusal(item=item, name=name) for name in agreed.recused)
    DecisionDraft.objects.filter(item=item).delete()
    if proposal is not None:
        Duty.objects.settle(proposal.pk, by=by, at=at)
    return decision


def _held(item_pk: int, *, by: User, at: datetime) -> tuple[AgendaItem, Proposal | None]:
    """
    Hold an item that may be written about, and its proposal.

    :raises NotRecordable:
    :raises AlreadyReleased:
    :raises NotImpartial:
    """
    agenda = recordable(AgendaItem.objects.get(pk=item_pk).agenda_id)
    item: AgendaItem = agenda.items.get(pk=item_pk)
    proposal = Proposal.objects.locked(item.proposal_id) if item.proposal_id else None
    if proposal is not None:
        impartiality.require(by, proposal, at=at)
        if proposal.status != Status.ON_AGENDA:
            raise NotRecordable(
                f"Punktet udgår: {proposal.number} {Status(proposal.status).state}."
            )
    return item, proposal


def _typed(
    *,
    outcome: str = "",
    text: str = "",
    reason: str = "",
    conditions: str = "",
    back_to: str = "",
    back_to_round: Round | None = None,
    recused: Sequence[str] = (),
) -> Written:
    absent = (" ".join(name.split()) for name in recused)
    return Written(
        Decision(
            outcome=outcome,
            text=text.strip(),
            reason=reason.strip(),
            conditions=conditions.strip(),
            back_to=back_to,
            back_to_round=back_to_round,
        ),
        tuple(filter(None, dict.fromkeys(absent))),
    )


def _agreed(typed: Written, stands: Written, names: set[str]) -> Written:
    """Put what was touched among what stands."""
    words = {name: getattr((typed if name in names else stands).words, name) for name in WORDS}
    return Written(Decision(**words), (typed if RECUSED in names else stands).recused)


def _decision_errors(
    given: Decision, item: AgendaItem, proposal: Proposal | None, *, at: datetime
) -> dict[str, str]:
    errors = {}
    if not given.outcome:
        # What else it needs depends on that.
        return {"outcome": "Vælg, hvad forretningsudvalget besluttede"}
    if given.outcome not in outcomes(item):
        errors["outcome"] = "Vælg en beslutning"
    if given.outcome not in WITHOUT_REASON and not given.reason:
        errors["reason"] = "Skriv begrundelsen. Kun fuld godkendelse kan stå uden"
    # What an outcome has no room for is never dropped unsaid: it may be the outcome that is wrong.
    if given.outcome == DecisionOutcome.WITH_CONDITIONS and not given.conditions:
        errors["conditions"] = "Skriv betingelserne"
    elif given.outcome != DecisionOutcome.WITH_CONDITIONS and given.conditions:
        errors["conditions"] = "Slet betingelserne, eller vælg »Godkendt med betingelser«"
    if given.outcome == DecisionOutcome.SENT_BACK:
        if proposal is not None:
            errors |= _back_errors(proposal, given.back_to, given.back_to_round, at=at)
    elif given.back_to:
        errors["back_to"] = "Vælg »Sendes ikke tilbage«, eller vælg beslutningen »Sendt tilbage«"
    elif given.back_to_round:
        errors["back_to_round"] = "Vælg »Ingen«, eller vælg beslutningen »Sendt tilbage«"
    return errors


def undecided(agenda: Agenda) -> list[AgendaItem]:
    """Give the items of proposals that are still on the table and have no decision."""
    return list(
        agenda.items.filter(proposal__status=Status.ON_AGENDA, decision=None).with_cases().listed()
    )


def half_written(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """Give those that something is written about that is not their decision yet; what has left the table needs none."""
    return [item for item in items if draft_of(item) and not item.is_dropped]


@transaction.atomic
def release(*, agenda_pk: int, base: Base | None = None, by: User, at: datetime) -> Agenda:
    """
    Let every decision of the meeting take effect and be told, and ask for the minutes.

    A proposal that left the table reads "udgår"; on a free item nobody wrote about nothing was decided.

    :raises AlreadyReleased:
    :raises NotRecordable:
    :raises AttendanceMissing:
    :raises Undecided:
    :raises HalfWritten:
    :raises Reread: something else is decided than what the last look showed.
    :raises Missing: a round that a proposal is sent back to has closed since.
    """
    agenda = recordable(agenda_pk)
    if not agenda.attendance.exists():
        raise AttendanceMissing("Skriv, hvem der deltog i mødet, før beslutningerne frigives.")
    if names := meeting.unsaid(agenda):
        raise AttendanceMissing(
            f"Skriv, om {danish.join_text(names)} var til stede, før beslutningerne frigives."
        )
    items = list(agenda.items.listed())
    pks = sorted(item.proposal_id for item in items if item.proposal_id)
    proposals: dict[int, Proposal] = {pk: Proposal.objects.locked(pk) for pk in pks}
    if missing := undecided(agenda):
        raise Undecided(missing)
    if begun := half_written(agenda.items.with_cases().listed()):
        raise HalfWritten(begun)
    seen.require_read("Noget af det, der frigives,", base, shown_release(agenda))
    agenda.released_at = at
    agenda.released_by = by
    agenda.save(update_fields=["released_at", "released_by"])
    for item in items:
        item.agenda = agenda
        proposal = proposals[item.proposal_id] if item.proposal_id else None
        decision = _standing_decision(item, proposal, by=by, at=at)
        if decision is None:
            continue
        decision.released_at = at
        decision.released_by = by
        decision.save(update_fields=["released_at", "released_by"])
        if proposal is not None and proposal.status == Status.ON_AGENDA:
            _take_effect(decision, proposal, by=by, at=at)
    # Of what has left the table, and can be written about no more.
    DecisionDraft.objects.filter(item__agenda=agenda).delete()
    Dossier.objects.create(agenda=agenda, kind=Dossier.Kind.MINUTES, requested_at=at)
    sweeps.nudge(BUILD_PAPERS)
    return agenda


def _back_errors(
    proposal: Proposal, back_to: str, back_to_round: Round | None, *, at: datetime
) -> dict[str, str]:
    errors = {}
    if back_to not in (Status.DRAFT, Status.QUALIFIED):
        errors["back_to"] = "Vælg, hvor forslaget sendes hen"
    gate = Gate.QUALIFICATION if back_to == Status.DRAFT else Gate.APPROVAL
    if back_to_round is None:
        errors["back_to_round"] = "Vælg, hvilken runde forslaget sendes til"
    elif not later_rounds(proposal, at=at).filter(pk=back_to_round.pk).exists():
        errors["back_to_round"] = "Vælg en senere runde"
    elif back_to_round.deadline_at(gate) < at:
        errors["back_to_round"] = (
            f"Fristen for {gate.label} i runden {back_to_round.name} er passeret. Vælg en senere runde"
        )
    return errors


def _standing_decision(
    item: AgendaItem, proposal: Proposal | None, *, by: User, at: datetime
) -> Decision | None:
    """Give what was decided on an item; that a proposal left the table is written here, as nobody has."""
    if proposal is not None and proposal.status != Status.ON_AGENDA:
        decision, _ = Decision.objects.update_or_create(
            item=item,
            defaults={
                "outcome": DecisionOutcome.DROPPED,
                "text": "",
                "reason": f"Forslaget {Status(proposal.status).state}.",
                "conditions": "",
                "back_to": "",
                "back_to_round": None,
                "recorded_at": at,
                "recorded_by": by,
            },
        )
        return decision
    return Decision.objects.filter(item=item).first()


def _take_effect(decision: Decision, proposal: Proposal, *, by: User, at: datetime) -> None:
    transition = TRANSITION_OF[decision.outcome]
    to, to_round = None, None
    if transition is Transition.SEND_BACK:
        errors = _back_errors(proposal, decision.back_to, decision.back_to_round, at=at)
        if errors:
            raise Missing(
                {name: f"Punkt {decision.item.number}: {text}" for name, text in errors.items()}
            )
        to, to_round = Status(decision.back_to), decision.back_to_round
    asked = (
        _ask_funders(decision, proposal, by=by, at=at) if transition is Transition.APPROVE else []
    )
    event = proposal.move(
        transition,
        by=by,
        at=at,
        reason=decision.reason,
        note=decision.get_outcome_display(),
        version=decision.item.version,
        to=to,
        round=to_round,
    )
    mails.decided(proposal, decision, event, at=at)
    for consent in asked:
        mails.consent_asked(consent, decision, at=at)


def _ask_funders(
    decision: Decision, proposal: Proposal, *, by: User, at: datetime
) -> list[FunderConsent]:
    """Ask each funder the recommendation names for its own approval, and let it read."""
    recommendation = decision.item.recommendation
    if recommendation is None:
        return []
    asked = []
    for row in recommendation.amounts.select_related("funder").order_by("funder__sort_key", "pk"):
        consent = FunderConsent.objects.create(
            proposal=proposal, funder=row.funder, amount=row.amount, asked_at=at
        )
        Access.objects.grant(proposal, Function.FUND, organization=row.funder, by=by, at=at)
        people = mails.answering(consent, at=at)
        impartiality.raise_ties(people, proposal, by=by, at=at, as_funder=True)
        asked.append(consent)
    return asked

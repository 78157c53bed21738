"""What the steps ask about some proposals, read at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.answers.content import DECLINED, counting_day, keep_participants, kept_participants
from proposals.eligibility import requirements as eligibility
from proposals.gates.models import Dispensation
from proposals.line.functions import Function
from proposals.line.lifecycle import ANSWERED_IN, EDITABLE, Status, Transition
from proposals.line.models import Version
from proposals.line.standing import Standing, standings
from proposals.participants.models import Commitment, Participant
from proposals.participants.queries import participant_rows
from proposals.rounds.models import Round
from proposals.submission import taking_back
from review.agenda.models import AgendaItem
from review.formality.models import FormalCheck
from review.funding.models import FunderConsent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal


@dataclass
class Facts:
    """What the steps ask about some proposals, read at once."""

    at: datetime
    standings: dict[int, Standing]
    sent: set[int] = field(default_factory=set)
    """Sent in the round they are in."""
    short: dict[int, str] = field(default_factory=dict)
    """What K1 misses, and who has declined, of those that are finished but for that."""
    granted: dict[tuple[int, str], datetime] = field(default_factory=dict)
    """The end of the dispensation that is in force, by proposal and gate."""
    granted_to_me: dict[tuple[int, str], datetime] = field(default_factory=dict)
    """Of the person's own: nobody else may send the proposal with it."""
    rounds: list[Round] = field(default_factory=list)
    """Those a proposal can be moved to, soonest first."""
    checked: set[int] = field(default_factory=set)
    """Whose formal check of what was sent last is done."""
    items: dict[int, AgendaItem] = field(default_factory=dict)
    """The item of a meeting that is not released."""
    consents: dict[int, list[FunderConsent]] = field(default_factory=lambda: defaultdict(list))
    taken_back_until: dict[int, datetime] = field(default_factory=dict)
    """When the gate that it was sent to closes, of those that the person may take back."""
    kept: dict[int, str] = field(default_factory=dict)
    """Why it cannot be taken back, of those that the person could have."""
    commitments: dict[int, list[Commitment]] = field(default_factory=lambda: defaultdict(list))
    """Of the participants that the person answers for, where an answer is still taken."""


def read_facts(proposals: Sequence[Proposal], user: User, *, at: datetime) -> Facts:
    """Read what `steps` asks: at most thirteen queries, however many proposals there are."""
    facts = Facts(at, standings(user, proposals, at=at))
    pks: dict[str, list[int]] = defaultdict(list)
    for proposal in proposals:
        pks[proposal.status].append(proposal.pk)
    editable = [p for p in proposals if p.status in EDITABLE]
    # Only a draft is let in by when it was sent, and one that has never moved was never sent.
    returned = [p.pk for p in editable if p.status == Status.DRAFT and p.revision > 1]
    if returned:
        facts.sent = Version.objects.sent_in_their_round(returned)
    if editable or any(standing.is_party for standing in facts.standings.values()):
        facts.rounds = list(Round.objects.upcoming(at=at).soonest_first())
    sent = [p for p in proposals if p.status in Transition.TAKE_BACK.sources]
    leave = [
        p
        for p in sent
        if p.status == Status.IN_QUALIFICATION or facts.standings[p.pk].may_take_back
    ]
    _read_dispensations(facts, [*editable, *leave], user)
    if pks[Status.IN_APPROVAL]:
        done = FormalCheck.objects.done_for_latest().filter(proposal__in=pks[Status.IN_APPROVAL])
        facts.checked = set(done.values_list("proposal_id", flat=True))
    tabled = [*pks[Status.RECOMMENDED], *pks[Status.ON_AGENDA]]
    if tabled:
        items = AgendaItem.objects.unreleased().of_proposals(tabled)
        for item in items.select_related("agenda", "decision", "decision_draft"):
            facts.items[item.proposal_id] = item
    if pks[Status.APPROVED]:
        consents = FunderConsent.objects.standing().of_proposals(pks[Status.APPROVED])
        for consent in consents.listed():
            facts.consents[consent.proposal_id].append(consent)
    _read_sent(facts, [p for p in sent if facts.standings[p.pk].may_take_back])
    _read_commitments(facts, proposals, user)
    _read_authorities(facts, [p for p in editable if facts.standings[p.pk].is_writer])
    return facts


def _read_sent(facts: Facts, proposals: Sequence[Proposal]) -> None:
    for pk, sent in taking_back.sent_last(proposals).items():
        until_at = max(
            sent.closes_at, facts.granted_to_me.get((pk, sent.version.gate), sent.closes_at)
        )
        if text := sent.hindrance(until_at, at=facts.at):
            facts.kept[pk] = text
        else:
            facts.taken_back_until[pk] = until_at


def _read_authorities(facts: Facts, proposals: Sequence[Proposal]) -> None:
    finished = [p for p in proposals if not eligibility.unanswered(p)]
    if not finished:
        return
    unread = [p for p in finished if not kept_participants(p, at=facts.at)]
    listed: dict[int, list[Participant]] = defaultdict(list)
    for participant in Participant.objects.filter(proposal__in=unread).listed() if unread else ():
        listed[participant.proposal_id].append(participant)
    for proposal in unread:
        rows = participant_rows(listed[proposal.pk], counting_day(proposal, facts.at))
        keep_participants(proposal, rows, at=facts.at)
    for proposal in finished:
        rows = kept_participants(proposal, at=facts.at)
        is_met, said = eligibility.authorities(proposal, [row for row in rows if row.counts])
        if not is_met:
            out = danish.join_text([row.name for row in rows if row.answer == DECLINED])
            facts.short[proposal.pk] = f"{out} er ikke med. {said}" if out else said


def _read_commitments(facts: Facts, proposals: Sequence[Proposal], user: User) -> None:
    read = [
        p.pk
        for p in proposals
        if p.status in ANSWERED_IN and Function.READ in facts.standings[p.pk].functions
    ]
    if not read:
        return
    mine = Commitment.objects.of_proposals(read).of_contact(user).with_frame()
    for commitment in mine.listed():
        facts.commitments[commitment.participant.proposal_id].append(commitment)


def _read_dispensations(facts: Facts, proposals: Sequence[Proposal], user: User) -> None:
    if not proposals:
        return
    granted = Dispensation.objects.standing().filter(
        proposal__in=[p.pk for p in proposals], until_at__gte=facts.at.replace(microsecond=0)
    )
    for row in granted.order_by("until_at"):
        facts.granted[row.proposal_id, row.gate] = row.until_at
        if row.granted_to_id == user.pk:
            facts.granted_to_me[row.proposal_id, row.gate] = row.until_at

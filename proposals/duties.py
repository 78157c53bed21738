"""Which duties the people of a proposal have with it: to send it in, and to answer for a participant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proposals.gates import deadlines
from proposals.gates.models import Dispensation
from proposals.line.duties import Kind, rule
from proposals.line.functions import WRITER_FUNCTIONS, Function
from proposals.line.lifecycle import ANSWERED_IN, EDITABLE, Status
from proposals.line.models import Access, Duty, Version
from proposals.participants.models import Commitment
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from proposals.line.models import Proposal


@rule(*EDITABLE)
def writing(proposals: Sequence[Proposal], at: datetime) -> Iterable[Duty]:
    """Each writer is to send it in, by the term that holds for them: leave ("dispensation") is personal."""
    found = {proposal.pk: proposal for proposal in proposals}
    # Only a draft is let in by when it was sent, and one that has never moved was never sent.
    returned = [p.pk for p in proposals if p.status == Status.DRAFT and p.revision > 1]
    sent = Version.objects.sent_in_their_round(returned) if returned else set()
    leave: dict[tuple[object, ...], datetime] = {}
    for row in Dispensation.objects.standing().filter(proposal__in=found).order_by("until_at"):
        leave[row.proposal_id, row.gate, row.granted_to_id] = row.until_at
    # The widest capacity may be the newest; writing began with the oldest.
    writers: dict[tuple[int, int | None], datetime] = {}
    held = Access.objects.current(at=at).filter(proposal__in=found, function__in=WRITER_FUNCTIONS)
    for access in held.exclude(user=None).order_by("-since_at"):
        writers[access.proposal_id, access.user_id] = access.since_at
    for (pk, user_id), since_at in writers.items():
        proposal = found[pk]
        is_draft = proposal.status == Status.DRAFT
        gate = Gate.QUALIFICATION if is_draft else Gate.APPROVAL
        due_at = deadlines.closes_at(proposal, gate, was_sent=pk in sent)
        yield Duty(
            proposal=proposal,
            kind=Kind.SUBMIT if is_draft else Kind.SUBMIT_FOR_APPROVAL,
            subject=proposal.number,
            user_id=user_id,
            since_at=max(proposal.status_since, since_at),
            due_at=max(due_at, leave.get((pk, gate, user_id), due_at)),
        )


@rule(*ANSWERED_IN)
def committing(proposals: Sequence[Proposal], at: datetime) -> Iterable[Duty]:
    """Whoever reads it to answer for a participant is to do so before the second gate; for several it is one duty."""
    found = {proposal.pk: proposal for proposal in proposals}
    asked = Commitment.objects.of_proposals(found).unanswered().answered_for()
    contacts = set(asked.values_list("participant__proposal_id", "contact_id"))
    if not contacts:
        return
    reading = Access.objects.current(at=at).filter(proposal__in=found, function=Function.READ)
    for access in reading.filter(user__in={user_id for _, user_id in contacts}).order_by("pk"):
        if (access.proposal_id, access.user_id) not in contacts:
            continue
        proposal = found[access.proposal_id]
        yield Duty(
            proposal=proposal,
            kind=Kind.COMMIT,
            subject=proposal.number,
            user_id=access.user_id,
            since_at=access.since_at,
            due_at=deadlines.answer_due_at(proposal),
        )

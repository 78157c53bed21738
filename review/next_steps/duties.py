"""Which duties those who treat a proposal have with it, from the DGO to the funders: `buttons` says the same with words."""

from __future__ import annotations

from collections import defaultdict
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from klimaspor import danish
from proposals.gates import deadlines
from proposals.line.duties import Kind, rule
from proposals.line.functions import Function, Group
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Duty
from review.agenda import mails
from review.agenda.models import AgendaItem
from review.formality.models import FormalCheck
from review.funding.models import FunderConsent
from review.funding.steps import Consents

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from proposals.line.models import Proposal


@rule(Status.IN_QUALIFICATION)
def qualifying(proposals: Sequence[Proposal], at: datetime) -> Iterable[Duty]:
    """The DGO is to assess it by its own term of the round; after the second gate the secretariat is to step in."""
    found = {proposal.pk: proposal for proposal in proposals}
    held = Access.objects.current(at=at).filter(proposal__in=found, function=Function.QUALIFY)
    for access in held.exclude(dgo=None):
        proposal = found[access.proposal_id]
        yield Duty(
            proposal=proposal,
            kind=Kind.QUALIFY,
            subject=proposal.number,
            dgo_id=access.dgo_id,
            since_at=max(proposal.status_since, access.since_at),
            due_at=proposal.round.dgo_deadline_at,
        )
    for proposal in _of_group(Group.SECRETARIAT, proposals, at):
        due_at = proposal.round.approval_deadline_at
        since_at = max(proposal.status_since, deadlines.late_from(due_at))
        yield _secretariat(proposal, Kind.STEP_IN, since_at, due_at=due_at)


@rule(Status.IN_APPROVAL)
def recommending(proposals: Sequence[Proposal], at: datetime) -> Iterable[Duty]:
    """The secretariat is to check it, and then to recommend it, before the meeting of its round."""
    done = FormalCheck.objects.done_for_latest().filter(proposal__in=[p.pk for p in proposals])
    checked = dict(done.values_list("proposal_id", "checked_at"))
    for proposal in _of_group(Group.SECRETARIAT, proposals, at):
        kind = Kind.RECOMMEND if proposal.pk in checked else Kind.CHECK
        since_at = max(proposal.status_since, checked.get(proposal.pk, proposal.status_since))
        yield _secretariat(proposal, kind, since_at, due_at=_meeting_of_round(proposal))


@rule(Status.RECOMMENDED)
def placing(proposals: Sequence[Proposal], at: datetime) -> Iterable[Duty]:
    """The secretariat is to give it a place on an agenda, and to send that out."""
    items = _items(proposals)
    for proposal in _of_group(Group.SECRETARIAT, proposals, at):
        item = items.get(proposal.pk)
        since_at = proposal.status_since
        if item is None:
            yield _secretariat(proposal, Kind.PLACE, since_at, due_at=_meeting_of_round(proposal))
        elif not item.agenda.published_at:
            yield _secretariat(proposal, Kind.PUBLISH, since_at, item=item)


@rule(Status.ON_AGENDA)
def deciding(proposals: Sequence[Proposal], at: datetime) -> Iterable[Duty]:
    """The committee is to read it until the meeting is held; from that day the secretariat is to write what was decided."""
    items = _items(proposals)
    for proposal in _of_group(Group.COMMITTEE, proposals, at, function=Function.DECIDE):
        if item := items.get(proposal.pk):
            yield Duty(
                proposal=proposal,
                kind=Kind.PREPARE,
                group=Group.COMMITTEE,
                since_at=proposal.status_since,
                until_at=_day(item.agenda.meeting_date + timedelta(days=1)),
                **_meeting(item),
            )
    for proposal in _of_group(Group.SECRETARIAT, proposals, at):
        if item := items.get(proposal.pk):
            is_open = hasattr(item, "decision_draft")
            decision = None if is_open else getattr(item, "decision", None)
            since_at = max(proposal.status_since, _day(item.agenda.meeting_date))
            if decision:
                since_at = max(since_at, decision.recorded_at)
            kind = Kind.RELEASE if decision else Kind.DECIDE
            yield _secretariat(proposal, kind, since_at, item=item)


@rule(Status.APPROVED)
def funding(proposals: Sequence[Proposal], at: datetime) -> Iterable[Duty]:
    """Each funder is to answer; when all have consented, or one has refused, it is the secretariat's turn at once."""
    asked: dict[int, list[FunderConsent]] = defaultdict(list)
    for consent in FunderConsent.objects.standing().of_proposals([p.pk for p in proposals]):
        asked[consent.proposal_id].append(consent)
    for proposal in proposals:
        for consent in Consents(tuple(asked[proposal.pk])).pending:
            yield Duty(
                proposal=proposal,
                kind=Kind.CONSENT,
                subject=proposal.number,
                organization_id=consent.funder_id,
                since_at=consent.asked_at,
                due_at=consent.asked_at,
            )
    for proposal in _of_group(Group.SECRETARIAT, proposals, at):
        consents = Consents(tuple(asked[proposal.pk]))
        answered = [c.answered_at for c in consents.standing if c.answered_at]
        if consents.may_launch:
            since_at = max([proposal.status_since, *answered])
            yield _secretariat(proposal, Kind.LAUNCH, since_at, due_at=since_at)
        elif consents.is_refused:
            since_at = min(c.answered_at for c in consents.refused if c.answered_at)
            yield _secretariat(proposal, Kind.RETABLE, since_at, due_at=since_at)


def _of_group(
    group: Group,
    proposals: Sequence[Proposal],
    at: datetime,
    *,
    function: Function = Function.RECOMMEND,
) -> list[Proposal]:
    """Give those that the group has in the capacity."""
    held = Access.objects.current(at=at).filter(
        proposal__in=[p.pk for p in proposals], function=function, group=group
    )
    pks = set(held.values_list("proposal_id", flat=True))
    return [proposal for proposal in proposals if proposal.pk in pks]


def _items(proposals: Sequence[Proposal]) -> dict[int, AgendaItem]:
    """Give the item of a meeting that is not released."""
    items = AgendaItem.objects.unreleased().of_proposals([p.pk for p in proposals])
    return {
        item.proposal_id: item
        for item in items.select_related("agenda", "decision", "decision_draft")
    }


def _secretariat(
    proposal: Proposal,
    kind: Kind,
    since_at: datetime,
    *,
    due_at: datetime | None = None,
    item: AgendaItem | None = None,
) -> Duty:
    about = _meeting(item) if item else {"subject": proposal.number, "due_at": due_at}
    return Duty(proposal=proposal, kind=kind, group=Group.SECRETARIAT, since_at=since_at, **about)


def _meeting(item: AgendaItem) -> dict[str, Any]:
    """Say what makes all that stands on an agenda one thing."""
    agenda = item.agenda
    return {"subject": agenda.meeting_date.isoformat(), "due_at": mails.meeting_at(agenda)}


def _meeting_of_round(proposal: Proposal) -> datetime:
    return _day(proposal.round.meeting_date)


def _day(day: date) -> datetime:
    return danish.wall(day, time.min)

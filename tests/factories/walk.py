"""Proposals at every stop of the line, brought there by the real steps and never by writing a status."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.line.lifecycle import Status
from proposals.submission import steps as submission
from proposals.submission import withdrawal
from review.agenda import steps as agendas
from review.criteria.models import Criterion
from review.decision import steps as decision
from review.decision.models import DecisionOutcome
from review.formality import steps as formality
from review.funding import steps as funding
from review.meeting import steps as meeting
from review.qualification import steps as qualification
from review.qualification.seen import Words
from review.recommendation import steps as recommendation
from review.track import steps as track
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_ready_draft, a_round
from tests.suite.remember import remembered

if TYPE_CHECKING:
    from collections.abc import Callable

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal
    from proposals.rounds.models import Round
    from review.agenda.models import Agenda, AgendaItem
    from review.funding.models import FunderConsent

JUDGED = ("K2", "K3", "K4", "K5")


def day(number: int) -> datetime:
    """So many days after the walk began."""
    return NOW + timedelta(days=number)


DAY = tuple(day(number) for number in range(10))

AFTER = day(20)
"""When every walk has come to its end, and no deadline has passed."""


@dataclass
class World:
    """What the walks share: the people, two rounds, the criteria of the first, and a count of meetings."""

    cast: Cast
    round: Round
    later: Round
    criteria: tuple[Criterion, ...]
    meetings: int = field(default=0)

    def next_meeting_date(self) -> date:
        """Each walk meets on a day of its own, from the round's on."""
        self.meetings += 1
        return self.round.meeting_date + timedelta(days=self.meetings - 1)


@remembered
def a_world() -> World:
    round_ = a_round()
    later = a_round(
        name="Efterår 2027",
        qualification_deadline_at=danish.wall(date(2027, 10, 4), NOW.time()),
        approval_deadline_at=danish.wall(date(2027, 10, 21), NOW.time()),
        meeting_date=date(2027, 11, 18),
    )
    criteria = tuple(
        Criterion.objects.create(round=round_, code=code, title=title, position=position)
        for position, (code, title) in enumerate(
            (("V1", "Klimaeffekt"), ("V2", "Nyhedsværdi"), ("V3", "Realisme"))
        )
    )
    return World(a_cast(), round_, later, criteria)


def proposal_at(
    status: Status, world: World | None = None, *, title: str = "Lavbundsjord"
) -> Proposal:
    """Walk a new proposal to a status by the shortest way."""
    return _walked(status, world or a_world(), title)


@remembered
def _walked(status: Status, world: World, title: str) -> Proposal:
    proposal = _WALKS[status](world, title)
    proposal.refresh_from_db()
    assert proposal.status == status
    return proposal


def submit(proposal: Proposal, world: World, *, at: datetime = NOW) -> Proposal:
    submission.submit(
        proposal_pk=proposal.pk, revision=proposal.revision, by=world.cast.owner, at=at
    )
    proposal.refresh_from_db()
    return proposal


def adviser_of(proposal: Proposal, world: World) -> User:
    """Somebody of the DGO that has the proposal."""
    is_elsewhere = proposal.lead_dgo_id == world.cast.other_dgo.pk
    return world.cast.other_adviser if is_elsewhere else world.cast.adviser


def qualify(proposal: Proposal, world: World, *, at: datetime = DAY[1]) -> Proposal:
    adviser = adviser_of(proposal, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=adviser, at=at)
    qualification.save(
        qualification_pk=begun.pk,
        words=Words(
            outcome="with_remarks",
            summary="Et stærkt forslag.\n\n- Skriv mere om effekten <b>her</b>",
            statements={criterion.pk: f"Om {criterion.title}" for criterion in world.criteria},
        ),
        by=adviser,
        at=at,
    )
    qualification.complete(qualification_pk=begun.pk, revision=proposal.revision, by=adviser, at=at)
    proposal.refresh_from_db()
    return proposal


def submit_for_approval(proposal: Proposal, world: World, *, at: datetime = DAY[2]) -> Proposal:
    submission.submit_for_approval(
        proposal_pk=proposal.pk, revision=proposal.revision, by=world.cast.owner, at=at
    )
    proposal.refresh_from_db()
    return proposal


def check(proposal: Proposal, world: World, *, at: datetime = DAY[3]) -> Proposal:
    formality.save_answers(
        proposal_pk=proposal.pk,
        answers=dict.fromkeys(JUDGED, (True, "")),
        by=world.cast.secretariat,
        at=at,
    )
    return proposal


def write_recommendation(
    proposal: Proposal,
    world: World,
    *,
    amount: Decimal | None = Decimal(1_500_000),
    direction: str = "approve",
    at: datetime = DAY[3],
) -> Proposal:
    recommendation.save(
        proposal_pk=proposal.pk,
        direction=direction,
        resume="Forslaget samler tre kommuner om lavbundsjord.",
        reason="Det er kendt i forvejen." if direction == "reject" else "",
        points=["at forslaget godkendes", "at Realdania indstilles til at bidrage"],
        amounts={world.cast.realdania.pk: amount},
        by=world.cast.secretariat,
        at=at,
    )
    return proposal


def recommend(
    proposal: Proposal,
    world: World,
    *,
    amount: Decimal | None = Decimal(1_500_000),
    at: datetime = DAY[3],
) -> Proposal:
    check(proposal, world, at=at)
    write_recommendation(proposal, world, amount=amount, at=at)
    recommendation.recommend(
        proposal_pk=proposal.pk, revision=proposal.revision, by=world.cast.secretariat, at=at
    )
    proposal.refresh_from_db()
    return proposal


def an_agenda(world: World, *proposals: Proposal, at: datetime = DAY[4]) -> Agenda:
    """An agenda of its own meeting with the proposals placed on it, not published."""
    by = world.cast.secretariat
    made = agendas.create(
        round=world.round,
        meeting_date=world.next_meeting_date(),
        meeting_time=None,
        place="Weidekampsgade 10",
        by=by,
        at=at,
    )
    for proposal in proposals:
        agendas.add_proposal(agenda_pk=made.pk, proposal_pk=proposal.pk, by=by, at=at)
    return made


def publish(agenda: Agenda, world: World, *, at: datetime = DAY[5]) -> Agenda:
    return agendas.publish(agenda_pk=agenda.pk, by=world.cast.secretariat, at=at).agenda


def attend(agenda: Agenda, world: World, *, at: datetime = DAY[6]) -> None:
    member = world.cast.committee
    meeting.save_attendance(
        agenda_pk=agenda.pk,
        presences=[meeting.Seat(member.name, "present", member)],
        by=world.cast.secretariat,
        at=at,
    )


def record(
    item: AgendaItem, outcome: str, world: World, *, at: datetime = DAY[6], **more: object
) -> None:
    words: dict[str, object] = {"text": "Udvalget besluttede."}
    if outcome not in decision.WITHOUT_REASON:
        words["reason"] = "Begrundelsen er denne."
    if outcome == DecisionOutcome.WITH_CONDITIONS:
        words["conditions"] = "Vis effekten inden et år."
    if outcome == DecisionOutcome.SENT_BACK:
        words |= {"back_to": Status.DRAFT, "back_to_round": world.later}
    decision.record(
        item_pk=item.pk,
        outcome=outcome,
        by=world.cast.secretariat,
        at=at,
        **{**words, **more},  # type: ignore[arg-type]  # the words of one outcome
    )


def decide(
    agenda: Agenda, outcome: str, world: World, *, at: datetime = DAY[6], **more: object
) -> None:
    """Decide the same about every proposal of a published agenda, and release it."""
    attend(agenda, world, at=at)
    for item in agenda.items.exclude(proposal=None):
        record(item, outcome, world, at=at, **more)
    decision.release(agenda_pk=agenda.pk, by=world.cast.secretariat, at=at)


def meet(
    proposal: Proposal, outcome: str, world: World, *, at: datetime = DAY[6], **more: object
) -> Proposal:
    """Hold a meeting about one recommended proposal."""
    agenda = publish(an_agenda(world, proposal, at=at), world, at=at)
    decide(agenda, outcome, world, at=at, **more)
    proposal.refresh_from_db()
    return proposal


def answer(proposal: Proposal, said: str, world: World, *, at: datetime = DAY[7]) -> FunderConsent:
    """Answer for the funder that was asked."""
    return funding.answer(
        consent_pk=proposal.consents.standing().get().pk,
        answer=said,
        reason="Rammen er brugt." if said == "refused" else "",
        by=world.cast.funder,
        at=at,
    )


def _draft(world: World, title: str) -> Proposal:
    return a_draft(world.cast, world.round, title=title)


def _in_qualification(world: World, title: str) -> Proposal:
    return submit(a_ready_draft(world.cast, world.round, title=title), world)


def _qualified(world: World, title: str) -> Proposal:
    return qualify(proposal_at(Status.IN_QUALIFICATION, world, title=title), world)


def _in_approval(world: World, title: str) -> Proposal:
    return submit_for_approval(proposal_at(Status.QUALIFIED, world, title=title), world)


def _recommended(world: World, title: str) -> Proposal:
    return recommend(proposal_at(Status.IN_APPROVAL, world, title=title), world)


def _on_agenda(world: World, title: str) -> Proposal:
    proposal = proposal_at(Status.RECOMMENDED, world, title=title)
    publish(an_agenda(world, proposal), world)
    return proposal


def _approved(world: World, title: str) -> Proposal:
    return meet(proposal_at(Status.RECOMMENDED, world, title=title), "approved", world)


def _active(world: World, title: str) -> Proposal:
    proposal = proposal_at(Status.APPROVED, world, title=title)
    answer(proposal, "consented", world)
    track.launch(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        by=world.cast.secretariat,
        at=day(8),
    )
    proposal.refresh_from_db()
    return proposal


def _completed(world: World, title: str) -> Proposal:
    proposal = proposal_at(Status.ACTIVE, world, title=title)
    track.complete(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="Slutrapporten er modtaget.",
        by=world.cast.secretariat,
        at=day(9),
    )
    return proposal


def _discontinued(world: World, title: str) -> Proposal:
    proposal = proposal_at(Status.ACTIVE, world, title=title)
    track.discontinue(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="En kommune trak sig.",
        by=world.cast.secretariat,
        at=day(9),
    )
    return proposal


def _rejected(world: World, title: str) -> Proposal:
    return meet(proposal_at(Status.RECOMMENDED, world, title=title), "rejected", world)


def _inadmissible(world: World, title: str) -> Proposal:
    proposal = proposal_at(Status.IN_APPROVAL, world, title=title)
    formality.refuse(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="Kun to kommuner deltager.",
        by=world.cast.secretariat,
        at=day(3),
    )
    return proposal


def _withdrawn(world: World, title: str) -> Proposal:
    proposal = proposal_at(Status.IN_QUALIFICATION, world, title=title)
    withdrawal.withdraw(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="Vi mangler penge.",
        by=world.cast.owner,
        at=day(1),
    )
    return proposal


def _lapsed(world: World, title: str) -> Proposal:
    proposal = proposal_at(Status.APPROVED, world, title=title)
    answer(proposal, "refused", world)
    track.lapse(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="Realdania sagde nej.",
        by=world.cast.secretariat,
        at=day(8),
    )
    return proposal


_WALKS: dict[Status, Callable[[World, str], Proposal]] = {
    Status.DRAFT: _draft,
    Status.IN_QUALIFICATION: _in_qualification,
    Status.QUALIFIED: _qualified,
    Status.IN_APPROVAL: _in_approval,
    Status.RECOMMENDED: _recommended,
    Status.ON_AGENDA: _on_agenda,
    Status.APPROVED: _approved,
    Status.ACTIVE: _active,
    Status.COMPLETED: _completed,
    Status.REJECTED: _rejected,
    Status.INADMISSIBLE: _inadmissible,
    Status.WITHDRAWN: _withdrawn,
    Status.LAPSED: _lapsed,
    Status.DISCONTINUED: _discontinued,
}

"""What waits, held to what there is to do about it, however the line is walked."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Role, User
from klimaspor.refusals import Refused
from proposals.commitments import steps as commitments
from proposals.drafting import dgo
from proposals.drafting import steps as drafting
from proposals.gates import steps as gates
from proposals.gates.models import Dispensation
from proposals.line import impartiality
from proposals.line.duties import Kind
from proposals.line.lifecycle import ANSWERED_IN, BEFORE_DECISION, ENDED, Status
from proposals.line.models import Duty, Proposal
from proposals.line.queries import Difference
from proposals.participants import steps as participants
from proposals.participants.models import Commitment, Participant
from proposals.rounds.models import Gate, Round, usual_dgo_deadline
from proposals.sparring import steps as sparring
from proposals.submission import steps as submission
from proposals.submission import taking_back, withdrawal
from proposals.writers import invitation
from proposals.writers import steps as writers
from review.agenda import steps as agendas
from review.agenda.models import Agenda
from review.decision import steps as decision
from review.decision.models import DecisionOutcome
from review.formality import steps as formality
from review.funding import steps as funding
from review.funding.models import ConsentAnswer, FunderConsent
from review.next_steps import waiting
from review.next_steps.buttons import every
from review.next_steps.facts import read_facts
from review.qualification import steps as qualification
from review.recommendation import steps as recommendation
from review.track import steps as track
from tests.factories import walk
from tests.factories.intake import NOW, a_draft, a_ready_draft, give_role, person
from tests.factories.parties import proved, verify
from tests.factories.walk import JUDGED, World, a_world, proposal_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

pytestmark = pytest.mark.django_db

REFUSALS = (Refused, ValidationError)
"""What a step may answer somebody who comes at the wrong time; anything else is a fault."""

ONWARD = {
    "submits",
    "qualifies",
    "submits_for_approval",
    "checks",
    "recommends",
    "places",
    "publishes",
    "releases",
    "answers_as_funder",
    "launches",
    "ends",
}
"""What leads along the line: tried oftener, so that walks come to its end."""
S = Status
ACTS: dict[str, tuple[frozenset[str], Callable[[Walk, Proposal], object]]] = {}
"""What can be done where a proposal stands, by the name of the test's own function."""


def act(*statuses: Status) -> Callable[[Callable[[Walk, Proposal], object]], Any]:
    def told(function: Callable[[Walk, Proposal], object]) -> Any:
        ACTS[function.__name__] = (frozenset(statuses or Status), function)
        return function

    return told


@dataclass
class Walk:
    """People, proposals, a clock that only goes forward, and chance."""

    world: World
    chance: random.Random
    people: dict[str, User]
    at: datetime = NOW
    done: Counter[str] = field(default_factory=Counter)

    @property
    def cast(self) -> Any:
        return self.world.cast

    def step(self) -> None:
        """Let time pass, and let somebody try something."""
        self.at += timedelta(minutes=self.chance.choice((1, 1, 1, 30, 300)))
        if self.chance.random() < 0.06:
            self.leap()
        # In an order of their own, so that the same chances walk the same way.
        walking = Proposal.objects.exclude(status__in=ENDED).order_by("pk")
        proposal = self.chance.choice([*walking, None])
        if proposal is None:
            proposal = self.begin()
        here = [name for name, (there, _) in ACTS.items() if proposal.status in there]
        onward = [name for name in here if name in ONWARD]
        undone = [name for name in here if not self.done[name]]
        wanted = self.chance.choices((onward, undone, here), (4, 3, 3))[0]
        name = self.chance.choice(wanted or here)
        try:
            ACTS[name][1](self, proposal)
        except REFUSALS:
            return
        self.done[name] += 1

    def leap(self) -> None:
        """Go to where something happens by itself: a deadline, the second after, a meeting's day, its end."""
        moments = [
            moment
            for round_ in Round.objects.order_by("pk")
            for due_at in (
                round_.qualification_deadline_at,
                round_.dgo_deadline_at,
                round_.approval_deadline_at,
            )
            for moment in (due_at, due_at + timedelta(seconds=1))
        ]
        for agenda in Agenda.objects.unreleased():
            start = danish.wall(agenda.meeting_date, time.min)
            moments += [start, start + timedelta(days=1)]
        ahead = sorted(moment for moment in moments if moment > self.at)
        if ahead:
            self.at = self.chance.choice(ahead[:2])

    def begin(self) -> Proposal:
        rounds = list(Round.objects.open(at=self.at).order_by("pk"))
        if not rounds:
            later = self.at + timedelta(days=40)
            rounds = [
                walk.a_round(
                    name=f"Runde {later:%d%m%y}",
                    opens_at=self.at,
                    qualification_deadline_at=later,
                    approval_deadline_at=later + timedelta(days=17),
                    meeting_date=(later + timedelta(days=45)).date(),
                )
            ]
        make = self.chance.choice((a_draft, a_ready_draft, a_ready_draft))
        return make(self.cast, self.chance.choice(rounds), at=self.at)

    def somebody(self, *names: str) -> User:
        return self.people[self.chance.choice(names or tuple(self.people))]

    def a_day(self, most: int = 30) -> date:
        return danish.day_of(self.at) + timedelta(days=self.chance.randint(0, most))


# The proposal's people


@act(S.DRAFT, S.QUALIFIED)
def writes(w: Walk, p: Proposal) -> None:
    before = rows()
    drafting.save_section(
        proposal_pk=p.pk,
        slug="effekt",
        answers={"effects": w.chance.choice(("", "Ton", "Flere ton"))},
        by=p.owner,
        at=w.at,
    )
    # An autosave says nothing new of what waits.
    assert rows() == before


@act(S.DRAFT, S.QUALIFIED)
def finishes(w: Walk, p: Proposal) -> None:
    answers = {"effects": "Ton", "activities": "Måle"}
    drafting.save_section(proposal_pk=p.pk, slug="effekt", answers=answers, by=p.owner, at=w.at)


@act(S.DRAFT)
def submits(w: Walk, p: Proposal) -> None:
    submission.submit(proposal_pk=p.pk, revision=p.revision, by=p.owner, at=w.at)


@act(S.QUALIFIED)
def submits_for_approval(w: Walk, p: Proposal) -> None:
    submission.submit_for_approval(proposal_pk=p.pk, revision=p.revision, by=p.owner, at=w.at)


@act(S.IN_QUALIFICATION, S.IN_APPROVAL)
def takes_back(w: Walk, p: Proposal) -> None:
    taking_back.take_back(proposal_pk=p.pk, revision=p.revision, by=p.owner, at=w.at)


@act(*BEFORE_DECISION)
def withdraws(w: Walk, p: Proposal) -> None:
    withdrawal.withdraw(proposal_pk=p.pk, revision=p.revision, reason="Nej.", by=p.owner, at=w.at)


@act(S.DRAFT, S.QUALIFIED)
def moves_round(w: Walk, p: Proposal) -> None:
    withdrawal.move_round(
        proposal_pk=p.pk,
        revision=p.revision,
        round=w.chance.choice(list(Round.objects.order_by("pk"))),
        reason="Senere.",
        by=p.owner,
        at=w.at,
    )


@act()
def hands_over(w: Walk, p: Proposal) -> None:
    writers.hand_over(
        proposal_pk=p.pk,
        to_user=w.somebody("owner", "writer", "contact"),
        reason="Orlov.",
        keeps_writing=w.chance.random() < 0.5,
        by=p.owner,
        at=w.at,
    )


@act()
def lets_in(w: Walk, p: Proposal) -> None:
    who = w.somebody("writer", "contact", "tied adviser")
    function = w.chance.choice(("write", "read"))
    sent = invitation.invite(
        proposal_pk=p.pk, email=who.email, name=who.name, function=function, by=p.owner, at=w.at
    )
    invitation.accept(token=sent.token, by=who, at=w.at)


@act()
def leaves(w: Walk, p: Proposal) -> None:
    invitation.leave(proposal_pk=p.pk, by=w.somebody("writer", "contact"), at=w.at)


@act()
def is_removed(w: Walk, p: Proposal) -> None:
    who = w.somebody("writer", "contact")
    invitation.remove_person(proposal_pk=p.pk, user=who, by=p.owner, at=w.at)


@act(*ANSWERED_IN)
def answers_for_a_participant(w: Walk, p: Proposal) -> None:
    participant = _a_participant(w, p)
    who = w.somebody("writer", "contact")
    sent = commitments.ask(
        participant_pk=participant.pk, name=who.name, email=who.email, by=p.owner, at=w.at
    )
    invitation.accept(token=sent.token, by=who, at=w.at)


@act(*ANSWERED_IN)
def answers_oneself(w: Walk, p: Proposal) -> None:
    commitments.answer_oneself(participant_pk=_a_participant(w, p).pk, by=p.owner, at=w.at)


@act(*ANSWERED_IN)
def confirms(w: Walk, p: Proposal) -> None:
    here = Proposal.objects.in_status(*ANSWERED_IN).values_list("pk", flat=True)
    asked = Commitment.objects.of_proposals(here).answered_for().unanswered().first()
    if asked is None:
        raise Refused
    commitments.answer(
        participant_pk=asked.participant_id,
        is_confirmed=w.chance.random() < 0.5,
        reason="Ja.",
        by=asked.contact,
        at=w.at,
    )


@act(S.DRAFT, S.QUALIFIED)
def loses_a_participant(w: Walk, p: Proposal) -> None:
    participants.remove_participant(
        proposal_pk=p.pk, participant_pk=_a_participant(w, p).pk, by=p.owner, at=w.at
    )


def _a_participant(w: Walk, p: Proposal) -> Participant:
    found = list(p.participants.order_by("pk"))
    if len(found) < 2:
        return participants.add_participant(
            proposal_pk=p.pk,
            typed_name=f"Firma {w.chance.random()}",
            typed_kind="company",
            role="supplier",
            by=p.owner,
            at=w.at,
        )
    return w.chance.choice(found)


# The DGO and the secretariat


@act(*BEFORE_DECISION)
def opens_sparring(w: Walk, p: Proposal) -> None:
    sparring.open_sparring(proposal_pk=p.pk, by=p.owner, at=w.at)


@act(S.IN_QUALIFICATION)
def returns(w: Walk, p: Proposal) -> None:
    qualification.return_for_changes(
        proposal_pk=p.pk,
        revision=p.revision,
        reasons={"effekt": "Tal."},
        answer_date=w.a_day(),
        by=walk.adviser_of(p, w.world),
        at=w.at,
    )


@act(S.IN_QUALIFICATION)
def qualifies(w: Walk, p: Proposal) -> None:
    walk.qualify(p, w.world, at=w.at)


@act(S.IN_QUALIFICATION)
def waives(w: Walk, p: Proposal) -> None:
    qualification.waive(
        proposal_pk=p.pk, revision=p.revision, reason="Tavs.", by=w.cast.secretariat, at=w.at
    )


@act(*BEFORE_DECISION)
def changes_dgo(w: Walk, p: Proposal) -> None:
    to = w.chance.choice((w.cast.dgo, w.cast.other_dgo))
    dgo.change_dgo(proposal_pk=p.pk, dgo=to, reason="Bytte.", by=w.cast.secretariat, at=w.at)


@act(*BEFORE_DECISION)
def asks_another_dgo(w: Walk, p: Proposal) -> None:
    other = w.cast.dgo if p.lead_dgo_id == w.cast.other_dgo.pk else w.cast.other_dgo
    if p.accesses.current(at=w.at).of_co_readers().exists():
        dgo.remove_co_reader(proposal_pk=p.pk, dgo=other, by=p.owner, at=w.at)
    else:
        dgo.add_co_reader(proposal_pk=p.pk, dgo=other, note="", by=p.owner, at=w.at)


@act(S.DRAFT, S.QUALIFIED)
def gives_leave(w: Walk, p: Proposal) -> None:
    gates.grant(
        proposal_pk=p.pk,
        gate=w.chance.choice(list(Gate)),
        granted_to=w.somebody("owner", "writer"),
        until_at=w.at + timedelta(days=w.chance.randint(1, 60)),
        reason="Sygdom.",
        by=w.cast.secretariat,
        at=w.at,
    )


@act(S.DRAFT, S.QUALIFIED)
def takes_leave_back(w: Walk, p: Proposal) -> None:
    leave = Dispensation.objects.standing().order_by("-pk").first()
    if leave is None:
        gives_leave(w, p)
        leave = p.dispensations.get()
    gates.withdraw(dispensation_pk=leave.pk, reason="Rask.", by=w.cast.secretariat, at=w.at)


@act()
def moves_a_deadline(w: Walk, p: Proposal) -> None:
    round_ = Round.objects.get(pk=p.round_id)
    first = round_.qualification_deadline_at + timedelta(days=w.chance.randint(-3, 5))
    round_.qualification_deadline_at = first
    round_.approval_deadline_at = first + timedelta(days=w.chance.randint(5, 20))
    round_.dgo_deadline_at = usual_dgo_deadline(first, round_.approval_deadline_at)
    round_.meeting_date = danish.day_of(first) + timedelta(days=w.chance.randint(25, 45))
    gates.save_round(round=round_, by=w.cast.secretariat, at=w.at)


@act(S.IN_APPROVAL)
def checks(w: Walk, p: Proposal) -> None:
    said = dict.fromkeys(JUDGED, (w.chance.choice((True, True, None)), ""))
    formality.save_answers(proposal_pk=p.pk, answers=said, by=w.cast.secretariat, at=w.at)


@act(S.IN_APPROVAL)
def asks_for_more(w: Walk, p: Proposal) -> None:
    formality.request_completion(
        proposal_pk=p.pk,
        revision=p.revision,
        reasons={"effekt": "Tal."},
        answer_date=w.a_day(),
        by=w.cast.secretariat,
        at=w.at,
    )


@act(S.IN_APPROVAL)
def refuses(w: Walk, p: Proposal) -> None:
    for step in (formality.refuse, formality.reopen):
        p.refresh_from_db()
        step(proposal_pk=p.pk, revision=p.revision, reason="Krav.", by=w.cast.secretariat, at=w.at)


@act(S.IN_APPROVAL)
def recommends(w: Walk, p: Proposal) -> None:
    walk.recommend(p, w.world, amount=w.chance.choice((None, Decimal(1_500_000))), at=w.at)


@act(S.IN_QUALIFICATION, S.QUALIFIED, S.IN_APPROVAL, S.RECOMMENDED, S.ON_AGENDA)
def corrects(w: Walk, p: Proposal) -> None:
    recommendation.correct(
        proposal_pk=p.pk,
        revision=p.revision,
        reason="Fejl.",
        answer_date=w.chance.choice((None, w.a_day())),
        by=w.cast.secretariat,
        at=w.at,
    )


@act(*BEFORE_DECISION)
def asks_about_somebody(w: Walk, p: Proposal) -> None:
    who = w.somebody("adviser", "colleague", "committee", "tied adviser")
    row = impartiality.declare(proposal_pk=p.pk, user=who, reason="Nabo.", by=who, at=w.at)
    if w.chance.random() < 0.7:
        impartiality.settle(
            impartiality_pk=row.pk,
            is_impartial=w.chance.random() < 0.5,
            note="Set.",
            by=w.cast.secretariat,
            at=w.at,
        )


# The meeting and after it


@act(S.RECOMMENDED)
def places(w: Walk, p: Proposal) -> None:
    by = w.cast.secretariat
    found = list(Agenda.objects.filter(published_at=None).order_by("pk"))
    agenda = w.chance.choice(found) if found else None
    if agenda is None:
        agenda = agendas.create(
            round=None, meeting_date=w.a_day(), meeting_time=None, place="", by=by, at=w.at
        )
    agendas.add_proposal(agenda_pk=agenda.pk, proposal_pk=p.pk, by=by, at=w.at)


@act(S.RECOMMENDED)
def takes_off(w: Walk, p: Proposal) -> None:
    item = p.agenda_items.unreleased().first()
    if item is None:
        raise Refused
    agendas.remove_item(item_pk=item.pk, by=w.cast.secretariat, at=w.at)


def _agenda(p: Proposal) -> Agenda:
    item = p.agenda_items.unreleased().first()
    if item is None:
        raise Refused
    return item.agenda


@act()
def moves_a_meeting(w: Walk, p: Proposal) -> None:
    agenda = Agenda.objects.filter(published_at=None, items__proposal__isnull=False).first()
    if agenda is None:
        raise Refused
    agendas.change(
        agenda_pk=agenda.pk,
        meeting_date=w.a_day(),
        meeting_time=w.chance.choice((None, time(10, 0), time(13, 30))),
        place="",
        by=w.cast.secretariat,
        at=w.at,
    )


@act(S.RECOMMENDED)
def publishes(w: Walk, p: Proposal) -> None:
    agendas.publish(agenda_pk=_agenda(p).pk, by=w.cast.secretariat, at=w.at)


@act(S.ON_AGENDA)
def records(w: Walk, p: Proposal) -> None:
    item = p.agenda_items.unreleased().get()
    outcome = w.chance.choice([o for o in DecisionOutcome if o not in decision.FREE_ONLY])
    walk.record(item, outcome, w.world, at=w.at)


@act(S.ON_AGENDA)
def releases(w: Walk, p: Proposal) -> None:
    agenda = _agenda(p)
    walk.attend(agenda, w.world, at=w.at)
    for item in decision.undecided(agenda):
        walk.record(item, w.chance.choice(("approved", "approved", "postponed")), w.world, at=w.at)
    decision.release(agenda_pk=agenda.pk, by=w.cast.secretariat, at=w.at)


@act(S.APPROVED)
def answers_as_funder(w: Walk, p: Proposal) -> None:
    asked = FunderConsent.objects.pending().of_proposals([p.pk]).first()
    if asked is None:
        raise Refused
    funding.answer(
        consent_pk=asked.pk,
        answer=w.chance.choice(ConsentAnswer.values),
        reason="Rammen.",
        by=w.cast.funder,
        at=w.at,
    )


@act(S.APPROVED)
def launches(w: Walk, p: Proposal) -> None:
    track.launch(proposal_pk=p.pk, revision=p.revision, by=w.cast.secretariat, at=w.at)


@act(S.APPROVED)
def gives_up_or_tables_again(w: Walk, p: Proposal) -> None:
    step = w.chance.choice((track.lapse, track.retable, track.retable))
    step(proposal_pk=p.pk, revision=p.revision, reason="Nej.", by=w.cast.secretariat, at=w.at)


@act(S.ACTIVE)
def ends(w: Walk, p: Proposal) -> None:
    step = w.chance.choice((track.complete, track.discontinue))
    step(proposal_pk=p.pk, revision=p.revision, reason="Slut.", by=w.cast.secretariat, at=w.at)


def a_walk() -> Walk:
    world = a_world()
    cast = world.cast
    people = {name: value for name, value in vars(cast).items() if isinstance(value, User)}
    verify(cast.owner)
    give_role(cast.owner, Role.MEMBER, organization=cast.municipalities[0])
    people |= {"writer": proved("Viggo Skriver"), "contact": proved("Klara Kontakt")}
    tied = people["tied adviser"] = proved("Tove Tilknyttet")
    give_role(tied, Role.DGO_ADVISER, dgo=cast.dgo)
    give_role(tied, Role.MEMBER, organization=cast.municipalities[1])
    both = people["both"] = person("Bo Begge")
    for role in (Role.SECRETARIAT, Role.COMMITTEE):
        give_role(both, role)
    give_role(both, Role.FUNDER, organization=cast.realdania)
    return Walk(world, random.Random(0), people)  # noqa: S311 - chance, no secret


def rows() -> list[tuple[Any, ...]]:
    fields = ("pk", "kind", "subject", "since_at", "due_at", "until_at", "done_at")
    return list(Duty.objects.order_by("pk").values_list(*fields))


def hold_equal(w: Walk, people: Iterable[str], at: datetime) -> set[tuple[str, str]]:
    """Hold what waits for each person to the buttons that do something about it, and give (who, what)."""
    proposals = list(Proposal.objects.select_related("round"))
    told = set()
    for who in people:
        user = w.people[who]
        facts = read_facts(proposals, user, at=at)
        steps = {
            (p.pk, step.duty): step for p in proposals for step in every(p, facts) if step.duty
        }
        held = list(Duty.objects.open(at=at).held_by(user, at=at))
        stand = {(duty.proposal_id, duty.kind): duty for duty in held}
        assert stand.keys() == steps.keys(), (who, at)
        assert {step.due_at for step in steps.values()} - {None} <= {d.due_at for d in held}
        subjects = {duty.subject for duty in held}
        assert {thing.subject for thing in waiting.things(user, at=at)} == subjects, (who, at)
        told |= {(who, duty.kind) for duty in held}
    return told


STAGES = (
    S.IN_QUALIFICATION,
    S.QUALIFIED,
    S.IN_APPROVAL,
    S.RECOMMENDED,
    S.RECOMMENDED,
    S.ON_AGENDA,
    S.APPROVED,
    S.APPROVED,
)
WALKS, STEPS = 6, 60


@pytest.mark.slow("takes hundreds of real steps, and compares every row after each")
def test_what_waits_is_what_there_is_to_do_however_the_line_is_walked() -> None:
    w = a_walk()
    for stage in STAGES:
        proposal_at(stage, w.world)
    told: set[tuple[str, str]] = set()
    for seed in range(WALKS):
        w.chance, w.at = random.Random(seed), walk.AFTER  # noqa: S311 - the same
        start = transaction.savepoint()
        for number in range(STEPS):
            w.step()
            found = Duty.objects.compare(Proposal.objects.values_list("pk", flat=True), at=w.at)
            assert found == Difference(), (seed, number, w.done)
            who = w.people if number % 20 == 19 else w.chance.sample(sorted(w.people), 2)
            standing = set(Duty.objects.open(at=w.at).values_list("kind", flat=True))
            if standing - {kind for _, kind in told}:
                # A kind that nobody was held to yet is not left to chance.
                who = w.people
            told |= hold_equal(w, who, w.at)
            if number % 10 == 4:
                # What the clock alone changes needs nobody to write it.
                who = {"secretariat", *w.chance.sample(sorted(w.people), 2)}
                told |= hold_equal(w, who, w.at + timedelta(days=w.chance.choice((15, 31))))
        transaction.savepoint_rollback(start)

    # What was held equal is not equal because nothing was done.
    assert set(ACTS) - set(w.done) == set()
    assert {kind for _, kind in told} == set(Kind.values)

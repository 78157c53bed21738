"""Proposals in every state between the statuses, and people in every capacity."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from klimaspor import danish
from klimaspor.accounts.models import Role, User
from proposals.gates import steps as dispensation
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Duty, Proposal
from proposals.participants.models import Commitment
from proposals.rounds.models import Gate
from proposals.sparring import steps as advice
from proposals.submission import withdrawal
from review.qualification import steps as qualification
from review.recommendation import steps as recommendation
from review.track import steps as track
from tests.factories import walk
from tests.factories.intake import a_draft, a_ready_draft, give_role, person
from tests.factories.walk import World, day, proposal_at

S = Status


def fresh(proposal: Proposal) -> Proposal:
    found: Proposal = Proposal.objects.get(pk=proposal.pk)
    return found


def variants(world: World) -> dict[str, Proposal]:
    """Proposals in the states between the statuses, besides one at each."""
    found: dict[str, Proposal] = {status: proposal_at(status, world) for status in Status}
    cast = world.cast
    found["ready"] = a_ready_draft(cast, world.round)
    advised = found["advised"] = a_draft(cast, world.round)
    advice.open_sparring(proposal_pk=advised.pk, by=cast.owner, at=day(1))

    returned = found["returned"] = proposal_at(S.IN_QUALIFICATION, world)
    qualification.return_for_changes(
        proposal_pk=returned.pk,
        revision=returned.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 22),
        by=cast.adviser,
        at=day(1),
    )
    corrected = found["corrected"] = proposal_at(S.IN_QUALIFICATION, world)
    recommendation.correct(
        proposal_pk=corrected.pk,
        revision=corrected.revision,
        reason="Et tryk for meget.",
        by=cast.secretariat,
        at=day(2),
    )
    for gate, status in ((Gate.QUALIFICATION, S.DRAFT), (Gate.APPROVAL, S.QUALIFIED)):
        granted = found[f"granted {gate}"] = proposal_at(status, world)
        dispensation.grant(
            proposal_pk=granted.pk,
            gate=gate,
            granted_to=cast.owner,
            until_at=danish.wall(date(2027, 5, 28), time(9, 0)),
            reason="Sygdom.",
            by=cast.secretariat,
            at=day(3),
        )
    moved = found["moved"] = proposal_at(S.QUALIFIED, world)
    withdrawal.move_round(
        proposal_pk=moved.pk,
        revision=moved.revision,
        round=world.later,
        reason="Vi når det ikke.",
        by=cast.owner,
        at=day(3),
    )
    found["checked"] = walk.check(proposal_at(S.IN_APPROVAL, world), world)
    resent = found["checked before"] = walk.check(proposal_at(S.IN_APPROVAL, world), world)
    recommendation.correct(
        proposal_pk=resent.pk,
        revision=resent.revision,
        reason="Fejl.",
        by=cast.secretariat,
        at=day(4),
    )
    resent.refresh_from_db()
    walk.submit_for_approval(resent, world, at=day(5))
    placed = found["placed"] = proposal_at(S.RECOMMENDED, world)
    walk.an_agenda(world, placed)
    taken_off = found["taken off"] = proposal_at(S.ON_AGENDA, world)
    recommendation.correct(
        proposal_pk=taken_off.pk,
        revision=taken_off.revision,
        reason="Fejl.",
        by=cast.secretariat,
        at=day(6),
    )
    for outcome in ("approved", "rejected", "postponed", "sent_back"):
        written = found[f"to be {outcome}"] = proposal_at(S.ON_AGENDA, world)
        walk.record(written.agenda_items.get(), outcome, world)
    for answer in ("consented", "refused"):
        found[answer] = proposal_at(S.APPROVED, world)
        walk.answer(found[answer], answer, world)
    unasked = walk.recommend(proposal_at(S.IN_APPROVAL, world), world, amount=None)
    found["unasked"] = walk.meet(unasked, "approved", world)
    tabled = found["retabled"] = proposal_at(S.APPROVED, world)
    walk.answer(tabled, "refused", world)
    track.retable(
        proposal_pk=tabled.pk,
        revision=tabled.revision,
        reason="Nyt beløb.",
        by=cast.secretariat,
        at=day(8),
    )
    asked_again = found["asked again"] = proposal_at(S.APPROVED, world)
    walk.answer(asked_again, "refused", world)
    track.retable(
        proposal_pk=asked_again.pk,
        revision=asked_again.revision,
        reason="Nyt beløb.",
        by=cast.secretariat,
        at=day(8),
    )
    found["asked again"] = walk.meet(fresh(asked_again), "approved", world, at=day(9))
    return {name: fresh(proposal) for name, proposal in found.items()}


def everybody(world: World, proposals: dict[str, Proposal]) -> dict[str, User]:
    """The cast, people with several roles, and people whom a tie keeps from acting."""
    cast = world.cast
    found = {name: value for name, value in vars(cast).items() if isinstance(value, User)}

    def also(name: str, *roles: Any) -> User:
        found[name] = person(name)
        for role, where in roles:
            give_role(found[name], role, **where)
        return found[name]

    tie = (Role.MEMBER, {"organization": cast.municipalities[1]})
    also("tied adviser", (Role.DGO_ADVISER, {"dgo": cast.dgo}), tie)
    also("tied secretary", (Role.SECRETARIAT, {}), tie)
    also("tied member", (Role.COMMITTEE, {}), tie)
    also("tied funder", (Role.FUNDER, {"organization": cast.realdania}), tie)
    also("secretary on the committee", (Role.SECRETARIAT, {}), (Role.COMMITTEE, {}))
    partial = also("partial secretary", (Role.SECRETARIAT, {}))
    cleared = also("cleared adviser", (Role.DGO_ADVISER, {"dgo": cast.dgo}), tie)
    writer = also("writer")
    for proposal in proposals.values():
        for user, is_impartial in ((partial, False), (cleared, True)):
            raised = impartiality.declare(
                proposal_pk=proposal.pk, user=user, reason="Nabo.", by=user, at=day(10)
            )
            if raised.settled_at is None:
                impartiality.settle(
                    impartiality_pk=raised.pk,
                    is_impartial=is_impartial,
                    note="Set.",
                    by=cast.administrator,
                    at=day(10),
                )
        proposal.accesses.create(
            function="write", user=writer, since_at=day(1), since_by=cast.owner
        )
    _contacts(proposals, also, writer=writer)
    Duty.objects.settle(*(p.pk for p in proposals.values()), by=cast.administrator, at=day(10))
    return found


def _contacts(proposals: dict[str, Proposal], also: Any, *, writer: User) -> None:
    """Let people answer for participants: unanswered, for two of them, answered, let go, and one who also writes."""
    waits, answers, gone = also("contact"), also("answered contact"), also("former contact")

    def participant(proposal: Proposal, name: str, user: User, **said: Any) -> None:
        made = proposal.participants.create(
            typed_name=name, typed_kind="company", role="supplier", added_at=day(1)
        )
        Commitment.objects.create(participant=made, contact=user, **said)

    for proposal in proposals.values():
        participant(proposal, "Et A/S", waits)
        participant(proposal, "To A/S", waits)
        participant(proposal, "Tre A/S", gone)
        participant(proposal, "Fire A/S", writer)
        participant(
            proposal, "Fem A/S", answers, is_confirmed=True, answered_at=day(2), answered_by=answers
        )
        until = {gone: day(3)}
        for user in (waits, answers, gone):
            proposal.accesses.create(
                function="read",
                user=user,
                since_at=day(1),
                since_by=proposal.owner,
                until_at=until.get(user),
            )

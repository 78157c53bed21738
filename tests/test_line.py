"""The whole line, cell by cell: every transition tried with its real step from every status."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

import pytest

from proposals.line.lifecycle import Status, Transition
from proposals.line.models import IllegalTransition
from proposals.submission import steps as submission
from proposals.submission import taking_back, withdrawal
from review.agenda import steps as agendas
from review.formality import steps as formality
from review.meeting import steps as decision
from review.qualification import steps as qualification
from review.recommendation import steps as recommendation
from review.track import steps as funding
from tests.factories import walk
from tests.factories.intake import a_ready_draft
from tests.factories.walk import World, a_world, day, proposal_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from proposals.line.models import Proposal

pytestmark = pytest.mark.django_db

AT = day(10)
S = Status

CELLS: dict[Status, dict[str, Status]] = {
    S.DRAFT: {
        "submit": S.IN_QUALIFICATION,
        "move_round": S.DRAFT,
        "withdraw": S.WITHDRAWN,
    },
    S.IN_QUALIFICATION: {
        "return_for_changes": S.DRAFT,
        "qualify": S.QUALIFIED,
        "take_back": S.DRAFT,
        "withdraw": S.WITHDRAWN,
        "correct": S.DRAFT,
    },
    S.QUALIFIED: {
        "submit_for_approval": S.IN_APPROVAL,
        "move_round": S.DRAFT,
        "withdraw": S.WITHDRAWN,
        "correct": S.IN_QUALIFICATION,
    },
    S.IN_APPROVAL: {
        "request_completion": S.QUALIFIED,
        "refuse": S.INADMISSIBLE,
        "recommend": S.RECOMMENDED,
        "take_back": S.QUALIFIED,
        "withdraw": S.WITHDRAWN,
        "correct": S.QUALIFIED,
    },
    S.RECOMMENDED: {
        "publish": S.ON_AGENDA,
        "withdraw": S.WITHDRAWN,
        "correct": S.IN_APPROVAL,
    },
    S.ON_AGENDA: {
        "approve": S.APPROVED,
        "reject": S.REJECTED,
        "postpone": S.RECOMMENDED,
        "send_back": S.DRAFT,
        "withdraw": S.WITHDRAWN,
        "correct": S.RECOMMENDED,
    },
    S.APPROVED: {
        "launch": S.ACTIVE,
        "lapse": S.LAPSED,
        "retable": S.RECOMMENDED,
    },
    S.ACTIVE: {
        "complete": S.COMPLETED,
        "discontinue": S.DISCONTINUED,
    },
    S.INADMISSIBLE: {"reopen": S.IN_APPROVAL},
    S.COMPLETED: {},
    S.REJECTED: {},
    S.WITHDRAWN: {},
    S.LAPSED: {},
    S.DISCONTINUED: {},
}
"""Where each transition leads from each status. What is not here is refused."""

REFUSALS = (
    IllegalTransition,
    agendas.NotPlaceable,
    decision.AlreadyReleased,
    decision.NotRecordable,
)


def _submit(p: Proposal, w: World) -> None:
    submission.submit(proposal_pk=p.pk, revision=p.revision, by=w.cast.owner, at=AT)


def _return_for_changes(p: Proposal, w: World) -> None:
    qualification.return_for_changes(
        proposal_pk=p.pk,
        revision=p.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 1),
        by=w.cast.adviser,
        at=AT,
    )


def _submit_for_approval(p: Proposal, w: World) -> None:
    submission.submit_for_approval(proposal_pk=p.pk, revision=p.revision, by=w.cast.owner, at=AT)


def _request_completion(p: Proposal, w: World) -> None:
    formality.request_completion(
        proposal_pk=p.pk,
        revision=p.revision,
        reasons={"oekonomi": "Budgettet mangler."},
        answer_date=date(2027, 4, 1),
        by=w.cast.secretariat,
        at=AT,
    )


def _publish(p: Proposal, w: World) -> None:
    walk.publish(walk.an_agenda(w, p, at=AT), w, at=AT)


def _decided(outcome: str) -> Callable[[Proposal, World], None]:
    def attempt(p: Proposal, w: World) -> None:
        item = p.agenda_items.order_by("-pk").first()
        agenda = item.agenda if item else walk.an_agenda(w, p, at=AT)
        walk.decide(agenda, outcome, w, at=AT)

    return attempt


def _launch(p: Proposal, w: World) -> None:
    for _ in p.consents.pending():
        walk.answer(p, "consented", w, at=AT)
    funding.launch(proposal_pk=p.pk, revision=p.revision, by=w.cast.secretariat, at=AT)


def _refused(step: Callable[..., object]) -> Callable[[Proposal, World], None]:
    def attempt(p: Proposal, w: World) -> None:
        for _ in p.consents.pending():
            walk.answer(p, "refused", w, at=AT)
        _reasoned(step)(p, w)

    return attempt


def _reasoned(step: Callable[..., object]) -> Callable[[Proposal, World], None]:
    def attempt(p: Proposal, w: World) -> None:
        step(
            proposal_pk=p.pk,
            revision=p.revision,
            reason="Det er grunden.",
            by=w.cast.secretariat,
            at=AT,
        )

    return attempt


def _move_round(p: Proposal, w: World) -> None:
    withdrawal.move_round(
        proposal_pk=p.pk,
        revision=p.revision,
        round=w.later,
        reason="Vi når det ikke.",
        by=w.cast.owner,
        at=AT,
    )


def _take_back(p: Proposal, w: World) -> None:
    taking_back.take_back(proposal_pk=p.pk, revision=p.revision, by=w.cast.owner, at=AT)


def _withdraw(p: Proposal, w: World) -> None:
    withdrawal.withdraw(
        proposal_pk=p.pk, revision=p.revision, reason="Nej tak.", by=w.cast.owner, at=AT
    )


ATTEMPTS: dict[str, Callable[[Proposal, World], object]] = {
    "submit": _submit,
    "return_for_changes": _return_for_changes,
    "qualify": lambda p, w: walk.qualify(p, w, at=AT),
    "submit_for_approval": _submit_for_approval,
    "request_completion": _request_completion,
    "refuse": _reasoned(formality.refuse),
    "reopen": _reasoned(formality.reopen),
    "recommend": lambda p, w: walk.recommend(p, w, at=AT),
    "publish": _publish,
    "approve": _decided("approved"),
    "reject": _decided("rejected"),
    "postpone": _decided("postponed"),
    "send_back": _decided("sent_back"),
    "launch": _launch,
    "lapse": _refused(funding.lapse),
    "retable": _refused(funding.retable),
    "complete": _reasoned(funding.complete),
    "discontinue": _reasoned(funding.discontinue),
    "move_round": _move_round,
    "take_back": _take_back,
    "withdraw": _withdraw,
    "correct": _reasoned(recommendation.correct),
}


def test_every_transition_is_tried() -> None:
    assert ATTEMPTS.keys() == {transition.id for transition in Transition}
    assert CELLS.keys() == set(Status)


@pytest.mark.parametrize("status", Status)
def test_each_transition_leads_where_the_table_says_and_nowhere_else(status: Status) -> None:
    world = a_world()
    proposal = (
        a_ready_draft(world.cast, world.round)
        if status == Status.DRAFT
        else proposal_at(status, world)
    )

    found = {}
    for name, attempt in ATTEMPTS.items():
        with transaction.atomic():
            proposal.refresh_from_db()
            try:
                with transaction.atomic():
                    attempt(proposal, world)
            except REFUSALS:
                proposal.refresh_from_db()
                assert proposal.status == status
            else:
                proposal.refresh_from_db()
                found[name] = Status(proposal.status)
                assert proposal.events.filter(source=status, transition=name).exists()
            transaction.set_rollback(True)

    assert found == CELLS[status]

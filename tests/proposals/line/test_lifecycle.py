"""The line as data hangs together."""

from __future__ import annotations

import pytest

from klimaspor.accounts.models import User
from proposals.line.lifecycle import EDITABLE, ENDED, SPARRING, Status, Stop, Transition, Turn
from proposals.line.models import IllegalTransition, Proposal
from tests.factories.intake import NOW


def test_every_status_can_be_reached_and_left_unless_it_ends_the_line() -> None:
    moves = [transition for transition in Transition if transition != Transition.CORRECT]
    reached = {target for move in moves for targets in move.arrows.values() for target in targets}
    left = {source for move in moves for source in move.sources}

    assert reached == set(Status)
    assert set(Status) - left == ENDED - {Status.INADMISSIBLE}


def test_the_ended_wait_for_nobody_and_stand_at_no_stop() -> None:
    assert {
        Status.COMPLETED,
        Status.REJECTED,
        Status.INADMISSIBLE,
        Status.WITHDRAWN,
        Status.LAPSED,
        Status.DISCONTINUED,
    } == ENDED
    assert {status for status in Status if status.stop is None} == ENDED - {Status.COMPLETED}
    assert {status.stop for status in Status} - {None} == set(Stop)


def test_writers_write_where_it_is_their_turn_and_nothing_is_decided() -> None:
    assert {Status.DRAFT, Status.QUALIFIED} == EDITABLE
    assert all(status.turn == Turn.PROPOSER for status in EDITABLE)
    assert not SPARRING & ENDED
    assert Status.ACTIVE not in SPARRING


# Every arrow of the line, by what it is stored as.
LINE: dict[str, dict[str, str]] = {
    "submit": {"draft": "in_qualification"},
    "return_for_changes": {"in_qualification": "draft"},
    "qualify": {"in_qualification": "qualified"},
    "submit_for_approval": {"qualified": "in_approval"},
    "request_completion": {"in_approval": "qualified"},
    "refuse": {"in_approval": "inadmissible"},
    "reopen": {"inadmissible": "in_approval"},
    "recommend": {"in_approval": "recommended"},
    "publish": {"recommended": "on_agenda"},
    "approve": {"on_agenda": "approved"},
    "reject": {"on_agenda": "rejected"},
    "postpone": {"on_agenda": "recommended"},
    "send_back": {"on_agenda": "draft qualified"},
    "launch": {"approved": "active"},
    "lapse": {"approved": "lapsed"},
    "retable": {"approved": "recommended"},
    "complete": {"active": "completed"},
    "discontinue": {"active": "discontinued"},
    "take_back": {"in_qualification": "draft", "in_approval": "qualified"},
    "move_round": {"draft": "draft", "qualified": "draft"},
    "withdraw": {
        "draft": "withdrawn",
        "in_qualification": "withdrawn",
        "qualified": "withdrawn",
        "in_approval": "withdrawn",
        "recommended": "withdrawn",
        "on_agenda": "withdrawn",
    },
    "correct": {
        "in_qualification": "draft",
        "qualified": "in_qualification",
        "in_approval": "qualified",
        "recommended": "in_approval",
        "on_agenda": "recommended",
    },
}


def test_the_arrows_are_these() -> None:
    assert {
        transition.id: {
            source.value: " ".join(target.value for target in targets)
            for source, targets in transition.arrows.items()
        }
        for transition in Transition
    } == LINE


@pytest.mark.parametrize("transition", Transition)
def test_every_status_refuses_what_does_not_begin_there_or_lead_there(
    transition: Transition,
) -> None:
    arrows = LINE[transition.id]

    for status in Status:
        for target in Status:
            if target not in arrows.get(status, "").split():
                with pytest.raises(IllegalTransition):
                    Proposal(status=status).move(transition, by=User(), at=NOW, to=target)


def test_where_it_leads_is_given_only_when_there_is_one_way() -> None:
    assert Transition.CORRECT.target_from(Status.QUALIFIED) == Status.IN_QUALIFICATION
    with pytest.raises(LookupError):
        Transition.SEND_BACK.target_from(Status.ON_AGENDA)
    with pytest.raises(LookupError):
        Transition.SUBMIT.target_from(Status.QUALIFIED)


def test_every_status_can_stand_in_a_sentence() -> None:
    assert {status.value: status.state for status in Status} == {
        "draft": "er en kladde",
        "in_qualification": "er til faglig kvalificering",
        "qualified": "er fagligt kvalificeret",
        "in_approval": "er i godkendelsesforløb",
        "recommended": "er indstillet",
        "on_agenda": "er på dagsordenen",
        "approved": "er godkendt og afventer bidragydere",
        "active": "er igangsat",
        "completed": "er afsluttet",
        "rejected": "har fået afslag",
        "inadmissible": "er afvist på formalia",
        "withdrawn": "er trukket tilbage",
        "lapsed": "er bortfaldet",
        "discontinued": "er afbrudt",
    }

"""The line as data hangs together."""

from __future__ import annotations

import pytest

from klimaspor.accounts.models import User
from proposals.line.lifecycle import (
    CORRECT,
    CORRECTIONS,
    EDITABLE,
    ENDED,
    SPARRING,
    STOPS,
    TRANSITIONS,
    TURNS,
    Status,
    Turn,
)
from proposals.line.models import IllegalTransition, Proposal
from tests.factories.intake import NOW


def test_every_status_can_be_reached_and_left_unless_it_ends_the_line() -> None:
    moves = [step for step in TRANSITIONS.values() if step.id != CORRECT.id]
    reached = {target for step in moves for target in step.targets}
    left = {source for step in moves for source in step.sources}

    assert reached == set(Status)
    assert set(Status) - left == ENDED - {Status.INADMISSIBLE}


def test_every_status_says_whose_turn_it_is_and_the_ended_wait_for_nobody() -> None:
    assert set(TURNS) == set(Status)
    assert {s for s in Status if TURNS[s] == Turn.NOBODY} == ENDED
    assert {s for s in Status if s not in STOPS} == ENDED - {Status.COMPLETED}


def test_writers_write_where_it_is_their_turn_and_nothing_is_decided() -> None:
    assert {Status.DRAFT, Status.QUALIFIED} == EDITABLE
    assert all(TURNS[status] == Turn.PROPOSER for status in EDITABLE)
    assert not SPARRING & ENDED
    assert Status.ACTIVE not in SPARRING


def test_a_correction_goes_one_step_back() -> None:
    assert CORRECTIONS == {
        Status.IN_QUALIFICATION: Status.DRAFT,
        Status.QUALIFIED: Status.IN_QUALIFICATION,
        Status.IN_APPROVAL: Status.QUALIFIED,
        Status.RECOMMENDED: Status.IN_APPROVAL,
        Status.ON_AGENDA: Status.RECOMMENDED,
    }


# Where each transition may begin, and where it may lead from anywhere that it begins.
LINE: dict[str, tuple[str, str]] = {
    "submit": ("draft", "in_qualification"),
    "return_for_changes": ("in_qualification", "draft"),
    "qualify": ("in_qualification", "qualified"),
    "submit_for_approval": ("qualified", "in_approval"),
    "request_completion": ("in_approval", "qualified"),
    "refuse": ("in_approval", "inadmissible"),
    "reopen": ("inadmissible", "in_approval"),
    "recommend": ("in_approval", "recommended"),
    "publish": ("recommended", "on_agenda"),
    "approve": ("on_agenda", "approved"),
    "reject": ("on_agenda", "rejected"),
    "postpone": ("on_agenda", "recommended"),
    "send_back": ("on_agenda", "draft qualified"),
    "launch": ("approved", "active"),
    "lapse": ("approved", "lapsed"),
    "retable": ("approved", "recommended"),
    "complete": ("active", "completed"),
    "discontinue": ("active", "discontinued"),
    "move_round": ("draft qualified", "draft"),
    "withdraw": ("draft in_qualification qualified in_approval recommended on_agenda", "withdrawn"),
    "correct": (
        "in_qualification qualified in_approval recommended on_agenda",
        "draft in_qualification qualified in_approval recommended",
    ),
}


def test_every_status_takes_its_own_transitions_and_refuses_the_others() -> None:
    found = {
        step.id: (set(map(str, step.sources)), set(map(str, step.targets)))
        for step in TRANSITIONS.values()
    }
    assert found == {name: (set(a.split()), set(b.split())) for name, (a, b) in LINE.items()}

    for status in Status:
        for step in TRANSITIONS.values():
            if status not in LINE[step.id][0].split():
                with pytest.raises(IllegalTransition):
                    Proposal(status=status).move(step, by=User(), at=NOW)


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

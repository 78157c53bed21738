"""The line as data hangs together."""

from __future__ import annotations

from proposals.lifecycle import (
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

"""Who was at a meeting: kept line by line while it is ticked, and nothing is released before all is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from proposals.line.lifecycle import Status
from review.decision import steps as decision
from review.papers.minutes import collect_minutes
from tests.factories.intake import give_role, person
from tests.factories.walk import (
    AFTER,
    World,
    a_world,
    an_agenda,
    day,
    proposal_at,
    publish,
    record,
)

if TYPE_CHECKING:
    import time_machine

    from review.agenda.models import Agenda
    from tests.pages import Page, Pages

UFFE, VERA = "Uffe Udvalg", "Vera Udvalg"


@pytest.fixture
def world(db: None, now: time_machine.Traveller) -> World:
    now.move_to(AFTER)
    made = a_world()
    give_role(person(VERA), "committee")
    return made


@pytest.fixture
def agenda(world: World) -> Agenda:
    return publish(an_agenda(world, proposal_at(Status.RECOMMENDED, world)), world)


def address(agenda: Agenda, rest: str = "beslutninger/") -> str:
    return f"/moeder/{agenda.meeting_date.isoformat()}/{rest}"


def there(agenda: Agenda) -> dict[str, str]:
    return dict(agenda.attendance.values_list("name", "presence"))


def alone(page: Page, token: str = "", **said: str) -> dict[str, Any]:
    """What the script sends of the list."""
    rows = {name: value for name, value in page.sent.items() if name.startswith("personer-")}
    base = token or page.sent["base-personer"]
    typed = {f"personer-{n[1:]}-presence": value for n, value in said.items()}
    return {"unit": "personer", "base-personer": base, **rows, **typed}


def send(pages: Pages, agenda: Agenda, data: dict[str, Any]) -> dict[str, Any]:
    answer = pages.client.post(address(agenda), data)
    return {"status": answer.status_code, **answer.json()}


def test_each_line_is_kept_while_others_are_open_and_two_who_tick_do_not_meet(
    pages: Pages, world: World, agenda: Agenda
) -> None:
    mine = pages.as_(world.cast.secretariat).get(address(agenda))
    theirs = pages.as_(world.cast.colleague).get(address(agenda))

    first = send(pages, agenda, alone(theirs, r0="present"))
    pages.as_(world.cast.secretariat)
    second = send(pages, agenda, alone(mine, r1="apologies"))

    assert (first["state"], second["state"]) == ("saved", "saved")
    assert first["said"].startswith("Gemt kl.\xa0")
    assert there(agenda) == {UFFE: "present", VERA: "apologies"}
    # One's own line again, with what the answer gave: nobody meets themselves.
    third = send(pages, agenda, alone(mine, second["token"], r1="absent", r0="present"))
    assert third["state"] == "saved"
    assert there(agenda) == {UFFE: "present", VERA: "absent"}


def test_two_who_tick_the_same_see_what_stands(pages: Pages, world: World, agenda: Agenda) -> None:
    mine = pages.as_(world.cast.secretariat).get(address(agenda))
    pages.as_(world.cast.colleague)
    send(pages, agenda, alone(pages.get(address(agenda)), r0="absent"))
    pages.as_(world.cast.secretariat)

    answer = send(pages, agenda, alone(mine, r0="present"))

    assert answer["state"] == "conflict"
    assert answer["errors"][0].startswith(f"{UFFE} er ændret, efter du åbnede siden.")
    assert "fraværende" in answer["conflict"]
    assert there(agenda)[UFFE] == "absent"
    data = mine.sent | {"personer-0-presence": "present"}
    refused = pages.post(address(agenda), data, status=409)
    assert "fraværende" in refused.text
    pages.post(address(agenda), refused.sent)
    assert there(agenda)[UFFE] == "present"


def test_a_line_is_taken_off_before_anything_is_said_of_it(
    pages: Pages, world: World, agenda: Agenda
) -> None:
    page = pages.as_(world.cast.secretariat).get(address(agenda))
    kept = send(pages, agenda, alone(page))

    send(pages, agenda, alone(page, kept["token"]) | {"personer-1-DELETE": "on"})

    assert there(agenda) == {UFFE: ""}


def test_nothing_is_released_before_it_is_said_of_everybody(
    pages: Pages, world: World, agenda: Agenda
) -> None:
    record(agenda.items.exclude(proposal=None).get(), "approved", world)
    page = pages.as_(world.cast.secretariat).get(address(agenda))

    said = pages.press(address(agenda), page.sent | {"personer-0-presence": "present"})

    assert said.messages == [f"Fremmødet er gemt. Det mangler stadig, om {VERA} var til stede."]
    assert "Frigiv beslutninger" not in said.primary
    assert "Frigiv beslutninger" not in pages.get(address(agenda, "frigiv/")).buttons
    with pytest.raises(decision.AttendanceMissing, match=VERA):
        decision.release(agenda_pk=agenda.pk, by=world.cast.secretariat, at=day(6))
    listed = collect_minutes(agenda, at=AFTER).attended
    assert [(one.name, one.presence) for one in listed] == [
        (UFFE, "til stede"),
        (VERA, "ikke oplyst"),
    ]

    done = pages.press(
        address(agenda), pages.get(address(agenda)).sent | {"personer-1-presence": "absent"}
    )
    assert done.messages == ["Fremmødet er gemt."]
    assert "Frigiv beslutninger" in done.primary


def test_what_cannot_be_kept_is_said(pages: Pages, world: World, agenda: Agenda) -> None:
    page = pages.as_(world.cast.secretariat).get(address(agenda))

    answer = send(pages, agenda, alone(page) | {"personer-0-name": ""})
    twice = send(pages, agenda, alone(page) | {"personer-0-name": VERA})

    assert (answer["state"], answer["errors"]) == ("invalid", ["Indtast personens navn"])
    assert twice["errors"] == ["Den samme person står to gange. Fjern den ene linje"]
    assert send(pages, agenda, {"unit": "andet"})["status"] == 400

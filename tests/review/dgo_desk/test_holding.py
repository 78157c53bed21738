"""Who of a DGO has a proposal: taken by the first, given to several at once and back, passed on with a note, and never to whoever may not."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection

import pytest

from klimaspor.accounts import people
from klimaspor.accounts.models import Role
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import AlreadyDone
from proposals.drafting.dgo import change_dgo
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from review.qualification import holding
from review.qualification import steps as qualification
from review.qualification.models import Assignment, Distribution, Holder
from tests.factories.intake import give_role, person
from tests.factories.walk import AFTER, DAY, proposal_at, qualify, submit
from tests.review.dgo_desk.test_desk import DESK, opened, returned, rows, titles

if TYPE_CHECKING:
    import time_machine

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal
    from tests.factories.walk import World
    from tests.pages import Pages


@pytest.fixture
def colleague(world: World) -> User:
    other = person("Åse Anden")
    give_role(other, Role.DGO_ADVISER, dgo=world.cast.dgo)
    return other


@pytest.fixture
def lying(world: World) -> Proposal:
    return proposal_at(Status.IN_QUALIFICATION, world)


def test_one_press_takes_what_nobody_has(
    pages: Pages, world: World, colleague: User, lying: Proposal
) -> None:
    address = f"{DESK}?hvem=ingen&sort=titel"
    pages.as_(world.cast.adviser).get(address)

    page = pages.post(address, {"take": lying.number})

    # Back to what was looked at.
    assert page.location == address
    assert pages.get(DESK).messages == [f"Du har nu {lying.number}."]
    assert holding.holder_of(lying) == world.cast.adviser
    late = pages.as_(colleague).post(DESK, {"take": lying.number}, status=200)
    assert late.problems == [f"Rune Rådgiver har lige taget {lying.number}."]


def test_who_has_it_follows_it_through_the_line(world: World, colleague: User) -> None:
    draft = opened(world, "Kladde")
    holding.take(proposal_pk=draft.pk, by=colleague, at=AFTER)
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    holding.take(proposal_pk=proposal.pk, by=colleague, at=AFTER)

    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=AFTER)

    # Whoever begins on another's does not take it from them.
    assert begun.assigned_to == colleague
    assert [row.proposal for row in Holder.objects.all()] == [draft]
    sent_back = returned(world, proposal)
    assert holding.holder_of(sent_back) == colleague
    # Who has it comes back with it, also where sparring was never opened.
    again = submit(sent_back, world, at=DAY[2])
    assert holding.holder_of(again) == colleague
    holding.pass_on(
        proposal_pk=again.pk, to_user=world.cast.adviser, note="", by=colleague, at=AFTER
    )
    begun = qualification.begin(proposal_pk=again.pk, by=colleague, at=AFTER)
    assert begun.assigned_to == world.cast.adviser


def test_another_dgo_begins_with_nobody(world: World, lying: Proposal) -> None:
    holding.take(proposal_pk=lying.pk, by=world.cast.adviser, at=AFTER)
    change_dgo(
        proposal_pk=lying.pk,
        dgo=world.cast.other_dgo,
        reason="Flyttet",
        by=world.cast.secretariat,
        at=AFTER,
    )
    lying.refresh_from_db()
    assert holding.holder_of(lying) is None
    with pytest.raises(holding.NotGiven, match="ligger ikke hos jer mere"):
        holding.take(proposal_pk=lying.pk, by=world.cast.adviser, at=AFTER)


def test_several_are_given_by_one_press_and_taken_back_by_another(
    pages: Pages, world: World, colleague: User
) -> None:
    first, second, third = (
        proposal_at(Status.IN_QUALIFICATION, world, title=title) for title in "ABC"
    )
    holding.take(proposal_pk=second.pk, by=world.cast.adviser, at=AFTER)
    pages.as_(world.cast.adviser).get(DESK)
    chosen = [f"{first.number}:0", f"{second.number}:{world.cast.adviser.pk}"]

    pages.post(DESK, {"chosen": chosen, "to_user": str(colleague.pk)})

    assert [holding.holder_of(p) for p in (first, second, third)] == [colleague, colleague, None]
    page = pages.get(DESK)
    assert page.messages == [f"Åse Anden har nu {first.number} og {second.number}."]
    assert any(button.startswith("Fortryd fordelingen") for button in page.buttons)
    # One has changed hands since.
    holding.pass_on(
        proposal_pk=first.pk, to_user=world.cast.adviser, note="", by=colleague, at=AFTER
    )
    made = Distribution.objects.get()

    pages.post(DESK, {"undo": str(made.pk)})

    page = pages.get(DESK)
    assert page.messages == [
        f"Rune Rådgiver har fået {first.number} siden.",
        f"Fordelingen er fortrudt: {second.number}.",
    ]
    assert [holding.holder_of(p) for p in (first, second)] == [world.cast.adviser] * 2
    assert not [button for button in page.buttons if button.startswith("Fortryd fordelingen")]
    with pytest.raises(AlreadyDone):
        holding.undo(distribution_pk=made.pk, by=world.cast.adviser, at=AFTER)


def test_nobody_takes_back_what_another_gave_or_what_is_old(
    pages: Pages, world: World, colleague: User, lying: Proposal, now: time_machine.Traveller
) -> None:
    holding.distribute(shown={lying.pk: None}, to_user=colleague, by=world.cast.adviser, at=AFTER)
    made = Distribution.objects.get()
    button = "Fortryd fordelingen"
    for who, at, is_offered in (
        (world.cast.adviser, AFTER + timedelta(minutes=59), True),
        (colleague, AFTER + timedelta(minutes=59), False),
        (world.cast.adviser, AFTER + timedelta(hours=1), False),
    ):
        now.move_to(at)
        buttons = pages.as_(who).get(DESK).buttons
        assert any(one.startswith(button) for one in buttons) is is_offered, (who, at)
    for who, at in (
        (colleague, AFTER),
        (world.cast.adviser, AFTER + timedelta(hours=1)),
    ):
        with pytest.raises(AlreadyDone):
            holding.undo(distribution_pk=made.pk, by=who, at=at)
    assert holding.holder_of(lying) == colleague


def test_who_is_tied_gets_none_of_it_and_the_others_are_given(pages: Pages, world: World) -> None:
    tied = person("Tina Tilknyttet")
    give_role(tied, Role.DGO_ADVISER, dgo=world.cast.dgo)
    first, second = (proposal_at(Status.IN_QUALIFICATION, world, title=t) for t in "AB")
    impartiality.declare(proposal_pk=second.pk, user=tied, reason="Nabo", by=tied, at=AFTER)
    pages.as_(world.cast.adviser).get(DESK)
    chosen = [f"{p.number}:0" for p in (first, second)]

    pages.post(DESK, {"chosen": chosen, "to_user": str(tied.pk)})

    assert [holding.holder_of(p) for p in (first, second)] == [tied, None]
    warned, done = pages.get(DESK).messages
    assert warned.startswith(f"Tina Tilknyttet kan ikke få {second.number}, før en anden")
    assert done == f"Tina Tilknyttet har nu {first.number}."


def test_what_was_taken_meanwhile_is_left_and_named(
    pages: Pages, world: World, colleague: User, lying: Proposal
) -> None:
    pages.as_(world.cast.adviser).get(DESK)
    holding.take(proposal_pk=lying.pk, by=colleague, at=AFTER)

    page = pages.post(
        DESK,
        {"chosen": [f"{lying.number}:0"], "to_user": str(world.cast.adviser.pk)},
        status=200,
    )

    assert page.problems == [f"Åse Anden har fået {lying.number}, siden du så listen."]
    assert holding.holder_of(lying) == colleague
    assert not Distribution.objects.exists()
    # It stays ticked, and the next press has seen who has it.
    assert page.value("chosen") == f"{lying.number}:{colleague.pk}"


@pytest.mark.parametrize(
    ("typed", "problems"),
    (
        ({}, ["Sæt kryds ved mindst ét forslag", "Vælg, hvem der skal have forslagene"]),
        ({"chosen": "KS-2027-9999:0", "to_user": "ingen"}, ["Forslaget ligger ikke hos jer mere."]),
        (
            {"chosen": "x", "to_user": "999999"},
            ["Sæt kryds ved mindst ét forslag", "Vælg en rådgiver fra listen"],
        ),
        ({"take": "KS-2027-9999"}, ["Forslaget ligger ikke hos jer mere."]),
    ),
)
def test_what_cannot_be_given_is_told(
    pages: Pages, world: World, lying: Proposal, typed: dict[str, str], problems: list[str]
) -> None:
    page = pages.as_(world.cast.adviser).post(DESK, typed, status=200)
    assert page.problems == problems


def test_an_adviser_who_just_left_gets_nothing(
    pages: Pages, world: World, colleague: User, lying: Proposal
) -> None:
    pages.as_(world.cast.adviser).get(DESK)
    role = colleague.memberships.get()
    people.end_role(membership_pk=role.pk, by=world.cast.secretariat, at=AFTER)

    page = pages.post(
        DESK, {"chosen": [f"{lying.number}:0"], "to_user": str(colleague.pk)}, status=200
    )

    assert page.problems == ["Vælg en rådgiver fra listen"]
    colleague.__dict__.pop("duties", None)
    with pytest.raises(holding.NotGiven, match="Åse Anden er ikke rådgiver i den DGO"):
        holding.distribute(
            shown={lying.pk: None}, to_user=colleague, by=world.cast.adviser, at=AFTER
        )
    assert holding.holder_of(lying) is None


def test_it_is_passed_on_with_a_note_in_a_letter(
    pages: Pages, world: World, colleague: User, lying: Proposal
) -> None:
    address = f"/kvalificering/{lying.number}/giv-videre/"
    holding.take(proposal_pk=lying.pk, by=world.cast.adviser, at=AFTER)
    page = pages.as_(world.cast.adviser).get(address)
    assert "Rune Rådgiver har forslaget nu." in page.text

    pages.post(
        address, {"to_user": str(colleague.pk), "note": "Jeg er nået til V2.\n<script>x</script>"}
    )

    assert pages.get(DESK).messages == [f"Åse Anden har nu {lying.number} og har fået et brev."]
    letter = OutgoingMail.objects.get(name="passed_on")
    assert letter.recipient == colleague.email
    assert f"Rune Rådgiver har givet {lying.number} videre til dig." in letter.body
    assert "> Jeg er nået til V2." in letter.body
    row = Assignment.objects.latest("pk")
    assert (row.from_user, row.to_user, row.note.splitlines()[0]) == (
        world.cast.adviser,
        colleague,
        "Jeg er nået til V2.",
    )
    again = pages.as_(colleague).get(address)
    assert "Jeg er nået til V2. <script>x</script>" in again.text
    # The proposer reads none of it.
    assert (
        "nået til V2"
        not in pages.as_(world.cast.owner).get(f"/forslag/{lying.number}/forloeb/").text
    )


def test_a_note_is_given_back_where_nobody_is_chosen(
    pages: Pages, world: World, lying: Proposal
) -> None:
    page = pages.as_(world.cast.adviser).post(
        f"/kvalificering/{lying.number}/giv-videre/", {"note": "En lang besked"}, status=200
    )
    assert page.problems == ["Vælg, hvem der skal have forslaget"]
    assert page.value("note") == "En lang besked"


def test_what_is_no_longer_theirs_can_be_given_to_nobody(
    pages: Pages, world: World, lying: Proposal
) -> None:
    address = f"/kvalificering/{lying.number}/giv-videre/"
    qualify(lying, world)
    pages.as_(world.cast.adviser).get(address, status=409)
    page = pages.get(DESK)
    assert titles(page) == ["Lavbundsjord"]
    assert rows(page)[0].endswith("Forslagsstilleren")
    pages.as_(world.cast.other_adviser).get(address, status=404)
    pages.as_(world.cast.secretariat).get(address, status=403)


@pytest.mark.slow("two people press at once, each with a connection of their own")
@pytest.mark.django_db(transaction=True)
def test_two_who_take_it_at_once_are_one_who_has_it(world: World, colleague: User) -> None:
    lying = proposal_at(Status.IN_QUALIFICATION, world)
    found: list[str] = []
    start = threading.Barrier(2)

    def take(who: User) -> None:
        start.wait()
        try:
            holding.take(proposal_pk=lying.pk, by=who, at=AFTER)
            found.append("has it")
        except holding.NotGiven as refusal:
            found.append(str(refusal))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=take, args=(who,)) for who in (world.cast.adviser, colleague)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    holder = holding.holder_of(lying)
    assert holder is not None
    assert sorted(found) == sorted(["has it", f"{holder.name} har lige taget {lying.number}."])

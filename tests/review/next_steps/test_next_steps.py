"""Every button comes from one place: what is open to whom, what waits for whom, and the line drawn."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest
import time_machine

from klimaspor import danish
from klimaspor.accounts.models import Role, User
from proposals.gates import deadlines
from proposals.line.lifecycle import ANSWERED_IN, Status, Transition
from proposals.line.models import Duty, Proposal
from proposals.participants.models import Commitment
from proposals.rounds.models import Gate
from review.next_steps import buttons as next_steps
from review.next_steps import waiting as next_steps_waiting
from review.next_steps.buttons import steps
from review.next_steps.facts import read_facts
from review.next_steps.line import line, whose_turn_text
from review.qualification import steps as qualification
from tests.factories import walk
from tests.factories.intake import a_draft, a_ready_draft, give_role, person
from tests.factories.walk import AFTER, a_world, day, proposal_at
from tests.review.next_steps.cases import everybody, fresh, variants

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

AFTER_FIRST = danish.wall(date(2027, 4, 13), time(10, 0))
AFTER_SECOND = danish.wall(date(2027, 5, 3), time(10, 0))
MEETING_DAY = danish.wall(date(2027, 5, 27), time(8, 0))
LATER = danish.wall(date(2027, 6, 21), time(8, 0))
MOMENTS = (AFTER, AFTER_FIRST, AFTER_SECOND, MEETING_DAY, LATER)

ROLES = ("owner", "adviser", "secretariat", "committee", "funder")
S = Status
_ADMIN = ("change_dgo", "co_readers", "hand_over", "declare")

CELLS: dict[Status, dict[str, tuple[str, ...]]] = {
    S.DRAFT: {
        "owner": (
            "*edit",
            "submit",
            "open_sparring",
            "move_round",
            "copy",
            "hand_over",
            "withdraw",
        ),
    },
    S.IN_QUALIFICATION: {
        "owner": ("open_sparring", "co_readers", "copy", "hand_over", "take_back", "withdraw"),
        "adviser": ("*qualify", "return_for_changes", "change_dgo", "co_readers", "declare"),
        "secretariat": ("step_in", *_ADMIN, "correct"),
    },
    S.QUALIFIED: {
        "owner": (
            "*submit_for_approval",
            "edit",
            "reply",
            "open_sparring",
            "move_round",
            "co_readers",
            "copy",
            "hand_over",
            "withdraw",
        ),
        "adviser": ("change_dgo", "co_readers", "declare"),
        "secretariat": ("move_round", "dispense", *_ADMIN, "correct"),
    },
    S.IN_APPROVAL: {
        "owner": (
            "reply",
            "open_sparring",
            "co_readers",
            "copy",
            "hand_over",
            "take_back",
            "withdraw",
        ),
        "adviser": ("change_dgo", "co_readers", "declare"),
        "secretariat": (
            "*check",
            "recommend",
            "request_completion",
            "refuse",
            *_ADMIN,
            "correct",
        ),
    },
    S.RECOMMENDED: {
        "owner": ("reply", "open_sparring", "co_readers", "copy", "hand_over", "withdraw"),
        "adviser": ("change_dgo", "co_readers", "declare"),
        "secretariat": ("*place", *_ADMIN, "correct"),
    },
    S.ON_AGENDA: {
        "owner": ("open_sparring", "co_readers", "copy", "hand_over", "withdraw"),
        "adviser": ("change_dgo", "co_readers", "declare"),
        "secretariat": ("decide", *_ADMIN, "correct"),
        "committee": ("*prepare", "declare"),
    },
    S.APPROVED: {
        "owner": ("open_sparring", "copy", "hand_over"),
        "secretariat": ("enter_consent", "hand_over"),
        "funder": ("*consent", "declare"),
    },
    S.ACTIVE: {
        "owner": ("copy", "hand_over"),
        "secretariat": ("complete", "discontinue", "hand_over"),
    },
    S.INADMISSIBLE: {"owner": ("copy",), "secretariat": ("reopen",)},
    S.COMPLETED: {"owner": ("copy",)},
    S.REJECTED: {"owner": ("copy",)},
    S.WITHDRAWN: {"owner": ("copy",)},
    S.LAPSED: {"owner": ("copy",)},
    S.DISCONTINUED: {"owner": ("copy",)},
}
"""What is open to whom at AFTER, the primary step marked with a star; nothing to the roles that are not named."""


def ids(proposal: Proposal, user: User, at: datetime = AFTER) -> tuple[str, ...]:
    found = next_steps.open_steps(proposal, user, at=at)
    return tuple(f"*{step.id}" if step.is_primary else step.id for step in found)


@pytest.mark.parametrize("status", Status)
def test_what_is_open_to_whom_at_each_status(status: Status) -> None:
    world = a_world()
    proposal = proposal_at(status, world)

    found = {role: ids(proposal, getattr(world.cast, role)) for role in ROLES}

    assert found == {role: CELLS[status].get(role, ()) for role in ROLES}
    for nobody in (world.cast.stranger, world.cast.other_adviser, world.cast.administrator):
        assert ids(proposal, nobody) == ()


@pytest.mark.slow("asks for everybody about a proposal in every state")
def test_what_waits_is_what_has_a_step_to_do_about_it() -> None:
    world = a_world()
    proposals = variants(world)
    people = everybody(world, proposals)
    names = {proposal.pk: name for name, proposal in proposals.items()}

    waited: dict[str, set[str]] = {}
    for at in MOMENTS:
        for who, user in people.items():
            facts = read_facts(list(proposals.values()), user, at=at)
            to_do = {
                (name, step.duty): step
                for name, proposal in proposals.items()
                for step in reversed(next_steps.every(proposal, facts))
                if step.duty
            }
            stand = {
                (names[duty.proposal_id], duty.kind): duty
                for duty in Duty.objects.open(at=at).held_by(user, at=at)
            }
            assert stand.keys() == to_do.keys(), (who, at)
            for key, step in to_do.items():
                assert step.due_at in (None, stand[key].due_at), (who, at, key)
            found = {name for name, _ in to_do}
            assert found == {
                name for name, p in proposals.items() if next_steps.primary(steps(p, facts))
            }
            visible = set(Proposal.objects.visible_to(user, at=at))
            assert visible >= {proposals[name] for name in found}, (who, at)
            waiting = next_steps_waiting.waiting_for(user, at=at)
            assert waiting.count == len({duty.subject for duty in stand.values()}), (who, at)
            assert waiting.count == next_steps_waiting.waiting_count(user, at=at), (who, at)
            assert len(waiting.rows) == min(waiting.count, 10), (who, at)
            waited.setdefault(who, set()).update(found)

    # What was held equal is not equal because it is empty.
    assert {who for who, found in waited.items() if not found} == {
        "stranger",
        "administrator",
        "other_adviser",
        "tied adviser",
        "tied secretary",
        "tied funder",
        "tied member",
        "partial secretary",
        "answered contact",
        "former contact",
    }
    assert waited["contact"] == {
        name for name, proposal in proposals.items() if proposal.status in ANSWERED_IN
    }
    assert waited["writer"] == waited["owner"]
    assert waited["funder"] == {S.APPROVED, "asked again"}
    assert waited["adviser"] == waited["cleared adviser"] == {S.IN_QUALIFICATION}


def test_a_contact_is_asked_for_one_answer_at_a_time_by_the_second_deadline() -> None:
    world = a_world()
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    contact = person("Kontakt Person")
    for participant in proposal.participants.listed()[:2]:
        Commitment.objects.create(participant=participant, contact=contact)
    proposal.accesses.create(
        function="read", user=contact, since_at=day(1), since_by=proposal.owner
    )

    found = next_steps.open_steps(proposal, contact, at=AFTER)
    first, second = proposal.participants.listed()[:2]

    assert [(s.label, s.is_primary, s.url) for s in found if s.id != "copy"] == [
        (f"Svar for {p.name}", is_first, f"/forslag/{proposal.number}/deltager/{p.pk}/")
        for p, is_first in zip(
            sorted((first, second), key=lambda p: p.pk), (True, False), strict=True
        )
    ]
    assert found[0].due_at == world.round.approval_deadline_at
    assert ids(proposal, world.cast.owner) == CELLS[S.IN_QUALIFICATION]["owner"]
    Commitment.objects.update(is_confirmed=True, answered_at=day(2), answered_by=contact)
    later = next_steps.open_steps(fresh(proposal), contact, at=AFTER)
    assert [s.label for s in later if s.id != "copy"] == [
        f"Ret svaret for {p.name}" for p in sorted((first, second), key=lambda p: p.pk)
    ]


@pytest.mark.slow("asks for everybody about a proposal in every state")
def test_every_transition_is_reached_by_a_button_of_somebody() -> None:
    world = a_world()
    found: set[str] = set()
    for proposal in variants(world).values():
        for role in ROLES:
            found |= {
                s.id for s in next_steps.open_steps(proposal, getattr(world.cast, role), at=AFTER)
            }
    assert {transition.id for transition in Transition} - found == set()


@pytest.mark.slow("opens every page that a button leads to, for everybody")
def test_every_button_leads_to_a_page_that_opens(client: Client) -> None:
    world = a_world()
    buttons: dict[tuple[str, str, Status], next_steps.OpenStep] = {}
    for proposal in variants(world).values():
        for role in ROLES:
            for step in next_steps.open_steps(proposal, getattr(world.cast, role), at=AFTER):
                buttons.setdefault((role, step.id, Status(proposal.status)), step)

    with time_machine.travel(AFTER, tick=False):
        for role in ROLES:
            client.force_login(getattr(world.cast, role))
            for (who, _, _), step in buttons.items():
                if who == role:
                    assert client.get(step.url).status_code == 200, (role, step)


def test_a_late_proposal_is_moved_and_not_sent() -> None:
    world = a_world()
    draft = a_ready_draft(world.cast, world.round)
    owner = world.cast.owner
    at = world.round.qualification_deadline_at

    assert ids(draft, owner, at)[0] == "*submit"
    late = danish.wall(date(2027, 4, 12), time(9, 0, 1))
    assert ids(draft, owner, late) == (
        "*move_round",
        "edit",
        "open_sparring",
        "copy",
        "hand_over",
        "withdraw",
    )
    step = next_steps.primary(next_steps.open_steps(draft, owner, at=late))
    assert step is not None
    assert step.text == (
        "Fristen for faglig kvalificering var mandag den\xa012.\xa0april\xa02027 kl.\xa09.00. Dit forslag er gemt. "
        "Du kan flytte forslaget til runden Efterår 2027."
    )
    world.later.delete()
    assert ids(draft, owner, late)[0] == "*edit"


@pytest.mark.slow("asks for everybody about a proposal in every state")
def test_the_steps_agree_with_the_deadline_check() -> None:
    world = a_world()
    proposals = variants(world)
    for at in MOMENTS:
        for name, proposal in proposals.items():
            if proposal.status not in (S.DRAFT, S.QUALIFIED):
                continue
            gate = Gate.QUALIFICATION if proposal.status == S.DRAFT else Gate.APPROVAL
            found = {s.id for s in next_steps.open_steps(proposal, world.cast.owner, at=at)}
            is_open = bool(found & {"submit", "submit_for_approval"})
            assert is_open == deadlines.may_enter(proposal, gate, by=world.cast.owner, at=at), (
                name,
                at,
            )


def test_a_person_who_is_tied_sees_no_button_that_acts() -> None:
    world = a_world()
    tied = person("Tina Tilknyttet")
    give_role(tied, Role.SECRETARIAT)
    give_role(tied, Role.MEMBER, organization=world.cast.municipalities[1])
    proposal = proposal_at(S.IN_APPROVAL, world)
    assert ids(proposal, tied) == ("change_dgo", "hand_over")


def test_the_secretariat_steps_in_first_when_the_dgo_is_late() -> None:
    world = a_world()
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    assert ids(proposal, world.cast.secretariat, AFTER_SECOND)[0] == "*step_in"
    assert "return_for_changes" not in ids(proposal, world.cast.adviser, AFTER_SECOND)


def test_decisions_are_written_on_the_day_and_released_when_written() -> None:
    world = a_world()
    proposal = proposal_at(S.ON_AGENDA, world)
    secretary = world.cast.secretariat
    assert ids(proposal, secretary, MEETING_DAY)[0] == "*decide"
    walk.record(proposal.agenda_items.get(), "sent_back", world)
    step = next_steps.primary(next_steps.open_steps(proposal, secretary, at=MEETING_DAY))
    assert step is not None
    assert (step.id, step.url) == ("send_back", "/moeder/2027-05-27/frigiv/")
    assert ids(proposal, world.cast.committee, LATER) == ("prepare", "declare")


def test_waiting_rows_say_what_which_and_by_when_most_urgent_first() -> None:
    world = a_world()
    cast = world.cast
    first = proposal_at(S.IN_QUALIFICATION, world, title="Biokul")
    second = proposal_at(S.IN_QUALIFICATION, world, title="Lavbundsjord")
    dispatched = walk.submit(
        a_ready_draft(cast, world.later, title="Sommer", at=walk.NOW)
        if world.later.opens_at <= walk.NOW
        else a_ready_draft(cast, world.round, title="Sommer"),
        world,
    )

    waiting = next_steps_waiting.waiting_for(cast.adviser, at=AFTER)

    assert [(row.number, row.title) for row in waiting.rows] == [
        (first.number, "Biokul"),
        (second.number, "Lavbundsjord"),
        (dispatched.number, "Sommer"),
    ]
    row = waiting.rows[0]
    assert (row.label, row.organization, row.due_at, row.url) == (
        "Kvalificér forslaget",
        "Aarhus Kommune (ikke bekræftet)",
        world.round.dgo_deadline_at,
        f"/kvalificering/{first.number}/",
    )
    assert waiting.following == ()
    follows = next_steps_waiting.waiting_for(cast.owner, at=AFTER)
    assert follows.rows == ()
    assert {row.text for row in follows.following} == {
        "Nu: DGO Midtjylland kvalificerer. Svar ventes senest mandag den\xa026.\xa0april\xa02027 kl.\xa09.00.",
        "Nu: DGO Midtjylland kvalificerer. Svar ventes senest mandag den\xa018.\xa0oktober\xa02027 kl.\xa010.00.",
    }


@pytest.mark.slow("walks several proposals to a meeting")
def test_a_meeting_is_one_row_however_many_proposals_it_has() -> None:
    world = a_world()
    proposals = [proposal_at(S.RECOMMENDED, world, title=name) for name in ("Et", "To", "Tre")]
    agenda = walk.an_agenda(world, *proposals)
    cast = world.cast

    [row] = next_steps_waiting.waiting_for(cast.secretariat, at=AFTER).rows
    assert (row.label, row.title, row.text, row.count, row.url) == (
        "Gør dagsordenen færdig",
        "Mødet torsdag den\xa027.\xa0maj\xa02027",
        "Dagsordenen er ikke udsendt. 3 forslag på dagsordenen.",
        3,
        "/moeder/2027-05-27/dagsorden/",
    )
    walk.publish(agenda, world)
    assert next_steps_waiting.waiting_for(cast.secretariat, at=AFTER).rows == ()
    [row] = next_steps_waiting.waiting_for(cast.committee, at=AFTER).rows
    assert (row.label, row.count) == ("Læs dagsordenen", 3)

    items = [agenda.items.get(proposal=proposal) for proposal in proposals]
    for item in items[:2]:
        walk.record(item, "approved", world)
    [row] = next_steps_waiting.waiting_for(cast.secretariat, at=MEETING_DAY).rows
    assert row.label == "Skriv beslutninger"
    walk.record(items[2], "rejected", world)
    [row] = next_steps_waiting.waiting_for(cast.secretariat, at=MEETING_DAY).rows
    assert (row.label, row.url) == ("Frigiv beslutninger", "/moeder/2027-05-27/frigiv/")


def test_at_most_ten_rows_are_shown_and_all_are_counted() -> None:
    world = a_world()
    for number in range(12):
        a_draft(world.cast, world.round, title=f"Nummer {number}")

    waiting = next_steps_waiting.waiting_for(world.cast.owner, at=AFTER)

    assert (len(waiting.rows), waiting.count) == (10, 12)


@pytest.mark.slow("walks eighteen proposals")
@pytest.mark.parametrize("count", (1, 3))
def test_queries_do_not_grow_with_the_rows(count: int) -> None:
    world = a_world()
    for number in range(count):
        for status in (S.DRAFT, S.IN_APPROVAL, S.RECOMMENDED, S.APPROVED, S.ACTIVE):
            proposal_at(status, world, title=f"{status} {number}")
        walk.an_agenda(world, proposal_at(S.RECOMMENDED, world))
        walk.submit(a_ready_draft(world.cast, world.round), world)
    found = {}
    for name in ROLES:
        user = User.objects.get(pk=getattr(world.cast, name).pk)
        user.clock = AFTER
        with CaptureQueriesContext(connection) as queries:
            next_steps_waiting.waiting_for(user, at=AFTER)
        found[name] = len(queries)
    assert found == {"owner": 9, "adviser": 5, "secretariat": 6, "committee": 5, "funder": 8}


@pytest.mark.parametrize("status", Status)
def test_steps_of_one_proposal_take_few_queries(
    status: Status, django_assert_max_num_queries: Any
) -> None:
    world = a_world()
    proposal = Proposal.objects.with_frame().get(pk=proposal_at(status, world).pk)
    for role in ROLES:
        user = getattr(world.cast, role)
        user.clock = AFTER
        user.__dict__.pop("duties", None)
        assert user.duties is not None
        with django_assert_max_num_queries(6):
            next_steps.open_steps(proposal, user, at=AFTER)


TURNS: dict[Status, str] = {
    S.DRAFT: "Nu: forslagsstilleren skriver. Fristen er mandag den\xa012.\xa0april\xa02027 kl.\xa09.00.",
    S.IN_QUALIFICATION: "Nu: DGO Midtjylland kvalificerer. Svar ventes senest mandag den\xa026.\xa0april\xa02027 kl.\xa09.00.",
    S.QUALIFIED: "Nu: forslagsstilleren læser udtalelsen og indsender. Fristen er torsdag den\xa029.\xa0april\xa02027 kl.\xa09.00.",
    S.IN_APPROVAL: "Nu: sekretariatet kontrollerer krav og skriver indstilling. Rundens møde er torsdag den\xa027.\xa0maj\xa02027.",
    S.RECOMMENDED: "Nu: sekretariatet sætter forslaget på en dagsorden. Rundens møde er torsdag den\xa027.\xa0maj\xa02027.",
    S.ON_AGENDA: "Nu: forretningsudvalget beslutter på mødet torsdag den\xa027.\xa0maj\xa02027.",
    S.APPROVED: "Nu: bidragyderne svarer. Realdania har ikke svaret endnu.",
    S.ACTIVE: "Nu: forslagsstilleren gennemfører klimaudviklingssporet.",
    S.COMPLETED: "Sporet er afsluttet. Ingen skal gøre mere.",
    S.REJECTED: "Forslaget har fået afslag. Ingen skal gøre mere.",
    S.INADMISSIBLE: "Forslaget er afvist på formalia. Ingen skal gøre mere.",
    S.WITHDRAWN: "Forslaget er trukket tilbage. Ingen skal gøre mere.",
    S.LAPSED: "Forslaget er bortfaldet. Ingen skal gøre mere.",
    S.DISCONTINUED: "Sporet er afbrudt. Ingen skal gøre mere.",
}
STATES: dict[Status, str] = {
    S.DRAFT: "now todo todo todo todo todo todo",
    S.IN_QUALIFICATION: "done now todo todo todo todo todo",
    S.QUALIFIED: "done now todo todo todo todo todo",
    S.IN_APPROVAL: "done done now todo todo todo todo",
    S.RECOMMENDED: "done done done now todo todo todo",
    S.ON_AGENDA: "done done done done now todo todo",
    S.APPROVED: "done done done done done now todo",
    S.ACTIVE: "done done done done done done now",
    S.COMPLETED: "done done done done done done done",
    S.REJECTED: "done done done done ended never never",
    S.INADMISSIBLE: "done done ended never never never never",
    S.WITHDRAWN: "done ended never never never never never",
    S.LAPSED: "done done done done done ended never",
    S.DISCONTINUED: "done done done done done done ended",
}


@pytest.mark.parametrize("status", Status)
def test_whose_turn_it_is_and_the_line(status: Status) -> None:
    proposal = proposal_at(status)

    assert whose_turn_text(proposal, AFTER) == TURNS[status]
    stops = line(proposal, at=AFTER)
    assert " ".join(stop["state"] for stop in stops) == STATES[status]
    assert [stop["label"] for stop in stops] == [
        "Kladde",
        "Faglig kvalificering",
        "Godkendelsesforløb",
        "Indstilling",
        "Møde",
        "Bidragydere",
        "Igangsat",
    ]
    assert sum(bool(stop["text"]) for stop in stops) == 1


def test_the_line_says_why_it_ended() -> None:
    stops = line(proposal_at(S.REJECTED), at=AFTER)
    assert stops[4]["text"] == (
        "Forretningsudvalget gav afslag søndag den\xa07.\xa0marts\xa02027. Begrundelse: Begrundelsen er denne."
    )


def test_whose_turn_after_a_return_and_after_the_deadline() -> None:
    world = a_world()
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 22),
        by=world.cast.adviser,
        at=day(1),
    )
    assert whose_turn_text(fresh(proposal), AFTER) == (
        "Nu: forslagsstilleren retter. Svar ventes senest torsdag den\xa022.\xa0april\xa02027 kl.\xa023.59."
    )
    draft = a_draft(world.cast, world.round)
    assert whose_turn_text(draft, AFTER_FIRST) == (
        "Nu: forslagsstilleren skriver. Fristen var mandag den\xa012.\xa0april\xa02027 kl.\xa09.00."
    )


def test_amounts_in_a_button_are_written_as_danes_do() -> None:
    world = a_world()
    proposal = walk.recommend(
        proposal_at(S.IN_APPROVAL, world), world, amount=Decimal("1500000.50")
    )
    proposal = walk.meet(proposal, "approved", world)
    step = next_steps.primary(next_steps.open_steps(proposal, world.cast.funder, at=AFTER))
    assert step is not None
    assert step.text == (
        "Realdania skal give sin egen godkendelse af 1.500.000,50\N{NO-BREAK SPACE}kr."
    )

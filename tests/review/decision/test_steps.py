"""The committee's decisions: written item by item, told when all are released, and never twice."""

from __future__ import annotations

import threading
from datetime import date, time
from typing import TYPE_CHECKING, Any

from django.db import connection

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Role
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import AlreadyDone, Missing
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.submission import withdrawal
from review.agenda import steps as agendas
from review.decision import steps as decision
from review.decision.models import Decision, DecisionOutcome
from review.meeting import steps as meeting
from review.recommendation import steps as recommendation
from tests.factories import walk
from tests.factories.intake import a_round, give_role, person
from tests.factories.walk import World, a_world, day, proposal_at

if TYPE_CHECKING:
    from review.agenda.models import Agenda, AgendaItem

pytestmark = pytest.mark.django_db


def tabled(world: World, *names: str) -> tuple[Agenda, list[AgendaItem]]:
    """A published agenda with one proposal for each name."""
    proposals = [proposal_at(Status.RECOMMENDED, world, title=name) for name in names]
    agenda = walk.publish(walk.an_agenda(world, *proposals), world)
    return agenda, [agenda.items.get(proposal=proposal) for proposal in proposals]


def release(agenda: Agenda, world: World) -> Agenda:
    return decision.release(agenda_pk=agenda.pk, by=world.cast.secretariat, at=day(6))


def letters() -> set[tuple[str, str]]:
    return set(
        OutgoingMail.objects.filter(name__startswith="decided_").values_list("name", "recipient")
    )


def test_attendance_begins_with_the_committee_and_is_written_over() -> None:
    world = a_world()
    agenda, _ = tabled(world, "Biokul")
    assert meeting.seats(agenda, at=day(6)) == (
        meeting.Seat("Uffe Udvalg", "", world.cast.committee),
    )

    for presence in ("present", "apologies"):
        meeting.save_attendance(
            agenda_pk=agenda.pk,
            presences=[
                meeting.Seat("Uffe Udvalg", presence, world.cast.committee),
                meeting.Seat(" Gitte  Gæst ", "present"),
            ],
            by=world.cast.secretariat,
            at=day(6),
        )

    assert meeting.seats(agenda, at=day(6)) == (
        meeting.Seat("Uffe Udvalg", "apologies", world.cast.committee),
        meeting.Seat("Gitte Gæst", "present"),
    )


@pytest.mark.parametrize(
    "seats",
    (
        [],
        [("", "present")],
        [("Uffe", "måske")],
        [("Uffe", "present"), ("uffe", "absent")],
    ),
)
def test_attendance_that_says_too_little_is_refused(seats: list[tuple[str, str]]) -> None:
    world = a_world()
    agenda, _ = tabled(world, "Biokul")
    with pytest.raises(Missing):
        meeting.save_attendance(
            agenda_pk=agenda.pk,
            presences=[meeting.Seat(*seat) for seat in seats],
            by=world.cast.secretariat,
            at=day(6),
        )


def test_nothing_is_decided_on_an_agenda_that_is_not_out() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    agenda = walk.an_agenda(world, proposal)
    item = agenda.items.get(proposal=proposal)

    for press in (
        lambda: walk.record(item, "approved", world),
        lambda: walk.attend(agenda, world),
        lambda: release(agenda, world),
    ):
        with pytest.raises(meeting.NotRecordable, match="ikke udsendt"):
            press()


@pytest.mark.parametrize(
    ("outcome", "given", "missing"),
    (
        ("", {}, {"outcome"}),
        ("noted", {}, {"outcome"}),
        ("nothing", {}, {"outcome"}),
        ("with_conditions", {"reason": "Fordi."}, {"conditions"}),
        ("with_conditions", {"conditions": "Hvis."}, {"reason"}),
        ("postponed", {"reason": " "}, {"reason"}),
        ("rejected", {}, {"reason"}),
        ("dropped", {}, {"reason"}),
        ("sent_back", {"reason": "Fordi."}, {"back_to", "back_to_round"}),
        ("sent_back", {"reason": "Fordi.", "back_to": "approved"}, {"back_to", "back_to_round"}),
    ),
)
def test_what_an_outcome_needs_is_asked_for(
    outcome: str, given: dict[str, str], missing: set[str]
) -> None:
    world = a_world()
    _, [item] = tabled(world, "Biokul")
    with pytest.raises(Missing) as refusal:
        decision.record(
            item_pk=item.pk,
            outcome=outcome,
            by=world.cast.secretariat,
            at=day(6),
            **given,  # type: ignore[arg-type]  # the words of one case
        )
    assert refusal.value.errors.keys() == missing
    assert not Decision.objects.exists()


def test_a_free_item_may_be_noted_and_is_never_sent_back() -> None:
    world = a_world()
    agenda, _ = tabled(world, "Biokul")
    free = agenda.items.get(number=1)
    walk.record(free, "noted", world)
    with pytest.raises(Missing) as refusal:
        walk.record(free, "sent_back", world)
    assert refusal.value.errors.keys() == {"outcome"}
    assert Decision.objects.get().outcome == DecisionOutcome.NOTED


def test_send_back_goes_to_a_later_round_that_still_takes_it_in() -> None:
    world = a_world()
    gone = a_round(
        name="Sommer 2027",
        qualification_deadline_at=danish.wall(date(2027, 5, 3), time(9, 0)),
        approval_deadline_at=danish.wall(date(2027, 6, 1), time(9, 0)),
        meeting_date=date(2027, 6, 17),
    )
    _, [item] = tabled(world, "Biokul")
    at = danish.wall(date(2027, 5, 27), time(12, 0))
    assert [r.name for r in decision.later_rounds(item.proposal, at=at)] == [
        "Sommer 2027",
        "Efterår 2027",
    ]

    for back_to, round_, refused in (
        ("draft", world.round, True),
        ("draft", gone, True),
        ("qualified", gone, False),
        ("draft", world.later, False),
    ):
        if refused:
            with pytest.raises(Missing) as refusal:
                walk.record(item, "sent_back", world, at=at, back_to=back_to, back_to_round=round_)
            assert refusal.value.errors.keys() == {"back_to_round"}
        else:
            walk.record(item, "sent_back", world, at=at, back_to=back_to, back_to_round=round_)


def test_recording_tells_nobody_and_may_be_done_again() -> None:
    world = a_world()
    agenda, [item] = tabled(world, "Biokul")
    before = OutgoingMail.objects.count()

    walk.record(item, "with_conditions", world, recused=["Tina Tilknyttet"])
    walk.record(item, "approved", world, recused=[" Tina  Tilknyttet ", "Tina Tilknyttet", ""])

    said = Decision.objects.get()
    assert (said.outcome, said.conditions, said.released_at) == ("approved", "", None)
    assert [r.name for r in item.recusals.all()] == ["Tina Tilknyttet"]
    assert OutgoingMail.objects.count() == before
    assert Proposal.objects.get().status == Status.ON_AGENDA
    assert decision.undecided(agenda) == []


def test_members_who_are_tied_are_suggested_as_taking_no_part() -> None:
    world = a_world()
    tied = person("Tina Tilknyttet")
    give_role(tied, Role.COMMITTEE)
    give_role(tied, Role.MEMBER, organization=world.cast.municipalities[1])
    agenda, [item] = tabled(world, "Biokul")

    assert meeting.suggested_recusals(item, at=day(6)) == ("Tina Tilknyttet",)
    assert meeting.suggested_recusals(agenda.items.get(number=1), at=day(6)) == ()


def test_one_who_is_tied_records_no_decision() -> None:
    world = a_world()
    tied = person("Tina Tilknyttet")
    give_role(tied, Role.SECRETARIAT)
    give_role(tied, Role.MEMBER, organization=world.cast.municipalities[1])
    _, [item] = tabled(world, "Biokul")
    with pytest.raises(impartiality.NotImpartial):
        decision.record(item_pk=item.pk, outcome="approved", by=tied, at=day(6))


def test_release_needs_attendance_and_every_proposal_decided() -> None:
    world = a_world()
    agenda, [first, second] = tabled(world, "Biokul", "Lavbundsjord")

    with pytest.raises(decision.AttendanceMissing):
        release(agenda, world)
    walk.attend(agenda, world)
    with pytest.raises(decision.Undecided, match="punkt 2 og punkt 3"):
        release(agenda, world)
    walk.record(first, "approved", world)
    with pytest.raises(decision.Undecided, match="punkt 3,") as refusal:
        release(agenda, world)
    assert refusal.value.items == (second,)

    agenda.refresh_from_db()
    assert agenda.released_at is None
    assert letters() == set()


@pytest.mark.slow("walks a proposal to every outcome")
def test_release_lets_every_outcome_take_effect_and_tells_it() -> None:
    world = a_world()
    wanted = {
        "approved": Status.APPROVED,
        "with_conditions": Status.APPROVED,
        "postponed": Status.RECOMMENDED,
        "sent_back": Status.DRAFT,
        "rejected": Status.REJECTED,
        "dropped": Status.RECOMMENDED,
    }
    agenda, items = tabled(world, *wanted)
    walk.attend(agenda, world)
    for item, outcome in zip(items, wanted, strict=True):
        walk.record(item, outcome, world)

    release(agenda, world)

    found = {p.title: Status(p.status) for p in Proposal.objects.all()}
    assert found == wanted
    assert letters() == {
        (f"decided_{outcome}", who.email)
        for outcome in wanted
        for who in (world.cast.owner, world.cast.adviser)
    }
    # Nothing is decided on the items nobody wrote about, which are the first and the last.
    assert [
        (one.item.number, one.outcome, one.released_by)
        for one in Decision.objects.select_related("item", "released_by").order_by("item__number")
    ] == [(n, outcome, world.cast.secretariat) for n, outcome in enumerate(wanted, 2)]
    assert agenda.dossiers.get(kind="minutes").requested_at == day(6)
    back = Proposal.objects.get(title="sent_back")
    assert back.round == world.later
    body = OutgoingMail.objects.get(name="decided_sent_back", recipient=world.cast.owner.email).body
    assert "runden Efterår 2027" in body
    assert "> Begrundelsen er denne." in body
    told = OutgoingMail.objects.get(
        name="decided_sent_back", recipient=world.cast.adviser.email
    ).body
    assert "Du skal ikke gøre noget." in told
    assert "Ret det" not in told
    conditions = OutgoingMail.objects.get(
        name="decided_with_conditions", recipient=world.cast.owner.email
    ).body
    assert "Betingelser:\n> Vis effekten inden et år." in conditions


def test_send_back_to_after_the_assessment_keeps_it() -> None:
    world = a_world()
    proposal = walk.meet(
        proposal_at(Status.RECOMMENDED, world), "sent_back", world, back_to="qualified"
    )

    assert (proposal.status, proposal.round) == (Status.QUALIFIED, world.later)
    walk.submit_for_approval(proposal, world, at=day(7))
    walk.recommend(proposal, world, at=day(8))
    assert proposal.status == Status.RECOMMENDED
    assert proposal.qualifications.completed().count() == 1


def test_a_postponed_proposal_comes_on_another_agenda() -> None:
    world = a_world()
    proposal = walk.meet(proposal_at(Status.RECOMMENDED, world), "postponed", world)
    assert list(agendas.placeable()) == [proposal]

    proposal = walk.meet(proposal, "approved", world, at=day(8))

    assert proposal.status == Status.APPROVED
    assert proposal.agenda_items.count() == 2


@pytest.mark.slow("walks several proposals to a meeting")
def test_what_left_the_table_reads_udgaar_whatever_was_written() -> None:
    world = a_world()
    agenda, [withdrawn, corrected, kept] = tabled(world, "Trukket", "Rettet", "Blev")
    walk.attend(agenda, world)
    for item in (withdrawn, corrected, kept):
        walk.record(item, "approved", world)
    withdrawal.withdraw(
        proposal_pk=withdrawn.proposal_id,
        revision=withdrawn.proposal.revision,
        reason="Vi mangler penge.",
        by=world.cast.owner,
        at=day(6),
    )
    with pytest.raises(meeting.NotRecordable, match="trukket tilbage"):
        walk.record(withdrawn, "rejected", world)
    recommendation.correct(
        proposal_pk=corrected.proposal_id,
        revision=corrected.proposal.revision,
        reason="Fejl.",
        by=world.cast.secretariat,
        at=day(6),
    )

    release(agenda, world)

    assert {(d.item.title, d.outcome, d.reason) for d in Decision.objects.exclude(reason="")} == {
        ("Trukket", "dropped", "Forslaget er trukket tilbage."),
        ("Rettet", "dropped", "Forslaget er indstillet."),
    }
    assert dict(Proposal.objects.values_list("title", "status")) == {
        "Trukket": Status.WITHDRAWN,
        "Rettet": Status.RECOMMENDED,
        "Blev": Status.APPROVED,
    }
    assert {name for name, _ in letters()} == {"decided_approved"}


def test_approval_asks_each_named_funder_and_opens_the_proposal_to_it() -> None:
    world = a_world()
    assert not Proposal.objects.visible_to(world.cast.funder, at=day(6)).exists()

    proposal = proposal_at(Status.APPROVED, world)

    consent = proposal.consents.get()
    assert (consent.funder, consent.amount, consent.answer) == (
        world.cast.realdania,
        1_500_000,
        "",
    )
    assert list(Proposal.objects.visible_to(world.cast.funder, at=day(6))) == [proposal]
    mail = OutgoingMail.objects.get(name="consent_asked")
    assert mail.recipient == world.cast.funder.email
    assert "1.500.000 kr." in mail.body
    assert f"/bevillinger/{consent.pk}/" in mail.body


def test_after_release_nothing_is_written_or_released_again() -> None:
    world = a_world()
    agenda, [item] = tabled(world, "Biokul")
    walk.decide(agenda, "rejected", world)

    for press in (
        lambda: release(agenda, world),
        lambda: walk.record(item, "approved", world),
        lambda: walk.attend(agenda, world),
    ):
        with pytest.raises(meeting.AlreadyReleased, match="allerede frigivet") as refusal:
            press()
        assert isinstance(refusal.value, AlreadyDone)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ("release", "record"))
def test_two_at_once_give_one_result(kind: str) -> None:
    world = a_world()
    agenda, items = tabled(world, "Biokul", "Lavbundsjord")
    walk.attend(agenda, world)
    if kind == "release":
        for item in items:
            walk.record(item, "approved", world)
    ready = threading.Barrier(2)
    results: list[Any] = []

    def press(by: Any, outcome: str) -> None:
        try:
            ready.wait()
            if kind == "release":
                decision.release(agenda_pk=agenda.pk, by=by, at=day(6))
            else:
                decision.record(
                    item_pk=items[0].pk, outcome=outcome, reason="Fordi.", by=by, at=day(6)
                )
            results.append("done")
        except meeting.AlreadyReleased:
            results.append("already")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=pressed)
        for pressed in (
            (world.cast.secretariat, "approved"),
            (world.cast.colleague, "rejected"),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    if kind == "record":
        # Both may write while nothing is told; the later of them stands, and there is one.
        assert results == ["done", "done"]
        assert Decision.objects.filter(item=items[0]).count() == 1
        return
    assert sorted(results) == ["already", "done"]
    assert agenda.dossiers.filter(kind="minutes").count() == 1
    assert OutgoingMail.objects.filter(name="decided_approved").count() == 4
    for item in items:
        assert item.proposal.consents.count() == 1
        assert item.proposal.events.of_transition("approve").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_races_the_release_is_in_it_or_refused() -> None:
    world = a_world()
    agenda, [item] = tabled(world, "Biokul")
    walk.attend(agenda, world)
    walk.record(item, "approved", world)
    ready = threading.Barrier(2)
    results: list[str] = []

    def press(what: Any, name: str) -> None:
        try:
            ready.wait()
            what()
            results.append(name)
        except meeting.AlreadyReleased:
            results.append(f"{name} too late")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=pressed)
        for pressed in (
            (lambda: release(agenda, world), "release"),
            (lambda: walk.record(item, "rejected", world), "record"),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    said = Decision.objects.get(item=item).outcome
    expected = Status.REJECTED if said == "rejected" else Status.APPROVED
    assert Proposal.objects.get().status == expected
    assert ("record" in results) == (said == "rejected")

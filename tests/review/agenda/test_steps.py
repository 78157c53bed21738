"""The agenda: put together by rows that tell nobody, published once, frozen."""

from __future__ import annotations

import threading
from datetime import date, time

from django.db import connection

import pytest

from klimaspor.accounts.models import Role
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import Missing
from proposals.line import models as line_models
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Proposal
from proposals.submission import withdrawal
from review.agenda import steps as agendas
from review.agenda.models import Agenda, Dossier
from review.recommendation import steps as recommendation
from tests.factories import walk
from tests.factories.intake import NOW, give_role, person
from tests.factories.walk import World, a_world, day, proposal_at

pytestmark = pytest.mark.django_db


def titles(agenda: Agenda) -> list[tuple[int | None, str]]:
    return [(item.number, item.title) for item in agenda.items.listed()]


def withdraw(proposal: Proposal, world: World) -> None:
    proposal.refresh_from_db()
    withdrawal.withdraw(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="Vi mangler penge.",
        by=world.cast.owner,
        at=day(4),
    )


def test_create_begins_and_ends_as_meetings_do() -> None:
    world = a_world()
    agenda = walk.an_agenda(world)

    assert titles(agenda) == [(None, "Godkendelse af dagsorden"), (None, "Eventuelt")]
    assert not OutgoingMail.objects.exists()
    assert not Dossier.objects.exists()


@pytest.mark.parametrize("meeting_date", (date(2027, 5, 27), date(2027, 2, 28)))
def test_create_on_a_day_that_is_taken_or_gone_is_refused(meeting_date: date) -> None:
    world = a_world()
    walk.an_agenda(world)
    with pytest.raises(Missing) as refusal:
        agendas.create(
            round=None,
            meeting_date=meeting_date,
            meeting_time=None,
            place="",
            by=world.cast.secretariat,
            at=NOW,
        )
    assert refusal.value.errors.keys() == {"meeting_date"}
    assert Agenda.objects.count() == 1


def test_items_are_placed_before_the_last_and_moved_up_and_down() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    agenda = walk.an_agenda(world, proposal)
    by = world.cast.secretariat
    free = agendas.add_item(
        agenda_pk=agenda.pk,
        kind="information",
        title=" Status ",
        minutes=20,
        proposed="at orienteringen tages til efterretning",
        by=by,
        at=day(4),
    )
    assert [title for _, title in titles(agenda)] == [
        "Godkendelse af dagsorden",
        "Lavbundsjord",
        "Status",
        "Eventuelt",
    ]

    for direction in ("up", "up", "up", "down"):
        agendas.move_item(item_pk=free.pk, direction=direction, by=by, at=day(4))

    assert [title for _, title in titles(agenda)] == [
        "Godkendelse af dagsorden",
        "Status",
        "Lavbundsjord",
        "Eventuelt",
    ]
    assert agendas.total_minutes(agenda.items.all()) == 45
    agendas.remove_item(item_pk=free.pk, by=by, at=day(4))
    agendas.remove_item(item_pk=free.pk, by=by, at=day(4))
    assert [i.position for i in agenda.items.listed()] == [1, 2, 3]


def test_placing_tells_nobody_and_moves_nothing() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    before = OutgoingMail.objects.count()

    agenda = walk.an_agenda(world, proposal)
    again = agendas.add_proposal(
        agenda_pk=agenda.pk, proposal_pk=proposal.pk, by=world.cast.colleague, at=day(4)
    )

    proposal.refresh_from_db()
    assert proposal.status == Status.RECOMMENDED
    assert again == proposal.agenda_items.get()
    assert OutgoingMail.objects.count() == before
    assert not Access.objects.filter(function="decide").exists()


def test_a_proposal_stands_on_one_coming_agenda() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    assert list(agendas.placeable()) == [proposal]
    walk.an_agenda(world, proposal)

    assert list(agendas.placeable()) == []
    with pytest.raises(agendas.NotPlaceable, match=r"torsdag den\xa027\.\xa0maj\xa02027"):
        walk.an_agenda(world, proposal)


def test_only_what_is_recommended_is_placed() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)
    with pytest.raises(agendas.NotPlaceable, match="i godkendelsesforløb"):
        walk.an_agenda(world, proposal)


def test_change_item_writes_what_is_the_items_own() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    agenda = walk.an_agenda(world, proposal)
    item = agenda.items.get(proposal=proposal)
    first = agenda.items.listed()[0]
    by = world.cast.secretariat

    agendas.change_item(item_pk=item.pk, minutes=30, is_closed=True, by=by, at=day(4))
    agendas.change_item(item_pk=first.pk, title="Velkomst", by=by, at=day(4))
    with pytest.raises(LookupError):
        agendas.change_item(item_pk=item.pk, title="Et andet navn", by=by, at=day(4))
    with pytest.raises(Missing, match="Indtast punktets titel"):
        agendas.change_item(item_pk=first.pk, title=" ", by=by, at=day(4))

    item.refresh_from_db()
    assert (item.title, item.minutes, item.is_closed) == ("Lavbundsjord", 30, True)
    assert titles(agenda)[0] == (None, "Velkomst")


def test_publish_freezes_numbers_versions_and_recommendations_and_tells() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    agenda = walk.an_agenda(world, proposal)
    agendas.change(
        agenda_pk=agenda.pk,
        meeting_time=time(10, 0),
        place="Weidekampsgade 10",
        by=world.cast.secretariat,
        at=day(4),
    )
    assert [(r.name, r.what, r.withheld) for r in agendas.recipients(agenda, at=day(5))] == [
        ("Uffe Udvalg", "dagsorden og sagsmateriale", ()),
        ("Ella Ejer", f"besked om, at {proposal.number} er på dagsordenen", ()),
    ]

    published = agendas.publish(agenda_pk=agenda.pk, by=world.cast.secretariat, at=day(5))

    proposal.refresh_from_db()
    assert proposal.status == Status.ON_AGENDA
    assert published.left_out == ()
    item = agenda.items.get(proposal=proposal)
    assert (item.number, item.version, item.recommendation) == (
        2,
        proposal.versions.get(gate="approval"),
        proposal.recommendations.get(),
    )
    assert titles(agenda) == [
        (1, "Godkendelse af dagsorden"),
        (2, "Lavbundsjord"),
        (3, "Eventuelt"),
    ]
    assert list(agenda.dossiers.order_by("pk").values_list("kind", "requested_at")) == [
        ("papers", day(5)),
        ("annexes", day(5)),
    ]
    assert [p.pk for p in Proposal.objects.visible_to(world.cast.committee, at=day(5))] == [
        proposal.pk
    ]
    mail = OutgoingMail.objects.get(name="agenda_published")
    assert mail.recipient == world.cast.committee.email
    assert mail.subject == "Dagsorden til mødet torsdag den 27. maj 2027"
    assert "torsdag den 27. maj 2027 kl. 10.00 i Weidekampsgade 10" in mail.body
    assert "2. Lavbundsjord" in mail.body
    assert "/moeder/2027-05-27/" in mail.body
    assert OutgoingMail.objects.get(name="on_agenda").recipient == world.cast.owner.email


def test_a_published_agenda_is_frozen() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    late = proposal_at(Status.RECOMMENDED, world, title="Biokul")
    agenda = walk.publish(walk.an_agenda(world, proposal), world)
    item = agenda.items.get(proposal=proposal)
    by = world.cast.secretariat

    for press in (
        lambda: agendas.add_proposal(agenda_pk=agenda.pk, proposal_pk=late.pk, by=by, at=day(6)),
        lambda: agendas.add_item(
            agenda_pk=agenda.pk, kind="decision", title="Nyt", minutes=5, by=by, at=day(6)
        ),
        lambda: agendas.change_item(item_pk=item.pk, minutes=1, by=by, at=day(6)),
        lambda: agendas.remove_item(item_pk=item.pk, by=by, at=day(6)),
        lambda: agendas.move_item(item_pk=item.pk, direction="up", by=by, at=day(6)),
        lambda: agendas.change(agenda_pk=agenda.pk, meeting_time=None, place="", by=by, at=day(6)),
    ):
        with pytest.raises(agendas.NotOpen):
            press()


def test_publish_leaves_out_what_was_withdrawn_and_says_so() -> None:
    world = a_world()
    kept = proposal_at(Status.RECOMMENDED, world, title="Biokul")
    gone = proposal_at(Status.RECOMMENDED, world, title="Lavbundsjord")
    agenda = walk.an_agenda(world, gone, kept)
    withdraw(gone, world)

    published = agendas.publish(agenda_pk=agenda.pk, by=world.cast.secretariat, at=day(5))

    assert published.left_out == (
        f"{gone.number} er trukket tilbage og kom ikke med på dagsordenen.",
    )
    assert titles(agenda) == [
        (1, "Godkendelse af dagsorden"),
        (2, "Biokul"),
        (3, "Eventuelt"),
    ]
    assert {m.recipient for m in OutgoingMail.objects.filter(name="on_agenda")} == {
        world.cast.owner.email
    }


def test_publish_an_agenda_with_nothing_on_it_is_refused() -> None:
    world = a_world()
    agenda = walk.an_agenda(world)
    for item in agenda.items.all():
        agendas.remove_item(item_pk=item.pk, by=world.cast.secretariat, at=day(4))
    with pytest.raises(agendas.EmptyAgenda):
        walk.publish(agenda, world)


def test_a_published_item_whose_proposal_is_withdrawn_is_dropped() -> None:
    world = a_world()
    proposal = proposal_at(Status.ON_AGENDA, world)
    item = proposal.agenda_items.get()
    assert not item.is_dropped

    withdraw(proposal, world)

    proposal.refresh_from_db()
    assert proposal.agenda_items.get().is_dropped


def test_publish_shows_the_latest_recommendation_after_a_correction() -> None:
    world = a_world()
    proposal = proposal_at(Status.ON_AGENDA, world)
    first = proposal.agenda_items.get()
    for _ in range(2):
        proposal.refresh_from_db()
        recommendation.correct(
            proposal_pk=proposal.pk,
            revision=proposal.revision,
            reason="Forkert beløb.",
            by=world.cast.secretariat,
            at=day(6),
        )
    proposal.refresh_from_db()
    walk.recommend(proposal, world, at=day(7))
    # It stands on the table of the first meeting until that is over.
    assert list(agendas.placeable()) == []
    walk.attend(first.agenda, world, at=day(7))
    walk.decision.release(agenda_pk=first.agenda_id, by=world.cast.secretariat, at=day(7))

    agenda = walk.publish(walk.an_agenda(world, proposal, at=day(8)), world, at=day(8))

    assert agenda.items.get(proposal=proposal).recommendation == (
        proposal.recommendations.order_by("pk").last()
    )
    assert proposal.recommendations.count() == 2


def test_a_member_who_is_tied_hears_nothing_about_that_proposal() -> None:
    world = a_world()
    tied = person("Tina Tilknyttet")
    give_role(tied, Role.COMMITTEE)
    give_role(tied, Role.MEMBER, organization=world.cast.municipalities[1])
    proposal = proposal_at(Status.RECOMMENDED, world)
    agenda = walk.an_agenda(world, proposal)
    withheld = {r.name: r.withheld for r in agendas.recipients(agenda, at=day(5))}
    assert withheld["Tina Tilknyttet"] == (proposal.number,)

    walk.publish(agenda, world)

    bodies = {
        mail.recipient: mail.body for mail in OutgoingMail.objects.filter(name="agenda_published")
    }
    assert "Lavbundsjord" not in bodies[tied.email]
    assert "1. Godkendelse af dagsorden" in bodies[tied.email]
    assert "2. Lavbundsjord" in bodies[world.cast.committee.email]
    # Somebody else is asked whether the tie matters.
    assert proposal.impartialities.get().user == tied


@pytest.mark.slow("walks to a meeting twice, and one waits for the other")
@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once() -> None:
    world = a_world()
    proposals = [
        proposal_at(Status.RECOMMENDED, world, title=title) for title in ("Et", "To", "Tre")
    ]
    agenda = walk.an_agenda(world, *reversed(proposals))
    ready = threading.Barrier(2)
    results: list[str] = []

    def press(by: object) -> None:
        try:
            ready.wait()
            agendas.publish(agenda_pk=agenda.pk, by=by, at=day(5))  # type: ignore[arg-type]  # a person of the cast
            results.append("published")
        except agendas.AlreadyPublished as refusal:
            results.append(str(refusal))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(by,))
        for by in (world.cast.secretariat, world.cast.colleague)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == [
        "Dagsordenen er allerede udsendt lørdag den\xa06.\xa0marts\xa02027 kl.\xa010.00.",
        "published",
    ]
    assert agenda.dossiers.count() == 2
    assert OutgoingMail.objects.filter(name="agenda_published").count() == 1
    for proposal in proposals:
        assert proposal.events.of_transition("publish").count() == 1


@pytest.mark.django_db(transaction=True)
def test_publish_racing_a_withdrawal_tells_one_story() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    agenda = walk.an_agenda(world, proposal)
    ready = threading.Barrier(2)

    def publish() -> None:
        try:
            ready.wait()
            walk.publish(agenda, world)
        finally:
            connection.close()

    def leave() -> None:
        try:
            ready.wait()
            withdrawal.withdraw(
                proposal_pk=proposal.pk,
                revision=proposal.revision,
                reason="Vi mangler penge.",
                by=world.cast.owner,
                at=day(5),
            )
        except line_models.Stale:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=publish), threading.Thread(target=leave)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    proposal.refresh_from_db()
    is_on_table = agenda.items.filter(proposal=proposal).exists()
    assert proposal.status == (Status.ON_AGENDA if is_on_table else Status.WITHDRAWN)

"""The professional assessment: written together, given once, returned, replaced or waived with a reason."""

from __future__ import annotations

import threading
from datetime import date, time, timedelta

from django.db import connection

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Role, User
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import Missing
from klimaspor.seen import Changed
from proposals.drafting import dgo as drafting
from proposals.gates import steps as dispensation
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import IllegalTransition, Stale
from proposals.rounds.models import Gate
from proposals.submission import steps as submission
from proposals.submission import withdrawal
from review.criteria.models import Criterion
from review.qualification import holding
from review.qualification import steps as qualification
from review.qualification.models import Outcome, Qualification
from review.qualification.seen import Words, shown_qualification
from tests.factories import walk
from tests.factories.intake import a_round, give_role, person
from tests.factories.walk import World, a_world, day, proposal_at

pytestmark = pytest.mark.django_db

SECOND_DEADLINE = danish.wall(date(2027, 4, 29), time(9, 0))


def written(qualification_: Qualification) -> dict[str, str]:
    rows = qualification_.statements.select_related("criterion").order_by("criterion__code")
    return {row.criterion.code: row.text for row in rows}


def save(begun: Qualification, world: World, **changes: object) -> Qualification:
    values: dict[str, object] = {
        "qualification_pk": begun.pk,
        "by": world.cast.adviser,
        "at": day(1),
        **{name: changes.pop(name) for name in ("bases", "by", "at") if name in changes},
    }
    words = Words(**{"outcome": Outcome.RECOMMENDED, "summary": "Godt.", **changes})  # type: ignore[arg-type]  # the changes of one test
    return qualification.save(words=words, **values)  # type: ignore[arg-type]  # the same


def test_begin_twice_opens_one_assessment_of_the_latest_version() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    first = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    second = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))

    assert first == second
    assert first.version == proposal.versions.get()
    assert first.dgo == world.cast.dgo


def test_save_leaves_criteria_that_are_not_named_alone() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    first, second, third = world.criteria
    begun = save(begun, world, statements={first.pk: "Et ", second.pk: "To", third.pk: " "})
    elsewhere = Criterion.objects.create(round=world.later, code="V1", title="En anden runde")

    saved = save(begun, world, statements={second.pk: "", third.pk: "Tre", elsewhere.pk: "Nej"})

    assert written(saved) == {"V1": "Et", "V3": "Tre"}
    assert saved.revision == 3


def test_save_from_a_page_that_somebody_overtook_shows_what_they_wrote() -> None:
    world = a_world()
    colleague = person("Rikke Rådgiver")
    give_role(colleague, Role.DGO_ADVISER, dgo=world.cast.dgo)
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    bases = shown_qualification(begun).bases
    save(begun, world, outcome="", summary="Rikkes", by=colleague)

    with pytest.raises(Changed) as refusal:
        save(begun, world, bases=bases, summary="Runes")

    shown = {part.label: part.text for part in refusal.value.shown_now}
    assert shown == {"Samlet udtalelse": "Rikkes"}
    assert proposal.qualifications.get().summary == "Rikkes"


def test_save_pressed_twice_is_saved_once() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    statements = {world.criteria[0].pk: "Klart."}
    save(begun, world, statements=statements)

    again = save(begun, world, statements=statements)

    assert again.revision == 2


def test_complete_tells_the_proposer_and_moves_the_proposal() -> None:
    world = a_world()
    proposal = walk.qualify(proposal_at(Status.IN_QUALIFICATION, world), world)

    given = proposal.qualifications.get()
    assert (proposal.status, given.completed_by, given.is_by_secretariat) == (
        Status.QUALIFIED,
        world.cast.adviser,
        False,
    )
    mail = OutgoingMail.objects.get(name="qualified")
    assert mail.recipient == world.cast.owner.email
    assert "DGO Midtjylland har afgivet udtalelse" in mail.body
    assert "anbefales med bemærkninger" in mail.body
    assert "torsdag den 29. april 2027 kl. 9.00" in mail.body


def test_complete_pressed_twice_gives_one_assessment() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    revision = proposal.revision
    walk.qualify(proposal, world)
    given = proposal.qualifications.get()

    with pytest.raises(qualification.AlreadyCompleted, match="allerede afgivet"):
        qualification.complete(
            qualification_pk=given.pk, revision=revision, by=world.cast.adviser, at=day(1)
        )

    assert proposal.events.of_transition("qualify").count() == 1
    assert OutgoingMail.objects.filter(name="qualified").count() == 1


def test_complete_from_a_stale_page_is_refused() -> None:
    world = a_world()
    proposal = proposal_at(Status.QUALIFIED, world)
    given = proposal.qualifications.get()

    with pytest.raises(Stale):
        qualification.complete(
            qualification_pk=given.pk,
            revision=proposal.revision - 2,
            by=world.cast.adviser,
            at=day(2),
        )


def test_complete_without_outcome_and_summary_says_what_to_write() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))

    with pytest.raises(Missing) as refusal:
        qualification.complete(
            qualification_pk=begun.pk,
            revision=proposal.revision,
            by=world.cast.adviser,
            at=day(1),
        )

    assert refusal.value.errors == {
        "outcome": "Vælg et udfald",
        "summary": "Skriv en samlet udtalelse",
    }


@pytest.mark.django_db(transaction=True)
def test_two_advisers_who_complete_at_once_give_one_assessment() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    save(begun, world)
    ready = threading.Barrier(2)
    results: list[str] = []

    def press() -> None:
        try:
            ready.wait()
            qualification.complete(
                qualification_pk=begun.pk,
                revision=proposal.revision,
                anyway=True,
                by=world.cast.adviser,
                at=day(1),
            )
            results.append("given")
        except qualification.AlreadyCompleted:
            results.append("already")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["already", "given"]
    assert proposal.events.of_transition("qualify").count() == 1


def test_return_for_changes_gives_the_whole_day_and_tells_what_to_change() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    event = qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"oekonomi": " Mangler år. ", "effekt": "Skriv tal.", "bilag": " "},
        answer_date=date(2027, 4, 22),
        by=world.cast.adviser,
        at=day(1),
    )

    proposal.refresh_from_db()
    assert proposal.status == Status.DRAFT
    assert danish.datetime_text(proposal.answer_due_at) == (
        "torsdag den\xa022.\xa0april\xa02027 kl.\xa023.59"
    )
    assert list(event.reasons.order_by("pk").values_list("section", "text")) == [
        ("effekt", "Skriv tal."),
        ("oekonomi", "Mangler år."),
    ]
    body = OutgoingMail.objects.get(name="returned").body
    assert "Effekt og tiltag:\n> Skriv tal." in body
    assert "torsdag den 22. april 2027 kl. 23.59" in body


def test_what_was_begun_goes_on_in_another_round_under_the_same_criterion() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    qualification.save(
        qualification_pk=begun.pk,
        words=Words(summary="Lovende", statements={world.criteria[0].pk: "Målt i tre byer"}),
        by=world.cast.adviser,
        at=day(1),
    )
    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 29),
        by=world.cast.adviser,
        at=day(1),
    )
    proposal.refresh_from_db()
    same = Criterion.objects.create(
        round=world.later, code=world.criteria[0].code, title="Klimaeffekt", position=1
    )
    withdrawal.move_round(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        round=world.later,
        reason="",
        by=world.cast.owner,
        at=day(1),
    )
    proposal.refresh_from_db()
    walk.submit(proposal, world, at=day(2))

    again = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(3))

    assert again.summary == "Lovende"
    assert [(s.criterion, s.text) for s in again.statements.all()] == [(same, "Målt i tre byer")]


def test_return_for_changes_on_the_day_of_the_second_deadline_ends_with_it() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 29),
        by=world.cast.adviser,
        at=day(1),
    )

    proposal.refresh_from_db()
    assert proposal.answer_due_at == SECOND_DEADLINE


@pytest.mark.parametrize("answer_date", (None, date(2027, 3, 1), date(2027, 4, 30)))
def test_return_for_changes_outside_the_dates_is_refused(answer_date: date | None) -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    with pytest.raises(Missing) as refusal:
        qualification.return_for_changes(
            proposal_pk=proposal.pk,
            revision=proposal.revision,
            reasons={"bilag": " "},
            answer_date=answer_date,
            by=world.cast.adviser,
            at=day(1),
        )

    assert refusal.value.errors == {
        "reasons": "Skriv, hvad der skal ændres, i mindst ét afsnit",
        "answer_date": "Vælg en dato fra i dag til torsdag den\xa029.\xa0april\xa02027",
    }


def test_return_for_changes_after_the_second_deadline_needs_a_dispensation() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    late = SECOND_DEADLINE + timedelta(hours=1)

    def press() -> None:
        qualification.return_for_changes(
            proposal_pk=proposal.pk,
            revision=proposal.revision,
            reasons={"effekt": "Skriv tal."},
            answer_date=date(2027, 5, 3),
            by=world.cast.adviser,
            at=late,
        )

    with pytest.raises(Missing, match="Anden frist er passeret"):
        press()
    dispensation.grant(
        proposal_pk=proposal.pk,
        gate=Gate.APPROVAL,
        granted_to=world.cast.owner,
        until_at=danish.wall(date(2027, 5, 5), time(12, 0)),
        reason="Sygdom i DGO'en.",
        by=world.cast.secretariat,
        at=late,
    )
    press()

    proposal.refresh_from_db()
    assert danish.day_of(proposal.answer_due_at) == date(2027, 5, 3)


def test_an_assessment_begun_before_a_return_goes_on_after_it() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    save(begun, world, summary="Halvt", statements={world.criteria[0].pk: "Ja"})
    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 22),
        by=world.cast.adviser,
        at=day(1),
    )
    proposal.refresh_from_db()
    walk.submit(proposal, world, at=day(2))

    resumed = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(3))

    assert resumed.version.number == 2
    assert (resumed.summary, resumed.outcome, written(resumed)) == ("Halvt", "", {"V1": "Ja"})
    # What was begun about the first version says what it said, and can no longer be given.
    assert written(Qualification.objects.get(pk=begun.pk)) == {"V1": "Ja"}
    with pytest.raises(Missing, match="ny version"):
        save(begun, world, summary="Til den gamle")
    with pytest.raises(Missing, match="ny version"):
        qualification.complete(
            qualification_pk=begun.pk,
            revision=proposal.revision,
            by=world.cast.adviser,
            at=day(3),
        )


def test_complete_for_dgo_says_that_the_secretariat_stepped_in_and_why() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    given = qualification.complete_for_dgo(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        words=Words(
            outcome=Outcome.NOT_RECOMMENDED,
            summary="Ikke nyt.",
            statements={world.criteria[0].pk: "Lille."},
        ),
        anyway=True,
        reason="Rådgiveren er syg.",
        by=world.cast.secretariat,
        at=day(1),
    )

    proposal.refresh_from_db()
    assert proposal.status == Status.QUALIFIED
    assert (given.is_by_secretariat, given.secretariat_reason) == (True, "Rådgiveren er syg.")
    to_owner = letter(world.cast.owner)
    assert "Sekretariatet har på DGO'ens vegne afgivet udtalelse" in to_owner
    assert "> Rådgiveren er syg." in to_owner
    assert "indsend til godkendelsesforløb senest torsdag den 29. april 2027 kl. 9.00" in to_owner
    to_dgo = letter(world.cast.adviser)
    assert "> Rådgiveren er syg." in to_dgo
    assert "Du skal ikke gøre noget." in to_dgo


def letter(user: User) -> str:
    return str(OutgoingMail.objects.get(name="qualified", recipient=user.email).body)


def test_an_assessment_after_the_deadline_asks_nobody_to_send_by_it() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    qualification.waive(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="DGO'en svarer ikke.",
        by=world.cast.secretariat,
        at=world.round.approval_deadline_at + timedelta(hours=1),
    )

    assert "Fristen for godkendelsesforløb var torsdag den 29. april" in letter(world.cast.owner)
    assert "Bed sekretariatet om dispensation" in letter(world.cast.owner)


def test_waive_lets_the_proposal_go_on_with_a_reason() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    with pytest.raises(Missing, match="hvorfor den faglige kvalificering frafaldes"):
        qualification.waive(
            proposal_pk=proposal.pk,
            revision=proposal.revision,
            reason=" ",
            by=world.cast.secretariat,
            at=day(1),
        )

    given = qualification.waive(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="DGO'en svarer ikke.",
        by=world.cast.secretariat,
        at=day(1),
    )

    proposal.refresh_from_db()
    assert (proposal.status, given.outcome) == (Status.QUALIFIED, Outcome.WAIVED)
    assert "frafaldet den faglige kvalificering" in letter(world.cast.owner)


def test_another_dgo_that_takes_over_finds_what_was_begun() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    begun = save(begun, world, summary="Halvt")
    assert begun.assigned_to == world.cast.adviser
    drafting.change_dgo(
        proposal_pk=proposal.pk,
        dgo=world.cast.other_dgo,
        reason="Forkert DGO.",
        by=world.cast.secretariat,
        at=day(2),
    )

    taken = qualification.begin(proposal_pk=proposal.pk, by=world.cast.other_adviser, at=day(2))

    assert (taken.dgo, taken.assigned_to, taken.summary) == (
        world.cast.other_dgo,
        world.cast.other_adviser,
        "Halvt",
    )


def test_only_an_impartial_adviser_of_the_dgo_gets_it() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    tied = person("Tina Tilknyttet")
    give_role(tied, Role.DGO_ADVISER, dgo=world.cast.dgo)
    give_role(tied, Role.MEMBER, organization=world.cast.municipalities[1])

    def give(to: User | None) -> None:
        holding.pass_on(
            proposal_pk=proposal.pk, to_user=to, note="", by=world.cast.adviser, at=day(1)
        )

    with pytest.raises(holding.NotGiven, match="er ikke rådgiver i den DGO"):
        give(world.cast.other_adviser)
    with pytest.raises(holding.NotGiven, match="Tina Tilknyttet kan ikke få"):
        give(tied)
    give(None)

    assert holding.holder_of(proposal) is None


def test_an_adviser_tied_to_a_participant_does_nothing() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    tied = person("Tina Tilknyttet")
    give_role(tied, Role.DGO_ADVISER, dgo=world.cast.dgo)
    give_role(tied, Role.MEMBER, organization=world.cast.municipalities[1])

    for press in (
        lambda: qualification.begin(proposal_pk=proposal.pk, by=tied, at=day(1)),
        lambda: save(begun, world, by=tied),
        lambda: qualification.complete(
            qualification_pk=begun.pk, revision=proposal.revision, by=tied, at=day(1)
        ),
        lambda: qualification.return_for_changes(
            proposal_pk=proposal.pk,
            revision=proposal.revision,
            reasons={"effekt": "Skriv tal."},
            answer_date=date(2027, 4, 22),
            by=tied,
            at=day(1),
        ),
    ):
        with pytest.raises(impartiality.NotImpartial):
            press()


def test_reply_goes_with_the_proposal_until_it_is_on_the_agenda() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)

    given = qualification.reply(
        proposal_pk=proposal.pk, text=" Vi er enige. ", by=world.cast.owner, at=day(4)
    )

    assert (given.reply, given.replied_by) == ("Vi er enige.", world.cast.owner)
    assert OutgoingMail.objects.get(name="replied").recipient == world.cast.adviser.email
    walk.publish(walk.an_agenda(world, proposal), world)
    with pytest.raises(IllegalTransition):
        qualification.reply(
            proposal_pk=proposal.pk, text="For sent.", by=world.cast.owner, at=day(6)
        )


def test_the_proposer_may_go_on_though_it_is_not_recommended() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    save(begun, world, outcome=Outcome.NOT_RECOMMENDED)
    qualification.complete(
        qualification_pk=begun.pk,
        revision=proposal.revision,
        anyway=True,
        by=world.cast.adviser,
        at=day(1),
    )
    proposal.refresh_from_db()

    submission.submit_for_approval(
        proposal_pk=proposal.pk, revision=proposal.revision, by=world.cast.owner, at=day(2)
    )

    proposal.refresh_from_db()
    assert proposal.status == Status.IN_APPROVAL


def test_criteria_of_another_round_are_never_written_about() -> None:
    world = a_world()
    other = a_round(name="Forår 2028")
    elsewhere = Criterion.objects.create(round=other, code="V1", title="Andet")
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))

    assert written(save(begun, world, statements={elsewhere.pk: "Nej"})) == {}

"""The recommendation: written in pieces, given when everything is there, and taken one step back."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Organization, Role
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import AlreadyDone, Missing
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import IllegalTransition, Proposal, Stale
from review.qualification import steps as qualification
from review.recommendation import steps as recommendation
from tests.factories import walk
from tests.factories.intake import give_role, person
from tests.factories.walk import World, a_world, day, proposal_at

if TYPE_CHECKING:
    from review.recommendation.models import Recommendation

pytestmark = pytest.mark.django_db


def save(proposal: Proposal, world: World, **changes: object) -> Recommendation:
    values: dict[str, object] = {
        "proposal_pk": proposal.pk,
        "direction": "approve",
        "resume": "Kort sagt.",
        "reason": "",
        "points": ["at forslaget godkendes"],
        "amounts": {},
        "by": world.cast.secretariat,
        "at": day(3),
        **changes,
    }
    return recommendation.save(**values)  # type: ignore[arg-type]  # the changes of one test


def correct(proposal: Proposal, world: World, **changes: object) -> None:
    values: dict[str, object] = {
        "proposal_pk": proposal.pk,
        "revision": proposal.revision,
        "reason": "Et tryk for meget.",
        "by": world.cast.secretariat,
        "at": day(8),
        **changes,
    }
    recommendation.correct(**values)  # type: ignore[arg-type]  # the changes of one test
    proposal.refresh_from_db()


def test_a_half_written_recommendation_is_kept_and_written_over() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)
    region = world.cast.region
    Organization.objects.filter(pk=region.pk).update(is_funder=True)

    save(proposal, world, direction="", resume="", points=["", " at et "], amounts={})
    saved = save(
        proposal,
        world,
        points=["at to", "at tre"],
        amounts={world.cast.realdania.pk: Decimal(0), region.pk: None},
    )

    assert proposal.recommendations.get() == saved == recommendation.current(proposal)
    assert [p.text for p in saved.points.order_by("position")] == ["at to", "at tre"]
    # Zero is an answer; nothing is not.
    assert [(a.funder, a.amount) for a in saved.amounts.all()] == [(world.cast.realdania, 0)]


def test_amounts_are_asked_of_funders_only() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)

    with pytest.raises(Missing, match="ikke længere bidragyder"):
        save(proposal, world, amounts={world.cast.company.pk: Decimal(1)})
    with pytest.raises(Missing, match="mindre end 0"):
        save(proposal, world, amounts={world.cast.realdania.pk: Decimal(-1)})

    assert not proposal.recommendations.exists()


def test_recommend_says_everything_that_is_missing_at_once() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)

    with pytest.raises(Missing) as refusal:
        recommendation.recommend(
            proposal_pk=proposal.pk,
            revision=proposal.revision,
            by=world.cast.secretariat,
            at=day(3),
        )

    assert refusal.value.errors == {
        "check": "Svar på alle krav i den formelle kontrol",
        "direction": "Vælg, om forslaget indstilles til godkendelse eller afslag",
        "resume": "Skriv et resumé",
        "points": "Skriv mindst ét at-punkt",
    }


def test_recommend_against_takes_a_reason() -> None:
    world = a_world()
    proposal = walk.check(proposal_at(Status.IN_APPROVAL, world), world)
    save(proposal, world, direction="reject")
    assert recommendation.missing(proposal, at=day(3)) == {
        "reason": "Skriv, hvorfor forslaget indstilles til afslag"
    }

    save(proposal, world, direction="reject", reason="Det er kendt.")

    assert recommendation.missing(proposal, at=day(3)) == {}


def test_recommend_with_a_requirement_that_is_not_met_is_refused() -> None:
    world = a_world()
    proposal = walk.check(proposal_at(Status.IN_APPROVAL, world), world)
    walk.write_recommendation(proposal, world)
    walk.formality.save_answers(
        proposal_pk=proposal.pk,
        answers={"K4": (False, ""), "K5": (False, ""), "K6": (False, "Intet om det.")},
        by=world.cast.secretariat,
        at=day(3),
    )

    # K6 is a "bør": it never blocks.
    assert recommendation.missing(proposal, at=day(3)) == {
        "check": "K4 og K5 er ikke opfyldt. Bed om at få forslaget gjort færdigt, eller afvis det"
    }


def test_recommend_pressed_twice_gives_one_recommendation() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)
    revision = proposal.revision
    walk.recommend(proposal, world)

    for known, refusal in ((revision, AlreadyDone), (revision - 1, Stale)):
        with pytest.raises(refusal):
            recommendation.recommend(
                proposal_pk=proposal.pk, revision=known, by=world.cast.colleague, at=day(3)
            )

    made = proposal.recommendations.get()
    assert (made.recommended_at, made.recommended_by) == (day(3), world.cast.secretariat)
    assert [m.recipient for m in OutgoingMail.objects.filter(name="recommended")] == [
        world.cast.owner.email
    ]


def test_one_who_is_tied_neither_writes_nor_recommends() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)
    tied = person("Tina Tilknyttet")
    give_role(tied, Role.SECRETARIAT)
    give_role(tied, Role.MEMBER, organization=world.cast.municipalities[2])

    with pytest.raises(impartiality.NotImpartial):
        save(proposal, world, by=tied)
    walk.check(proposal, world)
    save(proposal, world)
    with pytest.raises(impartiality.NotImpartial):
        recommendation.recommend(
            proposal_pk=proposal.pk, revision=proposal.revision, by=tied, at=day(3)
        )
    with pytest.raises(impartiality.NotImpartial):
        correct(proposal, world, by=tied)


def test_a_recommendation_is_not_written_on_after_it_is_given() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    with pytest.raises(IllegalTransition):
        save(proposal, world)


def test_correct_walks_back_one_step_at_a_time_and_keeps_what_was_written() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)

    correct(proposal, world)
    assert proposal.status == Status.IN_APPROVAL
    draft = proposal.recommendations.get()
    assert (draft.recommended_at, draft.points.count()) == (None, 2)

    correct(proposal, world)
    assert proposal.status == Status.QUALIFIED

    correct(proposal, world)
    assert proposal.status == Status.IN_QUALIFICATION
    given = proposal.qualifications.get()
    assert (given.completed_at, given.statements.count()) == (None, 3)

    correct(proposal, world)
    assert proposal.status == Status.DRAFT
    with pytest.raises(IllegalTransition):
        correct(proposal, world)
    # Everybody who was told something that no longer holds is told, but not who pressed.
    assert set(OutgoingMail.objects.filter(name="corrected").values_list("recipient")) == {
        (world.cast.owner.email,),
        (world.cast.adviser.email,),
    }


def test_correct_walks_forward_again_from_where_it_came() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    for _ in range(4):
        correct(proposal, world)

    walk.submit(proposal, world, at=day(9))
    walk.qualify(proposal, world, at=day(9))
    walk.submit_for_approval(proposal, world, at=day(9))
    assert recommendation.current(proposal) is None
    started = recommendation.starting_point(proposal)
    assert started is not None
    assert started.resume == "Forslaget samler tre kommuner om lavbundsjord."
    walk.recommend(proposal, world, at=day(9))

    assert proposal.status == Status.RECOMMENDED
    assert proposal.versions.count() == 4


def test_correct_a_qualification_that_was_waived_asks_for_it_again() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    qualification.waive(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="Ingen svarer.",
        by=world.cast.secretariat,
        at=day(1),
    )
    proposal.refresh_from_db()

    correct(proposal, world)

    again = proposal.qualifications.get()
    assert (again.outcome, again.is_by_secretariat, again.secretariat_reason) == ("", False, "")
    walk.qualify(proposal, world, at=day(9))


def test_correct_gives_a_term_when_the_deadline_has_passed() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)
    late = danish.wall(date(2027, 5, 3), time(10, 0))
    with pytest.raises(Missing, match="ikke er passeret"):
        correct(proposal, world, answer_date=date(2027, 5, 2), at=late)

    correct(proposal, world, answer_date=date(2027, 5, 4), at=late)

    walk.submit_for_approval(proposal, world, at=danish.wall(date(2027, 5, 4), time(23, 59)))
    assert proposal.status == Status.IN_APPROVAL


def test_correct_leaves_what_a_published_agenda_shows() -> None:
    world = a_world()
    proposal = proposal_at(Status.ON_AGENDA, world)
    shown = proposal.agenda_items.get().recommendation
    correct(proposal, world)
    correct(proposal, world)

    save(proposal, world, resume="Nyt resumé.")

    shown.refresh_from_db()
    assert shown.resume == "Forslaget samler tre kommuner om lavbundsjord."
    assert shown.recommended_at == day(3)
    draft = recommendation.current(proposal)
    assert draft is not None
    assert (draft.resume, draft.recommended_at) == ("Nyt resumé.", None)
    assert proposal.recommendations.count() == 2


def test_correct_pressed_twice_takes_one_step() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    revision = proposal.revision
    correct(proposal, world)

    with pytest.raises(AlreadyDone):
        correct(proposal, world, revision=revision)

    assert proposal.status == Status.IN_APPROVAL


def test_correct_takes_a_reason() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    with pytest.raises(Missing, match="hvad der er en fejl"):
        correct(proposal, world, reason=" ")

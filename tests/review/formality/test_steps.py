"""The formal check: the program's findings and a person's answers, and what follows from them."""

from __future__ import annotations

from datetime import date

import pytest

from klimaspor import danish
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import AlreadyDone, Missing
from proposals.eligibility.requirements import REQUIREMENTS
from proposals.line.lifecycle import Status
from proposals.line.models import IllegalTransition, Proposal, Stale
from review.formality import models as formality_models
from review.formality import steps as formality
from tests.factories import walk
from tests.factories.walk import World, a_world, day, proposal_at

pytestmark = pytest.mark.django_db


def answer(
    proposal: Proposal, world: World, answers: dict[str, tuple[bool | None, str]]
) -> formality_models.FormalCheck:
    return formality.save_answers(
        proposal_pk=proposal.pk, answers=answers, by=world.cast.secretariat, at=day(3)
    )


def test_judgements_put_the_programs_finding_and_the_persons_answer_side_by_side() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)
    assert [j.is_met for j in formality.judgements(proposal)] == [
        True, None, None, None, None, True, True, True, True,
    ]  # fmt: skip

    answer(proposal, world, {"K2": (True, ""), "K4": (False, "Kendt løsning.")})

    assert [(j.requirement.id, j.is_met) for j in formality.judgements(proposal)] == [
        ("K1", True),
        ("K2", True),
        ("K3", None),
        ("K4", False),
        ("K5", None),
        ("K6", True),
        ("K7", True),
        ("K8", True),
        ("K9", True),
    ]
    assert [j.requirement.id for j in formality.judgements(proposal) if j.is_blocking] == [
        "K3",
        "K4",
        "K5",
    ]


def test_judgements_before_approval_are_none() -> None:
    assert formality.judgements(proposal_at(Status.QUALIFIED)) == ()


def test_the_check_is_done_when_every_must_is_answered() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)

    half = answer(proposal, world, {"K2": (True, ""), "K3": (True, "")})
    assert (half.checked_at, half.checked_by) == (None, None)
    done = answer(proposal, world, {"K4": (True, ""), "K5": (False, "Lukket.")})
    assert (done.checked_at, done.checked_by) == (day(3), world.cast.secretariat)
    undone = answer(proposal, world, {"K5": (None, "")})
    assert undone.checked_at is None
    assert {a.requirement for a in undone.answers.all()} == {"K2", "K3", "K4", "K5"}


def test_to_disagree_with_the_program_takes_a_note() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)

    with pytest.raises(Missing) as refusal:
        answer(proposal, world, {"K1": (False, " "), "K2": (True, "")})
    assert refusal.value.errors == {"K1": "Skriv ved K1, hvorfor du er uenig i portalens kontrol"}
    assert not proposal.formal_checks.exists()

    answer(proposal, world, {"K1": (False, "En kommune har trukket sig.")})
    assert formality.judgements(proposal)[0].is_blocking


def test_answers_to_what_is_no_requirement_are_an_error() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)
    assert "K10" not in {r.id for r in REQUIREMENTS}
    with pytest.raises(LookupError):
        answer(proposal, world, {"K10": (True, "")})


def test_answers_belong_to_what_was_sent_last() -> None:
    world = a_world()
    proposal = walk.check(proposal_at(Status.IN_APPROVAL, world), world)
    formality.request_completion(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 1),
        by=world.cast.secretariat,
        at=day(4),
    )
    proposal.refresh_from_db()
    walk.submit_for_approval(proposal, world, at=day(5))

    assert [j.requirement.id for j in formality.judgements(proposal) if j.is_blocking] == [
        "K2",
        "K3",
        "K4",
        "K5",
    ]


def test_request_completion_sets_a_term_that_replaces_the_deadline() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)

    event = formality.request_completion(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"oekonomi": "Budgettet mangler."},
        answer_date=date(2027, 5, 7),
        by=world.cast.secretariat,
        at=day(3),
    )

    proposal.refresh_from_db()
    assert proposal.status == Status.QUALIFIED
    assert danish.day_of(proposal.answer_due_at) == date(2027, 5, 7)
    assert [r.section for r in event.reasons.all()] == ["oekonomi"]
    mail = OutgoingMail.objects.get(name="completion_requested")
    assert mail.recipient == world.cast.owner.email
    assert "Økonomi og medfinansiering:\n> Budgettet mangler." in mail.body
    # The second deadline of the round is 29 April: the term holds after it.
    walk.submit_for_approval(proposal, world, at=proposal.answer_due_at)
    assert proposal.status == Status.IN_APPROVAL


@pytest.mark.parametrize("answer_date", (None, date(2027, 3, 3), date(2027, 5, 28)))
def test_request_completion_after_the_meeting_is_refused(answer_date: date | None) -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)

    with pytest.raises(Missing) as refusal:
        formality.request_completion(
            proposal_pk=proposal.pk,
            revision=proposal.revision,
            reasons={},
            answer_date=answer_date,
            by=world.cast.secretariat,
            at=day(3),
        )

    assert refusal.value.errors == {
        "reasons": "Skriv, hvad der mangler, i mindst ét afsnit",
        "answer_date": "Vælg en dato fra i dag til mødet torsdag den\xa027.\xa0maj\xa02027",
    }


def test_refuse_and_reopen_take_reasons_and_tell() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_APPROVAL, world)
    revision = proposal.revision

    def refuse(reason: str, revision: int) -> None:
        formality.refuse(
            proposal_pk=proposal.pk,
            revision=revision,
            reason=reason,
            by=world.cast.secretariat,
            at=day(3),
        )

    with pytest.raises(Missing, match="hvilke krav"):
        refuse(" ", revision)
    refuse("Kun to kommuner.", revision)
    with pytest.raises(AlreadyDone, match="allerede afvist på formalia"):
        refuse("Kun to kommuner.", revision)
    proposal.refresh_from_db()
    assert proposal.status == Status.INADMISSIBLE
    assert "> Kun to kommuner." in OutgoingMail.objects.get(name="refused").body

    formality.reopen(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="Den tredje var glemt.",
        by=world.cast.secretariat,
        at=day(4),
    )
    proposal.refresh_from_db()
    assert proposal.status == Status.IN_APPROVAL
    assert "> Den tredje var glemt." in OutgoingMail.objects.get(name="reopened").body
    with pytest.raises(Stale):
        refuse("En gang til.", revision)


def test_answers_are_taken_in_approval_only() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    with pytest.raises(IllegalTransition):
        answer(proposal, world, {"K2": (False, "Fortrudt.")})

"""The funders' own approvals, and what follows from them."""

from __future__ import annotations

import hashlib
import threading
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection

import pytest

from klimaspor.accounts.models import Organization, Role
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import AlreadyDone, Missing
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Event, IllegalTransition, Proposal
from review.funding import steps as funding
from review.funding.models import FunderConsent
from review.recommendation import steps as recommendation
from review.track import steps as track
from tests.factories import walk
from tests.factories.intake import give_role, person
from tests.factories.walk import World, a_world, day, proposal_at

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 ja tak"


def press(step: Any, proposal: Proposal, world: World, **changes: Any) -> Event:
    values = {
        "proposal_pk": proposal.pk,
        "revision": proposal.revision,
        "reason": "Det er grunden.",
        "by": world.cast.secretariat,
        "at": day(8),
        **changes,
    }
    if step is track.launch:
        del values["reason"]
    event: Event = step(**values)
    proposal.refresh_from_db()
    return event


def approved_with_two_funders(world: World) -> Proposal:
    region = world.cast.region
    Organization.objects.filter(pk=region.pk).update(is_funder=True)
    proposal = walk.check(proposal_at(Status.IN_APPROVAL, world), world)
    recommendation.save(
        proposal_pk=proposal.pk,
        direction="approve",
        resume="Kort sagt.",
        reason="",
        points=["at forslaget godkendes"],
        amounts={world.cast.realdania.pk: Decimal(900_000), region.pk: Decimal(600_000)},
        by=world.cast.secretariat,
        at=day(3),
    )
    recommendation.recommend(
        proposal_pk=proposal.pk, revision=proposal.revision, by=world.cast.secretariat, at=day(3)
    )
    proposal.refresh_from_db()
    return walk.meet(proposal, "approved", world)


def test_a_funder_answers_once() -> None:
    world = a_world()
    proposal = proposal_at(Status.APPROVED, world)

    consent = walk.answer(proposal, "consented", world)

    assert (consent.answer, consent.answered_by) == ("consented", world.cast.funder)
    with pytest.raises(funding.AlreadyAnswered, match="Realdania har allerede svaret: tilsagn"):
        walk.answer(proposal, "refused", world)
    assert {m.recipient for m in OutgoingMail.objects.filter(name="consent_answered")} == {
        world.cast.secretariat.email,
        world.cast.colleague.email,
    }
    told = OutgoingMail.objects.get(name="funder_answered")
    assert told.recipient == world.cast.owner.email
    assert "Realdania har givet tilsagn til forslaget" in told.body
    event = proposal.events.newest_first()[0]
    assert (event.transition, event.note, event.source) == ("funder_consented", "Realdania", "")


@pytest.mark.parametrize(
    ("answer", "missing"), (("", "answer"), ("maybe", "answer"), ("refused", "reason"))
)
def test_an_answer_that_says_too_little_is_refused(answer: str, missing: str) -> None:
    world = a_world()
    consent = proposal_at(Status.APPROVED, world).consents.get()
    with pytest.raises(Missing) as refusal:
        funding.answer(
            consent_pk=consent.pk, answer=answer, reason=" ", by=world.cast.funder, at=day(7)
        )
    assert refusal.value.errors.keys() == {missing}


def test_the_secretariat_enters_an_answer_with_its_document() -> None:
    world = a_world()
    consent = proposal_at(Status.APPROVED, world).consents.get()
    by = world.cast.secretariat
    with pytest.raises(Missing, match="Vedhæft"):
        funding.enter(consent_pk=consent.pk, answer="consented", document=None, by=by, at=day(7))

    funding.enter(
        consent_pk=consent.pk,
        answer="consented",
        document=ContentFile(PDF, name="../Brev fra Realdania.pdf"),
        by=by,
        at=day(7),
    )

    consent = FunderConsent.objects.get()
    assert consent.is_entered_by_secretariat
    assert consent.document_name == "Brev fra Realdania.pdf"
    assert consent.document_sha256 == hashlib.sha256(PDF).hexdigest()
    assert consent.document.name.endswith(f"/{consent.document_sha256[:24]}.pdf")
    with consent.document.open() as file:
        assert file.read() == PDF
    # The one who entered it is not told.
    assert [m.recipient for m in OutgoingMail.objects.filter(name="consent_answered")] == [
        world.cast.colleague.email
    ]


def test_launch_waits_for_every_funder() -> None:
    world = a_world()
    proposal = approved_with_two_funders(world)
    with pytest.raises(track.ConsentsPending, match="før Realdania og Region Midtjylland har"):
        press(track.launch, proposal, world)
    for consent in proposal.consents.filter(funder=world.cast.realdania):
        funding.answer(consent_pk=consent.pk, answer="consented", by=world.cast.funder, at=day(7))
    with pytest.raises(track.ConsentsPending, match="før Region Midtjylland har"):
        press(track.launch, proposal, world)
    assert [c.funder.name for c in funding.state(proposal).pending] == ["Region Midtjylland"]
    funding.answer(
        consent_pk=proposal.consents.pending().get().pk,
        answer="consented",
        by=world.cast.funder,
        at=day(7),
    )
    revision = proposal.revision

    press(track.launch, proposal, world)

    assert proposal.status == Status.ACTIVE
    assert {m.recipient for m in OutgoingMail.objects.filter(name="launched")} == {
        world.cast.owner.email,
        world.cast.adviser.email,
    }
    with pytest.raises(AlreadyDone, match="allerede sat i gang"):
        press(track.launch, proposal, world, revision=revision)


def test_launch_at_once_when_nobody_was_asked() -> None:
    world = a_world()
    proposal = walk.recommend(proposal_at(Status.IN_APPROVAL, world), world, amount=None)
    proposal = walk.meet(proposal, "approved", world)
    assert not proposal.consents.exists()

    told = OutgoingMail.objects.get(name="decided_approved", recipient=world.cast.owner.email).body
    assert "Du får besked, når sekretariatet sætter det i gang." in told
    assert "bidragyder" not in told

    press(track.launch, proposal, world)

    assert proposal.status == Status.ACTIVE
    assert not OutgoingMail.objects.filter(name="launched", body__contains="bidragyder").exists()


@pytest.mark.parametrize("step", (track.lapse, track.retable))
def test_what_is_given_up_was_refused_by_a_funder(step: Any) -> None:
    world = a_world()
    proposal = proposal_at(Status.APPROVED, world)
    with pytest.raises(track.NoRefusal):
        press(step, proposal, world)
    walk.answer(proposal, "consented", world)
    with pytest.raises(track.NoRefusal):
        press(step, proposal, world)


def test_lapse_ends_the_line_with_a_reason() -> None:
    world = a_world()
    proposal = proposal_at(Status.APPROVED, world)
    walk.answer(proposal, "refused", world)
    with pytest.raises(Missing, match="Skriv begrundelsen"):
        press(track.lapse, proposal, world, reason=" ")
    with pytest.raises(track.ConsentsPending):
        press(track.launch, proposal, world)

    press(track.lapse, proposal, world)

    assert proposal.status == Status.LAPSED
    assert "> Det er grunden." in OutgoingMail.objects.get(name="lapsed").body


def test_retable_asks_the_funders_anew_after_the_next_approval() -> None:
    world = a_world()
    proposal = proposal_at(Status.APPROVED, world)
    refused = walk.answer(proposal, "refused", world)

    press(track.retable, proposal, world)

    assert proposal.status == Status.RECOMMENDED
    refused.refresh_from_db()
    assert (refused.superseded_at, refused.answer) == (day(8), "refused")
    assert funding.state(proposal).standing == ()
    proposal = walk.meet(proposal, "approved", world, at=day(9))
    anew = proposal.consents.standing().get()
    assert (anew.answer, anew.pk != refused.pk) == ("", True)
    with pytest.raises(funding.AlreadyAnswered):
        funding.answer(consent_pk=refused.pk, answer="consented", by=world.cast.funder, at=day(9))


def test_a_superseded_question_that_was_never_answered_is_closed() -> None:
    world = a_world()
    proposal = approved_with_two_funders(world)
    realdania = proposal.consents.get(funder=world.cast.realdania)
    region = proposal.consents.get(funder=world.cast.region)
    funding.answer(
        consent_pk=realdania.pk, answer="refused", reason="Nej.", by=world.cast.funder, at=day(7)
    )
    press(track.retable, proposal, world)
    with pytest.raises(IllegalTransition):
        funding.answer(consent_pk=region.pk, answer="consented", by=world.cast.funder, at=day(9))
    walk.meet(proposal, "approved", world, at=day(9))

    with pytest.raises(funding.Superseded):
        funding.answer(consent_pk=region.pk, answer="consented", by=world.cast.funder, at=day(9))


@pytest.mark.parametrize(
    ("step", "status", "letter"),
    (
        (track.complete, Status.COMPLETED, "completed"),
        (track.discontinue, Status.DISCONTINUED, "discontinued"),
    ),
)
def test_an_active_track_ends_with_a_reason(step: Any, status: Status, letter: str) -> None:
    world = a_world()
    proposal = proposal_at(Status.ACTIVE, world)
    with pytest.raises(Missing, match="Skriv begrundelsen"):
        press(step, proposal, world, reason="")

    press(step, proposal, world)

    assert proposal.status == status
    assert "> Det er grunden." in OutgoingMail.objects.get(name=letter).body


def test_one_who_is_tied_launches_nothing() -> None:
    world = a_world()
    tied = person("Tina Tilknyttet")
    give_role(tied, Role.SECRETARIAT)
    give_role(tied, Role.MEMBER, organization=world.cast.municipalities[1])
    proposal = proposal_at(Status.APPROVED, world)
    walk.answer(proposal, "consented", world)

    with pytest.raises(impartiality.NotImpartial):
        press(track.launch, proposal, world, by=tied)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_give_one() -> None:
    world = a_world()
    consent = proposal_at(Status.APPROVED, world).consents.get()
    ready = threading.Barrier(2)
    results: list[str] = []

    def say(answer: str) -> None:
        try:
            ready.wait()
            funding.answer(
                consent_pk=consent.pk, answer=answer, reason="Så.", by=world.cast.funder, at=day(7)
            )
            results.append(answer)
        except funding.AlreadyAnswered:
            results.append("already")
        finally:
            connection.close()

    threads = [threading.Thread(target=say, args=(a,)) for a in ("consented", "refused")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    consent.refresh_from_db()
    assert set(results) == {"already", consent.answer}

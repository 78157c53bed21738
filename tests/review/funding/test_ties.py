"""Habilitet of those who answer for a funder: its own part in the proposal is no tie, every other part of theirs is."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.db import connection

import pytest

from klimaspor.accounts.models import Role, User
from klimaspor.mail.models import OutgoingMail
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Duty, Impartiality, Proposal
from proposals.participants.models import Commitment
from review.funding import steps as funding
from review.next_steps.buttons import open_steps
from tests.factories import walk
from tests.factories.intake import give_role
from tests.factories.parties import let_in, verify
from tests.factories.walk import AFTER, day, proposal_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories.walk import World
    from tests.pages import Pages

PLACE = "/bevillinger/"


def takes_part_elsewhere(world: World, proposal: Proposal, funder: User) -> None:
    give_role(funder, Role.MEMBER, organization=world.cast.municipalities[1])


def writes_it(world: World, proposal: Proposal, funder: User) -> None:
    verify(funder)
    let_in(proposal, funder)


def answers_for_a_participant(world: World, proposal: Proposal, funder: User) -> None:
    row = proposal.participants.order_by("pk").last()
    Commitment.objects.update_or_create(participant=row, defaults={"contact": funder})


REASONS = {
    takes_part_elsewhere: "Er knyttet til Ærø Kommune.",
    writes_it: "Er selv forslagsstiller.",
    answers_for_a_participant: "Er kontaktperson for en deltager.",
}


def asked(world: World, tie: Callable[[World, Proposal, User], None]) -> Proposal:
    """Ask the funder, whose one representative is tied before."""
    proposal = proposal_at(Status.RECOMMENDED, world)
    tie(world, proposal, world.cast.funder)
    return walk.meet(proposal, "approved", world)


def waits(user: User) -> int:
    user.__dict__.pop("duties", None)
    return Duty.objects.open(at=AFTER).held_by(user, at=AFTER).count()


def settle(world: World, *, is_impartial: bool) -> None:
    impartiality.settle(
        impartiality_pk=Impartiality.objects.get().pk,
        is_impartial=is_impartial,
        note="Set på",
        by=world.cast.secretariat,
        at=AFTER,
    )


@pytest.mark.parametrize("tie", REASONS)
def test_a_tie_is_asked_about_and_keeps_the_funder_from_answering(
    tie: Callable[[World, Proposal, User], None], world: World, pages: Pages
) -> None:
    proposal = asked(world, tie)
    funder = world.cast.funder
    consent = proposal.consents.get()

    row = Impartiality.objects.get()
    assert (row.user, row.reason, row.holds_for_funding) == (funder, REASONS[tie], True)
    assert not OutgoingMail.objects.filter(name="consent_asked").exists()
    assert waits(funder) == 0
    assert [s.id for s in open_steps(proposal, funder, at=AFTER) if s.duty == "consent"] == []
    with pytest.raises(impartiality.NotImpartial, match=row.reason):
        funding.answer(consent_pk=consent.pk, answer="consented", by=funder, at=day(7))
    page = pages.as_(funder).get(f"{PLACE}{consent.pk}/", status=403)
    assert "Din habilitet skal afklares først" in page.text
    assert row.reason in page.text


@pytest.mark.parametrize("is_impartial", (True, False))
@pytest.mark.parametrize("tie", (takes_part_elsewhere, answers_for_a_participant))
def test_dismissed_the_funder_answers_and_confirmed_it_reads_nothing(
    tie: Callable[[World, Proposal, User], None], is_impartial: bool, world: World, pages: Pages
) -> None:
    proposal = asked(world, tie)
    consent, funder = proposal.consents.get(), world.cast.funder
    settle(world, is_impartial=is_impartial)

    assert Proposal.objects.visible_to(funder, at=AFTER).exists() is is_impartial
    pages.as_(funder).get(f"/forslag/{proposal.number}/", status=200 if is_impartial else 404)
    pages.get(f"{PLACE}{consent.pk}/", status=200 if is_impartial else 404)
    assert (proposal.number in pages.get(PLACE).text) is is_impartial
    assert waits(funder) == int(is_impartial)
    if is_impartial:
        funding.answer(consent_pk=consent.pk, answer="consented", by=funder, at=day(7))
        return
    with pytest.raises(impartiality.NotImpartial):
        funding.answer(consent_pk=consent.pk, answer="consented", by=funder, at=day(7))


def test_the_funders_own_part_is_no_tie(world: World, pages: Pages) -> None:
    realdania = world.cast.realdania

    def own(_: World, proposal: Proposal, funder: User) -> None:
        proposal.participants.create(
            organization=realdania, role="participant", added_at=proposal.created_at
        )

    proposal = asked(world, own)

    assert not Impartiality.objects.exists()
    assert OutgoingMail.objects.filter(name="consent_asked").count() == 1
    assert waits(world.cast.funder) == 1
    consent = proposal.consents.get()
    assert "Send svaret" in pages.as_(world.cast.funder).get(f"{PLACE}{consent.pk}/").text
    funding.answer(consent_pk=consent.pk, answer="consented", by=world.cast.funder, at=day(7))


@pytest.mark.parametrize("is_impartial", (None, True, False))
def test_what_is_found_of_a_committee_member_for_the_same_part_leaves_the_funder_alone(
    is_impartial: bool | None, world: World
) -> None:
    funder, realdania = world.cast.funder, world.cast.realdania
    give_role(funder, Role.COMMITTEE, organization=realdania)
    proposal = proposal_at(Status.RECOMMENDED, world)
    proposal.participants.create(
        organization=realdania, role="participant", added_at=proposal.created_at
    )
    agenda = walk.publish(walk.an_agenda(world, proposal), world)
    row = Impartiality.objects.get()
    assert (row.reason, row.holds_for_funding) == ("Er knyttet til Realdania.", False)
    if is_impartial is not None:
        settle(world, is_impartial=is_impartial)

    walk.decide(agenda, "approved", world)
    proposal.refresh_from_db()

    assert Proposal.objects.visible_to(funder, at=AFTER).filter(pk=proposal.pk).exists()
    assert waits(funder) == 1
    consent = proposal.consents.get()
    funding.answer(consent_pk=consent.pk, answer="consented", by=funder, at=day(7))


def test_a_funder_tells_of_what_nobody_else_can_know(world: World, pages: Pages) -> None:
    proposal = proposal_at(Status.APPROVED, world)
    funder = world.cast.funder
    assert (
        f"/forslag/{proposal.number}/habilitet/"
        in pages.as_(funder).get(f"/forslag/{proposal.number}/").links
    )

    pages.post(f"/forslag/{proposal.number}/habilitet/", {"reason": "Min bror leder det"})

    assert Impartiality.objects.get().holds_for_funding
    assert waits(funder) == 0
    assert "Du er knyttet til forslaget" in pages.get(f"/forslag/{proposal.number}/").text


def test_earlier_answers_about_the_funders_own_part_are_no_tie_either(world: World) -> None:
    funder = world.cast.funder
    proposal = proposal_at(Status.APPROVED, world)
    reasons = ("Er knyttet til Realdania.", "Er knyttet til Realdania og Ærø Kommune.", "Andet")
    for reason in reasons:
        Impartiality.objects.create(
            proposal=proposal,
            user=funder,
            reason=reason,
            declared_at=AFTER,
            declared_by=world.cast.secretariat,
            is_impartial=False,
            settled_at=AFTER,
            settled_by=world.cast.secretariat,
            replaced_at=AFTER,
        )
    migration = import_module("proposals.migrations.0024_listed_funding_ties")

    with connection.cursor() as cursor:
        cursor.execute(migration.OF_THE_FUNDER_ALONE)

    found = dict(Impartiality.objects.values_list("reason", "holds_for_funding"))
    assert found == dict(zip(reasons, (False, True, True), strict=True))

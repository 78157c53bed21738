"""A "no" ends what hung on being asked: reading, counting, and being told that all is ready; a withdrawal is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from klimaspor.mail.models import OutgoingMail
from proposals.commitments import steps as commitment
from proposals.line.models import Duty, Proposal
from proposals.rounds.models import Round
from proposals.submission import withdrawal
from proposals.writers import invitation
from review.next_steps import buttons, waiting
from tests.factories.intake import NOW, a_ready_draft
from tests.factories.parties import known_addresses, let_in, proved
from tests.factories.walk import World, a_world

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from proposals.participants.models import Commitment, Participant

LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    world = a_world()
    known_addresses(*world.cast.municipalities)
    return world


@pytest.fixture
def proposal(world: World) -> Proposal:
    return a_ready_draft(world.cast, world.round)


def of(proposal: Proposal, name: str) -> Participant:
    return next(p for p in proposal.participants.listed() if p.name == name)


def ask(proposal: Proposal, name: str, user: User) -> None:
    sent = commitment.ask(
        participant_pk=of(proposal, name).pk,
        name=user.name,
        email=user.email,
        by=proposal.owner,
        at=NOW,
    )
    invitation.accept(token=sent.token, by=user, at=NOW)


def answer(proposal: Proposal, name: str, by: User, *, is_confirmed: bool) -> Commitment:
    return commitment.answer(
        participant_pk=of(proposal, name).pk,
        is_confirmed=is_confirmed,
        reason="" if is_confirmed else "Ingen timer.",
        by=by,
        at=LATER,
    )


def reads(proposal: Proposal, user: User) -> bool:
    return Proposal.objects.visible_to(user, at=LATER).filter(pk=proposal.pk).exists()


def duties(proposal: Proposal) -> set[tuple[str, str]]:
    standing = Duty.objects.filter(proposal=proposal, done_at=None).exclude(user=None)
    return set(standing.values_list("kind", "user__name"))


def test_who_says_no_keeps_the_answer_and_reads_no_more(proposal: Proposal) -> None:
    contact = proved("Kit Kontakt")
    ask(proposal, "Solrød Kommune", contact)
    assert ("commit", "Kit Kontakt") in duties(proposal)

    said = answer(proposal, "Solrød Kommune", contact, is_confirmed=False)

    assert (said.contact, said.answered_by) == (contact, contact)
    assert not reads(proposal, contact)
    assert duties(proposal) == {("submit", "Ella Ejer")}
    # The latest answer holds, and what it gives with it.
    answer(proposal, "Solrød Kommune", contact, is_confirmed=True)
    assert reads(proposal, contact)


def test_reading_that_has_another_ground_stays(proposal: Proposal) -> None:
    both, reader, writer = proved("Begges"), proved("Læser"), proved("Skriver")
    ask(proposal, "Solrød Kommune", both)
    ask(proposal, "Ærø Kommune", both)
    let_in(proposal, reader, "read")
    let_in(proposal, writer, "write")

    answer(proposal, "Solrød Kommune", both, is_confirmed=False)
    assert reads(proposal, both)
    answer(proposal, "Ærø Kommune", both, is_confirmed=False)
    assert not reads(proposal, both)

    for user in (reader, writer):
        ask(proposal, "Vandværket ApS", user)
        answer(proposal, "Vandværket ApS", user, is_confirmed=False)
        assert reads(proposal, user)


@pytest.mark.parametrize(
    ("name", "said"),
    (
        (
            "Solrød Kommune",
            (
                "Nu tæller 2 kommuner og regioner med (K1), 1 færre end før. "
                "Der skal være mindst 3, før I kan indsende."
            ),
        ),
        (
            "Vandværket ApS",
            "Det ændrer ikke, hvor mange kommuner og regioner der tæller med (K1).",
        ),
    ),
)
def test_the_owner_is_told_what_k1_counts(proposal: Proposal, name: str, said: str) -> None:
    contact = proved("Kit Kontakt")
    ask(proposal, name, contact)

    answer(proposal, name, contact, is_confirmed=False)

    assert said in OutgoingMail.objects.get(name="commitment_answered").body


@pytest.mark.parametrize("is_strict", (True, False))
def test_what_waits_says_who_is_out_instead_of_send(
    world: World, proposal: Proposal, is_strict: bool
) -> None:
    Round.objects.update(is_first_gate_strict=is_strict)
    owner = world.cast.owner
    contact = proved("Kit Kontakt")
    ask(proposal, "Solrød Kommune", contact)
    (before,) = waiting.waiting_for(owner, at=LATER).rows
    assert (before.label, before.text) == (
        "Tjek og indsend",
        "Tjek dine svar, og indsend til faglig kvalificering.",
    )

    answer(proposal, "Solrød Kommune", contact, is_confirmed=False)

    (row,) = waiting.waiting_for(owner, at=LATER).rows
    short = "Solrød Kommune er ikke med. 2 af 3 kommuner/regioner. Tilføj 1 kommune eller region."
    assert (row.label, row.view, row.text) == (
        ("Se deltagerne", "proposals:participants", short)
        if is_strict
        else (
            "Tjek og indsend",
            "proposals:check",
            f"{short} Tjek dine svar, og indsend til faglig kvalificering.",
        )
    )
    # The button stands for the same duty.
    fresh = Proposal.objects.with_frame().get(pk=proposal.pk)
    (first, *rest) = buttons.open_steps(fresh, owner, at=LATER)
    assert (first.duty, [step.duty for step in rest if step.duty]) == ("submit", [])


def test_a_withdrawal_tells_those_who_answer(world: World, proposal: Proposal) -> None:
    yes, no, unanswered = proved("Ja Kontakt"), proved("Nej Kontakt"), proved("Intet Svar")
    for name, user in zip(
        ("Aarhus Kommune", "Solrød Kommune", "Ærø Kommune"), (yes, no, unanswered), strict=True
    ):
        ask(proposal, name, user)
    answer(proposal, "Aarhus Kommune", yes, is_confirmed=True)
    answer(proposal, "Solrød Kommune", no, is_confirmed=False)

    withdrawal.withdraw(
        proposal_pk=proposal.pk, revision=1, reason="Vi venter.", by=world.cast.owner, at=LATER
    )

    told = OutgoingMail.objects.filter(name="withdrawn").values_list("recipient", flat=True)
    assert sorted(told) == sorted([yes.email, unanswered.email])

"""Habilitet: a tie blocks acting until another has settled it; confirmed, it blocks reading."""

from __future__ import annotations

import pytest

from klimaspor.accounts.models import Role
from klimaspor.mail.models import OutgoingMail
from proposals.drafting import steps as drafting
from proposals.line import impartiality
from proposals.line.models import Impartiality, Proposal
from proposals.line.queries import Ties
from proposals.line.standing import standing
from proposals.sparring import steps as advice
from proposals.submission import steps as submission
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round, give_role

pytestmark = pytest.mark.django_db


def tied_adviser() -> tuple[Cast, Proposal]:
    cast, round_ = a_cast(), a_round()
    give_role(cast.adviser, Role.MEMBER, organization=cast.municipalities[1])
    proposal = a_ready_draft(cast, round_)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    proposal.refresh_from_db()
    return cast, proposal


def test_a_tie_is_raised_at_submission_and_the_tied_is_not_mailed() -> None:
    cast, _ = tied_adviser()

    row = Impartiality.objects.get()
    assert (row.user, row.reason, row.settled_at) == (
        cast.adviser,
        "Er knyttet til Ærø Kommune.",
        None,
    )
    assert not OutgoingMail.objects.filter(recipient=cast.adviser.email).exists()


def test_an_unsettled_tie_blocks_acting_but_not_reading() -> None:
    cast, proposal = tied_adviser()

    with pytest.raises(impartiality.NotImpartial, match="knyttet til Ærø Kommune"):
        impartiality.require(cast.adviser, proposal, at=NOW)
    with pytest.raises(impartiality.NotImpartial):
        advice.comment(proposal_pk=proposal.pk, section="", text="Hej", by=cast.adviser, at=NOW)
    assert Proposal.objects.visible_to(cast.adviser, at=NOW).count() == 1


@pytest.mark.parametrize(("is_impartial", "visible"), ((True, 1), (False, 0)))
def test_another_settles_it(is_impartial: bool, visible: int) -> None:
    cast, proposal = tied_adviser()
    row = Impartiality.objects.get()

    impartiality.settle(
        impartiality_pk=row.pk, is_impartial=is_impartial, note="Ja", by=cast.secretariat, at=NOW
    )

    assert Proposal.objects.visible_to(cast.adviser, at=NOW).count() == visible
    assert impartiality.is_blocked(cast.adviser, proposal, at=NOW) is not is_impartial


def test_nobody_settles_their_own() -> None:
    cast, _ = tied_adviser()

    with pytest.raises(impartiality.OwnCase):
        impartiality.settle(
            impartiality_pk=Impartiality.objects.get().pk,
            is_impartial=True,
            note="",
            by=cast.adviser,
            at=NOW,
        )


def test_a_party_that_was_found_partial_still_reads_its_own() -> None:
    cast, round_ = a_cast(), a_round()
    give_role(cast.owner, Role.SECRETARIAT)
    proposal = a_ready_draft(cast, round_)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    row = impartiality.declare(
        proposal_pk=proposal.pk, user=cast.owner, reason="Egen", by=cast.owner, at=NOW
    )
    impartiality.settle(
        impartiality_pk=row.pk, is_impartial=False, note="", by=cast.secretariat, at=NOW
    )

    assert Proposal.objects.visible_to(cast.owner, at=NOW).count() == 1
    assert {f.value for f in standing(cast.owner, Proposal.objects.get(), at=NOW).functions} == {
        "own"
    }


def test_the_secretariat_that_typed_in_a_proposal_is_no_party_to_it() -> None:
    cast, round_ = a_cast(), a_round()

    proposal = drafting.register(
        email="ny@example.org",
        name="Ny Person",
        organization=None,
        round=round_,
        title="Modtaget",
        by=cast.secretariat,
        at=NOW,
    )

    assert impartiality.tie(cast.secretariat, proposal, at=NOW) == ""


def settled(cast: Cast, *, is_impartial: bool) -> Impartiality:
    row = Impartiality.objects.unsettled().get()
    return impartiality.settle(
        impartiality_pk=row.pk,
        is_impartial=is_impartial,
        note="Set på",
        by=cast.secretariat,
        at=NOW,
    )


def ask_again(cast: Cast, proposal: Proposal, reason: str = "Ny i bestyrelsen") -> Impartiality:
    return impartiality.declare(
        proposal_pk=proposal.pk, user=cast.adviser, reason=reason, by=cast.secretariat, at=NOW
    )


@pytest.mark.parametrize("first", (True, False))
@pytest.mark.parametrize("second", (True, False))
def test_what_was_answered_holds_until_it_is_answered_again(first: bool, second: bool) -> None:
    cast, proposal = tied_adviser()
    settled(cast, is_impartial=first)

    asked = ask_again(cast, proposal)
    twice = ask_again(cast, proposal, "En gang til")
    reads = Proposal.objects.visible_to(cast.adviser, at=NOW).exists()
    blocked = impartiality.is_blocked(cast.adviser, proposal, at=NOW)
    ties = Proposal.objects.ties_of(cast.adviser, [proposal.pk], at=NOW)[proposal.pk]
    settled(cast, is_impartial=second)

    assert twice == asked
    assert (reads, blocked, ties) == (first, True, Ties(is_blocked=True, is_raised=True))
    assert Proposal.objects.visible_to(cast.adviser, at=NOW).exists() is second
    assert impartiality.is_blocked(cast.adviser, proposal, at=NOW) is not second
    assert Proposal.objects.ties_of(cast.adviser, [proposal.pk], at=NOW) == {
        proposal.pk: Ties(is_blocked=not second)
    }
    answers = Impartiality.objects.answered().oldest_first()
    assert [(row.is_impartial, row.replaced_at) for row in answers] == [
        (first, NOW),
        (second, None),
    ]


def test_a_tie_that_was_settled_is_asked_about_again_when_it_is_another() -> None:
    cast, proposal = tied_adviser()
    settled(cast, is_impartial=True)

    impartiality.raise_ties([cast.adviser], proposal, by=cast.owner, at=NOW)
    is_asked_for_nothing_new = Impartiality.objects.unsettled().exists()
    give_role(cast.adviser, Role.MEMBER, organization=cast.municipalities[0])
    impartiality.raise_ties([cast.adviser], proposal, by=cast.owner, at=NOW)

    assert not is_asked_for_nothing_new
    assert "og" in Impartiality.objects.unsettled().get().reason

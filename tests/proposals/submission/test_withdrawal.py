"""Leaving the line and changing rounds."""

from __future__ import annotations

from datetime import date, time

import pytest

from klimaspor import danish
from proposals.line.lifecycle import Status
from proposals.line.models import IllegalTransition, Proposal, Stale
from proposals.sparring import steps as advice
from proposals.submission import steps as submission
from proposals.submission import withdrawal
from tests.factories.intake import NOW, a_cast, a_ready_draft, a_round

pytestmark = pytest.mark.django_db


def autumn() -> dict[str, object]:
    return {
        "name": "Efterår 2027",
        "qualification_deadline_at": danish.wall(date(2027, 10, 4), time(9)),
        "approval_deadline_at": danish.wall(date(2027, 10, 21), time(9)),
        "meeting_date": date(2027, 11, 18),
    }


def test_withdraw_ends_the_line_and_says_why() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)

    event = withdrawal.withdraw(
        proposal_pk=proposal.pk, revision=2, reason="Ingen penge", by=cast.owner, at=NOW
    )

    proposal.refresh_from_db()
    assert (proposal.status, event.reason) == (Status.WITHDRAWN, "Ingen penge")
    with pytest.raises(Stale):
        withdrawal.withdraw(
            proposal_pk=proposal.pk, revision=2, reason="Igen", by=cast.owner, at=NOW
        )
    with pytest.raises(IllegalTransition):
        withdrawal.withdraw(
            proposal_pk=proposal.pk, revision=3, reason="Igen", by=cast.owner, at=NOW
        )


def test_move_round_makes_it_a_draft_with_the_new_deadline_and_keeps_what_was_said() -> None:
    cast, round_ = a_cast(), a_round()
    later = a_round(**autumn())
    proposal = a_ready_draft(cast, round_)
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    advice.comment(proposal_pk=proposal.pk, section="", text="God ide", by=cast.adviser, at=NOW)

    withdrawal.move_round(
        proposal_pk=proposal.pk, revision=1, round=later, reason="", by=cast.owner, at=NOW
    )

    proposal = Proposal.objects.get()
    assert (proposal.status, proposal.round) == (Status.DRAFT, later)
    assert proposal.advice.count() == 1


def test_move_to_a_round_that_is_past_is_refused() -> None:
    cast, round_ = a_cast(), a_round()
    later = a_round(**autumn())
    proposal = a_ready_draft(cast, later)
    past = danish.wall(date(2027, 4, 12), time(9, 1))

    with pytest.raises(withdrawal.RoundNotOpen):
        withdrawal.move_round(
            proposal_pk=proposal.pk, revision=1, round=round_, reason="", by=cast.owner, at=past
        )

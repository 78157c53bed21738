"""Answers of many sections at once: all or none, and none that somebody else has changed since."""

from __future__ import annotations

from django.core.exceptions import ValidationError

import pytest

from proposals.drafting import holding
from proposals.drafting import steps as drafting
from proposals.line.models import Proposal
from proposals.submission import steps as submission
from tests.factories.intake import NOW, a_cast, a_ready_draft, a_round, minutes_later

pytestmark = pytest.mark.django_db


def test_answers_of_several_sections_are_written_with_their_versions() -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round())

    drafting.take_answers(
        proposal_pk=proposal.pk,
        answers={"risks": {"risks": "En"}, "budget": {"budget_min": 1, "budget_max": 2}},
        seen={"risks": 0, "budget": 1},
        by=cast.owner,
        at=minutes_later(NOW),
    )

    after = Proposal.objects.get()
    assert (after.risks, after.budget_min, after.budget_max) == ("En", 1, 2)
    assert after.requested_amount == proposal.requested_amount
    numbers = dict(
        after.field_versions.of_fields(["risks", "budget"]).values_list("name", "number")
    )
    assert numbers == {"risks": 1, "budget": 2}


@pytest.mark.parametrize("seen", ({"risks": 0, "purpose": 0}, {}, {"purpose": 2}))
def test_nothing_is_written_when_one_of_them_is_not_the_one_that_was_seen(
    seen: dict[str, int],
) -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round())

    with pytest.raises(drafting.Changed) as refusal:
        drafting.take_answers(
            proposal_pk=proposal.pk,
            answers={"risks": {"risks": "En"}, "purpose": {"purpose": "To"}},
            seen=seen,
            by=cast.owner,
            at=NOW,
        )

    after = Proposal.objects.get()
    assert [version.name for version in refusal.value.versions] == ["purpose"]
    assert (after.risks, after.purpose) == ("", proposal.purpose)


def test_nothing_is_written_when_one_of_them_breaks_an_invariant() -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round())

    with pytest.raises(ValidationError):
        drafting.take_answers(
            proposal_pk=proposal.pk,
            answers={"risks": {"risks": "En"}, "budget": {"budget_min": 2, "budget_max": 1}},
            seen={"budget": 1},
            by=cast.owner,
            at=NOW,
        )

    assert Proposal.objects.get().risks == ""


def test_a_proposal_that_was_sent_takes_nothing() -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round())
    submission.submit(proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=NOW)

    with pytest.raises(holding.NotEditable):
        drafting.take_answers(
            proposal_pk=proposal.pk,
            answers={"risks": {"risks": "En"}},
            seen={},
            by=cast.owner,
            at=NOW,
        )

"""Answers of many sections at once: all or none, and none that somebody else has changed since."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError

import pytest

from klimaspor.seen import Base, Changed
from proposals.answers.sections import FIELDS, SECTION_OF
from proposals.drafting import holding
from proposals.drafting import steps as drafting
from proposals.drafting.seen import base_of, versions
from proposals.line.models import Proposal
from proposals.submission import steps as submission
from tests.factories.intake import NOW, a_cast, a_ready_draft, a_round, minutes_later

pytestmark = pytest.mark.django_db


def shown(proposal: Proposal, *names: str) -> dict[str, Base]:
    """Give what a page shows now of some answers."""
    now = Proposal.objects.get(pk=proposal.pk)
    known = versions(now.number, names)
    return {name: base_of(now, FIELDS[name], known) for name in names}


def test_answers_of_several_sections_are_written_with_their_versions() -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round())

    drafting.save_answers(
        proposal_pk=proposal.pk,
        answers={
            "risks": {"risks": "En"},
            "budget": {"budget_min": Decimal(1), "budget_max": Decimal(2)},
        },
        bases=shown(proposal, "risks", "budget"),
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


@pytest.mark.parametrize("names", (("risks", "purpose"), ("risks",), ()))
def test_nothing_is_written_when_one_of_them_is_not_the_one_that_was_seen(
    names: tuple[str, ...],
) -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round())
    bases = shown(proposal, *names)
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug=SECTION_OF["purpose"],
        answers={"purpose": "Ellas nye"},
        by=cast.owner,
        at=minutes_later(NOW),
    )

    with pytest.raises(Changed) as refusal:
        drafting.save_answers(
            proposal_pk=proposal.pk,
            answers={"risks": {"risks": "En"}, "purpose": {"purpose": "To"}},
            bases=bases,
            by=cast.owner,
            at=NOW,
        )

    after = Proposal.objects.get()
    assert list(refusal.value.bases) == ["purpose"]
    assert [part.text for part in refusal.value.shown_now] == ["Ellas nye"]
    assert (after.risks, after.purpose) == ("", "Ellas nye")


def test_nothing_is_written_when_one_of_them_breaks_an_invariant() -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round())

    with pytest.raises(ValidationError):
        drafting.save_answers(
            proposal_pk=proposal.pk,
            answers={"risks": {"risks": "En"}, "budget": {"budget_min": 2, "budget_max": 1}},
            bases=shown(proposal, "budget"),
            by=cast.owner,
            at=NOW,
        )

    assert Proposal.objects.get().risks == ""


def test_a_proposal_that_was_sent_takes_nothing() -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round())
    submission.submit(proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=NOW)

    with pytest.raises(holding.NotEditable):
        drafting.save_answers(
            proposal_pk=proposal.pk,
            answers={"risks": {"risks": "En"}},
            bases={},
            by=cast.owner,
            at=NOW,
        )

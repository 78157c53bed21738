"""K1-K9 as the program sees them."""

from __future__ import annotations

from datetime import date

import pytest

from klimaspor.accounts.models import Organization
from proposals.eligibility import requirements as eligibility
from proposals.line.models import Proposal
from proposals.participants import steps as drafting
from proposals.rounds.models import Gate, Round
from proposals.submission import steps as submission
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_ready_draft, a_round

pytestmark = pytest.mark.django_db


def add(proposal: Proposal, *organizations: Organization) -> None:
    for organization in organizations:
        drafting.add_participant(
            proposal_pk=proposal.pk,
            organization=organization,
            role="participant",
            by=proposal.owner,
            at=NOW,
        )


def state_of(proposal: Proposal, requirement: str) -> tuple[str, str]:
    proposal = Proposal.objects.with_frame().get(pk=proposal.pk)
    finding = next(
        f for f in eligibility.assess(proposal, at=NOW) if f.requirement.id == requirement
    )
    return finding.state, finding.message


@pytest.mark.parametrize(
    ("more", "state", "message"),
    (
        (1, "missing", "2 af 3 kommuner/regioner. Tilføj 1 kommune eller region."),
        (2, "met", "3 af 3 kommuner/regioner."),
    ),
)
def test_k1_counts_to_three(more: int, state: str, message: str) -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_draft(cast, round_)

    add(proposal, *cast.municipalities[1 : 1 + more])

    assert state_of(proposal, "K1") == (state, message)


def test_k1_lists_companies_and_counts_them_not() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_draft(cast, round_)
    add(proposal, cast.municipalities[1], cast.company)

    assert state_of(proposal, "K1")[0] == "missing"


def merging_regions(cast: Cast) -> tuple[Organization, Organization]:
    merged = Organization.objects.create(
        name="Region Østdanmark", kind="region", valid_from_date=date(2027, 8, 1)
    )
    before = {"kind": "region", "valid_until_date": date(2027, 8, 1), "successor": merged}
    return (
        Organization.objects.create(name="Region Hovedstaden", code="1084", **before),
        Organization.objects.create(name="Region Sjælland", code="1085", **before),
    )


@pytest.mark.parametrize(
    ("start", "state"), ((date(2027, 7, 1), "met"), (date(2027, 8, 1), "missing"))
)
def test_k1_counts_merged_regions_once_from_the_day_they_merge(start: date, state: str) -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_draft(cast, round_)
    add(proposal, *merging_regions(cast))
    Proposal.objects.filter(pk=proposal.pk).update(period_start=start)

    assert state_of(proposal, "K1")[0] == state


@pytest.mark.parametrize(
    ("flag", "requirement"),
    (("has_development", "K3"), ("is_beyond_known", "K4"), ("is_open", "K5")),
)
def test_no_to_a_declared_requirement_is_not_met(flag: str, requirement: str) -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_, **{flag: False})

    assert state_of(proposal, requirement)[0] == "missing"


def test_what_a_proposal_only_should_say_blocks_nothing() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_, joining="", co_financing="")
    proposal.financing.all().delete()
    proposal.participants.update(role="participant")

    states = [state_of(proposal, requirement)[0] for requirement in ("K6", "K8", "K9")]

    assert states == ["warning", "warning", "warning"]
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)


def test_zero_kroner_is_an_answer_about_co_financing() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_, co_financing="")

    assert state_of(proposal, "K6")[0] == "met"


def test_the_first_gate_only_warns_where_the_round_says_so() -> None:
    cast, round_ = a_cast(), a_round(is_first_gate_strict=False)
    proposal = a_ready_draft(cast, round_)
    proposal.participants.all().delete()
    findings = eligibility.assess(proposal, at=NOW)

    assert eligibility.blocking(proposal, findings, Gate.QUALIFICATION) == ()
    assert [f.requirement.id for f in eligibility.blocking(proposal, findings, Gate.APPROVAL)] == [
        "K1"
    ]


def test_the_number_of_authorities_is_the_rounds() -> None:
    cast, round_ = a_cast(), a_round(min_authorities=1)
    proposal = a_draft(cast, Round.objects.get(pk=round_.pk))

    assert state_of(proposal, "K1") == ("met", "1 af 1 kommuner/regioner.")


def test_every_requirement_is_sourced_and_numbered_in_order() -> None:
    assert [r.id for r in eligibility.REQUIREMENTS] == [f"K{n}" for n in range(1, 10)]
    assert all(r.source for r in eligibility.REQUIREMENTS)

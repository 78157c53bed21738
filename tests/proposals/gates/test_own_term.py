"""A dispensation is the term wherever its holder is told one, and the deadline stands for everybody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from klimaspor import danish
from klimaspor.mail.models import OutgoingMail
from proposals import reminders
from proposals.gates import steps as dispensation
from proposals.line.functions import Function
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Proposal
from proposals.rounds.models import Gate
from proposals.sparring import steps as advice
from proposals.submission import withdrawal
from review.qualification import steps as qualification
from tests.factories.intake import NOW, a_ready_draft
from tests.factories.walk import DAY, a_world, proposal_at, qualify

if TYPE_CHECKING:
    from datetime import date, datetime

    from klimaspor.accounts.models import User
    from tests.factories.walk import World
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

PAGES = (
    "/",
    "/forslag/?sort=frist",
    "/forslag/{number}/",
    "/forslag/{number}/indhold/",
    "/forslag/{number}/sparring/",
    "/forslag/{number}/versioner/",
    "/forslag/{number}/forloeb/",
    "/forslag/{number}/afsnit/",
    "/forslag/{number}/tjek/",
)
ROUND = re.compile(r"Forår 2027 Til faglig kvalificering senest.*?Møde i forretningsudvalget")
"""What the front page says of the round."""
ELSE = re.compile(r"Ellers [a-zæøå]+ den [^.]+\. \w+ \d{4} kl\. 9\.00\.")
K7 = re.compile(r"Fristen for (?:faglig kvalificering|godkendelsesforløb) er .*? kl\. 9\.00\.")
"""What K7 says of the round: the leave stands beside it."""


@pytest.fixture
def world() -> World:
    return a_world()


def a_proposal(status: Status, world: World) -> Proposal:
    """Give one that two people write, and that everybody's reading of it is open."""
    if status == Status.DRAFT:
        proposal = a_ready_draft(world.cast, world.round)
        advice.open_sparring(proposal_pk=proposal.pk, by=world.cast.owner, at=NOW)
    else:
        proposal = proposal_at(status, world)
    Access.objects.grant(
        proposal, Function.WRITE, user=world.cast.stranger, by=world.cast.owner, at=NOW
    )
    return Proposal.objects.get(pk=proposal.pk)


def grant(proposal: Proposal, gate: Gate, to: User, world: World) -> datetime:
    until_at = proposal.round.deadline_at(gate) + timedelta(days=3, hours=3)
    dispensation.grant(
        proposal_pk=proposal.pk,
        gate=gate,
        granted_to=to,
        until_at=until_at,
        reason="Sygdom",
        by=world.cast.secretariat,
        at=NOW,
    )
    return until_at


def moment(at: datetime) -> str:
    """Write it as a page is read, blanks that hold a line together being blanks."""
    return danish.plain(danish.datetime_text(at))


def day(on: date) -> str:
    return danish.plain(danish.date_text(on))


def told(page_text: str) -> str:
    for what in (ROUND, ELSE, K7):
        page_text = what.sub("", page_text)
    return page_text


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    ("status", "gate"),
    ((Status.DRAFT, Gate.QUALIFICATION), (Status.QUALIFIED, Gate.APPROVAL)),
)
def test_pages_tell_each_their_own_term(
    pages: Pages, world: World, status: Status, gate: Gate, address: str
) -> None:
    proposal = a_proposal(status, world)
    until_at = grant(proposal, gate, world.cast.owner, world)
    closes_at = proposal.round.deadline_at(gate)
    write = danish.short_date if "sort" in address else None
    own, common = (
        write(danish.day_of(at)) if write else moment(at) for at in (until_at, closes_at)
    )
    here = address.format(number=proposal.number)

    with time_machine.travel(DAY[3], tick=False):
        holders = told(pages.as_(world.cast.owner).get(here).text)
        others = told(pages.as_(world.cast.stranger).get(here).text)

    assert own in holders
    assert common not in holders
    assert common in others
    if not write:
        assert "(dispensation)" in holders
        assert "(dispensation)" not in others


def letters(name: str) -> dict[str, str]:
    found = OutgoingMail.objects.filter(key__startswith=f"{name}:").order_by("pk")
    return {m.recipient: " ".join(m.body.split()) for m in found}


def each(world: World, said: dict[str, str]) -> tuple[str, str]:
    return said[world.cast.owner.email], said[world.cast.stranger.email]


def test_the_letter_about_the_statement_tells_each_their_own_term(world: World) -> None:
    proposal = a_proposal(Status.IN_QUALIFICATION, world)
    until_at = grant(proposal, Gate.APPROVAL, world.cast.owner, world)

    qualify(proposal, world)

    holders, others = each(world, letters("qualified"))
    common = moment(proposal.round.approval_deadline_at)
    assert f"senest {moment(until_at)} (dispensation)." in holders
    assert common not in holders
    assert f"senest {common}." in others


def test_the_letter_about_changes_tells_each_their_own_term(world: World) -> None:
    proposal = a_proposal(Status.IN_QUALIFICATION, world)
    until_at = grant(proposal, Gate.QUALIFICATION, world.cast.owner, world)

    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Sig mere"},
        answer_date=danish.day_of(DAY[8]),
        by=world.cast.adviser,
        at=DAY[1],
    )

    holders, others = each(world, letters("returned"))
    assert f"senest {moment(until_at)} (dispensation)." in holders
    assert f"senest {day(danish.day_of(DAY[8]))}" in others
    assert "dispensation" not in others


def test_the_letter_about_another_round_tells_the_owners_own_term(world: World) -> None:
    proposal = a_proposal(Status.DRAFT, world)
    dispensation.grant(
        proposal_pk=proposal.pk,
        gate=Gate.QUALIFICATION,
        granted_to=world.cast.owner,
        until_at=world.later.qualification_deadline_at + timedelta(hours=1),
        reason="Sygdom",
        by=world.cast.secretariat,
        at=NOW,
    )

    withdrawal.move_round(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        round=world.later,
        reason="",
        by=world.cast.secretariat,
        at=NOW,
    )

    holders = letters("moved_round")[world.cast.owner.email]
    later = world.later.qualification_deadline_at
    assert (
        f"Din frist for faglig kvalificering er {moment(later + timedelta(hours=1))} "
        "(dispensation)." in holders
    )


def test_reminders_tell_each_their_own_term(world: World) -> None:
    proposal = a_proposal(Status.DRAFT, world)
    until_at = grant(proposal, Gate.QUALIFICATION, world.cast.owner, world)
    at = danish.wall(danish.add_working_days(danish.day_of(until_at), -5), reminders.MORNING)

    reminders.send_due(at=at)

    holders, others = each(world, letters("draft_reminder"))
    common = moment(proposal.round.qualification_deadline_at)
    assert f"Din frist for faglig kvalificering er {moment(until_at)} (dispensation)," in holders
    assert f"Fristen for faglig kvalificering er {common}," in others

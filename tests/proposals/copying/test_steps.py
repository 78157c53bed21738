"""An earlier proposal as the beginning of a new one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

import pytest

from proposals.answers.sections import FIELDS
from proposals.attachments import steps as attachments
from proposals.copying import steps as copying
from proposals.drafting import steps as drafting
from proposals.economy.models import BudgetLine
from proposals.line.functions import Function
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Proposal
from proposals.participants.models import Commitment
from tests.factories.intake import NOW, Cast, a_ready_draft
from tests.factories.walk import AFTER, World, a_world, proposal_at

if TYPE_CHECKING:
    from typing import Any

    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def cast(world: World) -> Cast:
    return world.cast


@pytest.fixture
def source(world: World) -> Proposal:
    """One with everything a proposal can hold."""
    cast = world.cast
    proposal = a_ready_draft(cast, world.round)
    owner = proposal.participants.get(role="problem_owner")
    Commitment.objects.create(
        participant=owner,
        contact=cast.stranger,
        plan_action="Handling 4.2",
        hours=120,
        amount=Decimal(50_000),
        case_number="2027-4711",
        is_confirmed=True,
        answered_at=NOW,
        answered_by=cast.stranger,
    )
    BudgetLine.objects.create(
        proposal=proposal, category="staff", year=2027, amount=Decimal("1000.50"), recipient=owner
    )
    attachments.add_attachment(
        proposal_pk=proposal.pk,
        title="Kort over området",
        file=ContentFile(b"%PDF-1.7\n", name="kort.pdf"),
        file_name="kort.pdf",
        content_type="application/pdf",
        by=cast.owner,
        at=NOW,
    )
    return proposal


def made_from(source: Proposal, world: World) -> Proposal:
    cast = world.cast
    return copying.copy(
        proposal_pk=source.pk,
        organization=source.organization,
        round=world.later,
        by=cast.owner,
        at=NOW,
    )


def test_text_and_amounts_follow_under_a_new_number(source: Proposal, world: World) -> None:
    made = made_from(source, world)
    made.refresh_from_db()
    source.refresh_from_db()

    assert made.number != source.number
    assert (made.status, made.round, made.revision) == (Status.DRAFT, world.later, 1)
    for question in FIELDS.values():
        for name in question.attributes:
            assert getattr(made, name) == getattr(source, name), name
    assert [(f.year, f.source, f.amount, f.status) for f in made.financing.listed()] == [
        (f.year, f.source, f.amount, f.status) for f in source.financing.listed()
    ]
    line = made.budget_lines.get(amount=Decimal("1000.50"))
    assert (line.amount, line.recipient) == (
        Decimal("1000.50"),
        made.participants.get(role="problem_owner"),
    )


def test_participants_follow_unconfirmed(source: Proposal, world: World) -> None:
    made = made_from(source, world)

    assert [(p.name, p.role) for p in made.participants.listed()] == [
        (p.name, p.role) for p in source.participants.listed()
    ]
    brought = Commitment.objects.get(participant__proposal=made)
    assert (brought.plan_action, brought.hours, brought.amount) == ("Handling 4.2", 120, 50_000)
    assert (brought.is_confirmed, brought.answered_at, brought.answered_by) == (None, None, None)
    assert (brought.contact, brought.case_number) == (None, "")


def test_files_are_asked_for_again_and_the_history_says_where_it_came_from(
    source: Proposal, world: World
) -> None:
    made = made_from(source, world)

    assert not made.attachments.exists()
    event = made.events.get(transition="copied")
    assert event.note == source.number
    assert event.reason == "Bilag kopieres ikke. Du havde disse:\n\n- Kort over området"
    assert not source.events.filter(transition="copied").exists()


def test_the_copy_is_its_makers_alone(source: Proposal, world: World) -> None:
    made = made_from(source, world)

    assert [(a.user, a.function) for a in made.accesses.all()] == [(world.cast.owner, "own")]


def test_a_closed_round_takes_no_copy(source: Proposal, world: World) -> None:
    count = Proposal.objects.count()
    with pytest.raises(drafting.RoundClosed):
        copying.copy(
            proposal_pk=source.pk,
            organization=None,
            round=world.round,
            by=world.cast.owner,
            at=world.round.approval_deadline_at + timedelta(seconds=1),
        )
    assert Proposal.objects.count() == count


@pytest.mark.parametrize("status", (Status.REJECTED, Status.WITHDRAWN, Status.COMPLETED))
def test_what_has_ended_is_copied_from_its_page(
    pages: Pages, world: World, now: Any, status: Status
) -> None:
    ended = proposal_at(status, world)
    now.move_to(AFTER)
    path = f"/forslag/{ended.number}/kopier/"
    assert path in pages.as_(world.cast.owner).get(f"/forslag/{ended.number}/").links
    pages.get(path)
    answer = pages.post(path, {"round": world.later.pk})

    made = Proposal.objects.exclude(pk=ended.pk).get()
    assert answer.location == f"/forslag/{made.number}/afsnit/"
    assert f"Kopieret fra {ended.number}" in pages.get(answer.location).text
    assert made.organization == ended.organization


def test_the_page_names_the_files_and_the_tasks_repeat_them(
    pages: Pages, cast: Cast, source: Proposal, world: World
) -> None:
    path = f"/forslag/{source.number}/kopier/"
    assert "Kort over området" in pages.as_(cast.owner).get(path).text
    assert pages.post(path, {}, status=200).problems == ["Vælg en runde"]
    tasks = pages.post(path, {"round": world.later.pk}).location
    assert "Bilag kopieres ikke. Du havde disse: Kort over området" in pages.get(tasks).text


def test_a_reader_copies_and_staff_and_strangers_do_not(
    pages: Pages, cast: Cast, world: World
) -> None:
    sent = proposal_at(Status.IN_QUALIFICATION, world)
    path = f"/forslag/{sent.number}/kopier/"
    for person, status in ((cast.adviser, 403), (cast.secretariat, 403), (cast.stranger, 404)):
        pages.as_(person).get(path, status=status)
        pages.post(path, {"round": world.later.pk}, status=status)
    Access.objects.grant(sent, Function.READ, user=cast.stranger, by=cast.owner, at=NOW)
    pages.as_(cast.stranger).post(path, {"round": world.later.pk})

    made = Proposal.objects.exclude(pk=sent.pk).get()
    assert (made.owner, made.organization) == (cast.stranger, None)


def test_no_round_is_open(pages: Pages, cast: Cast, world: World, now: Any) -> None:
    ended = proposal_at(Status.WITHDRAWN, world)
    now.move_to(world.later.qualification_deadline_at + timedelta(days=1))
    shown = pages.as_(cast.owner).get(f"/forslag/{ended.number}/kopier/")

    assert shown.primary == ["Se runder og frister"]
    assert f"/forslag/{ended.number}/kopier/" not in pages.get(f"/forslag/{ended.number}/").links

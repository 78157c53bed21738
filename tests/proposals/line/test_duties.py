"""What waits as rows: begun and done by whom, moved with its term, and mended where a mistake has left something."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

import pytest
import time_machine
from structlog.testing import capture_logs

from klimaspor import danish
from proposals.drafting import dgo
from proposals.drafting import steps as drafting
from proposals.gates import steps as gates
from proposals.line.duties import Kind
from proposals.line.lifecycle import Status
from proposals.line.models import Duty, Proposal
from proposals.line.queries import Difference
from proposals.rounds.models import Gate
from proposals.writers import steps as writers
from review.agenda import steps as agendas
from tests.factories import walk
from tests.factories.intake import NOW, a_draft, person
from tests.factories.walk import AFTER, DAY, a_world, day, proposal_at
from tests.review.next_steps.cases import everybody, variants

if TYPE_CHECKING:
    from tests.factories.walk import World

pytestmark = pytest.mark.django_db

MIGRATIONS = (
    "proposals.migrations.0005_duty",
    "review.migrations.0002_duties",
    "proposals.migrations.0021_desk_dgo_deadline",
)


@pytest.fixture
def w(db: None) -> World:
    return a_world()


def told(proposal: Proposal, *, at: datetime = AFTER) -> list[tuple[Any, ...]]:
    """Give (kind, holder, since, due) of what waits with a proposal."""
    return [
        (d.kind, d.user or d.dgo or d.organization or d.group, d.since_at, d.due_at)
        for d in Duty.objects.open(at=at).filter(proposal=proposal).order_by("due_at", "kind")
    ]


def test_a_draft_waits_for_its_owner_from_when_it_was_made(w: World) -> None:
    draft = a_draft(w.cast, w.round)
    first = w.round.qualification_deadline_at
    assert told(draft) == [(Kind.SUBMIT, w.cast.owner, NOW, first)]
    [duty] = draft.duties.all()
    assert str(duty) == f"{draft.number}: Ella Ejer skal indsende til faglig kvalificering"


def test_what_is_answered_is_done_by_whoever_answered(w: World) -> None:
    proposal = proposal_at(Status.QUALIFIED, w)
    done = proposal.duties.exclude(done_at=None).order_by("done_at", "kind")
    assert [(d.kind, d.done_at, d.done_by) for d in done] == [
        (Kind.SUBMIT, NOW, w.cast.owner),
        (Kind.QUALIFY, DAY[1], w.cast.adviser),
    ]


def test_what_had_not_begun_leaves_no_trace(w: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, w)
    second = w.round.approval_deadline_at
    assert told(proposal) == [(Kind.QUALIFY, w.cast.dgo, NOW, w.round.dgo_deadline_at)]
    late = second + timedelta(seconds=1)
    assert told(proposal, at=second) == told(proposal)
    # Whoever has until 9.00 is late a second past it.
    assert told(proposal, at=late)[1:] == [(Kind.STEP_IN, "secretariat", late, second)]

    walk.qualify(proposal, w)

    assert not proposal.duties.filter(kind=Kind.STEP_IN).exists()


def test_a_meeting_that_is_held_needs_no_reading_and_decisions_begin_that_day(w: World) -> None:
    proposal = proposal_at(Status.ON_AGENDA, w)
    meeting = date(2027, 5, 27)
    at = danish.wall(meeting, time(9, 0))
    reading = (Kind.PREPARE, "committee", DAY[5], at)
    deciding = (Kind.DECIDE, "secretariat", danish.wall(meeting, time.min), at)
    assert told(proposal) == [reading]
    assert told(proposal, at=danish.wall(meeting, time.min)) == [deciding, reading]
    assert told(proposal, at=danish.wall(meeting + timedelta(days=1), time.min)) == [deciding]


def test_a_deadline_that_moves_moves_what_waits_for_it(w: World) -> None:
    draft = a_draft(w.cast, w.round)
    lying, checked = (proposal_at(s, w) for s in (Status.IN_QUALIFICATION, Status.IN_APPROVAL))
    first, second = (danish.wall(date(2027, 4, n), time(12, 0)) for n in (19, 30))
    w.round.qualification_deadline_at, w.round.approval_deadline_at = first, second
    w.round.dgo_deadline_at = between = danish.wall(date(2027, 4, 27), time(12, 0))
    w.round.meeting_date = date(2027, 6, 3)
    gates.save_round(round=w.round, by=w.cast.secretariat, at=AFTER)

    assert [due for *_, due in told(draft)] == [first]
    assert [(d.kind, d.due_at) for d in lying.duties.undone().order_by("kind")] == [
        (Kind.QUALIFY, between),
        (Kind.STEP_IN, second),
    ]
    assert [due for *_, due in told(checked)] == [danish.wall(date(2027, 6, 3), time.min)]


def test_a_meeting_that_moves_moves_what_waits_for_it(w: World) -> None:
    proposals = [proposal_at(Status.RECOMMENDED, w) for _ in range(2)]
    agenda = walk.an_agenda(w, *proposals)
    agendas.change(
        agenda_pk=agenda.pk,
        meeting_date=date(2027, 6, 10),
        meeting_time=time(13, 30),
        place="",
        by=w.cast.secretariat,
        at=AFTER,
    )
    found = Duty.objects.undone().filter(kind=Kind.PUBLISH)
    assert {(d.proposal, d.subject, d.due_at) for d in found} == {
        (p, "2027-06-10", danish.wall(date(2027, 6, 10), time(13, 30))) for p in proposals
    }
    agendas.remove_item(
        item_pk=agenda.items.get(proposal=proposals[0]).pk, by=w.cast.secretariat, at=AFTER
    )
    assert [kind for kind, *_ in told(proposals[0])] == [Kind.PLACE]


def test_leave_is_ones_own_and_ends_when_it_is_taken_back(w: World) -> None:
    draft = a_draft(w.cast, w.round)
    writer = person("Viggo Skriver")
    draft.accesses.create(function="write", user=writer, since_at=day(1), since_by=w.cast.owner)
    until = danish.wall(date(2027, 4, 20), time(9, 0))
    leave = gates.grant(
        proposal_pk=draft.pk,
        gate=Gate.QUALIFICATION,
        granted_to=writer,
        until_at=until,
        reason="Sygdom.",
        by=w.cast.secretariat,
        at=day(2),
    )
    first = w.round.qualification_deadline_at
    assert {(who, due) for _, who, _, due in told(draft)} == {
        (w.cast.owner, first),
        (writer, until),
    }
    gates.withdraw(dispensation_pk=leave.pk, reason="Rask.", by=w.cast.secretariat, at=day(3))
    assert {due for *_, due in told(draft)} == {first}


def test_what_changes_hands_waits_for_the_new_hands(w: World) -> None:
    draft, lying = a_draft(w.cast, w.round), proposal_at(Status.IN_QUALIFICATION, w)
    heir = person("Nye Hænder")
    writers.hand_over(
        proposal_pk=draft.pk, to_user=heir, reason="Orlov.", by=w.cast.owner, at=day(5)
    )
    dgo.change_dgo(
        proposal_pk=lying.pk,
        dgo=w.cast.other_dgo,
        reason="Bytte.",
        by=w.cast.secretariat,
        at=day(5),
    )
    assert [(who, since) for _, who, since, _ in told(draft) + told(lying)] == [
        (heir, day(5)),
        (w.cast.other_dgo, day(5)),
    ]


def test_writing_costs_nothing(w: World, django_assert_num_queries: Any) -> None:
    draft = a_draft(w.cast, w.round)

    def save(text: str) -> None:
        drafting.save_section(
            proposal_pk=draft.pk,
            slug="effekt",
            answers={"effects": text},
            by=w.cast.owner,
            at=AFTER,
        )

    save("Ton")
    # One of them writes what a search finds, and one the answer's history.
    with django_assert_num_queries(7) as asked:
        save("Flere ton")
    assert not [q for q in asked.captured_queries if "duty" in str(q["sql"])]


def test_one_duty_of_a_kind_stands_for_each_holder_and_each_is_somebodys(w: World) -> None:
    draft = a_draft(w.cast, w.round)
    common = {"proposal": draft, "subject": draft.number, "since_at": NOW, "due_at": NOW}
    for wrong in (
        {"kind": Kind.SUBMIT, "user": w.cast.owner},
        {"kind": Kind.CHECK},
        {"kind": Kind.CHECK, "group": "secretariat", "dgo": w.cast.dgo},
        {"kind": Kind.CHECK, "group": "secretariat", "done_at": NOW},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Duty.objects.create(**common, **wrong)
    Duty.objects.create(
        **common, kind=Kind.SUBMIT, user=w.cast.owner, done_at=NOW, done_by=w.cast.owner
    )


@pytest.mark.parametrize("count", (1, 3))
def test_settling_asks_the_same_however_many(
    w: World, count: int, django_assert_num_queries: Any
) -> None:
    pks = [proposal_at(Status.IN_QUALIFICATION, w).pk for _ in range(count)]
    Duty.objects.all().delete()
    # The proposals, what stands, three rules' questions, and one insertion.
    with django_assert_num_queries(6):
        Duty.objects.settle(*pks, by=w.cast.owner, at=AFTER)
    assert Duty.objects.undone().count() == 2 * count


@pytest.mark.slow("walks a proposal to every state")
def test_a_database_from_before_is_filled_as_the_steps_would(w: World) -> None:
    proposals = variants(w)
    everybody(w, proposals)
    Duty.objects.all().delete()
    with connection.cursor() as cursor:
        for name in MIGRATIONS:
            for operation in import_module(name).Migration.operations:
                for sql in getattr(operation, "sql", ()):
                    cursor.execute(sql)

    pks = Proposal.objects.values_list("pk", flat=True)
    assert Duty.objects.compare(pks, at=AFTER) == Difference()
    assert {d.kind for d in Duty.objects.all()} == set(Kind)


SEARCH_IS_RIGHT = "Alt, der søges i, står rigtigt."


def reconcile() -> tuple[str, list[dict[str, Any]]]:
    out = StringIO()
    with capture_logs() as logs, time_machine.travel(AFTER, tick=False):
        call_command("reconcile", stdout=out)
    return out.getvalue().strip(), logs


def test_nothing_is_mended_where_all_is_well(w: World) -> None:
    proposal_at(Status.IN_QUALIFICATION, w)
    before = list(Duty.objects.order_by("pk").values())

    assert reconcile() == (f"Alt, der venter, står rigtigt.\n{SEARCH_IS_RIGHT}", [])
    assert list(Duty.objects.order_by("pk").values()) == before


def test_every_row_that_differs_is_mended_and_logged(w: World) -> None:
    draft, lying = a_draft(w.cast, w.round), proposal_at(Status.IN_QUALIFICATION, w)
    right = [told(draft), told(lying)]
    draft.duties.update(due_at=NOW)
    lying.duties.filter(kind=Kind.QUALIFY).delete()
    Duty.objects.create(
        proposal=lying,
        kind=Kind.CHECK,
        subject=lying.number,
        group="secretariat",
        since_at=NOW,
        due_at=NOW,
    )

    text, logs = reconcile()

    assert text == f"3 opgaver er rettet.\n{SEARCH_IS_RIGHT}"
    assert [(log["how"], log["kind"], log["subject"]) for log in logs] == [
        ("missing", "qualify", lying.number),
        ("moved", "submit", draft.number),
        ("gone", "check", lying.number),
    ]
    assert {log["event"] for log in logs} == {"duty_mended"}
    assert logs[0]["dgo_id"] == w.cast.dgo.pk
    assert [told(draft), told(lying)] == right

"""The minutes: the agenda with what was decided."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from proposals.submission import withdrawal
from review import tasks
from review.agenda.models import Agenda
from review.decision import steps as decision
from review.meeting import steps as meeting
from review.papers import minutes as dossier
from review.papers import names
from tests import pdf_structure
from tests.factories import walk
from tests.factories.walk import World, day
from tests.review.papers.cases import AT, a_case, asked_for, content_of, published

pytestmark = [pytest.mark.django_db, pytest.mark.slow("each sets the papers of a meeting for real")]


def test_the_minutes_are_the_agenda_with_what_was_decided(world: World) -> None:
    stays, leaves = a_case(world, "Klog varme"), a_case(world, "Grønne indkøb")
    agenda = published(world, stays, leaves)
    by = world.cast.secretariat
    leaves.refresh_from_db()
    withdrawal.withdraw(
        proposal_pk=leaves.pk,
        revision=leaves.revision,
        reason="Vi mangler penge.",
        by=world.cast.owner,
        at=AT,
    )
    meeting.save_attendance(
        agenda_pk=agenda.pk,
        presences=[
            meeting.Seat("Åse Ågesen", "present", None),
            meeting.Seat("Bo Borg", "apologies", None),
            meeting.Seat(world.cast.committee.name, "present", world.cast.committee),
        ],
        by=by,
        at=day(6),
    )
    walk.record(
        agenda.items.get(number=2),
        "with_conditions",
        world,
        recused=["Åse Ågesen", "Uffe Udvalg"],
    )
    walk.record(agenda.items.get(number=4), "noted", world)
    decision.release(agenda_pk=agenda.pk, by=by, at=day(6))

    minutes = dossier.collect_minutes(Agenda.objects.get(pk=agenda.pk), at=day(6))

    assert [(row.name, row.presence) for row in minutes.attended] == [
        ("Uffe Udvalg", "til stede"),
        ("Åse Ågesen", "til stede"),
        ("Bo Borg", "afbud"),
    ]
    told = minutes.items[1].decided
    assert told is not None
    assert (told.outcome, told.text, told.conditions, told.reason) == (
        "godkendt med betingelser",
        "Udvalget besluttede.",
        "Vis effekten inden et år.",
        "Begrundelsen er denne.",
    )
    assert minutes.items[1].recused == (
        "Uffe Udvalg og Åse Ågesen deltog ikke i sagens behandling."
    )
    assert [
        (row.number, row.decided.outcome if row.decided else None) for row in minutes.items
    ] == [
        (1, "intet besluttet"),
        (2, "godkendt med betingelser"),
        (3, "udgår"),
        (4, "taget til efterretning"),
        (5, "intet besluttet"),
    ]


def test_what_is_sent_back_says_where_to(world: World) -> None:
    agenda = published(world, a_case(world))
    walk.decide(agenda, "sent_back", world)

    minutes = dossier.collect_minutes(agenda, at=day(6))

    told = minutes.items[1].decided
    assert told is not None
    assert told.back_to == "Sendes tilbage til runden Efterår 2027, kladde."


def test_minutes_cost_the_same_however_many_items_there_are(world: World) -> None:
    few = published(world, a_case(world, "A"))
    many = published(world, *(a_case(world, f"B{n}") for n in range(3)))
    for agenda in (few, many):
        walk.decide(agenda, "approved", world)
        agenda.refresh_from_db()

    def queries(agenda: Agenda) -> int:
        with CaptureQueriesContext(connection) as asked:
            dossier.collect_minutes(agenda, at=AT)
        return len(asked)

    assert (queries(few), queries(many)) == (6, 6)


def test_the_minutes_become_a_file(world: World) -> None:
    agenda = published(world, a_case(world, "Klog varme"))
    tasks.build_papers(at=AT)
    walk.decide(agenda, "rejected", world, recused=["Åse Ågesen"])

    assert tasks.build_papers(at=day(6)) == 1

    row = asked_for(agenda, "minutes")
    content = content_of(row)
    found = pdf_structure.read(content)
    text = " ".join(pdf_structure.page_texts(content))
    assert found.is_pdf_ua
    assert (1, "Referat") in found.outline
    assert (2, "2. Klog varme") in found.outline
    assert (found.tags["H1"], found.cells_without_heading) == (1, 0)
    for words in (
        "Afslag",
        "Begrundelsen er denne.",
        "Åse Ågesen deltog ikke i sagens behandling.",
    ):
        assert words in text
    assert names.file_name(row) == "Referat 2027-05-27.pdf"

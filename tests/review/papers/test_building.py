"""Each file is made once, by whoever holds its lease, and the page shows how far it has come."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import danish, leases, pdf
from review import tasks
from review.agenda.models import Agenda, Dossier
from review.papers import building
from review.papers import papers as committee_papers
from review.papers import progress as dossier
from tests.review.papers.cases import AT, a_case, asked_for, content_of, published

if TYPE_CHECKING:
    from pathlib import Path

    from tests.factories.walk import World


pytestmark = [pytest.mark.django_db, pytest.mark.slow("each sets the papers of a meeting for real")]


def test_each_file_is_made_once_and_kept_with_its_hash(world: World) -> None:
    agenda = published(world, a_case(world))

    counts = [tasks.build_papers(at=AT) for _ in range(2)]

    assert counts == [2, 0]
    for row in agenda.dossiers.all():
        assert hashlib.sha256(content_of(row)).hexdigest() == row.sha256
        assert (row.built_at, row.claimed_until, row.attempts) == (AT, None, 1)
        assert row.progress_done == row.progress_total


def test_papers_are_made_whatever_the_participants_bring(world: World) -> None:
    brought = {"hours": 40, "amount": Decimal("200000.50"), "plan_action": "Tiltag 4"}
    agenda = published(world, a_case(world, annexes=1, brought=brought))

    assert tasks.build_papers(at=AT) == 2
    assert [row.error for row in agenda.dossiers.all()] == ["", ""]


def test_the_way_is_told_forward_and_to_the_end(world: World) -> None:
    agenda = published(world, a_case(world, "A"), a_case(world, "B"))
    told: list[tuple[int, int]] = []

    with building.build(
        asked_for(agenda, "papers"), at=AT, report=lambda done, total: told.append((done, total))
    ):
        pass

    items = 5
    parts = 3 * items + 1
    assert told[:items] == [(n, parts) for n in range(1, items + 1)]
    assert told == sorted(told)
    # Also while the pages are laid out and drawn, which takes longest.
    assert any(items < done < 2 * items for done, _ in told)
    assert any(2 * items < done < 3 * items for done, _ in told)
    assert told[-1] == (parts, parts)


def test_a_worker_that_lost_its_lease_stops_at_once_and_leaves_nothing(
    world: World, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agenda = published(world, a_case(world))
    renew = leases.renew

    def taken_over(row: Any, **told: Any) -> None:
        if told["progress_done"] == 3:
            Dossier.objects.filter(pk=row.pk).update(attempts=7)
        renew(row, **told)

    monkeypatch.setattr(leases, "renew", taken_over)

    assert tasks.build_papers(at=AT) == 0

    row = asked_for(agenda, "papers")
    assert (row.progress_done, row.built_at, row.failed_at, row.error) == (2, None, None, "")
    assert list(files.rglob("Sagsmateriale*")) == []


def test_a_file_that_cannot_be_made_stands_aside_for_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = published(world, a_case(world, "A")), published(world, a_case(world, "B"))
    collect = committee_papers.collect

    def fail_one(agenda: Agenda, **more: Any) -> Any:
        if agenda.pk == bad.pk:
            raise pdf.Refused("file:///etc/passwd")
        return collect(agenda, **more)

    monkeypatch.setattr(committee_papers, "collect", fail_one)

    assert tasks.build_papers(at=AT) == 2

    row = asked_for(bad, "papers")
    assert (row.built_at, row.error) == (None, "Refused: file:///etc/passwd")
    assert row.next_attempt_at == AT + leases.FIRST_PAUSE
    assert asked_for(good, "annexes").built_at == AT


def shown(agenda: Agenda) -> list[tuple[str, str, int | None, str]]:
    return [(row.label, row.state, row.percent, row.text) for row in dossier.progress(agenda)]


def test_a_page_shows_how_far_each_file_has_come(world: World) -> None:
    agenda = published(world, a_case(world))
    waiting = shown(agenda)
    papers = Dossier.objects.filter(kind="papers")
    papers.update(progress_done=2, progress_total=13)
    collecting = shown(agenda)[0]
    papers.update(progress_done=10)
    setting = shown(agenda)[0]
    papers.update(built_at=AT)
    Dossier.objects.filter(kind="annexes").update(progress_done=1, progress_total=4)
    packing = shown(agenda)

    zip_label = "Sagsmateriale med bilag"
    assert waiting == [
        ("Sagsmateriale", "working", None, "Venter"),
        (zip_label, "working", None, "Venter på sagsmaterialet"),
    ]
    assert collecting == ("Sagsmateriale", "working", 15, "Samler punkt 2 af 4")
    assert setting == ("Sagsmateriale", "working", 76, f"Sætter siderne op, 76{danish.NBSP}%")
    assert packing == [
        ("Sagsmateriale", "done", 100, "Udarbejdet lørdag den\xa06.\xa0marts\xa02027 kl.\xa010.00"),
        (zip_label, "working", 25, "Pakker fil 1 af 4"),
    ]


def test_what_was_given_up_is_made_when_somebody_asks_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    agenda = published(world, a_case(world))
    with monkeypatch.context() as patch:
        patch.setattr(leases, "MAX_ATTEMPTS", 1)
        patch.setattr(committee_papers, "collect", None)
        tasks.build_papers(at=AT)
    failed = asked_for(agenda, "papers")
    assert shown(agenda)[0] == (
        "Sagsmateriale",
        "failed",
        None,
        "Sagsmateriale kunne ikke laves. Sekretariatet kan prøve igen.",
    )

    assert dossier.try_again(failed)

    assert tasks.build_papers(at=AT) == 2
    assert not dossier.try_again(failed)

"""A piece of work is done by one worker at a time, and a file is never overwritten."""

import hashlib
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

import pytest

from klimaspor import leases

AT = datetime(2027, 4, 12, 6, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)


class Paper(leases.BuiltFile):
    class Meta:
        app_label = "klimaspor"
        # Made below and dropped again: no migration knows it.
        managed = False
        db_table = "test_paper_with_lease"


@pytest.fixture
def papers(transactional_db: None) -> Iterator[models.QuerySet[Paper]]:
    """Make a table for papers, for as long as the test takes."""
    with connection.schema_editor() as editor:
        editor.create_model(Paper)
    yield Paper.objects.filter(built_at=None).order_by("requested_at", "pk")
    with connection.schema_editor() as editor:
        editor.delete_model(Paper)


def test_the_oldest_that_nobody_has_is_claimed(papers: models.QuerySet[Paper]) -> None:
    late = Paper.objects.create(requested_at=AT)
    early = Paper.objects.create(requested_at=AT - timedelta(days=1))

    claimed = [leases.claim_one(papers, at=AT, lease=LEASE) for _ in range(3)]

    assert claimed == [early, late, None]


def test_work_may_be_resumed_when_the_lease_ends_and_not_before(
    papers: models.QuerySet[Paper],
) -> None:
    Paper.objects.create(requested_at=AT)
    first = leases.claim_one(papers, at=AT, lease=LEASE)
    assert first is not None

    leases.renew(
        first, at=AT + timedelta(minutes=1), lease=LEASE, progress_done=3, progress_total=9
    )

    assert leases.claim_one(papers, at=AT + LEASE, lease=LEASE) is None
    second = leases.claim_one(papers, at=AT + timedelta(minutes=3), lease=LEASE)
    assert second == first
    assert second is not None
    assert (second.progress_done, second.attempts) == (3, 2)


def test_who_lost_the_lease_writes_nothing_and_leaves_no_file(
    papers: models.QuerySet[Paper],
) -> None:
    Paper.objects.create(requested_at=AT)
    slow = leases.claim_one(papers, at=AT, lease=LEASE)
    quick = leases.claim_one(papers, at=AT + LEASE, lease=LEASE)
    assert slow is not None
    assert quick is not None

    with pytest.raises(leases.LeaseLost):
        leases.renew(slow, at=AT + LEASE, lease=LEASE)
    with pytest.raises(leases.LeaseLost):
        leases.set_aside(slow, error="x", at=AT + LEASE)
    with pytest.raises(leases.LeaseLost):
        leases.keep_file(slow, name="forslag.pdf", content=b"slow", at=AT + LEASE)
    leases.keep_file(quick, name="forslag.pdf", content=b"quick", at=AT + LEASE)

    kept = Paper.objects.get()
    with kept.file.open() as file:
        assert file.read() == b"quick"
    assert kept.sha256 == hashlib.sha256(b"quick").hexdigest()
    assert (kept.built_at, kept.claimed_until) == (AT + LEASE, None)
    lost = hashlib.sha256(b"slow").hexdigest()
    assert not default_storage.exists(f"paper/{lost[:2]}/{lost}/forslag.pdf")


def test_the_same_file_built_twice_is_kept_twice(papers: models.QuerySet[Paper]) -> None:
    for _ in range(2):
        Paper.objects.create(requested_at=AT)
        row = leases.claim_one(papers, at=AT, lease=LEASE)
        assert row is not None
        leases.keep_file(row, name="forslag.pdf", content=b"same", at=AT)

    assert len(set(Paper.objects.values_list("file", flat=True))) == 2


def test_a_file_is_read_from_where_it_was_made(papers: models.QuerySet[Paper]) -> None:
    Paper.objects.create(requested_at=AT)
    row = leases.claim_one(papers, at=AT, lease=LEASE)
    assert row is not None
    with tempfile.TemporaryFile() as large:
        large.write(b"large" * 100_000)

        leases.keep_file(row, name="sagsmateriale.zip", content=large, at=AT)

    with Paper.objects.get().file.open() as file:
        content = file.read()
    assert content == b"large" * 100_000
    assert row.sha256 == hashlib.sha256(content).hexdigest()


def die(*args: object, **values: object) -> None:
    raise KeyboardInterrupt


def test_what_a_killed_worker_left_is_removed(
    papers: models.QuerySet[Paper], files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Paper.objects.create(requested_at=AT)
    killed = leases.claim_one(papers, at=AT, lease=LEASE)
    assert killed is not None
    with monkeypatch.context() as patch:
        # The last moment a worker can die: the file lies there, and the row does not say so yet.
        patch.setattr(leases, "finish", die)
        with pytest.raises(KeyboardInterrupt):
            leases.keep_file(killed, name="forslag.pdf", content=b"first", at=AT)

    heir = leases.claim_one(papers, at=AT + LEASE, lease=LEASE)
    assert heir is not None
    leases.keep_file(heir, name="forslag.pdf", content=b"second", at=AT + LEASE)

    lying = [path for path in files.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in lying] == [b"second"]


def test_what_fails_is_given_up_at_last_and_tried_again_when_asked(
    papers: models.QuerySet[Paper],
) -> None:
    Paper.objects.create(requested_at=AT)
    at, attempts = AT, 0
    while row := leases.claim_one(papers, at=at, lease=LEASE):
        leases.set_aside(row, error="Skriften mangler", at=at)
        at += leases.LONGEST_PAUSE
        attempts += 1

    assert attempts == leases.MAX_ATTEMPTS
    given_up = Paper.objects.get()
    assert (given_up.failed_at, given_up.error) == (at - leases.LONGEST_PAUSE, "Skriften mangler")

    assert leases.retry(papers) == 1
    assert leases.claim_one(papers, at=at, lease=LEASE) == given_up


def test_many_at_once_claim_each_row_once(papers: models.QuerySet[Paper]) -> None:
    Paper.objects.bulk_create(Paper(requested_at=AT) for _ in range(30))
    ready = threading.Barrier(4)
    claimed: list[int] = []

    def work() -> None:
        try:
            ready.wait()
            while row := leases.claim_one(papers.all(), at=AT, lease=LEASE):
                claimed.append(row.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(claimed) == sorted(Paper.objects.values_list("pk", flat=True))


# The loop of a sweep


def visit(at: datetime = AT) -> leases.Visit:
    return leases.Visit(lambda: at)


def make(number: int) -> list[Paper]:
    return [Paper.objects.create(requested_at=AT + timedelta(seconds=n)) for n in range(number)]


def finish(claim: leases.Claim[Paper]) -> leases.Ended:
    return {"built_at": claim.at}


def finish_itself(claim: leases.Claim[Paper]) -> None:
    leases.finish(claim.row, built_at=claim.at)


@pytest.mark.parametrize("ahead", (1, 3))
@pytest.mark.parametrize("ending", (finish, finish_itself))
def test_each_is_done_in_order_and_those_that_fail_hold_up_no_other(
    papers: models.QuerySet[Paper], ahead: int, ending: Any
) -> None:
    rows = make(5)
    seen = []

    def do(claim: leases.Claim[Paper]) -> leases.Ended:
        seen.append(claim.row)
        if claim.row == rows[1]:
            raise ValueError("Skriften mangler")
        ended: leases.Ended = ending(claim)
        return ended

    ours = visit()
    assert leases.work(papers, do, visit=ours, lease=LEASE, ahead=ahead) == 4

    assert seen == rows
    assert Paper.objects.filter(built_at=AT, claimed_until=None, attempts=1).count() == 4
    failed = Paper.objects.get(built_at=None)
    assert (failed, failed.attempts, failed.claimed_until) == (rows[1], 1, None)
    assert failed.next_attempt_at == AT + leases.FIRST_PAUSE
    assert failed.error == "ValueError: Skriften mangler"
    # It is told of where the row is shown.
    assert ours.trouble == ""


def test_a_long_visit_ends_and_leaves_the_rest_to_the_next(papers: models.QuerySet[Paper]) -> None:
    make(3)
    clock = iter(AT + leases.LONGEST_VISIT * part / 4 for part in range(100))
    ours = leases.Visit(lambda: next(clock))

    done = leases.work(papers, finish, visit=ours, lease=LEASE, ahead=3)

    assert 0 < done < 3
    assert Paper.objects.filter(built_at=None, claimed_until=None, attempts=0).count() == 3 - done


def test_what_is_for_good_is_given_up_at_once_and_what_is_no_fault_of_its_own_costs_nothing(
    papers: models.QuerySet[Paper],
) -> None:
    rows = make(3)

    def do(claim: leases.Claim[Paper]) -> leases.Ended:
        if claim.row == rows[0]:
            raise leases.Setback("550 findes ikke", is_final=True)
        if claim.row == rows[1]:
            raise leases.Setback("450 ikke nu", costs_attempt=False, pause=timedelta(minutes=7))
        ended: leases.Ended = finish(claim)
        return ended

    ours = visit()
    assert leases.work(papers, do, visit=ours, lease=LEASE) == 1

    final, later, _ = Paper.objects.order_by("pk")
    assert (final.failed_at, final.attempts, final.error) == (AT, 1, "550 findes ikke")
    assert (later.failed_at, later.attempts, later.error) == (None, 0, "450 ikke nu")
    assert (later.next_attempt_at, later.claimed_until) == (AT + timedelta(minutes=7), None)
    assert ours.trouble == ""


def test_who_lost_the_lease_in_the_middle_goes_on_with_the_next(
    papers: models.QuerySet[Paper],
) -> None:
    slow, other = make(2)

    def do(claim: leases.Claim[Paper]) -> leases.Ended:
        if claim.row == slow:
            leases.claim_one(papers, at=AT + LEASE, lease=LEASE)
        claim.renew(progress_done=1)
        return finish(claim)

    assert leases.work(papers, do, visit=visit(), lease=LEASE) == 1

    slow.refresh_from_db()
    assert (slow.built_at, slow.progress_done, slow.claimed_until) == (None, 0, AT + 2 * LEASE)
    other.refresh_from_db()
    assert (other.built_at, other.progress_done) == (AT, 1)


def test_what_somebody_else_has_taken_over_is_not_finished_by_who_was_too_slow(
    papers: models.QuerySet[Paper],
) -> None:
    slow, other = make(2)

    def do(claim: leases.Claim[Paper]) -> leases.Ended:
        if claim.row == slow:
            leases.claim_one(papers, at=AT + LEASE, lease=LEASE)
        return finish(claim)

    assert leases.work(papers, do, visit=visit(), lease=LEASE, ahead=2) == 1

    slow.refresh_from_db()
    assert (slow.built_at, slow.attempts, slow.claimed_until) == (None, 2, AT + 2 * LEASE)
    other.refresh_from_db()
    assert other.built_at == AT


def test_what_is_read_ahead_and_taken_by_another_meanwhile_is_left_to_them(
    papers: models.QuerySet[Paper],
) -> None:
    first, second, third = make(3)
    done = []

    def do(claim: leases.Claim[Paper]) -> leases.Ended:
        done.append(claim.row)
        if claim.row == first:
            leases.claim_one(papers.filter(pk=second.pk), at=AT, lease=LEASE)
        return finish(claim)

    assert leases.work(papers, do, visit=visit(), lease=LEASE, ahead=3) == 2

    assert done == [first, third]
    second.refresh_from_db()
    assert (second.claimed_until, second.attempts) == (AT + LEASE, 1)


def test_what_is_away_ends_the_visit_and_lets_the_others_go(
    papers: models.QuerySet[Paper],
) -> None:
    rows = make(4)

    def do(claim: leases.Claim[Paper]) -> leases.Ended:
        if claim.row == rows[1]:
            raise leases.Away("Serveren svarer ikke")
        return finish(claim)

    ours = visit()
    assert leases.work(papers, do, visit=ours, lease=LEASE, ahead=4) == 1

    assert ours.trouble == "Serveren svarer ikke"
    left = papers.values_list("attempts", "claimed_until", "next_attempt_at")
    # The one in hand may be why: it steps behind the others, which have lost nothing.
    assert list(left) == [(1, None, AT + leases.FIRST_PAUSE), (0, None, None), (0, None, None)]


def test_what_is_away_from_the_beginning_costs_none_an_attempt(
    papers: models.QuerySet[Paper],
) -> None:
    asked = []

    def ready() -> None:
        asked.append(1)
        raise leases.Away("Serveren svarer ikke")

    assert leases.work(papers, die, visit=visit(), lease=LEASE, ready=ready) == 0
    assert asked == [], "nothing to do, and nobody to be asked"

    make(2)
    ours = visit()
    assert leases.work(papers, die, visit=ours, lease=LEASE, ready=ready) == 0

    assert ours.trouble == "Serveren svarer ikke"
    assert set(papers.values_list("attempts", "claimed_until")) == {(0, None)}


def test_a_worker_that_is_stopped_keeps_only_what_is_in_its_hand(
    papers: models.QuerySet[Paper],
) -> None:
    rows = make(4)

    def do(claim: leases.Claim[Paper]) -> leases.Ended:
        if claim.row == rows[2]:
            raise KeyboardInterrupt
        return finish(claim)

    with pytest.raises(KeyboardInterrupt):
        leases.work(papers, do, visit=visit(), lease=LEASE, ahead=4)

    assert list(Paper.objects.order_by("pk").values_list("built_at", "claimed_until")) == [
        (AT, None),
        (AT, None),
        # It may be half done: nobody else takes it until the lease ends.
        (None, AT + LEASE),
        (None, None),
    ]


def test_what_is_done_is_written_before_the_next_is_begun(
    papers: models.QuerySet[Paper],
) -> None:
    rows = make(3)
    written = []

    def do(claim: leases.Claim[Paper]) -> leases.Ended:
        written.append(Paper.objects.filter(built_at=AT).count())
        return finish(claim)

    with CaptureQueriesContext(connection) as asked:
        leases.work(papers, do, visit=visit(), lease=LEASE, ahead=9)

    assert written == [0, 1, 2]
    # A look before and one after, the test's own, and one statement for each and the last.
    assert len(asked) == 2 + len(rows) + len(rows) + 1

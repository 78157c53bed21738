"""A piece of work is done by one worker at a time, and a file is never overwritten."""

import hashlib
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection, models

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

"""Work that any number of machines may do, and none may do twice.

A sweep claims one unfinished row for a while (a lease), works outside any transaction, and marks the row done only if
the lease is still its own. A worker that is killed simply stops renewing, and another takes over when the lease ends.
What fails waits a little longer each time, and is set aside (`failed_at`) after MAX_ATTEMPTS until somebody asks again.
"""

import hashlib
from datetime import datetime, timedelta
from typing import IO, Any, TypeVar

from django.core.files.base import ContentFile, File
from django.db import models, transaction

# About nine hours in all.
MAX_ATTEMPTS = 10
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


class LeaseLost(Exception):
    """Somebody else has taken the row over: what was being done must be dropped."""


class Leased(models.Model):
    """A row that is also a piece of work. Its table says itself what "finished" means."""

    claimed_until = models.DateTimeField("taget til", null=True, blank=True, editable=False)
    attempts = models.PositiveIntegerField("forsøg", default=0, editable=False)
    next_attempt_at = models.DateTimeField("næste forsøg", null=True, blank=True, editable=False)
    failed_at = models.DateTimeField("opgivet", null=True, blank=True, editable=False)
    error = models.TextField("fejl", blank=True, editable=False)

    class Meta:
        abstract = True


def built_path(row: "BuiltFile", name: str) -> str:
    """Return where a built file is kept: the fingerprint in the path keeps two versions from ever sharing a place."""
    return f"{row._meta.model_name}/{row.sha256[:2]}/{row.sha256}/{name}"


class BuiltFile(Leased):
    """A file that a worker builds once: it is kept with its fingerprint and never overwritten."""

    file = models.FileField("fil", upload_to=built_path, max_length=255, blank=True, editable=False)
    sha256 = models.CharField("fingeraftryk", max_length=64, blank=True, editable=False)
    requested_at = models.DateTimeField("bestilt", editable=False)
    progress_done = models.PositiveIntegerField("færdige dele", default=0, editable=False)
    progress_total = models.PositiveIntegerField("dele i alt", default=0, editable=False)
    built_at = models.DateTimeField("færdig", null=True, blank=True, editable=False)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Leased)


def claim_one(queryset: models.QuerySet[Row], *, at: datetime, lease: timedelta) -> Row | None:
    """Claim the first row of `queryset` that nobody works on, or return None when there is none.

    `queryset` holds the unfinished rows in the order they should be done. Call it with a fresh clock each time.
    """
    while True:
        with transaction.atomic():
            row = _free(queryset, at).select_for_update(skip_locked=True, of=("self",)).first()
            if row is None:
                return None
            if row.attempts < MAX_ATTEMPTS:
                _update_locked(row, claimed_until=at + lease, attempts=row.attempts + 1)
                return row
            # Each attempt ended without a word: the row itself kills whoever touches it.
            _update_locked(
                row,
                claimed_until=None,
                failed_at=at,
                error=row.error or "Arbejdet blev afbrudt hver gang",
            )


def renew(row: Leased, *, at: datetime, lease: timedelta, **progress: int) -> None:
    """Keep a claimed row for a while longer, and show how far the work has come.

    :raises LeaseLost:
    """
    _update_own(row, claimed_until=at + lease, **progress)


def finish(row: Leased, **result: Any) -> None:
    """Mark a claimed row done with the fields that say so, e.g. `sent_at=at`.

    :raises LeaseLost:
    """
    _update_own(row, claimed_until=None, next_attempt_at=None, error="", **result)


def set_aside(row: Leased, *, error: str, at: datetime) -> None:
    """Let a claimed row rest after an attempt that failed: longer each time, and for good after the last.

    :raises LeaseLost:
    """
    if row.attempts >= MAX_ATTEMPTS:
        _update_own(row, claimed_until=None, next_attempt_at=None, failed_at=at, error=error)
    else:
        pause = min(FIRST_PAUSE * 2 ** (row.attempts - 1), LONGEST_PAUSE)
        _update_own(row, claimed_until=None, next_attempt_at=at + pause, error=error)


def retry(queryset: models.QuerySet[Row]) -> int:
    """Let rows that were given up be tried again from the beginning; return how many."""
    return queryset.filter(failed_at__isnull=False).update(
        failed_at=None, next_attempt_at=None, claimed_until=None, attempts=0, error=""
    )


def keep_file(row: BuiltFile, *, name: str, content: bytes | IO[bytes], at: datetime) -> None:
    """Store what was built for a claimed row and mark it built; a file that lost its lease is removed again.

    Where it will lie is written down before it lies there, so what a killed worker left is found and removed.

    :raises LeaseLost:
    """
    file = ContentFile(content) if isinstance(content, bytes) else File(content)
    left = row.file.name
    if left:
        row.file.storage.delete(left)
    row.sha256 = _sha256(file)
    storage = row.file.storage
    place = storage.get_available_name(row.file.field.generate_filename(row, name))
    _update_own(row, file=place, sha256=row.sha256)
    place = storage.save(place, file)
    try:
        finish(row, file=place, built_at=at)
    except LeaseLost:
        storage.delete(place)
        raise


def _sha256(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _free(queryset: models.QuerySet[Row], at: datetime) -> models.QuerySet[Row]:
    return queryset.filter(
        models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lte=at),
        models.Q(next_attempt_at__isnull=True) | models.Q(next_attempt_at__lte=at),
        failed_at__isnull=True,
    )


def _update_locked(row: Leased, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _update_own(row: Leased, **values: Any) -> None:
    """Write to a row only while its lease is the one that was claimed: the WHERE clause is the guard."""
    owned = type(row)._base_manager.filter(  # noqa: SLF001 - the name Django documents for "all rows, unfiltered"
        pk=row.pk, claimed_until=row.claimed_until, attempts=row.attempts
    )
    if not owned.update(**values):
        raise LeaseLost(f"{row._meta.label} {row.pk}")
    for name, value in values.items():
        setattr(row, name, value)

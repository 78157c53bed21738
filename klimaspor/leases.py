"""
Work that any number of machines may do, and none may do twice.

`work` claims unfinished rows for a while (a lease), works outside any transaction, and marks a row done only if the
lease is still its own. A worker that is killed simply stops renewing, and another takes over when the lease ends. What
fails waits a little longer each time, and is set aside (`failed_at`) after MAX_ATTEMPTS until somebody asks again.
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import PurePath
from typing import IO, Any, Generic, TypeVar, cast

from django.core.files.base import ContentFile, File
from django.db import connection, models
from django.template.defaultfilters import filesizeformat

import structlog

from klimaspor import away

log = structlog.get_logger(__name__)

# About nine hours in all.
MAX_ATTEMPTS = 10
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
LONGEST_ERROR = 500
# What is left waits for the next visit, so that no long queue keeps the other sweeps from coming by.
LONGEST_VISIT = timedelta(minutes=5)


class Setback(Exception):
    """
    Why a row could not be done, and what follows.

    One that is final is given up at once. One that costs nothing is not the row's own fault: the row rests for the pause
    it says, and loses no attempt.
    """

    def __init__(
        self,
        text: str,
        *,
        is_final: bool = False,
        costs_attempt: bool = True,
        pause: timedelta = FIRST_PAUSE,
    ) -> None:
        super().__init__(text)
        self.is_final, self.costs_attempt, self.pause = is_final, costs_attempt, pause


class Away(Setback):
    """What the work needs does not answer, so that it is no use to go on now."""


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
    size = models.PositiveBigIntegerField("størrelse", null=True, blank=True, editable=False)
    """In bytes; of a file that was built before we wrote it down, nothing."""
    requested_at = models.DateTimeField("bestilt", editable=False)
    progress_done = models.PositiveIntegerField("færdige dele", default=0, editable=False)
    progress_total = models.PositiveIntegerField("dele i alt", default=0, editable=False)
    built_at = models.DateTimeField("færdig", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def kind_and_size(self) -> str:
        """Say what one gets and how much, e.g. "PDF, 131,4 KB"."""
        suffix = PurePath(self.file.name or "").suffix.removeprefix(".")
        kind = "PDF" if suffix == "pdf" else suffix
        return kind if self.size is None else f"{kind}, {filesizeformat(self.size)}"


Row = TypeVar("Row", bound=Leased)
Ended = Mapping[str, Any] | None
"""The fields that say a row is finished, or None when it says so already."""


class Visit:
    """One coming-by of a sweep: its clock, and what kept it from doing all it came for."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.trouble = ""

    @property
    def at(self) -> datetime:
        return self.clock()

    def note(self, error: Exception) -> None:
        """Keep the error that is to be shown; the last one stays."""
        self.trouble = error_text(error)

    @contextlib.contextmanager
    def guard(self, about: object) -> Iterator[None]:
        """Do one of many: what it raises is kept and logged, and the others go on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others must be done
            self.note(error)
            log.warning("one_of_many_failed", error=self.trouble, about=str(about))


@dataclass(frozen=True)
class Claim(Generic[Row]):
    """A row that is ours for a while, and the clock it is done by."""

    row: Row
    clock: Callable[[], datetime]
    lease: timedelta

    @property
    def at(self) -> datetime:
        return self.clock()

    def renew(self, **progress: int) -> None:
        """
        Keep it for a while longer, and show how far the work has come.

        :raises LeaseLost:
        """
        renew(self.row, at=self.at, lease=self.lease, **progress)


def work(
    rows: models.QuerySet[Row],
    do: Callable[[Claim[Row]], Ended],
    *,
    visit: Visit,
    lease: timedelta,
    ahead: int = 1,
    ready: Callable[[], None] | None = None,
) -> int:
    """
    Do each of these unfinished rows, in their order, until nothing is left that is free or the visit has been a long one;
    return how many were done.

    `do` does one, outside any transaction, and gives the fields that say it is finished, or nothing when it has written
    so itself. What it raises sets the row aside until later, unless a `Setback` says otherwise; when that is `Away` the
    visit ends there, and has it to tell. `ready` is asked before anything is claimed, when there is anything to do: it may raise `Away`, and then no row
    has lost an attempt. Rows are read so many ahead and claimed one by one, so a worker that is killed keeps only the
    one in its hand from the others; that one is finished is written in the same statement that claims the next.
    """
    done = 0
    ends_at = visit.at + LONGEST_VISIT
    hand: _Hand[Row] = _Hand(visit.clock, lease)
    try:
        if ready and _free(rows, visit.at).exists():
            ready()
        while visit.at < ends_at and (found := list(_free(rows, visit.at)[:ahead])):
            for row in found:
                if visit.at < ends_at and hand.take(row):
                    done += hand.do(do)
    except Away as absence:
        visit.note(absence)
        log.warning("work_waits", kind=rows.model._meta.label, error=visit.trouble)
    finally:
        hand.empty()
    return done - hand.lost


class _Hand(Generic[Row]):
    """The one row a worker holds, and what is still to be written about it."""

    def __init__(self, clock: Callable[[], datetime], lease: timedelta) -> None:
        self.clock, self.lease = clock, lease
        self.row: Row | None = None
        self.ended: Ended = None
        self.lost = 0
        """How many were done for nothing: somebody else had taken them over."""

    def take(self, row: Row) -> bool:
        """Claim a row as it was read, unless somebody else has, and let go of the one before."""
        at = self.clock()
        if row.attempts >= MAX_ATTEMPTS:
            # Each attempt ended without a word: the row itself kills whoever touches it.
            error = row.error or "Arbejdet blev afbrudt hver gang"
            self._write(row, {"claimed_until": None, "failed_at": at, "error": error})
            return False
        claim = {"claimed_until": at + self.lease, "attempts": row.attempts + 1}
        if not self._write(row, claim):
            return False
        self.row = row
        return True

    def do(self, do: Callable[[Claim[Row]], Ended]) -> bool:
        """Do what is in the hand; return whether that went well."""
        row = self.row
        if row is None:
            raise LookupError("Nothing is in the hand")
        about = {"kind": row._meta.label, "row": row.pk}
        try:
            try:
                self.ended = do(Claim(row, self.clock, self.lease))
            except LeaseLost:
                raise
            except Exception as error:
                # Whatever is wrong with one row, the others must be done.
                log.warning("work_failed", **about, error=error_text(error), attempts=row.attempts)
                _put_down(row, error, at=self.clock())
                if isinstance(error, Away):
                    # It went with this row in hand, which may be why: others come before it now.
                    raise
                return False
        except LeaseLost:
            log.warning("lease_lost", **about)
            return False
        return True

    def empty(self) -> None:
        """Write what is still to be written."""
        self._write(None, {})

    def _write(self, following: Row | None, values: Mapping[str, Any]) -> bool:
        """Write that the row before is finished, and this of the one that follows; return whether it was free."""
        before, ended = self.row, self.ended
        self.row, self.ended = None, None
        changes: list[tuple[Leased, Mapping[str, Any]]] = []
        if before is not None and ended is not None:
            free = {"claimed_until": None, "next_attempt_at": None, "error": ""}
            changes.append((before, {**free, **ended}))
        if following is not None:
            changes.append((following, values))
        for (row, _), is_written in zip(changes, _update_each(changes), strict=True):
            if row is before and not is_written:
                self.lost += 1
                log.warning("lease_lost", kind=row._meta.label, row=row.pk)
            elif row is following and is_written:
                for name, value in values.items():
                    setattr(row, name, value)
                return True
        return False


def claim_one(queryset: models.QuerySet[Row], *, at: datetime, lease: timedelta) -> Row | None:
    """Claim the first row that nobody works on, or return None when there is none."""
    hand: _Hand[Row] = _Hand(lambda: at, lease)
    while row := _free(queryset, at).first():
        if hand.take(row):
            return row
    return None


def error_text(error: Exception) -> str:
    """Say what went wrong as it is kept and shown: whatever a server answered, a database can write it."""
    text = str(error) if isinstance(error, Setback) else f"{type(error).__name__}: {error}"
    text = text[:LONGEST_ERROR]
    return text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


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
        give_up(row, error=error, at=at)
    else:
        pause = min(FIRST_PAUSE * 2 ** (row.attempts - 1), LONGEST_PAUSE)
        _update_own(row, claimed_until=None, next_attempt_at=at + pause, error=error)


def give_up(row: Leased, *, error: str, at: datetime) -> None:
    """Let a claimed row rest until somebody asks again.

    :raises LeaseLost:
    """
    _update_own(row, claimed_until=None, next_attempt_at=None, failed_at=at, error=error)


def _put_down(row: Leased, error: Exception, *, at: datetime) -> None:
    text = error_text(error)
    if isinstance(error, Setback) and error.is_final:
        give_up(row, error=text, at=at)
    elif isinstance(error, Setback) and not error.costs_attempt:
        _let_rest(row, error=text, until=at + error.pause)
    elif away.part_of(error):
        # Where files cannot be read or kept, no row is at fault.
        _let_rest(row, error=text, until=at + FIRST_PAUSE)
    else:
        set_aside(row, error=text, at=at)


def _let_rest(row: Leased, *, error: str, until: datetime) -> None:
    attempts = row.attempts - 1
    _update_own(row, claimed_until=None, attempts=attempts, next_attempt_at=until, error=error)


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
    row.sha256, row.size = _sha256(file), file.size
    storage = row.file.storage
    place = storage.get_available_name(row.file.field.generate_filename(row, name))
    _update_own(row, file=place, sha256=row.sha256, size=row.size)
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


def _update_each(changes: Sequence[tuple[Leased, Mapping[str, Any]]]) -> list[bool]:
    """
    Change rows that nobody has changed since they were read, all in one statement; return which it were.

    In SQL of its own, since it is written for each letter that is sent: the ORM would take as long as the sending.
    """
    if not changes:
        return []
    parts: list[str] = []
    params: list[Any] = []
    for number, (row, values) in enumerate(changes):
        parts.append(f"c{number} AS ({_update_sql(type(row), tuple(values))})")
        for name, value in values.items():
            field: Any = row._meta.get_field(name)
            params.append(field.get_db_prep_save(value, connection))
        params += [row.pk, row.attempts, row.claimed_until]
    counts = ", ".join(f"(SELECT count(*) FROM c{number})" for number in range(len(parts)))  # noqa: S608 - names of our own
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT {counts}", params)
        return [count == 1 for count in cursor.fetchone()]


@cache
def _update_sql(model: type[Leased], names: tuple[str, ...]) -> str:
    """Write these fields of a row that is as it was read."""
    quote, meta = connection.ops.quote_name, cast("Any", model._meta)
    written = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in names)
    return (
        f"UPDATE {quote(meta.db_table)} SET {written} WHERE {quote(meta.pk.column)} = %s "  # noqa: S608 - the model's own names
        "AND attempts = %s AND claimed_until IS NOT DISTINCT FROM %s RETURNING 1"
    )


def _update_own(row: Leased, **values: Any) -> None:
    """Write to a row only while its lease is the one that was claimed: the WHERE clause is the guard."""
    owned = type(row)._base_manager.filter(  # noqa: SLF001 - the name Django documents for "all rows, unfiltered"
        pk=row.pk, claimed_until=row.claimed_until, attempts=row.attempts
    )
    if not owned.update(**values):
        raise LeaseLost(f"{row._meta.label} {row.pk}")
    for name, value in values.items():
        setattr(row, name, value)

"""Files of uploads that were cut off before their row was written: found by what no row names, and removed."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

import structlog

from proposals.attachments.models import Attachment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from django.core.files.storage import Storage

log = structlog.get_logger(__name__)
FOLDER = "bilag"
SAFE_AGE = timedelta(days=1)
"""A row that is being written now names its file within a minute."""
AT_A_TIME = 500
MOST_REMOVED = 200
FEW = 20
"""So many are never too many."""


def remove(
    *, at: datetime, guard: Callable[[str], AbstractContextManager[object]] = nullcontext
) -> int:
    """
    Remove files that no row has named for a day, at most some hundred a visit, and return how many.

    A removed attachment has its row still and is kept. When most of what is stored belongs to nobody, the database is
    more likely the wrong one, and nothing is touched. `guard` stands around each, so that one that cannot be removed stops
    none of the others.
    """
    storage = Attachment._meta.get_field("file").storage
    total, orphans = 0, []
    stored = _stored(storage, FOLDER)
    while names := list(islice(stored, AT_A_TIME)):
        total += len(names)
        named = set(Attachment.objects.stored_as(names).values_list("file", flat=True))
        orphans += [name for name in names if name not in named]
    if len(orphans) > FEW and len(orphans) * 2 > total:
        log.error("too_many_orphans", orphans=len(orphans), stored=total)
        return 0
    removed = 0
    for name in orphans:
        if removed == MOST_REMOVED:
            break
        with guard(name):
            if _is_old(storage, name, at):
                storage.delete(name)
                log.info("orphan_removed", file=name)
                removed += 1
    return removed


def _stored(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from _stored(storage, f"{folder}/{name}")


def _is_old(storage: Storage, name: str, at: datetime) -> bool:
    try:
        return storage.get_modified_time(name) <= at - SAFE_AGE
    except FileNotFoundError:
        return False

"""What the portal stands on and cannot do without, when it is away: known by what was raised, and asked whether it answers."""

from __future__ import annotations

import errno
import tempfile
from enum import Enum
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError

import psycopg.errors
import structlog

log = structlog.get_logger(__name__)


class Part(Enum):
    DATABASE = "database"
    STORAGE = "storage"


# What a database that answers says of the question, and not of itself.
_OF_THE_QUESTION = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.SerializationFailure,
)
_OF_THE_DISK = frozenset(
    {
        errno.EDQUOT,
        errno.EIO,
        errno.ENODEV,
        errno.ENOSPC,
        errno.ENOTCONN,
        errno.ENXIO,
        errno.EROFS,
        errno.ESTALE,
    }
)


def part_of(error: BaseException | None) -> Part | None:
    """Give what is away when this is raised; nothing when the fault is another."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, (OperationalError, InterfaceError)):
            is_asked_wrongly = isinstance(error.__cause__, _OF_THE_QUESTION)
            return None if is_asked_wrongly else Part.DATABASE
        if _is_of_bucket(error) or (isinstance(error, OSError) and _is_of_files(error)):
            return Part.STORAGE
        error = error.__cause__ or error.__context__
    return None


def _is_of_files(error: OSError) -> bool:
    if error.errno in _OF_THE_DISK:
        return True
    # A folder that is not there any more and a file that is not look the same.
    is_about_a_file = isinstance(error, (FileNotFoundError, NotADirectoryError, PermissionError))
    return is_about_a_file and not storage_answers()


def _is_of_bucket(error: BaseException) -> bool:
    """Say whether the bucket gave no answer, or one that is no answer; its library is only there where a bucket is."""
    if not type(error).__module__.startswith("botocore."):
        return False
    answer: dict[str, Any] = getattr(error, "response", {})
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status is None or status == HTTPStatus.FORBIDDEN or status >= 500


def storage_answers() -> bool:
    """Say whether files can be kept now."""
    try:
        try:
            folder = default_storage.path("")
        except NotImplementedError:
            # A bucket: whether such a file is there takes an answer.
            default_storage.exists("sundhed")
        else:
            # Before the first file there is no folder.
            Path(folder).mkdir(mode=0o750, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"0" * 4096)
                file.flush()
    except Exception as error:  # noqa: BLE001 - each storage has errors of its own, and all mean no
        log.warning("storage_not_ready", error=str(error))
        return False
    return True

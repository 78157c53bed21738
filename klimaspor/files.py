"""The folder of uploads and papers, where a file is whole or not there: neither a full disk nor a kill leaves half of one."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.storage import FileSystemStorage

if TYPE_CHECKING:
    from django.core.files.base import File

# What shared folders of some kinds answer to a second name for a file.
NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)


class Files(FileSystemStorage):
    """Writes beside, and gives the file its name when all of it is on the disk."""

    def _save(self, name: str, content: File[Any]) -> str:
        folder, _, _ = name.rpartition("/")
        # Kept there by nobody: the sweep of what no row names takes what a kill left.
        beside = f"{folder}/unfinished-{secrets.token_hex(8)}".lstrip("/")
        try:
            super()._save(beside, content)  # type: ignore[misc]  # the stubs leave it out
            _flush(Path(self.path(beside)))
            return self._name(beside, name)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path(beside))  # noqa: PTH108 - the storage's paths are text

    def _name(self, beside: str, name: str) -> str:
        """Give it the name, or another where that is taken; never what is there already."""
        while True:
            try:
                os.link(self.path(beside), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            except OSError as error:
                if error.errno not in NO_LINKS or self.exists(name):
                    raise
                Path(self.path(beside)).rename(self.path(name))
                return name
            else:
                return name


def _flush(file: Path) -> None:
    """Wait until it is on the disk, which a row that names it takes for granted."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())

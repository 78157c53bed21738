"""A file of the storage is whole or not there."""

import errno
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile

import pytest

from klimaspor.files import Files

if TYPE_CHECKING:
    Content = ContentFile[bytes]
else:
    Content = ContentFile


class CutOff(Content):
    """A file whose second half no disk has room for."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"0" * 100_000
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def stored(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(location=tmp_path, file_permissions_mode=0o640, directory_permissions_mode=0o750)


def test_half_a_file_goes_at_once(files: Files, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left") as refusal:
        files.save("bilag/2027/03/plan.pdf", CutOff(b""))

    assert refusal.value.errno == errno.ENOSPC
    assert stored(tmp_path) == []


def test_a_name_is_never_given_twice(files: Files, tmp_path: Path) -> None:
    contents = [str(number).encode() for number in range(20)]

    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda text: files.save("a/plan.pdf", ContentFile(text)), contents))

    assert stored(tmp_path) == sorted(names)
    assert [(tmp_path / name).read_bytes() for name in names] == contents
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names} == {0o640}


def test_a_name_of_the_longest_is_kept(files: Files, tmp_path: Path) -> None:
    name = files.save(f"{'n' * 251}.pdf", ContentFile(b"%PDF"))

    assert stored(tmp_path) == [name] == [f"{'n' * 251}.pdf"]


def test_a_large_upload_is_moved_here(files: Files, tmp_path: Path) -> None:
    with TemporaryUploadedFile("plan.pdf", "application/pdf", 4, None) as upload:
        upload.write(b"%PDF")
        upload.flush()
        upload.seek(0)
        name = files.save("a/plan.pdf", upload)
        # It is no longer where it was, and closing it minds that not.
        Path(upload.temporary_file_path()).touch()

    assert (tmp_path / name).read_bytes() == b"%PDF"
    assert stored(tmp_path) == ["a/plan.pdf"]


def test_where_files_cannot_have_two_names_they_are_renamed(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*paths: str) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)

    assert files.save("a/plan.pdf", ContentFile(b"1")) == "a/plan.pdf"
    second = files.save("a/plan.pdf", ContentFile(b"2"))

    assert stored(tmp_path) == sorted(["a/plan.pdf", second])

"""What is said to the virus scanner, and what its answers mean."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import pytest

from klimaspor import scanner
from tests.clamd import EICAR, clamd


@pytest.mark.parametrize("is_path", (True, False))
def test_a_file_is_looked_through_whole(settings: Any, is_path: bool) -> None:
    large = bytes(range(256)) * 4000
    # A socket's path has room for about a hundred letters, and pytest's folders are longer.
    with (
        tempfile.TemporaryDirectory() as folder,
        clamd(Path(folder) / "c" if is_path else None) as (running, settings.CLAMAV),
    ):
        assert scanner.answers()
        assert scanner.find(io.BytesIO(large)) == ""
        assert scanner.find(io.BytesIO(b"x" * 300_000 + EICAR)) == "Eicar-Test-Signature"
        assert running.seen == [large, b"x" * 300_000 + EICAR]


def test_a_file_the_scanner_refuses_is_neither_clean_nor_infected(settings: Any) -> None:
    with (
        clamd(longest=10) as (_, settings.CLAMAV),
        pytest.raises(scanner.Unscannable, match="size limit exceeded"),
    ):
        scanner.find(io.BytesIO(b"x" * 11))


@pytest.mark.parametrize("address", ("unix:/findes/ikke", "tcp:127.0.0.1:1", "tcp://127.0.0.1:1"))
def test_scanner_that_is_not_there(settings: Any, address: str) -> None:
    settings.CLAMAV = address
    assert not scanner.answers()
    with pytest.raises(scanner.Away):
        scanner.find(io.BytesIO(b"x"))


def test_scanner_that_hangs_up(settings: Any) -> None:
    with clamd() as (running, settings.CLAMAV):
        running.is_silent = True
        assert not scanner.answers()
        with pytest.raises(scanner.Away):
            scanner.find(io.BytesIO(b"x"))

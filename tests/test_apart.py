"""Whatever a reader does to itself, the portal goes on and hears of it in time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from klimaspor import apart

if TYPE_CHECKING:
    from pathlib import Path

GREEDY = "tests.greedy"


def test_what_is_read_apart_comes_back() -> None:
    assert apart.ask(GREEDY, b"say " + b"\x00\xff" * 1_000_000) == b"\x00\xff" * 1_000_000


@pytest.mark.slow("waits for a process to be killed")
@pytest.mark.parametrize(
    ("told", "limits"),
    (
        (b"spin", {"seconds": 1}),
        (b"sleep", {"patience": 2}),
        (b"grow 1000000000", {"memory": 300 * 1024 * 1024}),
        (b"crash", {}),
        (b"exit", {}),
        (b"write {}/x", {}),
    ),
    ids=("spin", "sleep", "grow", "crash", "exit", "write"),
)
def test_a_reader_that_goes_wrong_is_ended(
    told: bytes, limits: dict[str, int], tmp_path: Path
) -> None:
    begun = time.monotonic()

    with pytest.raises(apart.NoAnswer):
        apart.ask(GREEDY, told.replace(b"{}", str(tmp_path).encode()), **limits)  # type: ignore[arg-type]  # numbers by their names

    assert time.monotonic() - begun < 20
    assert apart.ask(GREEDY, b"say on") == b"on"
    # It may be there, and never hold anything.
    assert [path.stat().st_size for path in tmp_path.iterdir()] in ([], [0])


def test_a_reader_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hemmelig")
    monkeypatch.setenv("LC_TIME", "da_DK.UTF-8")

    assert apart.ask(GREEDY, b"know SECRET_KEY") == b""
    assert apart.ask(GREEDY, b"know LC_TIME") == b"da_DK.UTF-8"


@pytest.mark.slow("holds every place for some seconds")
def test_more_at_once_than_there_are_places_wait_and_give_up_in_the_end() -> None:
    answers: list[str] = []

    def sleep() -> None:
        with pytest.raises(apart.NoAnswer):
            apart.ask(GREEDY, b"sleep", patience=4)
        answers.append("ended")

    threads = [threading.Thread(target=sleep) for _ in range(apart.MOST_AT_ONCE)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)

    with pytest.raises(apart.Busy):
        apart.ask(GREEDY, b"say on", patience=0.1)
    assert apart.ask(GREEDY, b"say on") == b"on"

    for thread in threads:
        thread.join()
    assert answers == ["ended"] * apart.MOST_AT_ONCE

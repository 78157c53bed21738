"""The press beside a web process: awake, alone with each paper, bounded, and replaced when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from klimaspor import press
from klimaspor.press import NotMade, Press, TooLong
from tests import pdf_structure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.slow("starts presses, and waits for them")

PAPER = "<html lang='da'><head><title>Prøve</title></head><body><h1>Prøve</h1><p>Tekst</p></body></html>"


@pytest.fixture
def a_press() -> Iterator[Press]:
    ours = Press()
    yield ours
    ours.end()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_one_press_sets_paper_after_paper(a_press: Press) -> None:
    pids = set()
    for _ in range(3):
        found = pdf_structure.read(a_press.set(PAPER, {}, seconds=30))
        pids.add(a_press.pid)
        assert (found.title, found.is_pdf_ua, found.lang) == ("Prøve", True, "da")

    assert len(pids) == 1


def test_a_press_that_was_killed_is_replaced_and_nobody_hears_of_it(a_press: Press) -> None:
    a_press.set(PAPER, {}, seconds=30)
    first = a_press.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not runs(first))

    assert a_press.set(PAPER, {}, seconds=30).startswith(b"%PDF")

    assert a_press.pid != first


def test_what_takes_too_long_is_given_up_and_the_press_goes_on(a_press: Press) -> None:
    a_press.set(PAPER, {}, seconds=30)
    first = a_press.pid

    with pytest.raises(TooLong):
        a_press.set(PAPER * 2000, {}, seconds=0.05)

    assert a_press.set(PAPER, {}, seconds=30).startswith(b"%PDF")
    assert a_press.pid == first


def test_what_takes_too_much_memory_is_given_up_and_the_press_goes_on(a_press: Press) -> None:
    with pytest.raises(NotMade):
        a_press.set(PAPER * 200, {}, seconds=30, memory=1024 * 1024)

    assert a_press.set(PAPER, {}, seconds=30).startswith(b"%PDF")


def test_a_press_that_cannot_begin_says_why(
    a_press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "HERE", tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)

    with pytest.raises(NotMade, match="klimaspor"):
        a_press.set(PAPER, {}, seconds=30)


def test_a_press_knows_no_secret(a_press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hemmelig-" * 9)
    monkeypatch.setenv("DATABASE_URL", "postgres://klimaspor:hemmelig@db/klimaspor")

    a_press.set(PAPER, {}, seconds=30)

    assert "hemmelig" not in Path(f"/proc/{a_press.pid}/environ").read_text()


def test_a_press_ends_with_who_began_it() -> None:
    """Also when they are killed, in the middle of nothing."""
    begin = (
        "from klimaspor.press import Press\n"
        f"press = Press(); press.set({PAPER!r}, {{}}, seconds=30)\n"
        "print(press.pid, flush=True); input()"
    )
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own lines
        [sys.executable, "-c", begin],
        cwd=press.HERE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as web:
        assert web.stdout is not None
        pid = int(web.stdout.readline())
        assert runs(pid)
        web.kill()

    wait_until(lambda: not runs(pid))


def test_a_fork_of_the_web_process_does_not_use_its_parents_press(a_press: Press) -> None:
    a_press.set(PAPER, {}, seconds=30)
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            before = a_press.pid
            made = a_press.set(PAPER, {}, seconds=30).startswith(b"%PDF")
            os.write(write_end, b"own" if made and a_press.pid != before else b"shared")
            a_press.end()
        finally:
            os._exit(0)
    os.close(write_end)
    os.waitpid(child, 0)

    assert os.read(read_end, 9) == b"own"
    os.close(read_end)
    assert a_press.set(PAPER, {}, seconds=30).startswith(b"%PDF")

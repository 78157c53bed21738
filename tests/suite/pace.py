"""
How long each test takes, and that none comes to take long unnoticed.

Two things are measured of a test and the fixtures made for it alone. The *work* it is to the processor: of this process, of
programs it ran and waited for, and of its connection's server; a busy machine makes the same work take longer, so
where it is too much, a piece of work that is always the same is timed, and the bound grows as that does. And the *wait*: the clock, less the time
in which anybody on the machine stood in line for a processor or the disk. Neither grows with what else is running, so a test
over the bound is slow by itself: make it quicker, or mark it `slow` with the reason why it must be.
"""

from __future__ import annotations

import ast
import os
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

BOUND = 3.0
BOUND_WITH_BROWSER = 8.0
"""
In seconds: half as much again as what an unmarked test takes at most here, since machines differ. A browser waits for
pages, and for what they wait with until somebody has stopped writing.
"""

SHOWN = 30

SAMPLE = "told = [word.lower() for word in words if word not in {'a': 1, 'b': [2, 3]}]\n" * 60
SAMPLES = 40
SAMPLE_SECONDS = 0.0020
"""What reading the sample takes where the bounds were set, with nothing else running."""

PRESSURE = (Path("/proc/pressure/cpu"), Path("/proc/pressure/io"))
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    clock: float = 0.0
    work: float = 0.0
    wait: float = 0.0

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.clock - other.clock, self.work - other.work, self.wait - other.wait)

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.clock + other.clock, self.work + other.work, self.wait + other.wait)


def so_far() -> Cost:
    clock = time.monotonic()
    times = os.times()
    work = times.user + times.system + times.children_user + times.children_system
    return Cost(clock, work + _server(), clock - _in_line())


def _server() -> float:
    """Give the seconds our connection's server has worked, where it is on this machine."""
    if connection.connection is None or connection.connection.closed:
        return 0.0
    try:
        stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text()
    except OSError:
        return 0.0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICK


def _in_line() -> float:
    """Give the seconds in which somebody on the machine has stood in line; without an answer, all of them."""
    try:
        lines = [place.read_text().splitlines()[0] for place in PRESSURE]
    except OSError:
        return time.monotonic()
    return sum(int(line.rpartition("total=")[2]) for line in lines) / 1e6


def slowness() -> float:
    """
    Give how many times longer work takes now than where the bounds were set, never less than once.

    The sample is taken when the test has ended; what shared the processor with it meanwhile shows in how many stood in line.
    """
    begun = time.thread_time()
    for _ in range(SAMPLES):
        ast.parse(SAMPLE)
    sampled = (time.thread_time() - begun) / SAMPLES / SAMPLE_SECONDS
    crowded = os.getloadavg()[0] / (os.cpu_count() or 1)
    return max(1.0, sampled, crowded)


class Pace:
    """Measures in the process that runs the tests, and tells in the one that reports."""

    def __init__(self) -> None:
        self.shared = Cost()
        self.before = Cost()
        self.told: list[Told] = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.shared, self.before = Cost(), so_far()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        # What is made for many is no test's own; it is made before anything of the test's, so none counts twice.
        begun, others = so_far(), self.shared
        self.shared = Cost()
        try:
            return (yield)
        finally:
            self.shared = others + (so_far() - begun)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[Any]:
        report = yield
        if call.when == "call":
            cost = so_far() - self.before - self.shared
            bound = BOUND_WITH_BROWSER if item.get_closest_marker("browser") else BOUND
            report.pace = {
                "nodeid": item.nodeid,
                "clock": cost.clock,
                "work": cost.work,
                "wait": cost.wait,
                "bound": bound,
                "slowness": slowness() if max(cost.work, cost.wait) > bound else 1.0,
                "is_marked": item.get_closest_marker("slow") is not None,
            }
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if pace := getattr(report, "pace", None):
            self.told.append(Told(**pace))

    def too_slow(self) -> list[Told]:
        return [each for each in self.told if each.is_over and not each.is_marked]

    def files(self) -> list[tuple[str, float, int]]:
        """Give (file, seconds by the clock, tests), the longest first."""
        found: dict[str, list[float]] = defaultdict(list)
        for each in self.told:
            found[each.nodeid.partition("::")[0]].append(each.clock)
        rows = [(name, sum(clocks), len(clocks)) for name, clocks in found.items()]
        return sorted(rows, key=lambda row: -row[1])

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        is_reporting = not hasattr(session.config, "workerinput")
        if is_reporting and exitstatus == pytest.ExitCode.OK and self.too_slow():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        write = terminalreporter.write_line
        if len(self.told) > SHOWN:
            terminalreporter.section("the slowest: by the clock, of it work and wait")
            for each in sorted(self.told, key=lambda each: -each.clock)[:SHOWN]:
                write(str(each))
            terminalreporter.section("the files that took longest, and how many tests they hold")
            for name, clock, count in self.files()[:SHOWN]:
                write(f"{clock:6.1f} s  {count:4}  {name}")
        if self.too_slow():
            terminalreporter.section("slow, and not marked so", red=True)
            for each in self.too_slow():
                write(f"{each} (at most {each.bound * each.slowness:.1f} s)", red=True)


@dataclass(frozen=True)
class Told:
    nodeid: str
    clock: float
    work: float
    wait: float
    bound: float
    slowness: float
    is_marked: bool

    @property
    def is_over(self) -> bool:
        return max(self.work, self.wait) > self.bound * self.slowness

    def __str__(self) -> str:
        mark = " (slow)" if self.is_marked else ""
        return f"{self.clock:6.1f} s  {self.work:5.1f}  {self.wait:5.1f}  {self.nodeid}{mark}"


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Pace(), "pace")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    bare = [item.nodeid for item in items for mark in item.iter_markers("slow") if not mark.args]
    if bare:
        raise pytest.UsageError(
            'Say why it must be slow, as in slow("waits for a lease to end"): ' + ", ".join(bare)
        )

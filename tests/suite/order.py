"""
Who runs what, and in which order.

A worker takes whole files, so that a world made for a module is made once, and files marked `xdist_group` together are one.
The longest come first, so that nobody is left alone with one at the end; but those that open a browser come last of all,
since Playwright's loop then stays in the thread.
"""

from __future__ import annotations

from collections import defaultdict

import pytest
from xdist.scheduler import LoadGroupScheduling

# What a test takes at a guess, in seconds: enough to see which files are the long ones.
GUESSES = {"slow": 10.0, "browser": 2.0, "django_db": 0.3}
QUICKEST = 0.02


class WholeFiles(LoadGroupScheduling):  # type: ignore[misc]  # xdist ships no types for it
    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        return scope.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> WholeFiles | None:
    if config.getvalue("dist") != "loadgroup":
        return None
    # It would put those with the most tests first.
    config.option.loadscopereorder = False
    return WholeFiles(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    weights: dict[str, float] = defaultdict(float)
    with_browser = set()
    for item in items:
        unit = unit_of(item)
        weights[unit] += guess(item)
        if item.get_closest_marker("browser"):
            with_browser.add(unit)
    items.sort(
        key=lambda item: (unit_of(item) in with_browser, -weights[unit_of(item)], unit_of(item))
    )


def unit_of(item: pytest.Item) -> str:
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark else item.nodeid.partition("::")[0]


def guess(item: pytest.Item) -> float:
    marks = {mark.name for mark in item.iter_markers()}
    return max([QUICKEST, *(GUESSES[name] for name in marks & GUESSES.keys())])

"""Counts that are kept until somebody has done something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

import pytest
from redis import ConnectionError as NoCache

from klimaspor import counts, middleware

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    cache.clear()


class Counter:
    """Counts how often it was asked to count."""

    def __init__(self, length: int = 5) -> None:
        self.length = length
        self.times = 0

    def count(self) -> int:
        self.times += 1
        return self.length


def shown(counter: Counter, *, after: timedelta = timedelta(0)) -> int:
    return counts.kept("counts:test", counter.count, at=NOW + after)


@pytest.mark.parametrize("length", (0, 5))
def test_count_is_made_once_a_minute(length: int) -> None:
    counter = Counter(length)
    assert [shown(counter), shown(counter, after=timedelta(seconds=59))] == [length, length]
    assert counter.times == 1
    assert shown(counter, after=timedelta(seconds=60)) == length
    assert counter.times == 2


def test_count_is_made_again_after_an_act() -> None:
    counter = Counter()
    shown(counter)
    counter.length = 6
    counts.forget()
    assert shown(counter) == 6


def test_count_that_an_act_overtook_is_not_kept() -> None:
    counter = Counter()

    def overtaken() -> int:
        found = counter.count()
        counter.length = 6
        counts.forget()
        return found

    assert counts.kept("counts:test", overtaken, at=NOW) == 5
    assert shown(counter) == 6


@pytest.mark.parametrize("broken", ("get_many", "set"))
def test_everything_is_counted_when_the_cache_is_away(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any, **kwargs: Any) -> Any:
        raise NoCache

    monkeypatch.setattr(type(cache._connections["default"]), broken, away)  # noqa: SLF001 - the server behind it is what is away
    counter = Counter()
    counts.forget()
    assert [shown(counter), shown(counter)] == [5, 5]
    assert counter.times == 2


def test_lists_that_are_asked_for_differently_are_counted_apart() -> None:
    short, long = Counter(3), Counter(60)
    for asked, counter, pages in (((1, "a"), short, 1), ((1, "b"), long, 3), ((2, "a"), long, 3)):
        paginator = counts.KeptPaginator(counter, 25, asked=asked, at=NOW)
        assert (paginator.count, paginator.num_pages) == (counter.length, pages)
    assert counts.KeptPaginator(long, 25, asked=(1, "a"), at=NOW).count == 3


@pytest.mark.parametrize(
    ("method", "answer", "is_forgotten"),
    (
        ("POST", HttpResponseRedirect("/"), True),
        ("POST", HttpResponse("Der er noget at rette"), False),
        ("GET", HttpResponseRedirect("/"), False),
    ),
)
def test_an_act_is_posted_and_answered_elsewhere(
    method: str, answer: HttpResponse, is_forgotten: bool
) -> None:
    counter = Counter()
    shown(counter)
    middleware.acted(lambda _: answer)(RequestFactory().generic(method, "/"))
    shown(counter)
    assert counter.times == (2 if is_forgotten else 1)

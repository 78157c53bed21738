"""Working days as Danish offices keep them."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

from klimaspor.danish.words import count_text

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Say whether offices are open: not at weekends, on holidays, nor on the four days that most keep closed."""
    return day.weekday() < SATURDAY and day not in _closed_days(day.year)


def add_working_days(day: date, count: int) -> date:
    """Return the working day that lies `count` working days after `day`, or before it when negative."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


# A list counts to the same few days from every row of it.
@lru_cache(maxsize=4096)
def working_days_between(start: date, end: date) -> int:
    """Return how many working days `end` lies after `start`, negative when before; the starting day is not counted."""
    step = 1 if end > start else -1
    days = (
        (start + timedelta(days=n) for n in range(step, (end - start).days + step, step))
        if start != end
        else ()
    )
    return step * sum(is_working_day(day) for day in days)


def workdays_text(from_date: date, to_date: date) -> str:
    """Return e.g. "om 6 arbejdsdage", "i dag", "i morgen" or "for 2 arbejdsdage siden"."""
    days = (to_date - from_date).days
    if days in _NEAR:
        return _NEAR[days]
    working = abs(working_days_between(from_date, to_date))
    # From Friday to Sunday there is no working day to count.
    distance = (
        count_text(working, "arbejdsdag", "arbejdsdage")
        if working
        else count_text(abs(days), "dag", "dage")
    )
    return f"om {distance}" if days > 0 else f"for {distance} siden"


_NEAR = {0: "i dag", 1: "i morgen", -1: "i går"}


@lru_cache(maxsize=256)
def _closed_days(year: int) -> frozenset[date]:
    # A year at a time and never changed: the library's own calendar grows while other threads read it.
    usually_closed = (date(year, 5, 1), date(year, 6, 5), date(year, 12, 24), date(year, 12, 31))
    return frozenset([*holidays.country_holidays("DK", years=year), *usually_closed])

"""Dates and times as Danes write and read them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from klimaspor.danish.words import NBSP, count_text, tidy

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)

# Years outside these are slips of the keyboard.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


class NotADate(ValueError):
    """The text is no date; the message says what to write."""


class NotAMonth(ValueError):
    """The text is no month of a year; the message says what to write."""


class NotATime(ValueError):
    """The text is no time of day; the message says what to write."""


def wall(day: date, clock: time) -> datetime:
    """Return the moment when clocks in Denmark show `clock` on `day`.

    A time that the change to summer time skips becomes the one an hour later; one that comes twice is the first.
    """
    return datetime.combine(day, clock, tzinfo=COPENHAGEN).astimezone(UTC).astimezone(COPENHAGEN)


def local(at: datetime) -> datetime:
    """Return the same moment as clocks in Denmark show it.

    :raises ValueError: for a datetime without a time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    return at.astimezone(COPENHAGEN)


def day_of(at: datetime) -> date:
    """Return the date in Denmark at a moment."""
    return local(at).date()


def date_text(day: date) -> str:
    """Return e.g. "mandag den 15. april 2024"; a line may end after the weekday."""
    return f"{WEEKDAYS[day.weekday()]} den{NBSP}{day.day}.{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}"


def time_text(clock: time) -> str:
    """Return e.g. "9.00"."""
    return f"{clock.hour}.{clock.minute:02}"


def clock_text(clock: time) -> str:
    """Return e.g. "kl. 9.00", which stays on one line."""
    return f"kl.{NBSP}{time_text(clock)}"


def datetime_text(at: datetime) -> str:
    """Return e.g. "mandag den 15. april 2024 kl. 9.00"."""
    at = local(at)
    return f"{date_text(at.date())} {clock_text(at.time())}"


def short_date(day: date) -> str:
    """Return e.g. "15.4.2027"."""
    return f"{day.day}.{day.month}.{day.year}"


def short_datetime(at: datetime) -> str:
    """Return e.g. "15.4.2027 kl. 9.00"."""
    at = local(at)
    return f"{short_date(at.date())} {clock_text(at.time())}"


def to_the_second(at: datetime) -> str:
    """Return e.g. "mandag den 15. april 2024 kl. 9.00.20": a deadline is counted in seconds."""
    return f"{datetime_text(at)}.{local(at).second:02}"


def left_text(left: timedelta) -> str:
    """Return e.g. "3 timer og 12 minutter" or "1 minut og 48 sekunder": the two largest units that matter."""
    hours, rest = divmod(int(left.total_seconds()), 3600)
    minutes, seconds = divmod(rest, 60)
    if hours:
        return f"{count_text(hours, 'time', 'timer')} og {count_text(minutes, 'minut', 'minutter')}"
    said = count_text(seconds, "sekund", "sekunder")
    return f"{count_text(minutes, 'minut', 'minutter')} og {said}" if minutes else said


def month_text(day: date) -> str:
    """Return e.g. "januar 2023"."""
    return f"{MONTHS[day.month - 1]}{NBSP}{day.year}"


def period_text(start: date, end: date) -> str:
    """Return e.g. "5 år (januar 2023 - december 2027)"; both months are counted."""
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    years, rest = divmod(months, 12)
    parts = [f"{years} år"] if years else []
    if rest or not parts:
        parts.append(count_text(rest, "måned", "måneder"))
    if months == 1:
        return f"{parts[0]} ({month_text(start)})"
    return f"{' og '.join(parts)} ({month_text(start)} - {month_text(end)})"


def parse_date(text: str) -> date:
    """Read a date as Danes write it, with or without weekday, or in ISO form.

    :raises NotADate: also when the weekday is another one than the date's.
    """
    typed = tidy(text).lower()
    weekday, typed = _split_weekday(typed)
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", typed):
        year, month, day = (int(part) for part in match.groups())
    elif match := re.fullmatch(
        r"([0-9]{1,2})([./ -]) ?([0-9]{1,2})[./ -] ?([0-9]{4}|[0-9]{2})", typed
    ):
        day, month, year = int(match[1]), int(match[3]), _year(match[4])
    elif match := re.fullmatch(r"([0-9]{1,2})\.? ?([a-z]+)\.? ?([0-9]{4})", typed):
        day, month, year = int(match[1]), _month_number(match[2]), int(match[3])
    else:
        raise NotADate("Datoen skal skrives med dag, måned og år, fx 15.4.2027")
    try:
        found = date(year, month, day)
    except ValueError:
        raise NotADate("Datoen findes ikke. Indtast dag, måned og år, fx 15.4.2027") from None
    if not _is_plausible(found.year):
        raise NotADate("Årstallet skal have fire cifre, fx 15.4.2027")
    if weekday is not None and weekday != found.weekday():
        raise NotADate(
            f"Den{NBSP}{found.day}.{NBSP}{month_text(found)} er en {WEEKDAYS[found.weekday()]}. Ret dagen eller datoen"
        )
    return found


def parse_month(text: str) -> date:
    """Read "januar 2023", "1.2023", "2023-01" or "1. januar 2023" as the first day of the month something begins with.

    :raises NotAMonth: also when a day is said that is not the month's first
    """
    return _month_of(text, is_end=False)


def parse_end_month(text: str) -> date:
    """Read "december 2028" or "31/12 2028" as the first day of the month something ends with.

    :raises NotAMonth: also when a day is said that is not the month's last
    """
    return _month_of(text, is_end=True)


def _month_of(text: str, *, is_end: bool) -> date:
    try:
        day = parse_date(text)
    except NotADate:
        return _parse_month(text)
    edge = day + timedelta(days=1) if is_end else day
    if edge.day != 1:
        which, example = ("sidste", "december 2028") if is_end else ("første", "januar 2027")
        raise NotAMonth(f"Der regnes i hele måneder. Indtast den {which} måned, fx {example}")
    return day.replace(day=1)


def _parse_month(text: str) -> date:
    typed = tidy(text).lower()
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", typed):
        year, month = int(match[1]), int(match[2])
    elif match := re.fullmatch(r"([0-9]{1,2})[./ -] ?([0-9]{4})", typed):
        month, year = int(match[1]), int(match[2])
    elif match := re.fullmatch(r"([a-z]+)\.? ?([0-9]{4})", typed):
        month, year = _month_number(match[1]), int(match[2])
    else:
        raise NotAMonth("Måneden skal skrives med måned og år, fx januar 2027")
    if month not in range(1, 13):
        raise NotAMonth("Måneden findes ikke. Indtast måned og år, fx januar 2027")
    if not _is_plausible(year):
        raise NotAMonth("Årstallet skal have fire cifre, fx januar 2027")
    return date(year, month, 1)


def parse_time(text: str) -> time:
    """Read "9.00", "09:00", "kl. 9" or "9".

    :raises NotATime:
    """
    match = re.fullmatch(r"(?:kl\.? ?)?([0-9]{1,2})(?:[.:]([0-9]{2}))?", tidy(text).lower())
    try:
        return time(int(match[1]), int(match[2] or 0)) if match else time(-1)
    except ValueError:
        raise NotATime("Klokkeslættet skal skrives med timer og minutter, fx 9.00") from None


def _split_weekday(typed: str) -> tuple[int | None, str]:
    match = re.match(rf"(?:({'|'.join(WEEKDAYS)}),? )?(?:den |d\. ?)?", typed)
    rest = typed[match.end() :] if match else typed
    return (WEEKDAYS.index(match[1]) if match and match[1] else None), rest


def _month_number(name: str) -> int:
    """Return 1 to 12 for a month's name or its abbreviation, and 0, which is no month, for anything else."""
    if name == "sept":
        name = "sep"
    return next((n for n, month in enumerate(MONTHS, 1) if name in (month, month[:3])), 0)


def _year(digits: str) -> int:
    return int(digits if len(digits) > len("24") else f"20{digits}")


def _is_plausible(year: int) -> bool:
    return EARLIEST_YEAR <= year <= LATEST_YEAR

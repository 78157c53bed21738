"""Dates, money, sorting and working days as Danes write and count them.

What people type is read generously, and what could be read two ways is refused: "1.500" is fifteen hundred, "1.5"
is a question back. Every refusal is a Danish sentence that says what to write.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

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

# The widest amount a column of 13 digits with two decimals holds.
LARGEST_AMOUNT = Decimal("99999999999.99")

# Years outside these are slips of the keyboard.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199

NBSP = "\N{NO-BREAK SPACE}"
THOUSAND = Decimal(1_000)
MILLION = Decimal(1_000_000)
ORE = Decimal("0.01")

SATURDAY = 5

LONGEST_ENTRY = 200


class NotAnAmount(ValueError):
    """The text is no amount of money; the message says what to write."""


class NotADate(ValueError):
    """The text is no date; the message says what to write."""


class NotAMonth(ValueError):
    """The text is no month of a year; the message says what to write."""


class NotATime(ValueError):
    """The text is no time of day; the message says what to write."""


# Dates and times


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
    """Return e.g. "mandag den 15. april 2024"."""
    return f"{WEEKDAYS[day.weekday()]} den {day.day}. {MONTHS[day.month - 1]} {day.year}"


def time_text(clock: time) -> str:
    """Return e.g. "9.00"."""
    return f"{clock.hour}.{clock.minute:02}"


def datetime_text(at: datetime) -> str:
    """Return e.g. "mandag den 15. april 2024 kl. 9.00"."""
    at = local(at)
    return f"{date_text(at.date())} kl. {time_text(at.time())}"


def short_date(day: date) -> str:
    """Return e.g. "15.4.2027"."""
    return f"{day.day}.{day.month}.{day.year}"


def short_datetime(at: datetime) -> str:
    """Return e.g. "15.4.2027 kl. 9.00"."""
    at = local(at)
    return f"{short_date(at.date())} kl. {time_text(at.time())}"


def month_text(day: date) -> str:
    """Return e.g. "januar 2023"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


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
    typed = _tidy(text).lower()
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
            f"Den {found.day}. {month_text(found)} er en {WEEKDAYS[found.weekday()]}. Ret dagen eller datoen"
        )
    return found


def parse_month(text: str) -> date:
    """Read "januar 2023", "1.2023" or "2023-01" as the first day of the month.

    :raises NotAMonth:
    """
    typed = _tidy(text).lower()
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
    match = re.fullmatch(r"(?:kl\.? ?)?([0-9]{1,2})(?:[.:]([0-9]{2}))?", _tidy(text).lower())
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


# Money


def amount_text(amount: Decimal) -> str:
    """Return e.g. "1.500.000" or "1.500,50", without a unit."""
    amount = amount.quantize(ORE, ROUND_HALF_UP)
    whole, _, decimals = f"{abs(amount):,.2f}".partition(".")
    sign = "-" if amount < 0 else ""
    return sign + whole.replace(",", ".") + ("" if decimals == "00" else f",{decimals}")


def money_text(amount: Decimal) -> str:
    """Return e.g. "1.500.000 kr.", with øre only where there are some; the space does not break."""
    return f"{amount_text(amount)}{NBSP}kr."


def money_short(amount: Decimal) -> str:
    """Return e.g. "1,5 mio. kr.", rounded to 10.000 kr.; less than a million is written out."""
    if abs(amount) < MILLION:
        return money_text(amount)
    return f"{_millions(amount)}{NBSP}mio.{NBSP}kr."


def range_text(low: Decimal, high: Decimal) -> str:
    """Return e.g. "10-12 mio. kr.", never rounded, or the one amount when they are equal."""
    is_round = all(amount >= MILLION and amount % 10_000 == 0 for amount in (low, high))
    if low == high:
        return money_short(low) if is_round else money_text(low)
    if is_round:
        return f"{_millions(low)}-{_millions(high)}{NBSP}mio.{NBSP}kr."
    return f"{amount_text(low)}-{money_text(high)}"


def parse_money(text: str) -> Decimal:
    """Read an amount in kroner: "1.500.000", "1500000", "1.500,50", "1,5 mio. kr.", "kr. 500,-".

    A dot groups thousands and a comma begins the øre, so "1.500" is 1500 and "1.5" is refused.

    :raises NotAnAmount: also for a negative amount and for a range.
    """
    typed = _tidy_amount(text)
    _refuse_minus(typed)
    if _split_range(typed):
        raise NotAnAmount("Beløbet skal være ét tal, ikke fra og til, fx 1.500.000")
    return _read_amount(typed)[0]


def parse_range(text: str) -> tuple[Decimal, Decimal]:
    """Read "10-12 mio.", "10 til 12 mio. kr.", "800.000 - 1,2 mio." or one amount as its lowest and highest.

    :raises NotAnAmount:
    """
    typed = re.sub(r"^(ca\.?|cirka|omkring) ?", "", _tidy_amount(text))
    _refuse_minus(typed)
    ends = _split_range(typed)
    if not ends:
        low, _ = _read_amount(typed)
        return low, low
    (low, unit_of_low), (high, unit_of_high) = (_read_amount(end) for end in ends)
    if unit_of_low == 1 and (low * unit_of_high <= high or low < THOUSAND):
        # In "10-12 mio." the word belongs to both; in "800.000-1,2 mio." it cannot.
        low *= unit_of_high
    if low > high:
        raise NotAnAmount("Det laveste beløb skal stå først, fx 10-12 mio. kr.")
    return low, high


_UNITS = {
    "mio": MILLION,
    "mill": MILLION,
    "million": MILLION,
    "millioner": MILLION,
    "mia": THOUSAND * MILLION,
    "milliard": THOUSAND * MILLION,
    "milliarder": THOUSAND * MILLION,
    "tkr": THOUSAND,
    "t.kr": THOUSAND,
}
_NUMBER = r"[0-9]+(?:\.[0-9]+)*(?:,[0-9]+)?"
_AMOUNT = re.compile(
    rf"(?:(?:kr\.?|dkk) ?)?(?P<number>{_NUMBER})(?:,-)?"
    rf"(?: ?(?P<unit>{'|'.join(sorted(map(re.escape, _UNITS), key=len, reverse=True))})\.?)?(?: ?(?:kr\.?|kroner|dkk))?"
)


def _tidy_amount(text: str) -> str:
    typed = re.sub(r"[‐‑‒–—−]", "-", _tidy(text).lower())
    # "1 500 000", also with the thin and unbreakable spaces of spreadsheets.
    return re.sub(
        r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])",
        lambda found: found[0].replace(" ", ""),
        typed,
    )


def _split_range(typed: str) -> tuple[str, str] | None:
    typed = re.sub(r"^(mellem|fra) ", "", typed)
    match = re.fullmatch(r"([^-].*?)(?<!,)(?: ?- ?| til | og )(-?[^-]*[0-9].*)", typed)
    return (match[1].strip(), match[2].strip()) if match else None


def _refuse_minus(typed: str) -> None:
    if re.match(r"(?:(?:kr\.?|dkk) ?)?-", typed):
        raise NotAnAmount("Beløbet kan ikke være negativt. Indtast det uden minus, fx 1.500.000")


def _read_amount(typed: str) -> tuple[Decimal, Decimal]:
    """Return the amount in kroner, and the unit that was written with it (1 when none was)."""
    match = _AMOUNT.fullmatch(typed)
    if not match:
        raise NotAnAmount("Beløbet skal være et tal, fx 1.500.000")
    whole, _, decimals = match["number"].partition(",")
    unit = _UNITS.get(match["unit"] or "", Decimal(1))
    if "." in whole and not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", whole):
        raise NotAnAmount(
            "Brug punktum mellem tusinder og komma før decimaler, fx 1.500.000 eller 1,5 mio. kr."
        )
    if len(decimals) > len("50") and unit == 1:
        raise NotAnAmount(
            "Der kan højst være to cifre efter kommaet. Brug punktum mellem tusinder, fx 1.500.000"
        )
    amount = Decimal(f"{whole.replace('.', '')}.{decimals or '0'}") * unit
    if amount > LARGEST_AMOUNT:
        raise NotAnAmount("Beløbet er for stort. Indtast det i kroner, fx 1.500.000")
    if amount != amount.quantize(ORE):
        raise NotAnAmount("Beløbet har for mange decimaler. Indtast det i kroner, fx 1.500.000")
    return amount.quantize(ORE), unit


def _millions(amount: Decimal) -> str:
    millions = amount_text(amount / MILLION)
    return millions.rstrip("0") if "," in millions else millions


# Working days


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


# Words


def sort_key(text: str) -> str:
    """Return a key whose code points sort as Danes do: … z æ ø å, with Aa as Å.

    In SQL it is `translate(replace(lower(x), 'aa', 'å'), 'æøå', '{|}') COLLATE "C"`.
    """
    return unicodedata.normalize("NFC", text).lower().replace("aa", "å").translate(_AFTER_Z)


_AFTER_Z = str.maketrans("æøå", "{|}")


def search_key(text: str) -> str:
    """Return what is compared when somebody searches by typing the beginning of a name.

    "a", "aar", "år" and "AAR" all begin Aarhus, as "kø" and "koe" begin København.
    """
    spelled_out = unicodedata.normalize("NFC", text).lower().translate(_SPELLED_OUT)
    letters = unicodedata.normalize("NFKD", spelled_out)
    return " ".join(
        re.findall(
            r"[^\W_]+", "".join(letter for letter in letters if not unicodedata.combining(letter))
        )
    )


_SPELLED_OUT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe"})


def municipality_name(name: str) -> str:
    """Return the municipality's own name, e.g. "Københavns Kommune" for "København"."""
    return _OWN_NAMES.get(name, f"{name} Kommune")


_OWN_NAMES = {"København": "Københavns Kommune", "Bornholm": "Bornholms Regionskommune"}


def join_text(parts: Sequence[str]) -> str:
    """Return e.g. "a, b og c"."""
    return " og ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def number_text(number: int) -> str:
    """Return e.g. "1.200"."""
    return f"{number:,}".replace(",", ".")


def plural_text(number: int, singular: str, plural: str) -> str:
    """Return the word that goes with the number, which is not itself part of it."""
    return singular if number == 1 else plural


def count_text(number: int, singular: str, plural: str) -> str:
    """Return e.g. "1 kommune" or "1.200 kommuner"."""
    return f"{number_text(number)} {plural_text(number, singular, plural)}"


def _tidy(text: str) -> str:
    # Nothing that long is a date or an amount, and it is not worth looking.
    return "" if len(text) > LONGEST_ENTRY else " ".join(unicodedata.normalize("NFC", text).split())

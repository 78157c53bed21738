"""Amounts in kroner as Danes write and read them."""

import re
from decimal import ROUND_HALF_UP, Decimal

from klimaspor.danish.words import NBSP, TO, tidy

# The widest amount a column of 13 digits with two decimals holds.
LARGEST_AMOUNT = Decimal("99999999999.99")

THOUSAND = Decimal(1_000)
MILLION = Decimal(1_000_000)
ORE = Decimal("0.01")


class NotAnAmount(ValueError):
    """The text is no amount of money; the message says what to write."""


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
        return f"{_millions(low)}{TO}{_millions(high)}{NBSP}mio.{NBSP}kr."
    return f"{amount_text(low)}{TO}{money_text(high)}"


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

    Small numbers must say what they count: "10-12" alone is refused.

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
    if 0 < high < THOUSAND and not re.search("kr|dkk", typed):
        # Nobody who writes "10-12" means twelve kroner.
        raise NotAnAmount("Skriv mio. eller kr. efter tallene, fx 10-12 mio. kr.")
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
    typed = re.sub(r"[‐‑‒–—−]", "-", tidy(text).lower())
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

"""CPR numbers ("personnumre") found in what people write, so that they can be warned."""

import re
from datetime import date

CENTURY_OF_OLD = range(4)
"""A seventh digit of 0-3 says 19xx."""
EITHER = (4, 9)
"""20xx until year 36, else 19xx."""
NEARBY = 40
"""So many characters before a number may say that it is something else."""
LATEST_OF_EITHER, LATEST_OF_NEW = 36, 57


def has_cpr_number(text: str) -> bool:
    """
    Say whether something in the text looks like a CPR number: ddmmyy-xxxx or ten digits that begin with a date.

    Telephone, case, account and other numbers that say what they are, or are part of something longer, are none.
    """
    return any(
        _is_born(found)
        and not _SAYS_OTHERWISE.search(text[max(0, found.start() - NEARBY) : found.start()])
        for found in _CPR.finditer(text)
    )


# Not inside a longer number, and not part of one with signs between: 24/010190-1234, 45 01 01 90 12 34.
_CPR = re.compile(
    r"(?<![0-9A-Za-zÆØÅæøå])(?<![0-9][-/.,–+ ])(?<![/+#@=&?])"
    r"([0-3][0-9])([01][0-9])([0-9]{2}) ?[-–‑]? ?([0-9])[0-9]{3}"
    r"(?![0-9A-Za-zÆØÅæøå])(?![-/.,–+ ][0-9])(?![/@])"
)
_SAYS_OTHERWISE = re.compile(
    r"(?:sags?(?:nr|nummer|id)?|journal(?:nr|nummer)?|j\.? ?nr|tlf|tel|telefon(?:nr|nummer)?|mobil(?:nr|nummer)?"
    r"|fax|konto(?:nr|nummer)?|reg|iban|ean(?:nr|nummer)?|gln|cvr(?:nr|nummer)?|p-?(?:nr|nummer)|faktura(?:nr|nummer)?"
    r"|ordre(?:nr|nummer)?|dok(?:ument)?(?:nr|nummer)?|matrikel(?:nr|nummer)?|isbn|issn|doi|bfe)"
    r"[-.: ]*(?:nr|nummer)?[-.: ]*$",
    re.IGNORECASE,
)


def _is_born(found: re.Match[str]) -> bool:
    day, month, year, seventh = (int(part) for part in found.groups())
    try:
        date(_century(year, seventh) + year, month, day)
    except ValueError:
        return False
    return True


def _century(year: int, seventh: int) -> int:
    if seventh in CENTURY_OF_OLD:
        return 1900
    if seventh in EITHER:
        return 2000 if year <= LATEST_OF_EITHER else 1900
    return 2000 if year <= LATEST_OF_NEW else 1800

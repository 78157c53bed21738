"""The kommuner by name, as they come with the portal: which one an organization is named after."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from klimaspor import danish


def municipalities() -> list[dict[str, str]]:
    """Read the 98 kommuner: kode, navn and regionskode. Christiansø lies outside the division."""
    text = resources.files("klimaspor.accounts").joinpath("kommuner.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def named_after(name: str) -> str:
    """Name the kommune whose name another begins with, e.g. Bornholms Regionskommune for "Bornholms Forsyning"."""
    words = f"{name.casefold()} "
    found = [stem for stem in _stems() if words.startswith(f"{stem} ")]
    return _stems()[max(found, key=len)] if found else ""


@cache
def _stems() -> dict[str, str]:
    """Give the kommuner by how the names of what is theirs begin: by the place's name, and by "its"."""
    found: dict[str, str] = {}
    for row in municipalities():
        place, whole = row["navn"].casefold(), danish.municipality_name(row["navn"])
        found |= {place: whole, f"{place}s": whole}
    return found

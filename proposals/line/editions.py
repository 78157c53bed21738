"""
Which text of a proposal who reads, said once: `READS` is the rule, and SQL, Python and words are made of it.

What a person reads is shown, searched, exported and mailed to them, and nothing else is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

from proposals.line.functions import EARLY_FUNCTIONS, PARTY_FUNCTIONS, SPARRING_FUNCTIONS, Function
from proposals.line.lifecycle import SPARRING, Status
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from proposals.line.models import Version


class Edition(models.IntegerChoices):
    """A text of the proposal, the widest first."""

    LIVE = 1, "det, der skrives nu"
    SENT = 2, "det, der sidst er sendt"
    APPROVAL = 3, "det, der sidst er sendt til godkendelsesforløb"

    @property
    def gates(self) -> frozenset[Gate]:
        """Say which versions are read with it, by the gate they were sent to."""
        return frozenset({Gate.APPROVAL}) if self is Edition.APPROVAL else frozenset(Gate)

    @property
    def holds_taken_back(self) -> bool:
        """Say whether what was taken back is read with it: it came no further than to those who were sent it."""
        return self is not Edition.APPROVAL

    def has(self, version: Version) -> bool:
        """Say whether the version is read with it (`VersionQuerySet.read_as` says it of many)."""
        is_kept = version.taken_back_at is None or self.holds_taken_back
        return version.gate in self.gates and is_kept


@dataclass(frozen=True)
class Reads:
    """One line of the rule."""

    functions: frozenset[Function]
    edition: Edition
    is_for_sparring: bool = False
    """Holds while sparring is open, and no longer."""


READS = (
    Reads(PARTY_FUNCTIONS, Edition.LIVE),
    Reads(SPARRING_FUNCTIONS, Edition.LIVE, is_for_sparring=True),
    Reads(EARLY_FUNCTIONS, Edition.SENT),
    Reads(frozenset({Function.DECIDE, Function.FUND}), Edition.APPROVAL),
)
"""The first line that holds for a person is theirs."""
PUBLIC = Edition.APPROVAL
"""What everybody may hear of a track that was set in motion: the text that was approved."""
PUBLIC_IN = (Status.ACTIVE, Status.COMPLETED)


def edition_of(functions: Collection[str], *, is_sparring_open: bool) -> Edition | None:
    """Give the text that is read in these capacities; None when there is none for them."""
    return next(
        (
            line.edition
            for line in READS
            if line.functions.intersection(functions)
            and (is_sparring_open or not line.is_for_sparring)
        ),
        None,
    )


def edition_sql(function: str, *, opened_at: str, status: str) -> str:
    """Say in SQL which text an access opens, of which the least is what a person reads; the arguments are columns."""
    is_open = f"{opened_at} IS NOT NULL AND {status} IN ({_quoted(SPARRING)})"
    lines = " ".join(
        f"WHEN {function} IN ({_quoted(line.functions)})"
        f"{f' AND {is_open}' if line.is_for_sparring else ''} THEN {line.edition.value}"
        for line in READS
    )
    return f"CASE {lines} END"


def _quoted(values: Iterable[str]) -> str:
    # Values of our own choices, which hold no quotes.
    return ", ".join(f"'{value}'" for value in sorted(values))

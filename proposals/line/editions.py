"""
Which text of a proposal who reads, said once: `READS` is the rule, and SQL, Python and words are made of it.

What a person reads is shown, searched, exported and mailed to them, and nothing else is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Q, Value, When

from proposals.line.functions import EARLY_FUNCTIONS, PARTY_FUNCTIONS, Function
from proposals.line.lifecycle import SPARRING, Status
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from collections.abc import Collection


class Edition(models.IntegerChoices):
    """A text of the proposal, the widest first."""

    LIVE = 1, "det, der skrives nu"
    SENT = 2, "det, der sidst er sendt"
    APPROVAL = 3, "det, der sidst er sendt til godkendelsesforløb"

    @property
    def gates(self) -> frozenset[Gate]:
        """Say which versions are read with it, by the gate they were sent to."""
        return frozenset({Gate.APPROVAL}) if self is Edition.APPROVAL else frozenset(Gate)


@dataclass(frozen=True)
class Reads:
    """One line of the rule."""

    functions: frozenset[Function]
    edition: Edition
    is_for_sparring: bool = False
    """Holds while sparring is open, and no longer."""


READS = (
    Reads(PARTY_FUNCTIONS, Edition.LIVE),
    Reads(frozenset({Function.ADVISE}), Edition.LIVE, is_for_sparring=True),
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


def edition_of_access() -> Case:
    """Say in SQL which text one row of `Access` opens; the least of a person's is what they read."""
    sparring_open = Q(proposal__sparring_opened_at__isnull=False, proposal__status__in=SPARRING)
    return Case(
        *(
            When(
                Q(function__in=sorted(line.functions))
                & (sparring_open if line.is_for_sparring else Q()),
                then=Value(line.edition.value),
            )
            for line in READS
        ),
        output_field=models.IntegerField(),
    )

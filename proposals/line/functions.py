"""In what capacity somebody may see a proposal, and the capacities that go together."""

from __future__ import annotations

from django.db import models


class Function(models.TextChoices):
    """In what capacity somebody may see a proposal."""

    OWN = "own", "ejer"
    WRITE = "write", "skriver"
    READ = "read", "læser"
    ADVISE = "advise", "giver sparring"
    CO_READ = "co_read", "læser med"
    """Another DGO than the one whose proposal it is, where it crosses areas: it reads and comments as that does, and assesses nothing."""
    QUALIFY = "qualify", "kvalificerer"
    RECOMMEND = "recommend", "indstiller"
    DECIDE = "decide", "beslutter"
    FUND = "fund", "bidrager"


class Group(models.TextChoices):
    """Those who hold a capacity together, as everybody in a duty."""

    SECRETARIAT = "secretariat", "sekretariatet"
    COMMITTEE = "committee", "forretningsudvalget"


PARTY_FUNCTIONS = frozenset({Function.OWN, Function.WRITE, Function.READ})
WRITER_FUNCTIONS = frozenset({Function.OWN, Function.WRITE})
SPARRING_FUNCTIONS = frozenset({Function.ADVISE, Function.CO_READ})
"""They read the live text while sparring is open."""
LEAD_FUNCTIONS = frozenset({Function.ADVISE, Function.QUALIFY})
"""What the DGO has whose proposal it is; the secretariat advises too."""
EARLY_FUNCTIONS = SPARRING_FUNCTIONS | {Function.QUALIFY, Function.RECOMMEND}
"""They work with the proposal before it comes to the committee."""
IMPARTIAL_FUNCTIONS = EARLY_FUNCTIONS | {Function.DECIDE}
# A contributor gives money, and asks the secretariat for what it needs to see.
CONFIDENTIAL_FUNCTIONS = PARTY_FUNCTIONS | IMPARTIAL_FUNCTIONS


def on_behalf(organization: str, *, is_confirmed: bool) -> str:
    """Write on whose behalf somebody acts, and that only they have said so where nobody has confirmed it."""
    return organization if is_confirmed or not organization else f"{organization} (ikke bekræftet)"

"""Who has begun on what was sent, which its proposer then can no longer take back (`proposals.submission.taking_back`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proposals.rounds.models import Gate
from proposals.submission import taking_back
from review.next_steps import queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proposals.line.models import Version


def begun(versions: Sequence[Version]) -> dict[int, str]:
    """Say of each version that somebody has begun on what it is: one query."""
    found = {}
    for pk, gate, is_checked in queries.begun(versions):
        if gate == Gate.QUALIFICATION:
            found[pk] = "Din DGO er begyndt på den faglige kvalificering"
        elif is_checked:
            found[pk] = "Sekretariatet er begyndt på den formelle kontrol"
        else:
            found[pk] = "Sekretariatet er begyndt på indstillingen"
    return found


taking_back.BEGUN.append(begun)

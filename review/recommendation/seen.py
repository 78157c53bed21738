"""
What a page showed of what several write on together, so that a save overwrites nothing its writer has not seen.

A page carries a base, a short mark of what stood when it was opened. What stands otherwise by now is shown beside what was
typed before it is written over, and a last look is read again before it is pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klimaspor import danish
from klimaspor.seen import digest_of

if TYPE_CHECKING:
    from klimaspor.seen import Told
    from proposals.line.models import Version
    from review.recommendation.models import Recommendation


def of_recommendation(version: Version | None, recommendation: Recommendation | None) -> str:
    return digest_of(version and version.pk, recommended(recommendation))


def recommended(recommendation: Recommendation | None) -> tuple[Any, ...]:
    """Give what a recommendation says, to be held against what was typed."""
    if recommendation is None:
        return ("", "", "", [], {})
    points = sorted(recommendation.points.all(), key=lambda point: point.position)
    amounts = sorted(recommendation.amounts.all(), key=lambda row: row.funder_id)
    return (
        recommendation.direction,
        recommendation.resume,
        recommendation.reason,
        [point.text for point in points],
        {row.funder_id: danish.money_text(row.amount) for row in amounts},
    )


def told_recommendation(recommendation: Recommendation | None) -> Told:
    if recommendation is None:
        return []
    points = sorted(recommendation.points.all(), key=lambda point: point.position)
    return [
        ("Retning", recommendation.get_direction_display()),
        ("Resumé", recommendation.resume),
        ("At-punkter", "\n".join(f"- {point.text}" for point in points)),
        ("Begrundelse", recommendation.reason),
        *(
            (f"Beløb fra {row.funder.name}", danish.money_text(row.amount))
            for row in recommendation.amounts.all()
        ),
    ]

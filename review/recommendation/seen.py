"""What the pages of the recommendation show, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.seen import Shown
from review.recommendation.models import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from klimaspor.accounts.models import User
    from proposals.line.models import Version
    from review.recommendation.models import Recommendation


def shown_recommendation(version: Version | None, recommendation: Recommendation | None) -> Shown:
    """Show what is written about a version."""
    if recommendation is None:
        return shown_words(version)
    points = sorted(recommendation.points.all(), key=lambda point: point.position)
    return shown_words(
        version,
        direction=recommendation.direction,
        resume=recommendation.resume,
        reason=recommendation.reason,
        points=(point.text for point in points),
        amounts=((row.funder.name, row.amount) for row in recommendation.amounts.all()),
        by=recommendation.edited_by,
    )


def shown_words(
    version: Version | None,
    *,
    direction: str = "",
    resume: str = "",
    reason: str = "",
    points: Iterable[str] = (),
    amounts: Iterable[tuple[str, Decimal]] = (),
    by: User | None = None,
) -> Shown:
    return Shown.of(
        ("Retning", str(Direction(direction).label) if direction else ""),
        ("Resumé", resume),
        ("At-punkter", "\n".join(f"- {text}" for text in points)),
        ("Begrundelse", reason),
        *((f"Beløb fra {name}", danish.money_text(amount)) for name, amount in sorted(amounts)),
        about=version and version.pk,
        by=by,
    )

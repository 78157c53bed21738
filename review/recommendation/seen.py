"""What the pages of the recommendation show, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.seen import Shown
from review.recommendation.models import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from klimaspor.accounts.models import Organization
    from proposals.line.models import Version
    from review.recommendation.models import Recommendation


DIRECTION, RESUME, POINTS, REASON = "direction", "resume", "at", "reason"


def shown_recommendation(
    version: Version | None,
    recommendation: Recommendation | None,
    funders: Iterable[Organization] = (),
) -> Shown:
    """Show what is written about a version, and each of `funders` whether or not it is asked."""
    if recommendation is None:
        return shown_words(version, funders=funders)
    points = sorted(recommendation.points.all(), key=lambda point: point.position)
    return shown_words(
        version,
        direction=recommendation.direction,
        resume=recommendation.resume,
        reason=recommendation.reason,
        points=(point.text for point in points),
        amounts=((row.funder, row.amount) for row in recommendation.amounts.all()),
        funders=funders,
    )


def shown_words(
    version: Version | None,
    *,
    direction: str = "",
    resume: str = "",
    reason: str = "",
    points: Iterable[str] = (),
    amounts: Iterable[tuple[Organization, Decimal]] = (),
    funders: Iterable[Organization] = (),
) -> Shown:
    """Show such words; `funders` are those that may be asked, whether or not they are."""
    asked = dict(amounts)
    every = {funder.pk: funder for funder in (*funders, *asked)}
    return Shown.of_fields(
        (DIRECTION, "Retning", str(Direction(direction).label) if direction else ""),
        (RESUME, "Resumé", resume),
        (POINTS, "At-punkter", "\n".join(f"- {text}" for text in points)),
        (REASON, "Begrundelse", reason),
        *(
            (
                amount_name(funder.pk),
                f"Beløb fra {funder.name}",
                danish.money_text(asked[funder]) if funder in asked else "",
            )
            for funder in sorted(every.values(), key=lambda one: (one.name, one.pk))
        ),
        about=version and version.pk,
    )


def amount_name(funder_pk: int) -> str:
    """Name the field of what is asked of a funder."""
    return f"amount_{funder_pk}"

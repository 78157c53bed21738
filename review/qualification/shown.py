"""What is said about each criterion, as pages list it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review.criteria.models import Criterion
    from review.qualification.models import Qualification


def criteria_said(
    given: Qualification | None, criteria: list[Criterion]
) -> list[dict[str, object]]:
    """List every criterion with what is said about it, which may be nothing."""
    said = {s.criterion_id: s.text for s in given.statements.all()} if given else {}
    return [{"label": str(c), "value": said.get(c.pk, ""), "prose": True} for c in criteria]

"""What the pages of the professional assessment show, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import Shown
from review.criteria.models import Criterion
from review.qualification.models import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klimaspor.accounts.models import User
    from review.qualification.models import Qualification


def shown_qualification(qualification: Qualification) -> Shown:
    """Show what is written so far."""
    return shown_words(
        qualification,
        outcome=qualification.outcome,
        summary=qualification.summary,
        statements=statements(qualification),
        by=qualification.edited_by,
    )


def shown_words(
    qualification: Qualification,
    *,
    outcome: str,
    summary: str,
    statements: Mapping[int, str],
    by: User | None = None,
) -> Shown:
    """Show such words in an assessment."""
    criteria = Criterion.objects.of_round(qualification.proposal.round_id).listed()
    return Shown.of(
        *((str(criterion), statements.get(criterion.pk, "").strip()) for criterion in criteria),
        ("Udfald", str(Outcome(outcome).label) if outcome else ""),
        ("Samlet udtalelse", summary.strip()),
        about=qualification.pk,
        by=by,
    )


def statements(qualification: Qualification) -> dict[int, str]:
    return {one.criterion_id: one.text for one in qualification.statements.all()}


def shown_reply(qualification: Qualification) -> Shown:
    """Show the proposer's answer to an assessment."""
    return Shown.of(
        ("Svaret", qualification.reply), about=qualification.pk, by=qualification.replied_by
    )

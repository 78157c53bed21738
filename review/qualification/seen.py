"""What the pages of the professional assessment show, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import Shown
from review.criteria.models import Criterion
from review.qualification.models import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.qualification.models import Qualification


STATEMENT = "statement_"
OUTCOME, SUMMARY, REPLY = "outcome", "summary", "text"


def shown_qualification(qualification: Qualification) -> Shown:
    """Show what is written so far."""
    return shown_words(
        qualification,
        outcome=qualification.outcome,
        summary=qualification.summary,
        statements=statements(qualification),
    )


def shown_words(
    qualification: Qualification,
    *,
    outcome: str,
    summary: str,
    statements: Mapping[int, str],
) -> Shown:
    """Show such words in an assessment."""
    criteria = Criterion.objects.of_round(qualification.proposal.round_id).listed()
    return Shown.of_fields(
        *((statement_name(one), str(one), statements.get(one.pk, "").strip()) for one in criteria),
        (OUTCOME, "Udfald", str(Outcome(outcome).label) if outcome else ""),
        (SUMMARY, "Samlet udtalelse", summary.strip()),
        about=qualification.pk,
    )


def statement_name(criterion: Criterion) -> str:
    """Name the field of what is said about a criterion."""
    return f"{STATEMENT}{criterion.pk}"


def statements(qualification: Qualification) -> dict[int, str]:
    return {one.criterion_id: one.text for one in qualification.statements.all()}


def shown_reply(qualification: Qualification) -> Shown:
    """Show the proposer's answer to an assessment."""
    return Shown.of_fields(
        (REPLY, "Svaret", qualification.reply), about=qualification.pk, by=qualification.replied_by
    )

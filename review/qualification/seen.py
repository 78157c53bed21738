"""
What a page showed of what several write on together, so that a save overwrites nothing its writer has not seen.

A page carries a base, a short mark of what stood when it was opened. What stands otherwise by now is shown beside what was
typed before it is written over, and a last look is read again before it is pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import digest_of
from review.criteria.models import Criterion

if TYPE_CHECKING:
    from klimaspor.seen import Told
    from review.qualification.models import Qualification


def of_qualification(qualification: Qualification | None) -> str:
    return digest_of(qualification.pk, qualification.revision) if qualification else ""


def told_qualification(qualification: Qualification) -> Told:
    given = {one.criterion_id: one.text for one in qualification.statements.all()}
    criteria = Criterion.objects.of_round(qualification.proposal.round_id).listed()
    return [
        *((str(criterion), given.get(criterion.pk, "")) for criterion in criteria),
        ("Udfald", qualification.get_outcome_display()),
        ("Samlet udtalelse", qualification.summary),
    ]


def of_reply(qualification: Qualification | None) -> str:
    return digest_of(qualification.pk, qualification.reply) if qualification else ""

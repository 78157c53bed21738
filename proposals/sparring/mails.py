"""What the letters of intake say, one function each: name = folder under templates/mail = function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.line.addresses import sparring_address
from proposals.line.mails import put_letter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal
    from proposals.sparring.models import Advice


def sparring_opened(proposal: Proposal, to: Iterable[User], *, by: User, at: datetime) -> None:
    for person in to:
        put_letter(
            "sparring_opened",
            f"{proposal.pk}:{proposal.revision}",
            person,
            at,
            proposal=proposal,
            by=by,
        )


def advice_given(comment: Advice, to: Iterable[User], *, at: datetime) -> None:
    """At most one a day for each proposal: the page shows the rest."""
    for person in to:
        put_letter(
            "advice_given",
            f"{comment.proposal_id}:{danish.day_of(at)}",
            person,
            at,
            comment=comment,
            proposal=comment.proposal,
            path=sparring_address(comment.proposal.number),
        )

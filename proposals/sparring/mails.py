"""What the letters of intake say, one function each: name = folder under templates/mail = function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.line.addresses import sparring_address
from proposals.line.mails import put_letter
from proposals.sparring.models import Circle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal
    from proposals.sparring.models import Advice

INNER = "advice_among_advisers"
"""The letter about what is said between DGO and secretariat, which quotes nothing of it."""


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
    _put(comment, to, name="advice_given", is_mentioned=False, at=at)


def advice_mentioned(comment: Advice, to: Iterable[User], *, at: datetime) -> None:
    """Tell those who are mentioned by name, at most once a day for each proposal."""
    _put(comment, to, name="advice_mentioned", is_mentioned=True, at=at)


def change_made(thread: Advice, to: Iterable[User], *, by: User, at: datetime) -> None:
    """Tell whoever asked for a change that a writer says it is made, at most once a day for each proposal."""
    for person in to:
        put_letter(
            "change_made",
            f"{thread.proposal_id}:{danish.day_of(at)}",
            person,
            at,
            comment=thread,
            proposal=thread.proposal,
            by=by,
            path=sparring_address(thread.proposal.number),
        )


def _put(
    comment: Advice, to: Iterable[User], *, name: str, is_mentioned: bool, at: datetime
) -> None:
    is_inner = comment.circle != Circle.EVERYBODY
    key = f"{comment.proposal_id}:{danish.day_of(at)}"
    for person in to:
        put_letter(
            INNER if is_inner else name,
            f"{key}:mentioned" if is_inner and is_mentioned else key,
            person,
            at,
            comment=comment,
            quoted=comment.text or comment.suggestion,
            is_mentioned=is_mentioned,
            proposal=comment.proposal,
            path=sparring_address(comment.proposal.number),
        )

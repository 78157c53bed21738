"""What the letters of intake say, one function each: name = folder under templates/mail = function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.gates import deadlines
from proposals.line.mails import letter, put_letter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import Dgo, User
    from klimaspor.mail.outbox import Letter
    from proposals.line.models import Proposal
    from proposals.rounds.models import Gate


def dgo_changed(
    proposal: Proposal,
    to: Iterable[User],
    *,
    reason: str,
    is_party: bool,
    by: User,
    at: datetime,
) -> None:
    """To the DGO that gets it, which is to work with it, and to the proposal's people."""
    for person in to:
        put_letter(
            "dgo_changed",
            f"{proposal.pk}:{at.isoformat()}",
            person,
            at,
            proposal=proposal,
            reason=reason,
            is_party=is_party,
            by=by,
        )


def co_reader_added(
    proposal: Proposal, dgo: Dgo, to: Iterable[User], *, note: str, by: User, at: datetime
) -> None:
    for person in to:
        put_letter(
            "co_reader_added",
            f"{proposal.pk}:{dgo.pk}:{at.isoformat()}",
            person,
            at,
            proposal=proposal,
            dgo=dgo,
            note=note,
            by=by,
        )


def registered(proposal: Proposal, to: User, *, at: datetime) -> None:
    put_letter("registered", str(proposal.pk), to, at, proposal=proposal)


def draft_reminder(
    proposal: Proposal, to: User, *, key: str, gate: Gate, due_at: datetime, at: datetime
) -> Letter:
    """The key names the deadline it is about: a moved deadline is reminded of anew; `due_at` is the person's own."""
    return letter(
        "draft_reminder",
        key,
        to,
        proposal=proposal,
        due_at=due_at,
        is_leave=not deadlines.is_common(proposal, due_at),
        gate=gate.label,
        workdays=danish.workdays_text(danish.day_of(at), danish.day_of(due_at)),
    )

"""What of a proposal a person reads (`line.editions` has the rule): pages, prints and neighbours begin here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proposals.answers.content import Content, keep_participants
from proposals.line.editions import Edition
from proposals.line.standing import edition, latest_sent

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal, Version


def reading(
    user: User, proposal: Proposal, *, at: datetime
) -> tuple[Content | None, Version | None]:
    """Give what the person reads, and which version it is unless it is the live text; nothing when nothing was sent to them."""
    if reads_live(user, proposal, at=at):
        content = Content.of(proposal, at=at)
        keep_participants(proposal, content.participants, at=at)
        return content, None
    version = latest_sent(user, proposal, at=at)
    return (Content.of_version(version), version) if version else (None, None)


def reads_live(user: User, proposal: Proposal, *, at: datetime) -> bool:
    return edition(user, proposal, at=at) == Edition.LIVE

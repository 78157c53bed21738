"""What of a proposal a person reads (`line.editions` has the rule): pages, prints and neighbours begin here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proposals.answers.content import Content, keep_participants
from proposals.line.editions import Edition
from proposals.line.standing import edition

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal, Version
    from proposals.line.queries import VersionQuerySet


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


def readable_versions(user: User, proposal: Proposal, *, at: datetime) -> VersionQuerySet:
    """Narrow the proposal's versions to those the person may read, the newest first."""
    versions: VersionQuerySet = proposal.versions.read_as(edition(user, proposal, at=at))
    return versions.newest_first()


def latest_sent(user: User, proposal: Proposal, *, at: datetime) -> Version | None:
    """Give the version that the person reads, unless it is the live text; None when nothing was sent to them."""
    version: Version | None = readable_versions(user, proposal, at=at).first()
    return version

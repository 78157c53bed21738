"""What a person has read of a proposal, and what is new since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proposals.drafting.models import FieldVersion
from proposals.line.editions import Edition
from proposals.line.standing import edition, standings
from proposals.reading.models import ReadMark

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal


@dataclass(frozen=True)
class News:
    """What is new to a reader since they last read."""

    is_read: bool
    """Whether they have ever marked it as read."""
    names: frozenset[str] = frozenset()
    """The questions that were changed since, or accessors of rows (as in `FieldVersion`)."""

    @property
    def count(self) -> int:
        return len(self.names)


def news_of(user: User, proposals: Iterable[Proposal], *, at: datetime) -> dict[int, News]:
    """Give what is new in each proposal to the reader, by key, in a constant number of queries."""
    proposals = list(proposals)
    standings(user, proposals, at=at)
    marks = {
        mark.proposal_id: mark
        for mark in ReadMark.objects.of_reader(user).of_proposals(p.pk for p in proposals)
    }
    live = [p for p in proposals if p.pk in marks and edition(user, p, at=at) == Edition.LIVE]
    changed: dict[int, set[str]] = defaultdict(set)
    for row in FieldVersion.objects.of_proposals(p.pk for p in live):
        if row.edited_at > marks[row.proposal_id].read_at:
            changed[row.proposal_id].add(row.name)
    return {
        p.pk: News(is_read=p.pk in marks, names=frozenset(changed.get(p.pk, ()))) for p in proposals
    }

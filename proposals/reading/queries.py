"""Questions about what was read last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal
    from proposals.reading.models import ReadMark, Snapshot


class ReadMarkQuerySet(QuerySet["ReadMark"]):
    def of_reader(self, user: User) -> Self:
        return self.filter(user=user)

    def of_proposals(self, proposal_ids: Iterable[int]) -> Self:
        return self.filter(proposal__in=list(proposal_ids))

    def with_text(self) -> Self:
        return self.select_related("version", "snapshot")


class SnapshotQuerySet(QuerySet["Snapshot"]):
    def among(self, pks: Iterable[int]) -> Self:
        return self.filter(pk__in=list(pks))

    def left_by_all(self, proposal: Proposal) -> Self:
        """Narrow to those of the proposal that no mark stands at, nor goes back to."""
        return self.filter(proposal=proposal, read_marks=None, earlier_read_marks=None)

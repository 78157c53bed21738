"""Questions about the versions of answers, and the one write that claims the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import connection
from django.db.models import QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.drafting.models import FieldVersion
    from proposals.line.models import Proposal


class FieldVersionQuerySet(QuerySet["FieldVersion"]):
    def of_proposal(self, number: str) -> Self:
        return self.filter(proposal__number=number)

    def of_proposals(self, proposal_ids: Iterable[int]) -> Self:
        return self.filter(proposal__in=list(proposal_ids))

    def of_fields(self, names: Iterable[str]) -> Self:
        return self.filter(name__in=names)

    def with_people(self) -> Self:
        return self.select_related("edited_by")

    def claim(
        self, proposal: Proposal, seen: Mapping[str, int], *, by: User, at: datetime
    ) -> set[str]:
        """Give answers their next version, each only where the version that was seen still stands; return which."""
        if not seen:
            return set()
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO proposals_fieldversion AS stood
                    (proposal_id, name, number, edited_at, edited_by_id)
                SELECT %s, seen.name, seen.number + 1, %s, %s
                FROM unnest(%s::text[], %s::int[]) AS seen (name, number)
                ON CONFLICT (proposal_id, name) DO UPDATE
                    SET number = EXCLUDED.number, edited_at = EXCLUDED.edited_at,
                        edited_by_id = EXCLUDED.edited_by_id
                    WHERE stood.number = EXCLUDED.number - 1
                RETURNING name
                """,
                [proposal.pk, at, by.pk, list(seen), list(seen.values())],
            )
            return {name for (name,) in cursor.fetchall()}

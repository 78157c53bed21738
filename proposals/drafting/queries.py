"""Questions about the versions of answers and their history, and the two writes that claim the next and keep what it says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import connection
from django.db.models import F, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.drafting.models import AnswerChange, FieldVersion
    from proposals.line.models import Proposal

PAUSE = timedelta(minutes=5)
"""What one person writes with shorter pauses than this is one entry of the history."""
LONG = 200
"""Where an answer of more signs than this loses half of them, what it said is kept."""


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


class AnswerChangeQuerySet(QuerySet["AnswerChange"]):
    def of_answer(self, name: str) -> Self:
        """Narrow to what changed one answer; what came back to where it began did not."""
        return self.filter(name=name).exclude(before=F("after"))

    def begun_since(self, at: datetime) -> Self:
        return self.filter(began_at__gte=at)

    def with_people(self) -> Self:
        return self.select_related("edited_by")

    def newest_first(self) -> Self:
        return self.order_by("-edited_at", "-pk")

    def close(self, proposal: Proposal, *names: str) -> None:
        """Let what is written next be an entry of its own, in these answers or in all."""
        open_ones = self.filter(proposal=proposal, is_closed=False)
        (open_ones.filter(name__in=names) if names else open_ones).update(is_closed=True)

    def keep(
        self,
        proposal: Proposal,
        texts: Mapping[str, tuple[str | None, str]],
        *,
        by: User | None,
        at: datetime,
    ) -> None:
        """
        Keep from what to what answers were written, by their names, as the next entry or in the one that is going on.

        What nobody read before it was written over is what the latest entry says. The proposal's row is held.
        """
        before, after = zip(*texts.values(), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH came AS (
                    SELECT * FROM unnest(%(names)s::text[], %(before)s::text[], %(after)s::text[])
                        WITH ORDINALITY AS came (name, stood, after, place)
                ), latest AS (
                    SELECT DISTINCT ON (name) id, name, after, edited_at, edited_by_id, is_closed
                    FROM proposals_answerchange
                    WHERE proposal_id = %(proposal)s AND name = ANY(%(names)s)
                    ORDER BY name, id DESC
                ), grown AS (
                    UPDATE proposals_answerchange AS kept
                    SET after = came.after, edited_at = %(at)s
                    FROM came JOIN latest USING (name)
                    WHERE kept.id = latest.id
                        AND NOT latest.is_closed
                        AND latest.edited_by_id = %(by)s
                        AND latest.edited_at >= %(since)s
                        AND (
                            length(latest.after) <= %(long)s
                            OR 2 * length(came.after) >= length(latest.after)
                        )
                    RETURNING kept.name
                )
                INSERT INTO proposals_answerchange
                    (proposal_id, name, before, after, began_at, edited_at, edited_by_id, is_closed)
                SELECT %(proposal)s, came.name, coalesce(came.stood, latest.after), came.after,
                    %(at)s, %(at)s, %(by)s, false
                FROM came LEFT JOIN latest USING (name)
                WHERE came.name NOT IN (SELECT name FROM grown)
                    AND coalesce(came.stood, latest.after) IS DISTINCT FROM came.after
                ORDER BY came.place
                """,
                {
                    "names": list(texts),
                    "before": list(before),
                    "after": list(after),
                    "proposal": proposal.pk,
                    "by": by.pk if by else None,
                    "at": at,
                    # Who reads along from when sparring was opened is shown nothing that was written before.
                    "since": max(filter(None, (at - PAUSE, proposal.sparring_opened_at))),
                    "long": LONG,
                },
            )

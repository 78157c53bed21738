"""Questions about words: what a text is about, and which of its words others share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LONGEST = 30_000
"""So many characters of a text say what it is about."""


def stems_of(text: str) -> list[tuple[str, str]]:
    """Give each word of a Danish text with its stem, in order, without the words that say nothing: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lower(token), (ts_lexize('danish_stem', lower(token)))[1]"
            " FROM ts_parse('default', %s) WHERE tokid IN (1, 2, 10, 11)",
            [text[:LONGEST]],
        )
        return [(word, stem) for word, stem in cursor.fetchall() if stem]


def any_of(stems: Iterable[str]) -> SearchQuery | None:
    """Ask for any of the stems; None when there are none."""
    quoted = ["'" + s.replace("\\", "\\\\").replace("'", "''") + "'" for s in stems]
    return SearchQuery(" | ".join(quoted), config="simple", search_type="raw") if quoted else None


def shared_stems(
    stems: Collection[str], *, proposals: Collection[int], versions: Collection[int]
) -> dict[tuple[str, int], tuple[set[str], set[str]]]:
    """
    Give which of the stems each live text ("live", pk) and each sent version ("sent", pk) has: one query.

    First anywhere in it, then in what it says of the klimahandlingsplaner.
    """
    plan = (
        "jsonb_path_query_first(content, '$.answers[*] ? (@.name == \"plan_needs\").text') #>> '{}'"
    )
    wanted = list(stems)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT kind, id, array(SELECT unnest(tsvector_to_array(search)) INTERSECT SELECT unnest(%s::text[])),
                   array(SELECT unnest(tsvector_to_array(to_tsvector('danish', coalesce(plan, ''))))
                         INTERSECT SELECT unnest(%s::text[]))
            FROM (SELECT 'live' AS kind, id, search, plan_needs AS plan FROM proposals_proposal WHERE id = ANY(%s)
                  UNION ALL
                  SELECT 'sent', id, search, {plan} FROM proposals_version WHERE id = ANY(%s)) AS texts
            """,  # noqa: S608  # nothing that anybody wrote stands in it
            [wanted, wanted, list(proposals), list(versions)],
        )
        rows: list[Any] = cursor.fetchall()
    return {(kind, pk): (set(found), set(planned)) for kind, pk, found, planned in rows}

"""Questions about words: what a text is about, and which of its words others share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def any_of(stems: Iterable[str]) -> str | None:
    """Ask for any of the stems (`tsquery`); None when there are none."""
    quoted = ["'" + s.replace("\\", "\\\\").replace("'", "''") + "'" for s in stems]
    return " | ".join(quoted) or None


def shared_stems(
    stems: Collection[str], read: Collection[tuple[int, int, int | None]]
) -> dict[int, tuple[set[str], set[str]]]:
    """
    Give which of the stems stand in what is read, given as (proposal, edition, version or None): one query.

    First in its title and answers, whoever is named beside them; then in what it says of the klimahandlingsplaner.
    """
    proposals, editions, versions = zip(*read, strict=True) if read else ((), (), ())
    wanted = list(stems)
    with connection.cursor() as cursor:
        cursor.execute(SHARED, [wanted, wanted, *map(list, (proposals, editions, versions))])
        rows: list[Any] = cursor.fetchall()
    return {pk: (set(found), set(planned)) for pk, found, planned in rows}


SHARED = """
    SELECT read.proposal,
        array(SELECT unnest(tsvector_to_array(ts_filter(text.document, '{a,c}')))
              INTERSECT SELECT unnest(%s::text[])),
        array(SELECT unnest(tsvector_to_array(to_tsvector('danish', coalesce(CASE
                  WHEN read.version IS NULL THEN proposal.plan_needs
                  ELSE jsonb_path_query_first(
                      version.content, '$.answers[*] ? (@.name == "plan_needs").text') #>> '{}'
              END, ''))))
              INTERSECT SELECT unnest(%s::text[]))
    FROM unnest(%s::bigint[], %s::int[], %s::bigint[]) AS read (proposal, edition, version)
    JOIN proposals_searchtext AS text
        ON text.proposal_id = read.proposal AND text.edition = read.edition
    JOIN proposals_proposal AS proposal ON proposal.id = read.proposal
    LEFT JOIN proposals_version AS version ON version.id = read.version
"""

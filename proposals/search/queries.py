"""Reading what a document is made of, and writing it, in SQL of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import QuerySet

from klimaspor import search

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.search.models import SearchText
    from proposals.search.steps import Text

KEEP = f"""
    INSERT INTO proposals_searchtext (proposal_id, edition, title, names, document)
    SELECT said.proposal, said.edition, said.title, said.names,
        {search.TITLE} || said.names || {search.PROSE}
    FROM (
        SELECT %s::bigint AS proposal, %s::int AS edition, %s AS title, {search.NAMES} AS names
    ) AS said
    ON CONFLICT (proposal_id, edition) DO UPDATE
        SET title = EXCLUDED.title, names = EXCLUDED.names, document = EXCLUDED.document
"""  # noqa: S608 - values stand apart
KEEP_ANSWERS = f"""
    UPDATE proposals_searchtext
    SET title = %s, document = {search.TITLE} || names || {search.PROSE}
    WHERE proposal_id = %s AND edition = %s
"""  # noqa: S608 - the same
PEOPLE = """
    SELECT proposal.id, organization.name, dgo.name, person.name
    FROM proposals_proposal AS proposal
    LEFT JOIN accounts_organization AS organization ON organization.id = proposal.organization_id
    LEFT JOIN accounts_dgo AS dgo ON dgo.id = proposal.lead_dgo_id
    LEFT JOIN proposals_access AS held ON held.proposal_id = proposal.id
        AND held.user_id IS NOT NULL AND held.until_at IS NULL
    LEFT JOIN accounts_user AS person ON person.id = held.user_id OR person.id = proposal.owner_id
    WHERE proposal.id = ANY(%s)
"""
PARTICIPANTS = """
    SELECT participant.proposal_id, COALESCE(organization.name, participant.typed_name)
    FROM proposals_participant AS participant
    LEFT JOIN accounts_organization AS organization ON organization.id = participant.organization_id
    WHERE participant.proposal_id = ANY(%s)
"""


class SearchTextQuerySet(QuerySet["SearchText"]):
    def keep(self, texts: Iterable[Text]) -> None:
        """Write the document of each text, over the one there was."""
        with connection.cursor() as cursor:
            cursor.executemany(
                KEEP,
                [
                    [
                        *search.title(text.title),
                        *search.prose(text.prose),
                        text.proposal,
                        text.edition,
                        text.title,
                        *search.names(text.names),
                    ]
                    for text in texts
                ],
            )

    def keep_answers(self, text: Text) -> bool:
        """Write what an answer changes of a document, all but the names in it; return whether there was one."""
        with connection.cursor() as cursor:
            written = [*search.title(text.title), *search.prose(text.prose)]
            cursor.execute(KEEP_ANSWERS, [text.title, *written, text.proposal, text.edition])
            return bool(cursor.rowcount)

    def people(self, proposals: Iterable[int]) -> dict[int, list[str]]:
        """Name the organization, the DGO and the people that every reader of each proposal is shown: one query."""
        return _gathered(PEOPLE, proposals)

    def participants(self, proposals: Iterable[int]) -> dict[int, list[str]]:
        """Name who takes part in the live text of each proposal: one query."""
        return _gathered(PARTICIPANTS, proposals)


def _gathered(sql: str, proposals: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, dict[str, None]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(proposals)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    for pk, *names in rows:
        found.setdefault(pk, {}).update(dict.fromkeys(name for name in names if name))
    return {pk: list(names) for pk, names in found.items()}

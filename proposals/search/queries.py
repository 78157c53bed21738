"""Reading what a document is made of, and writing it, in SQL of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import QuerySet

from klimaspor import search
from proposals.line.editions import Edition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klimaspor.accounts.models import Dgo, Organization, User
    from proposals.search.models import SearchText
    from proposals.search.steps import Text

RIGHT = f"""
    SELECT said.proposal, said.edition, said.title, said.names,
        {search.TITLE} || said.names || {search.PROSE} AS document
    FROM (
        SELECT %s::bigint AS proposal, %s::int AS edition, %s AS title, {search.NAMES} AS names
    ) AS said
"""  # noqa: S608 - values stand apart
"""What is kept of a text, given as `_values`."""
KEEP = f"""
    INSERT INTO proposals_searchtext (proposal_id, edition, title, names, document) {RIGHT}
    ON CONFLICT (proposal_id, edition) DO UPDATE
        SET title = EXCLUDED.title, names = EXCLUDED.names, document = EXCLUDED.document
"""  # noqa: S608 - values stand apart
DIFFERS = f"""
    SELECT right_one.proposal FROM ({RIGHT}) AS right_one
    LEFT JOIN proposals_searchtext AS kept
        ON kept.proposal_id = right_one.proposal AND kept.edition = right_one.edition
    WHERE (kept.title, kept.names, kept.document)
        IS DISTINCT FROM (right_one.title, right_one.names, right_one.document)
"""  # noqa: S608 - the same
KEEP_ANSWERS = f"""
    UPDATE proposals_searchtext AS kept
    SET title = said.title,
        document = said.document || kept.names
            || CASE WHEN kept.edition = {Edition.LIVE} THEN said.prose ELSE '' END
    FROM (
        SELECT %s::bigint AS proposal, %s AS title, {search.TITLE} AS document, {search.PROSE} AS prose
    ) AS said
    WHERE kept.proposal_id = said.proposal AND (
        kept.edition = {Edition.LIVE}
        OR kept.edition = {Edition.SENT} AND NOT EXISTS (
            SELECT FROM proposals_version AS sent WHERE sent.proposal_id = said.proposal
        )
    )
"""  # noqa: S608 - the same
"""Of what was never sent, advisers go on seeing the title that was open to them."""
NAMING = {
    "Organization": """
        SELECT id FROM proposals_proposal WHERE organization_id = %s
        UNION SELECT proposal_id FROM proposals_participant WHERE organization_id = %s
    """,
    "Dgo": "SELECT id FROM proposals_proposal WHERE lead_dgo_id = %s",
    "User": """
        SELECT id FROM proposals_proposal WHERE owner_id = %s
        UNION SELECT proposal_id FROM proposals_access WHERE user_id = %s AND until_at IS NULL
    """,
}
"""Which proposals name somebody, by what they are."""
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
            cursor.executemany(KEEP, [_values(text) for text in texts])

    def differing(self, texts: Iterable[Text]) -> set[int]:
        """Say of which proposals a text that is kept is another than it should be, or is missing."""
        wrong: set[int] = set()
        with connection.cursor() as cursor:
            for text in texts:
                cursor.execute(DIFFERS, _values(text))
                wrong.update(pk for (pk,) in cursor.fetchall())
        return wrong

    def naming(self, somebody: Organization | Dgo | User) -> list[int]:
        """List the proposals that name the organization, DGO or person."""
        sql = NAMING[str(somebody._meta.object_name)]
        with connection.cursor() as cursor:
            cursor.execute(sql, [somebody.pk] * sql.count("%s"))
            return sorted(pk for (pk,) in cursor.fetchall())

    def keep_answers(self, text: Text) -> bool:
        """Write what answers change of the live document, all but the names in it; return whether there was one."""
        with connection.cursor() as cursor:
            written = [*search.title(text.title), *search.prose(text.prose)]
            cursor.execute(KEEP_ANSWERS, [text.proposal, text.title, *written])
            return bool(cursor.rowcount)

    def people(self, proposals: Iterable[int]) -> dict[int, list[str]]:
        """Name the organization, the DGO and the people that every reader of each proposal is shown: one query."""
        return _gathered(PEOPLE, proposals)

    def participants(self, proposals: Iterable[int]) -> dict[int, list[str]]:
        """Name who takes part in the live text of each proposal: one query."""
        return _gathered(PARTICIPANTS, proposals)


def _values(text: Text) -> list[Any]:
    return [
        *search.title(text.title),
        *search.prose(text.prose),
        text.proposal,
        text.edition,
        text.title,
        *search.names(text.names),
    ]


def _gathered(sql: str, proposals: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(proposals)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    for pk, *names in rows:
        found.setdefault(pk, set()).update(name for name in names if name)
    # In one order, so that the same names make the same document.
    return {pk: sorted(names) for pk, names in found.items()}

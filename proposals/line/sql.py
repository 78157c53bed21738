"""
What every page asks of a proposal, in SQL of our own: who holds it, which text they read, who is tied to it.

Django would put these expressions together anew for each page, which takes several times as long as the answer. Python says
the same in `standing`, `editions` and `impartiality`; tests hold them equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, CharField, Func, IntegerField, Q

from klimaspor.prepared import Given
from proposals.line.editions import PUBLIC, Edition, edition_sql
from proposals.line.functions import (
    EARLY_FUNCTIONS,
    PARTY_FUNCTIONS,
    WRITER_FUNCTIONS,
    Function,
    Group,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Field

    from klimaspor.accounts.models import Duties, User


class OfProposal(Func):
    """
    Something asked of a proposal, as an expression of a query about proposals.

    `{0}` is the proposal's key, and those after it are the `fields` named besides; `%s` are the values.
    """

    def __init__(
        self, sql: str, values: Iterable[Any], *fields: str, output_field: Field[Any, Any]
    ) -> None:
        super().__init__("pk", *fields, output_field=output_field)
        self.sql, self.values = sql, tuple(values)

    @property
    def conditional(self) -> bool:
        return isinstance(self.output_field, BooleanField)

    def as_sql(  # type: ignore[override]  # a function's other arguments are for its name and template
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        columns = [compiler.compile(column)[0] for column in self.source_expressions]
        return self.sql.format(*columns), self.values


CURRENT = "held.since_at <= %s AND (held.until_at IS NULL OR held.until_at > %s)"
"""Of accesses: open at a moment, which is given twice."""
UNBIASED = """(
    held.user_id = %s
    OR NOT EXISTS (
        SELECT FROM proposals_impartiality AS settled
        WHERE settled.proposal_id = held.proposal_id
            AND settled.user_id = %s
            AND settled.is_impartial IS FALSE
            AND settled.replaced_at IS NULL
            AND (settled.holds_for_funding OR held.function <> 'fund')
    )
)"""
"""Of accesses: the person's own, or held in a function in which they are not found partial."""


def opened(user: User, *, at: datetime) -> tuple[str, list[Any]]:
    """Say of accesses (`held`) that they are open now to the person, of their own right or through a duty."""
    duties = user.duties_at(at)
    ways, values = ["held.user_id = %s"], [at, at, user.pk]
    for column, ids in (("dgo_id", duties.dgo_ids), ("organization_id", duties.funder_ids)):
        if ids:
            ways.append(f"held.{column} = ANY(%s)")
            values.append(_listed(ids))
    for group, is_in in (
        (Group.SECRETARIAT, duties.is_secretariat),
        (Group.COMMITTEE, duties.is_committee),
    ):
        if is_in:
            ways.append('held."group" = %s')
            values.append(group.value)
    return f"{CURRENT} AND ({' OR '.join(ways)})", values


def _listed(ids: frozenset[int]) -> Any:
    return ids if isinstance(ids, Given) else list(ids)


def _values(functions: Iterable[Function]) -> list[str]:
    return sorted(function.value for function in functions)


def held(user: User, *, at: datetime) -> tuple[str, list[Any]]:
    """Say of accesses (`held`) that the person holds them now, and not through a function in which they are partial."""
    sql, values = opened(user, at=at)
    if not user.duties_at(at).is_staff:
        return sql, values
    return f"{sql} AND {UNBIASED}", [*values, user.pk, user.pk]


def is_held(user: User, *, at: datetime, each: bool = False) -> OfProposal:
    """
    Say whether the person holds anything of the proposal now.

    With `each` PostgreSQL asks it of the rows that are read, one by one, and never looks up all that is held beforehand.
    """
    rows, values = held(user, at=at)
    found = f"FROM proposals_access AS held WHERE held.proposal_id = {{0}} AND {rows}"
    # A value is never made a join of.
    sql = f"(SELECT TRUE {found} LIMIT 1)" if each else f"EXISTS (SELECT {found})"
    return OfProposal(sql, values, output_field=BooleanField())


def is_held_as(functions: Iterable[Function], user: User, *, at: datetime) -> OfProposal:
    """Say whether the person holds one of these functions of their own right."""
    sql = f"""EXISTS (
        SELECT FROM proposals_access AS held
        WHERE held.proposal_id = {{0}} AND {CURRENT}
            AND held.user_id = %s AND held.function = ANY(%s)
    )"""
    return OfProposal(sql, (at, at, user.pk, _values(functions)), output_field=BooleanField())


def is_among_advisers(user: User, *, at: datetime) -> Q:
    """Say in SQL about proposals what `Standing.is_among_advisers` says about one."""
    duties = user.duties_at(at)
    rows, values = held(user, at=at)
    works_with_it = f"""EXISTS (
        SELECT FROM proposals_access AS held
        WHERE held.proposal_id = {{0}} AND {rows} AND held.function = ANY(%s)
    )"""
    registered_it = "({1} = %s AND {2} <> %s)" if duties.is_secretariat else "FALSE"
    is_party = f"""EXISTS (
        SELECT FROM proposals_access AS held
        WHERE held.proposal_id = {{0}} AND {CURRENT}
            AND held.user_id = %s AND held.function = ANY(%s)
    )"""
    sql = f"({works_with_it} AND ({registered_it} OR NOT {is_party}))"
    registered_by = [user.pk, user.pk] if duties.is_secretariat else []
    parties = [at, at, user.pk, _values(PARTY_FUNCTIONS)]
    found = OfProposal(
        sql,
        [*values, _values(EARLY_FUNCTIONS), *registered_by, *parties],
        "created_by",
        "owner",
        output_field=BooleanField(),
    )
    return Q(found) & ~blocked_for(user, duties, at=at)


def reading(user: User, *, at: datetime) -> tuple[OfProposal, OfProposal]:
    """Give the text that the person reads (`Edition`), and its title."""
    rows, values = held(user, at=at)
    opens = edition_sql("held.function", opened_at="{1}", status="{2}")
    edition = f"""(
        SELECT MIN({opens}) FROM proposals_access AS held WHERE held.proposal_id = {{0}} AND {rows}
    )"""  # noqa: S608 - nothing that anybody wrote stands in it
    sent = f"""(
        SELECT text.title FROM proposals_searchtext AS text
        WHERE text.proposal_id = {{0}} AND text.edition = COALESCE(read.edition, {PUBLIC})
    )"""  # noqa: S608 - the same
    title = f"""(
        SELECT CASE read.edition
            WHEN {Edition.LIVE} THEN {{3}}
            WHEN {Edition.SENT} THEN COALESCE({sent}, {{3}})
            ELSE NULLIF({sent}, '')
        END
        FROM (SELECT {edition} AS edition) AS read
    )"""  # noqa: S608 - the same
    fields = ("sparring_opened_at", "status")
    return (
        OfProposal(edition, values, *fields, output_field=IntegerField()),
        OfProposal(title, values, *fields, "title", output_field=CharField()),
    )


def blocked_for(user: User, duties: Duties, *, at: datetime, as_funder: bool = False) -> Q:
    """Say in SQL about proposals what `impartiality.is_blocked` says about one: tied or declared, not dismissed."""
    ids = _listed(duties.other_organization_ids if as_funder else duties.organization_ids)
    asked = " AND raised.holds_for_funding" if as_funder else ""
    sql = f"""(
        EXISTS (
            SELECT FROM proposals_impartiality AS raised
            WHERE raised.proposal_id = {{0}} AND raised.user_id = %s
                AND raised.is_impartial IS NOT TRUE AND raised.replaced_at IS NULL{asked}
        )
        OR NOT EXISTS (
            SELECT FROM proposals_impartiality AS raised
            WHERE raised.proposal_id = {{0}} AND raised.user_id = %s{asked}
        )
        AND (
            NOT ({{1}} = %s AND {{2}} <> %s)
            AND EXISTS (
                SELECT FROM proposals_access AS held
                WHERE held.proposal_id = {{0}} AND {CURRENT}
                    AND held.user_id = %s AND held.function = ANY(%s)
            )
            OR EXISTS (
                SELECT FROM proposals_commitment AS answer
                JOIN proposals_participant AS participant ON participant.id = answer.participant_id
                WHERE participant.proposal_id = {{0}} AND answer.contact_id = %s
            )
            OR EXISTS (
                SELECT FROM accounts_organization AS behind
                WHERE (behind.id = ANY(%s) OR behind.successor_id = ANY(%s))
                    AND (behind.id = {{3}} OR EXISTS (
                        SELECT FROM proposals_participant AS participant
                        WHERE participant.proposal_id = {{0}} AND participant.organization_id = behind.id
                    ))
            )
        )
    )"""  # noqa: S608 - nothing that anybody wrote stands in it
    writes = [at, at, user.pk, _values(WRITER_FUNCTIONS)]
    values = [*[user.pk] * 4, *writes, user.pk, ids, ids]
    fields = ("created_by", "owner", "organization")
    return Q(OfProposal(sql, values, *fields, output_field=BooleanField()))

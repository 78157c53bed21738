"""
Who speaks for an organization: whoever the secretariat has confirmed, or who has proved an address of it.

A claim lets nobody speak. Which addresses are an organization's is data: the domains that the secretariat writes on it
(`Organization.domains`). The portal comes with none, looks none up and guesses none, since one that is wrong lets a
stranger answer for a kommune, and one that is missing costs the secretariat a press. An address belongs when all that
stands after its @ is such a domain: "post.eksempel.dk" is not "eksempel.dk". Reconsider when organizations have
confirmed signatories.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, DateTimeField, Func, Value

from klimaspor.accounts.models import Organization

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User

# From behind, since what stands before the last @ may hold one too.
_BELONGS = """EXISTS (
    SELECT FROM accounts_organization AS theirs WHERE theirs.id = {organization}
        AND reverse(split_part(reverse(lower({email})), '@', 1)) = ANY(theirs.domains)
)"""
_SPEAKS = f"""(EXISTS (
    SELECT FROM accounts_membership AS held
    WHERE held.user_id = {{user}} AND held.organization_id = {{organization}} AND held.role = 'member'
        AND held.confirmed_at IS NOT NULL AND held.refused_at IS NULL
        AND (held.valid_from_date IS NULL OR held.valid_from_date <= {{day}})
        AND (held.valid_until_date IS NULL OR held.valid_until_date > {{day}})
) OR EXISTS (
    SELECT FROM account_emailaddress AS proved WHERE proved.user_id = {{user}} AND proved.verified
        AND {_BELONGS.replace("{email}", "proved.email")}
))"""  # noqa: S608 - what is given stands apart


class _Asked(Func):
    """A question put in SQL of our own, in which what is given may be named several times."""

    names: tuple[str, ...]
    question: str
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        given = {
            name: compiler.compile(expression)
            for name, expression in zip(self.names, self.source_expressions, strict=True)
        }
        sql, params = "", ()
        for part in self.question.split("{"):
            name, _brace, rest = part.rpartition("}")
            if name:
                sql += given[name][0]
                params += tuple(given[name][1])
            sql += rest
        return sql, params


class SpeaksFor(_Asked):
    """Ask of each row whether a person spoke for an organization on the Danish day of a moment, by their keys."""

    names = ("user", "organization", "day")
    question = _SPEAKS.replace("{day}", "({day} AT TIME ZONE 'Europe/Copenhagen')::date")


class IsAddressOf(_Asked):
    """Ask of each row whether an address is one of an organization's, by its key."""

    names = ("email", "organization")
    question = _BELONGS


def speaks_for(user: User, organization: Organization, *, at: datetime) -> bool:
    """Say whether the person speaks for the organization."""
    asked = SpeaksFor(Value(user.pk), "pk", Value(at, DateTimeField()))
    return Organization.objects.filter(asked, pk=organization.pk).exists()

"""
Who may do what with a proposal, each as what `Standing` says of the person; status and deadlines are asked elsewhere.

The clock is the request's (`user.clock`, set by the middleware).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField, Exists, Func, OuterRef, Q, TextField, Value
from django.db.models.functions import Concat

import rules

from klimaspor.accounts.permissions import is_secretariat
from klimaspor.mail import reading
from proposals.line.models import Proposal
from proposals.line.standing import Standing, standing_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from klimaspor.accounts.models import User


def permit(permission: str, may: Callable[[Standing], bool]) -> None:
    """Let those do something with a proposal of whose standing it is said."""

    @rules.predicate(permission)
    def predicate(user: User, proposal: Proposal) -> bool:
        return may(standing_now(user, proposal))

    rules.add_perm(permission, predicate)


permit("proposals.read", lambda it: it.is_reader)
permit("proposals.edit", lambda it: it.is_writer)
permit("proposals.submit", lambda it: it.is_writer)
permit("proposals.open_sparring", lambda it: it.is_writer)
permit("proposals.copy", lambda it: it.is_party)
permit("proposals.see_neighbours", lambda it: it.takes_part)
permit("proposals.comment", lambda it: it.takes_part)
permit("proposals.note", lambda it: it.takes_part)
permit("proposals.access", lambda it: it.is_party)
permit("proposals.see_participants", lambda it: it.is_party)
permit("proposals.see_receipt", lambda it: it.is_party)
permit("proposals.see_invitations", lambda it: it.is_writer)
permit("proposals.list_to_members", lambda it: it.is_owner)
permit("proposals.invite", lambda it: it.may_invite)
permit("proposals.remove_person", lambda it: it.may_remove)
permit("proposals.settle_organization", lambda it: it.may_settle)
permit("proposals.change_organization", lambda it: it.may_invite)
permit("proposals.leave", lambda it: it.may_leave)
permit("proposals.withdraw", lambda it: it.may_withdraw)
permit("proposals.take_back", lambda it: it.may_take_back)
permit("proposals.move_round", lambda it: it.may_move_round)
permit("proposals.hand_over", lambda it: it.may_hand_over)
permit("proposals.change_dgo", lambda it: it.may_change_dgo)
permit("proposals.choose_co_readers", lambda it: it.may_choose_co_readers)
permit("proposals.grant_dispensation", lambda it: it.may_administer)
permit("proposals.declare", lambda it: it.may_be_partial)
rules.add_perm("proposals.register", is_secretariat)


class IsNamed(Func):
    """Whether a number stands in a text; numbers are as `ProposalQuerySet.next_number` writes them."""

    arg_joiner = " = ANY(ARRAY(SELECT (regexp_matches("
    template = "%(expressions)s, 'KS-[0-9]{4}-[0-9]{4,}', 'g'))[1]))"
    output_field = BooleanField()


def sees_what_it_names(user: User, at: datetime) -> Q:
    """Ask of a letter whether the person sees every proposal it is about; each names its number."""
    text = Concat(OuterRef("subject"), Value("\n"), OuterRef("body"), output_field=TextField())
    seen = Proposal.objects.each_visible_to(user, at=at).filter(pk=OuterRef("pk"))
    return ~Q(Exists(Proposal.objects.filter(IsNamed("number", text)).exclude(Exists(seen))))


reading.RULES.append(sees_what_it_names)

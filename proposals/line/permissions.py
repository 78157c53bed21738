"""
Who may do what with a proposal: predicates about people only; status and deadlines are asked elsewhere.

The clock is the request's (`user.clock`, set by the middleware).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import rules

from proposals.line.functions import PARTY_FUNCTIONS, WRITER_FUNCTIONS, Function
from proposals.line.models import Proposal

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from klimaspor.mail.models import OutgoingMail

# As `ProposalQuerySet.next_number` writes it.
NUMBER = re.compile(r"KS-\d{4}-\d{4,}")


def _functions(user: User, proposal: Proposal) -> frozenset[Function]:
    if user.clock is None:
        raise LookupError("No clock: permissions are asked inside a request.")
    return proposal.functions_of(user, at=user.clock)


@rules.predicate
def is_reader(user: User, proposal: Proposal) -> bool:
    return bool(_functions(user, proposal))


@rules.predicate
def is_party(user: User, proposal: Proposal) -> bool:
    return bool(_functions(user, proposal) & PARTY_FUNCTIONS)


@rules.predicate
def is_writer(user: User, proposal: Proposal) -> bool:
    return bool(_functions(user, proposal) & WRITER_FUNCTIONS)


@rules.predicate
def is_owner(user: User, proposal: Proposal) -> bool:
    return Function.OWN in _functions(user, proposal)


@rules.predicate
def is_adviser(user: User, proposal: Proposal) -> bool:
    """Whether the person gives sparring: the DGO's advisers and the secretariat."""
    return bool(
        _functions(user, proposal) & {Function.ADVISE, Function.QUALIFY, Function.RECOMMEND}
    )


@rules.predicate
def is_secretariat(user: User, proposal: Proposal | None = None) -> bool:
    return user.duties.is_secretariat


@rules.predicate
def registered_it(user: User, proposal: Proposal) -> bool:
    """Whether the person typed it in for somebody else, and so may act for the owner."""
    return proposal.created_by_id == user.pk and user.duties.is_secretariat


@rules.predicate
def sees_what_it_names(user: User, letter: OutgoingMail) -> bool:
    """Whether the person sees every proposal the letter is about; each names its number."""
    if user.clock is None:
        raise LookupError("No clock: permissions are asked inside a request.")
    numbers = set(NUMBER.findall(f"{letter.subject}\n{letter.body}"))
    seen = Proposal.objects.visible_to(user, at=user.clock).numbered(numbers)
    return not numbers or seen.count() == len(numbers)


rules.add_perm("mail.read_letter", sees_what_it_names)


rules.add_perm("proposals.read", is_reader)


rules.add_perm("proposals.edit", is_writer)


rules.add_perm("proposals.submit", is_writer)


rules.add_perm("proposals.open_sparring", is_writer)


rules.add_perm("proposals.copy", is_party)


rules.add_perm("proposals.see_neighbours", is_party | is_adviser)


rules.add_perm("proposals.comment", is_party | is_adviser)


rules.add_perm("proposals.access", is_party)


rules.add_perm("proposals.see_participants", is_party)


rules.add_perm("proposals.see_invitations", is_writer)


rules.add_perm("proposals.invite", is_owner | (registered_it & is_writer))


rules.add_perm("proposals.change_organization", is_owner | (registered_it & is_writer))


rules.add_perm("proposals.leave", is_party & ~is_owner)


rules.add_perm("proposals.withdraw", is_owner | registered_it)


rules.add_perm("proposals.move_round", is_owner | (is_secretariat & is_reader))


rules.add_perm("proposals.hand_over", is_owner | is_secretariat)


rules.add_perm("proposals.change_dgo", is_secretariat & is_reader)


rules.add_perm("proposals.grant_dispensation", is_secretariat & is_reader)


rules.add_perm("proposals.register", is_secretariat)

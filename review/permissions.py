"""
Who may do what at each stop: predicates about people only; status, deadlines and guards are asked elsewhere.

The clock is the request's (`user.clock`, set by the middleware).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from proposals.line.standing import standing_now

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal
    from review.funding.models import FunderConsent


@rules.predicate
def is_writer(user: User, proposal: Proposal) -> bool:
    return standing_now(user, proposal).is_writer


@rules.predicate
def may_qualify(user: User, proposal: Proposal) -> bool:
    return standing_now(user, proposal).may_qualify


@rules.predicate
def may_recommend(user: User, proposal: Proposal) -> bool:
    return standing_now(user, proposal).may_recommend


@rules.predicate
def is_secretariat(user: User) -> bool:
    return user.duties.is_secretariat


@rules.predicate
def is_committee(user: User) -> bool:
    return user.duties.is_committee


@rules.predicate
def is_asked(user: User, consent: FunderConsent) -> bool:
    """Whether the person answers for the funder."""
    return consent.funder_id in user.duties.funder_ids


rules.add_perm("review.qualify", may_qualify)


rules.add_perm("review.reply", is_writer)


rules.add_perm("review.step_in", may_recommend)


rules.add_perm("review.check", may_recommend)


rules.add_perm("review.refuse", may_recommend)


rules.add_perm("review.reopen", may_recommend)


rules.add_perm("review.recommend", may_recommend)


rules.add_perm("review.correct", may_recommend)


rules.add_perm("review.decide", may_recommend)


rules.add_perm("review.launch", may_recommend)


rules.add_perm("review.enter_consent", may_recommend)


rules.add_perm("review.fund", is_asked)


rules.add_perm("review.manage_agendas", is_secretariat)


rules.add_perm("review.read_meetings", is_secretariat | is_committee)

"""
Who may do what at each stop, each as what `Standing` says of the person; status, deadlines and guards are asked elsewhere.

The clock is the request's (`user.clock`, set by the middleware).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from klimaspor.accounts.permissions import is_secretariat
from proposals.line.permissions import permit
from proposals.line.standing import standing_now

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from review.funding.models import FunderConsent


@rules.predicate
def is_committee(user: User) -> bool:
    return user.duties.is_committee


@rules.predicate
def is_asked(user: User, consent: FunderConsent) -> bool:
    """Whether the person answers for the funder, and nothing but its own part ties them to the proposal."""
    is_theirs = consent.funder_id in user.duties.funder_ids
    return is_theirs and standing_now(user, consent.proposal).may_fund


permit("review.reply", lambda it: it.is_writer)
permit("review.qualify", lambda it: it.may_qualify)
permit("review.cosign", lambda it: it.may_qualify or it.may_recommend)
permit("review.amend", lambda it: it.may_qualify or it.may_recommend)
permit("review.pass_on", lambda it: bool(it.duties.dgo_ids) and it.may_lead)
permit("review.step_in", lambda it: it.may_recommend)
permit("review.check", lambda it: it.may_recommend)
permit("review.refuse", lambda it: it.may_recommend)
permit("review.reopen", lambda it: it.may_recommend)
permit("review.recommend", lambda it: it.may_recommend)
permit("review.correct", lambda it: it.may_recommend)
permit("review.decide", lambda it: it.may_recommend)
permit("review.launch", lambda it: it.may_recommend)
permit("review.enter_consent", lambda it: it.may_recommend)
rules.add_perm("review.fund", is_asked)
rules.add_perm("review.manage_agendas", is_secretariat)
rules.add_perm("review.read_meetings", is_secretariat | is_committee)

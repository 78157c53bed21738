"""
What the letters of the nomination procedure say, one function each: name = folder under templates/mail = function.

Who is told starts at who may read, and a person who is not impartial hears nothing about the proposal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.models import Role, User
from proposals.gates import deadlines
from proposals.line import impartiality
from proposals.line.mails import put_about_to_all, put_plain

if TYPE_CHECKING:
    from datetime import datetime

    from proposals.line.models import Event, Proposal
    from review.decision.models import Decision
    from review.funding.models import FunderConsent


def decided(proposal: Proposal, decision: Decision, event: Event, *, at: datetime) -> None:
    """The committee's decision, one letter for each outcome."""
    recommendation = decision.item.recommendation
    put_about_to_all(
        f"decided_{decision.outcome}",
        event,
        at,
        decision=decision,
        of_each=deadlines.terms(proposal),
        meeting=danish.date_text(decision.item.agenda.meeting_date),
        has_funders=recommendation is not None and recommendation.amounts.exists(),
    )


def answering(consent: FunderConsent, *, at: datetime) -> list[User]:
    """Give those who answer for the funder."""
    return list(User.objects.holding(Role.FUNDER, at=at, organization=consent.funder).by_name())


def consent_asked(consent: FunderConsent, decision: Decision, *, at: datetime) -> None:
    """To those who answer for the funder and may; some funders never sign in, and then nobody is told here."""
    for person in impartiality.impartial(
        answering(consent, at=at), consent.proposal, at=at, as_funder=True
    ):
        put_plain(
            "consent_asked",
            str(consent.pk),
            person,
            at,
            path=reverse("review:consent", args=[consent.pk]),
            consent=consent,
            conditions=decision.conditions,
            proposal=consent.proposal,
        )

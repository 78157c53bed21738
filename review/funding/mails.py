"""
What the letters of the nomination procedure say, one function each: name = folder under templates/mail = function.

Who is told starts at who may read, and a person who is not impartial hears nothing about the proposal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from proposals.line.mails import parties, put_plain, secretariat

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from review.funding.models import FunderConsent


def consent_answered(consent: FunderConsent, *, by: User, at: datetime) -> None:
    for person in secretariat(consent.proposal, at=at):
        if person.pk != by.pk:
            put_plain(
                "consent_answered",
                str(consent.pk),
                person,
                at,
                path=reverse("review:consents", args=[consent.proposal.number]),
                consent=consent,
                proposal=consent.proposal,
            )


def funder_answered(consent: FunderConsent, *, at: datetime) -> None:
    """To the parties, whoever wrote the answer down."""
    proposal = consent.proposal
    for person in parties(proposal, at=at):
        put_plain(
            "funder_answered",
            str(consent.pk),
            person,
            at,
            path=reverse("review:proposal", args=[proposal.number]),
            consent=consent,
            proposal=proposal,
        )

"""
The funders' own approvals ("særskilt godkendelse") of what the committee has decided.

The committee's approval alone releases nothing. A funder that never signs in is entered by the secretariat with its
document.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor.refusals import AlreadyDone, Missing, Refused
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Duty, Event, Proposal
from proposals.line.steps import require_status
from review.funding import mails
from review.funding.models import ConsentAnswer, FunderConsent

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.base import File

    from klimaspor.accounts.models import User


class AlreadyAnswered(AlreadyDone):
    """The funder has answered; its answer stands."""


class Superseded(Refused):
    """The proposal has been tabled again since this was asked."""


@dataclass(frozen=True)
class Consents:
    """How the funders stand to a proposal now."""

    standing: tuple[FunderConsent, ...]

    @property
    def pending(self) -> tuple[FunderConsent, ...]:
        return tuple(c for c in self.standing if not c.answer)

    @property
    def refused(self) -> tuple[FunderConsent, ...]:
        return tuple(c for c in self.standing if c.answer == ConsentAnswer.REFUSED)

    @property
    def may_launch(self) -> bool:
        """Whether all that were asked have consented; with nobody asked, at once."""
        return all(c.answer == ConsentAnswer.CONSENTED for c in self.standing)

    @property
    def is_refused(self) -> bool:
        return bool(self.refused)


def state(proposal: Proposal) -> Consents:
    return Consents(tuple(proposal.consents.standing().listed()))


@transaction.atomic
def answer(
    *, consent_pk: int, answer: str, reason: str = "", by: User, at: datetime
) -> FunderConsent:
    """
    Give a funder's own answer.

    :raises Missing: answer or reason.
    :raises AlreadyAnswered:
    :raises Superseded:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    consent = _asked(consent_pk)
    impartiality.require(by, consent.proposal, at=at, as_funder=True)
    _settle(consent, answer, reason, by=by, at=at)
    return consent


@transaction.atomic
def enter(
    *,
    consent_pk: int,
    answer: str,
    reason: str = "",
    document: File[bytes] | None,
    by: User,
    at: datetime,
) -> FunderConsent:
    """
    Enter the answer of a funder that does not sign in, with the document that says so.

    :raises Missing: answer, reason or document.
    :raises AlreadyAnswered:
    :raises Superseded:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    consent = _asked(consent_pk)
    impartiality.require(by, consent.proposal, at=at)
    if document is None:
        raise Missing({"document": "Vedhæft bidragyderens svar"})
    document.seek(0)
    content = document.read()
    document.seek(0)
    consent.document_name = PurePath(document.name or "svar.pdf").name[-200:]
    consent.document_sha256 = hashlib.sha256(content).hexdigest()
    consent.is_entered_by_secretariat = True
    _require_answer(answer, reason)
    # The stored name is ours: what the sender called it is only shown.
    consent.document.save(f"{consent.document_sha256[:24]}.pdf", document, save=False)
    _settle(
        consent,
        answer,
        reason,
        "document",
        "document_name",
        "document_sha256",
        "is_entered_by_secretariat",
        by=by,
        at=at,
    )
    return consent


def _asked(consent_pk: int) -> FunderConsent:
    """Read a consent and hold its proposal."""
    proposal_pk = FunderConsent.objects.get(pk=consent_pk).proposal_id
    proposal = Proposal.objects.locked(proposal_pk)
    consent: FunderConsent = FunderConsent.objects.listed().get(pk=consent_pk)
    consent.proposal = proposal
    if consent.answered_at:
        raise AlreadyAnswered(
            f"{consent.funder.name} har allerede svaret: {consent.get_answer_display()}."
        )
    require_status(proposal, Status.APPROVED, act="Giv tilsagn")
    if consent.superseded_at:
        raise Superseded(
            f"{proposal.number} er behandlet igen siden. Svar på den nye forespørgsel i stedet."
        )
    return consent


def _require_answer(answer: str, reason: str) -> None:
    if answer not in ConsentAnswer.values:
        raise Missing({"answer": "Vælg tilsagn eller afslag"})
    if answer == ConsentAnswer.REFUSED and not reason.strip():
        raise Missing({"reason": "Skriv begrundelsen for afslaget"})


def _settle(
    consent: FunderConsent,
    answer: str,
    reason: str,
    *fields: str,
    by: User,
    at: datetime,
) -> None:
    _require_answer(answer, reason)
    consent.answer = answer
    consent.reason = reason.strip()
    consent.answered_at = at
    consent.answered_by = by
    consent.save(update_fields=["answer", "reason", "answered_at", "answered_by", *fields])
    Event.objects.create(
        proposal=consent.proposal,
        transition=f"funder_{answer}",
        at=at,
        by=by,
        reason=consent.reason,
        note=consent.funder.name,
    )
    Duty.objects.settle(consent.proposal_id, by=by, at=at)
    mails.consent_answered(consent, by=by, at=at)
    mails.funder_answered(consent, at=at)

"""What the letters of intake say, one function each: name = folder under templates/mail = function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from klimaspor import danish
from klimaspor.mail import outbox
from proposals.line.mails import letter, put_letter

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from klimaspor.mail.outbox import Letter
    from proposals.commitments.models import AnswerCode
    from proposals.participants.models import Commitment, Participant


def commitment_answered(
    commitment: Commitment, *, is_own: bool, counted: tuple[int, int], at: datetime
) -> None:
    """
    Tell the owner what a participant has answered; each change of mind is a letter of its own.

    `counted` is how many kommuner and regioner counted before and after.
    """
    proposal = commitment.participant.proposal
    if commitment.answered_by and proposal.owner == commitment.answered_by:
        return
    put_letter(
        "commitment_answered",
        f"{commitment.pk}:{at.isoformat()}",
        proposal.owner,
        at,
        proposal=proposal,
        commitment=commitment,
        participant=commitment.participant,
        is_own=is_own,
        count_text=_count_text(*counted, needed=proposal.round.min_authorities),
        path=participant_path(commitment.participant),
    )


def commitment_reminder(
    commitment: Commitment, to: User, *, key: str, due_at: datetime, at: datetime
) -> Letter:
    """The key names the deadline it is about: a moved deadline is reminded of anew."""
    participant = commitment.participant
    return letter(
        "commitment_reminder",
        key,
        to,
        proposal=participant.proposal,
        participant=participant,
        due_at=due_at,
        workdays=danish.workdays_text(danish.day_of(at), danish.day_of(due_at)),
        path=participant_path(participant),
    )


def answer_code(sent: AnswerCode, code: str, *, at: datetime) -> None:
    """Send the code to the address that was invited; it is in this letter and nowhere else."""
    invitation = sent.invitation
    outbox.put(
        name="answer_code",
        key=f"answer_code:{sent.pk}",
        to=invitation.email,
        context={
            "name": invitation.name,
            "participant": invitation.participant,
            "proposal": invitation.proposal,
            "code": code,
            "expires_at": sent.expires_at,
        },
        at=at,
        is_secret=True,
    )


def _count_text(before: int, after: int, *, needed: int) -> str:
    if before == after:
        return "Det ændrer ikke, hvor mange kommuner og regioner der tæller med (K1)."
    said = f"Nu tæller {danish.count_text(after, 'kommune eller region', 'kommuner og regioner')} med (K1)"
    fewer = f", {before - after} færre end før" if after < before else ""
    enough = "" if after >= needed else f" Der skal være mindst {needed}, før I kan indsende."
    return f"{said}{fewer}.{enough}"


def participant_path(participant: Participant) -> str:
    return reverse("proposals:participant", args=[participant.proposal.number, participant.pk])

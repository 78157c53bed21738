"""
Answering for a participant without being a user: with a code by mail, from the page the invitation leads to.

A letter is passed on to others, so the link alone opens nothing. The code goes to the address the invitation was sent
to, and to no other; it is six digits, good for a quarter of an hour, for five tries and for one use, and a newer one ends
it. Only its hash is kept, made with the portal's secret, since six digits are soon tried by whoever has the table. At
most `MOST_AN_HOUR` and `MOST_A_DAY` are sent for an invitation, so that nobody guesses on, and nobody's mailbox is filled.

Whoever enters it visits one commitment for two hours, in that browser: the session holds the invitation's key and when
it ends, and nobody is signed in. The invitation is not used by it: until it runs out, is taken back or is accepted a new
code may be asked for, and whoever signs up with the address takes it and finds the answer. Signing in, as whoever it
is, or out ends the visit. Reconsider if participants can sign with MitID Erhverv.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from klimaspor.accounts import links
from klimaspor.refusals import Missing, Refused
from proposals.commitments import mails
from proposals.commitments.models import AnswerCode
from proposals.line.models import Proposal
from proposals.writers.models import ProposalInvitation

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 - only its type

DIGITS = 6
GOOD_FOR = timedelta(minutes=15)
MOST_TRIES = 5
MOST_AN_HOUR = 3
MOST_A_DAY = 10
LASTS = timedelta(hours=2)
VISIT = "visit"
"""What the session knows of a visit: the invitation's key, and until when."""


class TooManyCodes(Refused):
    def __init__(self) -> None:
        super().__init__(
            "Der er sendt flere koder til adressen for nylig. Brug den nyeste, eller vent en time og bed om en ny."
        )


class CodeEnded(Missing):
    """It is used, too old, tried too often, or was never sent."""

    def __init__(self) -> None:
        super().__init__({"code": "Koden gælder ikke længere. Bed om en ny kode"})


class WrongCode(Missing):
    def __init__(self) -> None:
        super().__init__({"code": "Koden er forkert. Indtast de seks cifre fra det nyeste brev"})


def find(token: str) -> ProposalInvitation:
    """
    Find whom a link asks to answer for a participant, whatever has become of it.

    :raises Unknown: nobody was asked to answer by it
    """
    (found,) = links.find(token, ProposalInvitation.objects.with_people())
    # Taken back with its participant it is nobody's any more, and still says that it was.
    if found.participant is None and not found.withdrawn_at:
        raise links.Unknown
    return found


@transaction.atomic
def send_code(*, invitation_pk: int, at: datetime) -> AnswerCode:
    """
    Send a new code to the address that was invited; the one before it ends.

    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    :raises TooManyCodes:
    """
    invitation = _held(invitation_pk, at=at)
    sent = invitation.answer_codes
    sent.sent_until(at - timedelta(days=1)).delete()
    if (
        sent.count() >= MOST_A_DAY
        or sent.sent_since(at - timedelta(hours=1)).count() >= MOST_AN_HOUR
    ):
        raise TooManyCodes
    sent.end(at=at)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    made: AnswerCode = AnswerCode.objects.create(
        invitation=invitation,
        code_hash=_hash_of(code, invitation),
        sent_at=at,
        expires_at=at + GOOD_FOR,
    )
    mails.answer_code(made, code, at=at)
    return made


def enter(*, invitation_pk: int, code: str, at: datetime) -> ProposalInvitation:
    """
    Use up the code; each wrong one is counted, also where that is all that happens.

    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    :raises CodeEnded:
    :raises WrongCode:
    """
    with transaction.atomic():
        invitation = _held(invitation_pk, at=at)
        standing = invitation.answer_codes.standing().first()
        if standing is None or standing.expires_at <= at or standing.tries >= MOST_TRIES:
            raise CodeEnded
        is_right = constant_time_compare(standing.code_hash, _hash_of(code, invitation))
        if is_right:
            standing.ended_at = at
        else:
            standing.tries += 1
        standing.save(update_fields=["ended_at", "tries"])
    if not is_right:
        raise CodeEnded if standing.tries >= MOST_TRIES else WrongCode
    return invitation


def begin(request: HttpRequest, invitation: ProposalInvitation, *, at: datetime) -> None:
    """Let this browser answer for a while; a key that somebody may have planted in it opens nothing."""
    request.session.cycle_key()
    request.session[VISIT] = {"invitation": invitation.pk, "until": (at + LASTS).isoformat()}


def visited(request: HttpRequest, *, at: datetime) -> int | None:
    """Give the key of the invitation that this browser answers through now."""
    visit = request.session.get(VISIT)
    if not visit or request.user.is_authenticated:
        return None
    key: int = visit["invitation"]
    return key if datetime.fromisoformat(visit["until"]) > at else None


def end(request: HttpRequest, **_: Any) -> None:
    """Let this browser answer no more."""
    request.session.pop(VISIT, None)


def _on_sign_in(request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None:
        end(request)


user_logged_in.connect(_on_sign_in, dispatch_uid="proposals.commitments.visits")


def _held(invitation_pk: int, *, at: datetime) -> ProposalInvitation:
    """
    Hold the proposal's row, as every step does, and read the invitation again.

    :raises Unknown: it has gone with its participant
    :raises Withdrawn:
    :raises AlreadyAccepted:
    :raises Expired:
    """
    found = ProposalInvitation.objects.with_people().filter(pk=invitation_pk)
    for proposal_pk in found.values_list("proposal_id", flat=True):
        proposal: Proposal = Proposal.objects.locked(proposal_pk)
        invitation: ProposalInvitation = found.get()
        invitation.proposal = proposal
        links.require_open(invitation, at=at)
        if invitation.participant is not None:
            return invitation
    raise links.Unknown


def _hash_of(code: str, invitation: ProposalInvitation) -> str:
    return salted_hmac(
        "proposals.commitments.visits", f"{invitation.pk} {code}", algorithm="sha256"
    ).hexdigest()

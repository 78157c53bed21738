"""
What the letters of the nomination procedure say, one function each: name = folder under templates/mail = function.

Who is told starts at who may read, and a person who is not impartial hears nothing about the proposal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from proposals.gates import deadlines
from proposals.line.lifecycle import Status
from proposals.line.mails import parties, put_about, put_about_to_all

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Event, Proposal


def recommended(proposal: Proposal, event: Event, *, at: datetime) -> None:
    put_about("recommended", event, parties(proposal, at=at), at)


def corrected(proposal: Proposal, event: Event, *, by: User, at: datetime) -> None:
    """To the parties and the DGO: both have been told something that no longer holds."""
    put_about_to_all(
        "corrected",
        event,
        at,
        without=by,
        path=reverse("review:history", args=[proposal.number]),
        state=Status(proposal.status).state,
        of_each=deadlines.terms(proposal),
    )

"""
What the letters of the nomination procedure say, one function each: name = folder under templates/mail = function.

Who is told starts at who may read, and a person who is not impartial hears nothing about the proposal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from proposals.gates import deadlines
from proposals.line.mails import parties, put_about

if TYPE_CHECKING:
    from datetime import datetime

    from proposals.line.models import Event, Proposal


def completion_requested(proposal: Proposal, event: Event, *, at: datetime) -> None:
    term_of = deadlines.terms(proposal)
    put_about("completion_requested", event, parties(proposal, at=at), at, of_each=term_of)


def refused(proposal: Proposal, event: Event, *, at: datetime) -> None:
    put_about("refused", event, parties(proposal, at=at), at)


def reopened(proposal: Proposal, event: Event, *, at: datetime) -> None:
    put_about("reopened", event, parties(proposal, at=at), at)

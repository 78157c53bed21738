"""
What the letters of the nomination procedure say, one function each: name = folder under templates/mail = function.

Who is told starts at who may read, and a person who is not impartial hears nothing about the proposal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from proposals.line.mails import parties, put_about, put_about_to_all

if TYPE_CHECKING:
    from datetime import datetime

    from proposals.line.models import Event, Proposal


def launched(proposal: Proposal, event: Event, *, at: datetime) -> None:
    has_funders = proposal.consents.standing().exists()
    put_about_to_all("launched", event, at, has_funders=has_funders)


def lapsed(proposal: Proposal, event: Event, *, at: datetime) -> None:
    put_about("lapsed", event, parties(proposal, at=at), at)


def retabled(proposal: Proposal, event: Event, *, at: datetime) -> None:
    put_about("retabled", event, parties(proposal, at=at), at)


def completed(proposal: Proposal, event: Event, *, at: datetime) -> None:
    put_about("completed", event, parties(proposal, at=at), at)


def discontinued(proposal: Proposal, event: Event, *, at: datetime) -> None:
    put_about("discontinued", event, parties(proposal, at=at), at)

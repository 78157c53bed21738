"""
What a reader sees of a proposal, with everything resolved: one shape for the live text and for a frozen version.

Pages, papers and differences read this and never the tables, so that what was sent looks as it did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proposals.answers.content import Content
from proposals.line.functions import EARLY_FUNCTIONS, PARTY_FUNCTIONS, Function
from proposals.line.lifecycle import SPARRING
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal, Version


def reading(user: User, proposal: Proposal, *, at: datetime) -> Content | None:
    """
    Give what this person reads: the live text for parties and for advisers while sparring is open, else what was sent.

    None when nothing has been sent to where the person stands.
    """
    if reads_live(user, proposal, at=at):
        return Content.of(proposal, at=at)
    version = latest_sent(user, proposal, at=at)
    return Content.of_version(version) if version else None


def reads_live(user: User, proposal: Proposal, *, at: datetime) -> bool:
    functions = proposal.functions_of(user, at=at)
    if functions & PARTY_FUNCTIONS:
        return True
    return (
        Function.ADVISE in functions
        and proposal.sparring_opened_at is not None
        and proposal.status in SPARRING
    )


def latest_sent(user: User, proposal: Proposal, *, at: datetime) -> Version | None:
    """Give the latest version sent to the person's stop: committee and funders see none before the approval gate."""
    functions = proposal.functions_of(user, at=at)
    versions = proposal.versions.newest_first()
    if not functions & (PARTY_FUNCTIONS | EARLY_FUNCTIONS):
        versions = versions.at_gate(Gate.APPROVAL)
    return versions.first() if functions else None


def readable_versions(user: User, proposal: Proposal, *, at: datetime) -> Any:
    """Narrow the proposal's versions to those sent to where the person stands."""
    functions = proposal.functions_of(user, at=at)
    versions = proposal.versions.newest_first()
    if functions & (PARTY_FUNCTIONS | EARLY_FUNCTIONS):
        return versions
    return versions.at_gate(Gate.APPROVAL) if functions else versions.none()

"""
Taking back what was sent ("tag tilbage"): its owner may, until the gate and until somebody has begun on it.

The version stays in the history and with those who were sent it; the deadline is the one it was sent within, so that nobody
gains time by sending and taking back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import capfirst

from klimaspor import danish
from klimaspor.refusals import Refused
from proposals.gates import deadlines
from proposals.line.lifecycle import Transition
from proposals.line.mails import advisers, following, parties, secretariat
from proposals.line.models import Event, Version
from proposals.line.steps import hold
from proposals.rounds.models import Gate
from proposals.search import steps as search
from proposals.submission import mails

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal

WHO = {Gate.QUALIFICATION: "DGO'en", Gate.APPROVAL: "sekretariatet"}
"""Who was sent it, by the gate."""

BEGUN: list[Callable[[Sequence[Version]], Mapping[int, str]]] = []
"""Who may have begun on what was sent: each gives what was begun, in words, by the key of the version. Later rooms tell theirs."""


class NotTakenBack(Refused):
    """The gate has closed, or somebody has begun on it."""

    is_outdated = True


@dataclass(frozen=True)
class Sent:
    """What was sent last of a proposal, and what speaks against taking it back."""

    version: Version
    closes_at: datetime
    """When the gate closes for everybody; a dispensation may reach longer."""
    begun: str
    """What somebody has begun on, e.g. "Din DGO er begyndt på den faglige kvalificering"."""

    def hindrance(self, until_at: datetime, *, at: datetime) -> str:
        """Say why a person whose term that is cannot take it back now; nothing when they can."""
        gate = Gate(self.version.gate)
        if self.begun:
            return (
                f"{self.begun}. Derfor kan du ikke længere tage forslaget tilbage. "
                f"Bed {WHO[gate]} om at sende det tilbage, hvis noget skal rettes."
            )
        if not deadlines.is_in_time(until_at, at=at):
            return (
                f"Fristen for {gate.label} var {danish.datetime_text(until_at)}, så du kan ikke længere tage forslaget "
                f"tilbage. Bed {WHO[gate]} om at sende det tilbage, hvis noget skal rettes."
            )
        return ""


def sent_last(proposals: Iterable[Proposal]) -> dict[int, Sent]:
    """Give what was sent last of each proposal that stands where that brought it."""
    found = {proposal.pk: proposal for proposal in proposals}
    if not found:
        return {}
    versions = list(Version.objects.last_of(found).defer("content"))
    begun: dict[int, str] = {}
    for ask in BEGUN:
        begun |= ask(versions)
    sent = {}
    for version in versions:
        version.proposal = proposal = found[version.proposal_id]
        words = begun.get(version.pk, "")
        if not words and version.frozen_at != proposal.status_since:
            # It has come here by another way since: somebody has had it.
            words = f"{capfirst(WHO[Gate(version.gate)])} har allerede behandlet forslaget"
        is_first: bool = version.is_first  # type: ignore[attr-defined]  # `last_of` adds it
        closes_at = deadlines.again_at(version, is_first=is_first)
        sent[proposal.pk] = Sent(version, closes_at, words)
    return sent


def own_term(proposal: Proposal, sent: Sent, *, by: User, at: datetime) -> datetime:
    """Give the moment until which the person may take it back: with their own dispensation, when one is in force."""
    gate = Gate(sent.version.gate)
    leave = proposal.dispensations.in_force(gate, at=at)
    return deadlines.own_term(sent.closes_at, leave, gate, by).at


@transaction.atomic
def take_back(*, proposal_pk: int, revision: int, by: User, at: datetime) -> Event:
    """
    Take back what was sent, to be changed and sent again; whoever was sent it is told, and the other writers are.

    :raises NotTakenBack:
    :raises AlreadyDone:
    :raises Stale:
    :raises IllegalTransition:
    """
    proposal = hold(proposal_pk, Transition.TAKE_BACK, revision=revision)
    sent = sent_last([proposal])[proposal.pk]
    if text := sent.hindrance(own_term(proposal, sent, by=by, at=at), at=at):
        raise NotTakenBack(text)
    version = sent.version
    version.taken_back_at, version.taken_back_by = at, by
    version.save(update_fields=["taken_back_at", "taken_back_by"])
    search.index([proposal.pk])
    event = proposal.move(
        Transition.TAKE_BACK, by=by, at=at, version=version, answer_due_at=version.answer_due_at
    )
    writers = [person for person in parties(proposal, at=at) if person != by]
    mails.taken_back(event, writers, is_party=True, at=at)
    sent_to = advisers if version.gate == Gate.QUALIFICATION else secretariat
    told = [person for person in sent_to(proposal, at=at) if person not in (by, *writers)]
    why = following(proposal, without=[by, *writers, *told], at=at)
    mails.taken_back(event, [*told, *why], is_party=False, why=why, at=at)
    return event

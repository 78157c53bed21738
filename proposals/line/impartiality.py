"""
Habilitet: whether a person may advise, qualify, recommend or decide about a proposal, or answer for a funder of it.

A tie blocks acting until another person has confirmed or dismissed it; confirmed, it blocks reading too.
It is never about being a party. Whoever answers for a funder is not tied by that funder's own part in the proposal, but by
every other part of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish
from klimaspor.refusals import Refused
from proposals.line.functions import WRITER_FUNCTIONS
from proposals.line.models import Event, Impartiality, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import Membership, User
    from proposals.line.queries import ImpartialityQuerySet


class NotImpartial(Refused):
    """There is a tie between the person and the proposal that nobody else has dismissed."""

    def __init__(self, proposal: Proposal, reason: str) -> None:
        self.proposal, self.reason = proposal, reason
        super().__init__(
            f"Du kan ikke behandle {proposal.number}, før en anden har taget stilling til din habilitet: {reason}"
        )


class OwnCase(Refused):
    """Nobody settles their own impartiality."""


class AlreadySettled(Refused):
    """Somebody else has settled it."""


def tie(user: User, proposal: Proposal, *, at: datetime, as_funder: bool = False) -> str:
    """Say what ties the person to the proposal, for others to read too; empty when nothing does."""
    duties = user.duties_at(at)
    parts = []
    written = proposal.accesses.current(at=at).filter(user=user, function__in=WRITER_FUNCTIONS)
    # The secretariat that typed in what came by mail is not a party to it.
    if written.exists() and not (
        proposal.created_by_id == user.pk and proposal.owner_id != user.pk
    ):
        parts.append("Er selv forslagsstiller.")
    if proposal.participants.answered_by(user).exists():
        parts.append("Er kontaktperson for en deltager.")
    behind = duties.other_organization_ids if as_funder else duties.organization_ids
    shared = behind & _organizations(proposal)
    if shared:
        names = [str(m.organization) for m in _memberships(user, at, shared)]
        parts.append(f"Er knyttet til {danish.join_text(sorted(set(names)))}.")
    return " ".join(parts)


def is_blocked(user: User, proposal: Proposal, *, at: datetime, as_funder: bool = False) -> bool:
    """Say whether the person may not act: tied or declared, and nobody has dismissed it."""
    rows = list(_raised(user, proposal, as_funder=as_funder))
    if rows:
        return any(row.is_impartial is not True for row in rows)
    return bool(tie(user, proposal, at=at, as_funder=as_funder))


def _raised(user: User, proposal: Proposal, *, as_funder: bool) -> ImpartialityQuerySet:
    rows: ImpartialityQuerySet = proposal.impartialities.of_user(user).standing()
    return rows.of_funding() if as_funder else rows


def require(user: User, proposal: Proposal, *, at: datetime, as_funder: bool = False) -> None:
    """
    Refuse one who is tied.

    :raises NotImpartial:
    """
    if is_blocked(user, proposal, at=at, as_funder=as_funder):
        rows = _raised(user, proposal, as_funder=as_funder)
        row = rows.exclude(is_impartial=True).oldest_first().last()
        reason = row.reason if row else tie(user, proposal, at=at, as_funder=as_funder)
        raise NotImpartial(proposal, reason)


def impartial(
    users: Iterable[User], proposal: Proposal, *, at: datetime, as_funder: bool = False
) -> list[User]:
    """Give those among the people who may act: who is told of a proposal starts here."""
    return [user for user in users if not is_blocked(user, proposal, at=at, as_funder=as_funder)]


@transaction.atomic
def declare(*, proposal_pk: int, user: User, reason: str, by: User, at: datetime) -> Impartiality:
    """
    Raise the question of a person's impartiality; open already, it stays as it is.

    Settled earlier, it is put again, and what was answered holds until somebody has settled it anew.
    """
    proposal = Proposal.objects.locked(proposal_pk)
    row, is_new = Impartiality.objects.get_or_create(
        proposal=proposal,
        user=user,
        settled_at=None,
        defaults={
            "reason": reason,
            "holds_for_funding": not _is_of_funder_alone(user, proposal, reason, at=at),
            "declared_at": at,
            "declared_by": by,
        },
    )
    if is_new:
        Event.objects.create(
            proposal=proposal,
            transition="impartiality_declared",
            at=at,
            by=by,
            reason=reason,
            note=user.name,
        )
    return row


def _is_of_funder_alone(user: User, proposal: Proposal, reason: str, *, at: datetime) -> bool:
    """Say whether the reason is a tie that is none where the person answers for the funder."""
    return not tie(user, proposal, at=at, as_funder=True) and reason == tie(user, proposal, at=at)


def raise_ties(
    users: Iterable[User], proposal: Proposal, *, by: User, at: datetime, as_funder: bool = False
) -> None:
    """Put a question for everybody among the people who is tied, so that somebody else is asked; nothing is asked twice."""
    for user in users:
        reason = tie(user, proposal, at=at, as_funder=as_funder)
        if reason and not proposal.impartialities.of_user(user).filter(reason=reason).exists():
            declare(proposal_pk=proposal.pk, user=user, reason=reason, by=by, at=at)


@transaction.atomic
def settle(
    *, impartiality_pk: int, is_impartial: bool, note: str, by: User, at: datetime
) -> Impartiality:
    """
    Confirm or dismiss a tie; an earlier answer about the same person is replaced.

    :raises OwnCase:
    :raises AlreadySettled:
    """
    Proposal.objects.locked(Impartiality.objects.get(pk=impartiality_pk).proposal_id)
    row = Impartiality.objects.get(pk=impartiality_pk)
    if row.user_id == by.pk:
        raise OwnCase("En anden end du selv skal tage stilling til din habilitet.")
    if row.settled_at:
        raise AlreadySettled("En anden har allerede taget stilling.")
    Impartiality.objects.of_user(row.user).about([row.proposal_id]).settled().update(replaced_at=at)
    row.is_impartial, row.note, row.settled_at, row.settled_by = is_impartial, note, at, by
    row.save(update_fields=["is_impartial", "note", "settled_at", "settled_by"])
    Event.objects.create(
        proposal=row.proposal,
        transition="impartiality_cleared" if is_impartial else "impartiality_confirmed",
        at=at,
        by=by,
        reason=note,
        note=row.user.name,
    )
    return row


def _organizations(proposal: Proposal) -> frozenset[int]:
    """Every organization behind the proposal, and what each was or will be merged into."""
    ids: set[int] = set()
    rows = proposal.participants.select_related("organization__successor")
    organizations = [row.organization for row in rows if row.organization]
    if proposal.organization:
        organizations.append(proposal.organization)
    for organization in organizations:
        ids.add(organization.pk)
        if organization.successor_id:
            ids.add(organization.successor_id)
    return frozenset(ids)


def _memberships(user: User, at: datetime, organization_ids: Iterable[int]) -> Iterable[Membership]:
    held = user.memberships.current(at).filter(
        refused_at=None, organization_id__in=organization_ids
    )
    return held.select_related("organization")

"""Who takes part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import seen
from klimaspor.refusals import Refused
from proposals.drafting.dgo import first_suggested_dgo, suggested_dgo
from proposals.drafting.holding import held, mark, touch
from proposals.line import mails
from proposals.line.functions import Function
from proposals.line.models import Duty, Event
from proposals.participants.models import Commitment, Participant
from proposals.participants.seen import shown_list
from proposals.search import steps as search

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import Organization, User
    from klimaspor.seen import Base
    from proposals.line.models import Proposal
    from proposals.participants.matching import Match


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is to take part: an organization from the list, or a name and a kind."""

    role: str
    organization: Organization | None = None
    typed_name: str = ""
    typed_kind: str = ""

    @property
    def name(self) -> str:
        return self.organization.name if self.organization else self.typed_name

    @property
    def key(self) -> int | str:
        """Name who it is, however it is written."""
        return self.organization.pk if self.organization else self.typed_name.lower()


@dataclass(frozen=True)
class Added:
    """What came of adding several at once."""

    participants: list[Participant]
    there: list[str]
    """Who was on the list already, by name."""


class AlreadyParticipant(Refused):
    """The organization is on the list already."""


@transaction.atomic
def add_participant(
    *,
    proposal_pk: int,
    organization: Organization | None = None,
    typed_name: str = "",
    typed_kind: str = "",
    role: str,
    contact_name: str = "",
    contact_email: str = "",
    by: User,
    at: datetime,
) -> Participant:
    """
    Add an organization from the list, or one that is typed in. Suggests the DGO when none is chosen.

    :raises NotEditable:
    :raises AlreadyParticipant:
    :raises ValidationError:
    """
    proposal = held(proposal_pk)
    if organization and proposal.participants.filter(organization=organization).exists():
        raise AlreadyParticipant(f"{organization.name} er allerede deltager.")
    if typed_name and proposal.participants.typed_as(typed_name).exists():
        raise AlreadyParticipant(f"{typed_name} er allerede deltager.")
    participant = Participant(
        proposal=proposal,
        organization=organization,
        is_lead=leads_at_first(proposal, organization),
        typed_name=typed_name,
        typed_kind=typed_kind,
        role=role,
        contact_name=contact_name,
        contact_email=contact_email,
        added_at=at,
    )
    participant.full_clean()
    participant.save()
    changed = ["participants"]
    if proposal.lead_dgo is None:
        proposal.lead_dgo = suggested_dgo(organization)
        changed += ["lead_dgo"] if proposal.lead_dgo else []
    mark(proposal, changed, by=by, at=at)
    touch(proposal, at, "lead_dgo")
    search.index([proposal.pk])
    return participant


@transaction.atomic
def add_participants(
    *, proposal_pk: int, newcomers: Iterable[Newcomer], by: User, at: datetime
) -> Added:
    """
    Add everybody who is not on the list yet, in as many queries for forty as for one. Suggests the DGO when none is chosen.

    :raises NotEditable:
    """
    proposal = held(proposal_pk)
    known = proposal.participants.keys()
    new: dict[int | str, Newcomer] = {}
    there: list[str] = []
    for newcomer in newcomers:
        if newcomer.key in known:
            there.append(newcomer.name)
        else:
            new.setdefault(newcomer.key, newcomer)
    if not new:
        return Added([], there)
    # Nothing is left to clean: a form has read each, and the constraints hold them.
    made = Participant.objects.bulk_create(
        Participant(
            proposal=proposal,
            organization=one.organization,
            is_lead=leads_at_first(proposal, one.organization),
            typed_name=one.typed_name,
            typed_kind=one.typed_kind,
            role=one.role,
            added_at=at,
        )
        for one in new.values()
    )
    changed = ["participants"]
    if proposal.lead_dgo is None:
        proposal.lead_dgo = first_suggested_dgo(
            one.organization for one in new.values() if one.organization
        )
        changed += ["lead_dgo"] if proposal.lead_dgo else []
    mark(proposal, changed, by=by, at=at)
    touch(proposal, at, "lead_dgo")
    search.index([proposal.pk])
    return Added(made, there)


@transaction.atomic
def add_list(
    *,
    proposal_pk: int,
    newcomers: Iterable[Newcomer],
    matches: Iterable[Match],
    base: Base | None,
    by: User,
    at: datetime,
) -> Added:
    """
    Add those chosen of a pasted list, which the page that was sent showed as `base` says.

    :raises NotEditable:
    :raises Reread: somebody has changed who of them is on the list
    """
    proposal = held(proposal_pk)
    now = shown_list(matches, proposal.participants.keys())
    seen.require_read("Deltagerne", base, now)
    return add_participants(proposal_pk=proposal.pk, newcomers=newcomers, by=by, at=at)


@transaction.atomic
def change_participant(
    *,
    proposal_pk: int,
    participant_pk: int,
    role: str,
    contact_name: str = "",
    contact_email: str = "",
    by: User,
    at: datetime,
) -> Participant:
    """
    Change in what role somebody takes part, and whom to ask.

    :raises NotEditable:
    :raises Participant.DoesNotExist:
    """
    proposal = held(proposal_pk)
    participant: Participant = proposal.participants.get(pk=participant_pk)
    if participant.role != role:
        # The role is part of what its contact has said.
        said = Commitment.objects.filter(participant=participant).exclude(contact=by)
        said.update(spoken_at=None, spoken_by=None, spoken_through=None)
    participant.role = role
    participant.contact_name = contact_name
    participant.contact_email = contact_email
    participant.full_clean()
    participant.save(update_fields=["role", "contact_name", "contact_email"])
    mark(proposal, ["participants"], by=by, at=at)
    touch(proposal, at)
    return participant


def leads_at_first(proposal: Proposal, organization: Organization | None) -> bool:
    """Say whether who comes to the list leads the track: the proposer's own organization, until somebody else does."""
    is_own = organization is not None and organization.pk == proposal.organization_id
    return is_own and proposal.participants.lead() is None


@transaction.atomic
def choose_lead(
    *, proposal_pk: int, participant_pk: int | None, by: User, at: datetime
) -> Participant | None:
    """
    Let one participant lead the track ("tovholder"), and whoever did lead it no more; nobody, where none is named.

    :raises NotEditable:
    :raises Participant.DoesNotExist:
    """
    proposal = held(proposal_pk)
    chosen: Participant | None = None
    if participant_pk is not None:
        chosen = proposal.participants.get(pk=participant_pk)
    if chosen and chosen.is_lead:
        return chosen
    proposal.participants.filter(is_lead=True).update(is_lead=False)
    if chosen:
        chosen.is_lead = True
        chosen.save(update_fields=["is_lead"])
    mark(proposal, ["participants"], by=by, at=at)
    touch(proposal, at)
    return chosen


@transaction.atomic
def remove_participant(*, proposal_pk: int, participant_pk: int, by: User, at: datetime) -> None:
    """
    Take somebody off the list, and its contact with it; already gone is as good.

    :raises NotEditable:
    """
    proposal = held(proposal_pk)
    participant = proposal.participants.filter(pk=participant_pk).first()
    if participant is None:
        return
    let_contact_go(participant, by=by, at=at)
    proposal.invitations.answering_for(participant).detach(by=by, at=at)
    participant.delete()
    Duty.objects.settle(proposal.pk, by=by, at=at)
    mark(proposal, ["participants"], by=by, at=at)
    touch(proposal, at)
    search.index([proposal.pk])


def let_contact_go(
    participant: Participant, *, but: User | None = None, by: User, at: datetime
) -> None:
    """
    Let the contact answer no more, unless it is `but`, and end the reading that came with being asked.

    The proposal's row is held by the caller.
    """
    proposal = participant.proposal
    commitment = Commitment.objects.with_frame().filter(participant=participant).first()
    contact = commitment.contact if commitment else None
    if commitment is None or contact is None or contact == but:
        return
    commitment.contact = None
    commitment.save(update_fields=["contact"])
    if end_reading(proposal, contact, at=at):
        Event.objects.create(
            proposal=proposal, transition="removed", at=at, by=by, note=contact.name
        )
        mails.removed(proposal, contact, by=by, at=at)


def end_reading(proposal: Proposal, contact: User, *, at: datetime) -> bool:
    """
    End the reading that came with being asked, with what waits for a paper, and return whether there was any.

    It stays with whoever answers for another participant that is in or has not said no, and with whoever was let in to
    read. The proposal's row is held by the caller.
    """
    answers_still = Commitment.objects.of_proposal(proposal).of_contact(contact).undeclined()
    if answers_still.exists() or proposal.invitations.to_read().accepted_by(contact).exists():
        return False
    reading = proposal.accesses.current(at=at).of_user(contact).filter(function=Function.READ)
    if not reading.exists():
        return False
    reading.end(at=at)
    search.index([proposal.pk])
    mails.forget(proposal, contact)
    return True

"""Who takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from proposals.drafting.holding import held, mark, touch
from proposals.drafting.ownership import suggested_dgo
from proposals.models import Participant

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import Organization, User


class AlreadyParticipant(Exception):
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
    participant = Participant(
        proposal=proposal,
        organization=organization,
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
    return participant


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
    participant.role = role
    participant.contact_name = contact_name
    participant.contact_email = contact_email
    participant.full_clean()
    participant.save(update_fields=["role", "contact_name", "contact_email"])
    mark(proposal, ["participants"], by=by, at=at)
    touch(proposal, at)
    return participant


@transaction.atomic
def remove_participant(*, proposal_pk: int, participant_pk: int, by: User, at: datetime) -> None:
    """
    Take somebody off the list; already gone is as good.

    :raises NotEditable:
    """
    proposal = held(proposal_pk)
    proposal.invitations.filter(participant=participant_pk).detach(by=by, at=at)
    proposal.participants.filter(pk=participant_pk).delete()
    mark(proposal, ["participants"], by=by, at=at)
    touch(proposal, at)

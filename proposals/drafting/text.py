"""A proposal opened, and its answers written section by section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from klimaspor import danish
from klimaspor.accounts.models import User
from proposals import mails
from proposals.drafting.holding import held, mark
from proposals.drafting.ownership import may_choose_dgo, move_dgo_access, suggested_dgo
from proposals.lifecycle import Status
from proposals.models import Access, Event, Function, Participant, Proposal
from proposals.sections import BY_SLUG

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from klimaspor.accounts.models import Organization
    from proposals.models import Round


class RoundClosed(Exception):
    """The round takes no new proposals."""


class DgoSettled(Exception):
    """The DGO has received the proposal; only the secretariat can change it now."""


@transaction.atomic
def create(
    *,
    owner: User,
    organization: Organization | None,
    round: Round,  # noqa: A002  # the model's own word
    title: str,
    by: User,
    at: datetime,
) -> Proposal:
    """
    Open an empty draft with a number of its own; seen by its owner only.

    :raises RoundClosed:
    """
    if not type(round).objects.open(at=at).filter(pk=round.pk).exists():
        raise RoundClosed(f"Runden {round.name} tager ikke imod forslag nu. Vælg en anden runde.")
    proposal = Proposal.objects.create(
        number=Proposal.objects.next_number(danish.day_of(at).year),
        round=round,
        owner=owner,
        organization=organization,
        lead_dgo=suggested_dgo(organization),
        status_since=at,
        created_at=at,
        created_by=by,
        edited_at=at,
        title=title,
    )
    Access.objects.grant(proposal, Function.OWN, user=owner, by=by, at=at)
    if by != owner:
        Access.objects.grant(proposal, Function.WRITE, user=by, by=by, at=at)
    Event.objects.create(proposal=proposal, transition="created", target=Status.DRAFT, at=at, by=by)
    if organization is not None and organization.is_authority:
        Participant.objects.create(
            proposal=proposal, organization=organization, role="participant", added_at=at
        )
    return proposal


@transaction.atomic
def register(
    *,
    email: str,
    name: str,
    organization: Organization | None,
    round: Round,  # noqa: A002  # the model's own word
    title: str,
    by: User,
    at: datetime,
) -> Proposal:
    """
    Open a draft for somebody whose proposal came by mail; the secretariat writes it with them.

    The person may be new: they get a letter that tells how to sign in.

    :raises RoundClosed:
    """
    owner = User.objects.filter(email__iexact=email).first()
    if owner is None:
        owner = User.objects.create_user(email, None, name=name)
    proposal = create(
        owner=owner, organization=organization, round=round, title=title, by=by, at=at
    )
    mails.registered(proposal, owner, at=at)
    return proposal


@transaction.atomic
def save_section(
    *, proposal_pk: int, slug: str, answers: Mapping[str, Any], by: User, at: datetime
) -> Proposal:
    """
    Write the answers of one section; what is not in `answers` stays as it was.

    `answers` maps attributes of Proposal to clean values, those of the section's questions only.

    :raises NotEditable:
    :raises DgoSettled:
    :raises LookupError: an attribute belongs to another section
    :raises ValidationError: a value breaks an invariant
    """
    proposal = held(proposal_pk)
    allowed = {name for question in BY_SLUG[slug].fields for name in question.attributes}
    if not answers.keys() <= allowed:
        raise LookupError(f"Not in {slug}: {sorted(answers.keys() - allowed)}")
    changed = [name for name, value in answers.items() if getattr(proposal, name) != value]
    if "lead_dgo" in changed:
        if not may_choose_dgo(proposal):
            raise DgoSettled(
                "DGO'en har modtaget forslaget. Kontakt sekretariatet, hvis I skal skifte DGO."
            )
        move_dgo_access(proposal, answers["lead_dgo"], by=by, at=at)
    for name in changed:
        setattr(proposal, name, answers[name])
    proposal.edited_at = at
    proposal.validate_constraints()
    proposal.save(update_fields=[*changed, "edited_at"])
    questions = [q.name for q in BY_SLUG[slug].fields if set(q.attributes) & set(changed)]
    mark(proposal, questions, by=by, at=at)
    return proposal

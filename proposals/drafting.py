"""
Writing a proposal: made, filled in section by section, handed over.

Every content write holds the proposal's row and checks the status, so that it cannot undo a submission.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db import transaction

from klimaspor import danish
from klimaspor.accounts.models import Dgo, Role, User
from proposals import mails
from proposals.lifecycle import EDITABLE, Status
from proposals.models import (
    Access,
    Attachment,
    Event,
    Financing,
    Function,
    Group,
    Participant,
    Proposal,
)
from proposals.sections import BY_SLUG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from decimal import Decimal

    from django.core.files.base import File

    from klimaspor.accounts.models import Organization
    from proposals.models import Round

MAX_ATTACHMENTS = 20


class NotEditable(Exception):
    """The text is with somebody else now."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        super().__init__(
            f"{proposal.number} {Status(proposal.status).state} og kan ikke ændres nu. "
            "Det, du skrev, er ikke gemt."
        )


class RoundClosed(Exception):
    """The round takes no new proposals."""


class DgoSettled(Exception):
    """The DGO has received the proposal; only the secretariat can change it now."""


class TooManyAttachments(Exception):
    """There is no room for another file."""


class AlreadyParticipant(Exception):
    """The organization is on the list already."""


class NotAParty(Exception):
    """The person cannot own the proposal."""


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


def suggested_dgo(organization: Organization | None) -> Dgo | None:
    """Give the DGO whose municipality this is; never derived from a region."""
    if organization is None:
        return None
    return Dgo.objects.of_municipality(organization).by_name().first()


def may_choose_dgo(proposal: Proposal) -> bool:
    """Say whether the proposer may still choose: until the DGO has received it in this round."""
    return (
        proposal.status == Status.DRAFT and not proposal.versions.sent_in(proposal.round).exists()
    )


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
    proposal = _editable(proposal_pk)
    allowed = {name for question in BY_SLUG[slug].fields for name in question.attributes}
    if not answers.keys() <= allowed:
        raise LookupError(f"Not in {slug}: {sorted(answers.keys() - allowed)}")
    changed = [name for name, value in answers.items() if getattr(proposal, name) != value]
    if "lead_dgo" in changed:
        if not may_choose_dgo(proposal):
            raise DgoSettled(
                "DGO'en har modtaget forslaget. Kontakt sekretariatet, hvis I skal skifte DGO."
            )
        _move_dgo_access(proposal, answers["lead_dgo"], by=by, at=at)
    for name in changed:
        setattr(proposal, name, answers[name])
    proposal.edited_at = at
    proposal.validate_constraints()
    proposal.save(update_fields=[*changed, "edited_at"])
    return proposal


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
    proposal = _editable(proposal_pk)
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
    if proposal.lead_dgo is None:
        proposal.lead_dgo = suggested_dgo(organization)
    _touch(proposal, at, "lead_dgo")
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
    proposal = _editable(proposal_pk)
    participant: Participant = proposal.participants.get(pk=participant_pk)
    participant.role = role
    participant.contact_name = contact_name
    participant.contact_email = contact_email
    participant.full_clean()
    participant.save(update_fields=["role", "contact_name", "contact_email"])
    _touch(proposal, at)
    return participant


@transaction.atomic
def remove_participant(*, proposal_pk: int, participant_pk: int, by: User, at: datetime) -> None:
    """
    Take somebody off the list; already gone is as good.

    :raises NotEditable:
    """
    proposal = _editable(proposal_pk)
    proposal.participants.filter(pk=participant_pk).delete()
    _touch(proposal, at)


@transaction.atomic
def save_financing(
    *,
    proposal_pk: int,
    lines: Iterable[tuple[int, str, Decimal, str]],
    by: User,
    at: datetime,
) -> None:
    """
    Replace the lines of the economy: (year, source, amount in kroner, status), in the order they are shown.

    :raises NotEditable:
    :raises ValidationError:
    """
    proposal = _editable(proposal_pk)
    rows = [
        Financing(
            proposal=proposal,
            position=position,
            year=year,
            source=source,
            amount=amount,
            status=status,
        )
        for position, (year, source, amount, status) in enumerate(lines)
    ]
    for row in rows:
        row.full_clean(exclude=["proposal"])
    proposal.financing.all().delete()
    Financing.objects.bulk_create(rows)
    _touch(proposal, at)


@transaction.atomic
def add_attachment(
    *,
    proposal_pk: int,
    title: str,
    file: File[bytes],
    file_name: str,
    content_type: str,
    by: User,
    at: datetime,
) -> Attachment:
    """
    Keep a file with the proposal; the form has looked at what is in it.

    :raises NotEditable:
    :raises TooManyAttachments:
    """
    proposal = _editable(proposal_pk)
    present = proposal.attachments.present()
    if present.count() >= MAX_ATTACHMENTS:
        raise TooManyAttachments(
            f"Der kan højst være {MAX_ATTACHMENTS} bilag. Fjern et bilag, eller saml dem i én PDF."
        )
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    attachment = Attachment(
        proposal=proposal,
        position=proposal.attachments.count() + 1,
        title=title,
        file_name=file_name[-200:],
        size=file.size,
        content_type=content_type,
        sha256=digest.hexdigest(),
        uploaded_at=at,
        uploaded_by=by,
    )
    # The stored name is ours: what the sender called it is only shown.
    attachment.file.save(f"{digest.hexdigest()[:24]}.pdf", file, save=False)
    attachment.save()
    _touch(proposal, at)
    return attachment


@transaction.atomic
def remove_attachment(*, proposal_pk: int, attachment_pk: int, by: User, at: datetime) -> None:
    """
    Take a file out of the text; versions that were sent with it keep it.

    :raises NotEditable:
    """
    proposal = _editable(proposal_pk)
    proposal.attachments.present().filter(pk=attachment_pk).update(removed_at=at, removed_by=by)
    _touch(proposal, at)


@transaction.atomic
def hand_over(*, proposal_pk: int, to_user: User, reason: str, by: User, at: datetime) -> Proposal:
    """
    Make another person the owner; the one before has no access after that.

    :raises NotAParty: the person cannot sign in
    """
    proposal = Proposal.objects.locked(proposal_pk)
    if not to_user.is_active:
        raise NotAParty(f"{to_user.name} kan ikke logge ind. Vælg en anden.")
    if proposal.owner_id == to_user.pk:
        return proposal
    owned = proposal.accesses.filter(function=Function.OWN)
    owned.end(at=at)
    Access.objects.grant(proposal, Function.OWN, user=to_user, by=by, at=at)
    proposal.owner = to_user
    proposal.save(update_fields=["owner"])
    Event.objects.create(
        proposal=proposal,
        transition="handed_over",
        at=at,
        by=by,
        reason=reason,
        note=to_user.name,
    )
    mails.handed_over(proposal, to_user, by=by, reason=reason, at=at)
    return proposal


@transaction.atomic
def change_dgo(*, proposal_pk: int, dgo: Dgo, reason: str, by: User, at: datetime) -> Proposal:
    """Give the proposal to another DGO, as the secretariat may at any time; the one before no longer sees it."""
    proposal = Proposal.objects.locked(proposal_pk)
    if proposal.lead_dgo_id == dgo.pk:
        return proposal
    _move_dgo_access(proposal, dgo, by=by, at=at)
    proposal.lead_dgo = dgo
    proposal.save(update_fields=["lead_dgo"])
    Event.objects.create(
        proposal=proposal, transition="dgo_changed", at=at, by=by, reason=reason, note=dgo.name
    )
    if proposal.accesses.current(at=at).filter(dgo=dgo).exists():
        mails.dgo_changed(
            proposal,
            User.objects.holding(Role.DGO_ADVISER, at=at, dgo=dgo),
            reason=reason,
            at=at,
        )
    return proposal


def _move_dgo_access(proposal: Proposal, dgo: Dgo | None, *, by: User, at: datetime) -> None:
    held = proposal.accesses.current(at=at).exclude(dgo=None)
    functions = list(held.values_list("function", flat=True))
    held.end(at=at)
    if dgo is not None:
        for function in functions:
            Access.objects.grant(proposal, function, dgo=dgo, by=by, at=at)


def _editable(pk: int) -> Proposal:
    proposal: Proposal = Proposal.objects.locked(pk)
    if proposal.status not in EDITABLE:
        raise NotEditable(proposal)
    return proposal


def _touch(proposal: Proposal, at: datetime, *fields: str) -> None:
    proposal.edited_at = at
    proposal.save(update_fields=["edited_at", *fields])


def secretariat_access(proposal: Proposal, function: str, *, by: User, at: datetime) -> None:
    """Open the proposal to all of the secretariat in a capacity."""
    Access.objects.grant(proposal, function, group=Group.SECRETARIAT, by=by, at=at)

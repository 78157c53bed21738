"""
An earlier proposal as the beginning of a new one ("Kopiér til et nyt forslag"), also one that has left the line.

It takes no answers along: participants are unconfirmed, files are named and not copied, and case numbers are left
behind, since each belongs to the case it was given in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish
from klimaspor.accounts.models import Dgo
from proposals.answers.sections import FIELDS
from proposals.drafting import steps as drafting
from proposals.economy.models import BudgetLine, Financing
from proposals.line.models import Event, Proposal
from proposals.participants.models import Commitment, Participant
from proposals.search import steps as search

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import Organization, User
    from proposals.rounds.models import Round

OWN = "lead_dgo"
"""The one answer that is chosen anew where it no longer holds."""


@transaction.atomic
def copy(
    *,
    proposal_pk: int,
    organization: Organization | None,
    round: Round,  # noqa: A002  # the model's own word
    by: User,
    at: datetime,
) -> Proposal:
    """
    Open a draft of the person's own with the text, the participants and the amounts of another proposal.

    Nobody's answer follows: participants are asked again, files are fetched again, and the history begins anew.

    :raises RoundClosed:
    """
    source = Proposal.objects.locked(proposal_pk)
    draft = drafting.create(
        owner=by, organization=organization, round=round, title=source.title, by=by, at=at
    )
    # The new one's own organization is on the list already when it is an authority.
    draft.participants.all().delete()
    names = [name for question in FIELDS.values() for name in question.attributes if name != OWN]
    for name in names:
        setattr(draft, name, getattr(source, name))
    if source.lead_dgo and Dgo.objects.valid(danish.day_of(at)).contains(source.lead_dgo):
        draft.lead_dgo = source.lead_dgo
    draft.save(update_fields=[*names, OWN])
    _copy_rows(source, draft, at)
    search.index([draft.pk])
    files = missing_files(source)
    Event.objects.create(
        proposal=draft,
        transition="copied",
        at=at,
        by=by,
        note=source.number,
        reason=files_text(files),
    )
    return draft


def missing_files(source: Proposal) -> list[str]:
    """Name the files a copy will be without."""
    return list(source.attachments.present().listed().values_list("title", flat=True))


def files_text(files: list[str]) -> str:
    """Say which files must be fetched again; nothing when there are none."""
    if not files:
        return ""
    listed = "\n".join(f"- {title}" for title in files)
    return f"Bilag kopieres ikke. Du havde disse:\n\n{listed}"


def _copy_rows(source: Proposal, draft: Proposal, at: datetime) -> None:
    copies: dict[int, Participant] = {}
    for row in source.participants.listed():
        made = copies[row.pk] = Participant.objects.create(
            proposal=draft,
            organization=row.organization,
            typed_name=row.typed_name,
            typed_kind=row.typed_kind,
            role=row.role,
            is_lead=row.is_lead,
            contact_name=row.contact_name,
            contact_email=row.contact_email,
            added_at=at,
        )
        if brought := getattr(row, "commitment", None):
            # What they were to bring, without their answer, the one who gave it, or their case.
            Commitment.objects.create(
                participant=made,
                plan_action=brought.plan_action,
                hours=brought.hours,
                amount=brought.amount,
            )
    Financing.objects.bulk_create(
        Financing(
            proposal=draft,
            position=row.position,
            year=row.year,
            source=row.source,
            amount=row.amount,
            status=row.status,
        )
        for row in source.financing.listed()
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(
            proposal=draft,
            position=row.position,
            category=row.category,
            description=row.description,
            year=row.year,
            amount=row.amount,
            recipient=copies[row.recipient_id] if row.recipient_id else None,
        )
        for row in source.budget_lines.listed()
    )

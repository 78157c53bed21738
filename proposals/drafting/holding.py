"""Every content write holds the proposal's row and checks the status, so that it cannot undo a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from klimaspor.refusals import Refused
from proposals.drafting.models import FieldVersion
from proposals.line.lifecycle import EDITABLE, Status
from proposals.line.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User


class NotEditable(Refused):
    """The text is with somebody else now."""

    is_outdated = True

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        super().__init__(
            f"{proposal.number} {Status(proposal.status).state} og kan ikke ændres nu. "
            "Det, du skrev, er ikke gemt."
        )


def held(pk: int) -> Proposal:
    """
    Hold a proposal that its writers may change now.

    :raises NotEditable:
    """
    proposal: Proposal = Proposal.objects.locked(pk)
    if proposal.status not in EDITABLE:
        raise NotEditable(proposal)
    return proposal


def touch(proposal: Proposal, at: datetime, *fields: str) -> None:
    """Say that the text was changed, and save `fields` with it."""
    proposal.edited_at = at
    proposal.save(update_fields=["edited_at", *fields])


def mark(proposal: Proposal, names: Iterable[str], *, by: User | None, at: datetime) -> None:
    """Give each answer that was changed its next version, and keep who wrote it."""
    names = set(names)
    if not names:
        return
    # The proposal's row is held, so nobody else numbers them now.
    known = proposal.field_versions.of_fields(names)
    if known.update(number=F("number") + 1, edited_at=at, edited_by=by) == len(names):
        return
    FieldVersion.objects.bulk_create(
        FieldVersion(proposal=proposal, name=name, edited_at=at, edited_by=by)
        for name in names - set(known.values_list("name", flat=True))
    )

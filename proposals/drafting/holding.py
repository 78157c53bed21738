"""Every content write holds the proposal's row and checks the status, so that it cannot undo a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from klimaspor.refusals import Refused
from proposals.answers.content import answer_text
from proposals.answers.sections import FIELDS
from proposals.answers.tables import BY_NAME
from proposals.drafting.models import AnswerChange, FieldVersion
from proposals.line.lifecycle import EDITABLE, Status
from proposals.line.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
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
    """
    Give each answer that was changed its next version, and keep who wrote it and what it says now; rows are written before.

    A question among them had no answer: it is answered by the way, where the rows suggest it.
    """
    # In an order of their own: what is kept lies in it.
    names = sorted(set(names))
    if not names:
        return
    number(proposal, names, by=by, at=at)
    texts: dict[str, tuple[str | None, str]] = {
        name: ("", answer_text(proposal, FIELDS[name])) for name in names if name in FIELDS
    }
    for name in names:
        if name in FIELDS:
            continue
        table = BY_NAME[name]
        texts[name] = (None, table.text(table.read(proposal, at)))
    AnswerChange.objects.keep(proposal, texts, by=by, at=at)


def number(proposal: Proposal, names: Collection[str], *, by: User | None, at: datetime) -> None:
    """Give answers their next version; whoever writes them keeps what they say."""
    # The proposal's row is held, so nobody else numbers them now.
    known = proposal.field_versions.of_fields(names)
    if known.update(number=F("number") + 1, edited_at=at, edited_by=by) == len(names):
        return
    stand = set(known.values_list("name", flat=True))
    FieldVersion.objects.bulk_create(
        FieldVersion(proposal=proposal, name=name, edited_at=at, edited_by=by)
        for name in dict.fromkeys(names)
        if name not in stand
    )

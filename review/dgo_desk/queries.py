"""What lies with a DGO, found by the duties of those whose turn it is, in order of due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.accounts.anybody import PreparedListFor
from klimaspor.prepared import Listed
from proposals.line.duties import Kind
from proposals.line.models import Duty, Proposal

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User


@PreparedListFor
def lying(user: User, *, at: datetime) -> Listed:
    """Give what the DGOs are to assess, then the drafts that are open to them, then what the proposers read and send on."""
    dgo_ids = user.duties_at(at).dgo_ids
    waiting = Duty.objects.open(at=at)
    visible = Proposal.objects.visible_to(user, at=at)
    here = waiting.filter(kind=Kind.QUALIFY, dgo__in=dgo_ids).about(visible)
    drafts, returned = (
        waiting.filter(kind=kind).opened_to_dgos(dgo_ids, at=at).of_owner(visible)
        for kind in (Kind.SUBMIT, Kind.SUBMIT_FOR_APPROVAL)
    )
    shown = Proposal.objects.with_reading(user, at=at).with_sent_participants().with_due()
    return Listed(
        tuple(
            found.most_urgent_first().values("proposal_id") for found in (here, drafts, returned)
        ),
        shown.with_counts(user, at=at).with_row(),
    )

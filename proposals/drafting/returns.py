"""What was sent back to a proposal's people, and what they were asked to change in which section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proposals.answers.sections import BY_SLUG
from proposals.drafting.models import ReturnReason
from proposals.line.lifecycle import EDITABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proposals.line.models import Event, Proposal

SENT_BACK = ("return_for_changes", "request_completion", "send_back")
SENT_AND_TAKEN_BACK = ("submit", "submit_for_approval", "take_back")


def sent_back_by(proposal: Proposal) -> Event | None:
    """Give the event that sent the proposal back to its people, while it is theirs to change because of it."""
    # What has never moved was never sent back.
    if proposal.revision == 1 or proposal.status not in EDITABLE:
        return None
    moved: Event | None = (
        proposal.events.of_transition(*SENT_BACK).with_history().newest_first().first()
    )
    if moved is None or moved.at == proposal.status_since:
        return moved
    # What was sent and taken back since answered nothing.
    since = proposal.events.moves().filter(at__gte=moved.at).exclude(pk=moved.pk)
    return None if since.exclude(transition__in=SENT_AND_TAKEN_BACK).exists() else moved


def reason_for(event: Event | None, slug: str) -> str:
    if event is None:
        return ""
    return next((reason.text for reason in event.reasons.all() if reason.section == slug), "")


def tidy_reasons(reasons: Mapping[str, str]) -> dict[str, str]:
    """Keep the sections that something is said about, in the form's order."""
    return {slug: reasons[slug].strip() for slug in BY_SLUG if reasons.get(slug, "").strip()}


def keep_reasons(event: Event, reasons: Mapping[str, str]) -> None:
    ReturnReason.objects.bulk_create(
        ReturnReason(event=event, section=slug, text=text)
        for slug, text in tidy_reasons(reasons).items()
    )

"""Where an idea stands, in words; and what the pages of others show of ideas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from proposals.ideas.models import Idea
from proposals.line.addresses import proposal_address
from proposals.line.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.pages import ProposalPage

FEW = 5
"""How many stand on a desk."""


def drafts_seen(ideas: Iterable[Idea], user: User, *, at: datetime) -> dict[int, str]:
    """Give the numbers of the drafts that ideas have become, as far as the person sees them: one question."""
    pks = [idea.proposal_id for idea in ideas if idea.proposal_id]
    if not pks:
        return {}
    visible = Proposal.objects.visible_to(user, at=at).filter(pk__in=pks)
    return dict(visible.values_list("pk", "number"))


def state_of(idea: Idea, user: User, drafts: Mapping[int, str]) -> dict[str, str]:
    """Say where an idea stands and in which tone, to one person; comes after `with_row`."""
    if idea.proposal_id and idea.proposal_id in drafts:
        number = drafts[idea.proposal_id]
        return {"text": f"Blev til {number}", "tone": "success", "url": proposal_address(number)}
    if idea.proposal_id or idea.closed_at:
        # Whoever cannot see the draft is not told by this that there is one.
        is_aside = idea.owner_id == user.pk and idea.closed_at
        return {"text": "Lagt til side" if is_aside else "Afsluttet", "tone": "", "url": ""}
    if not idea.sent_at:
        return {"text": "Kladde", "tone": "", "url": ""}
    if idea.is_answered:  # type: ignore[attr-defined]  # annotated by `with_row`
        return {"text": "Besvaret", "tone": "info", "url": ""}
    return {"text": "Venter på svar", "tone": "warning", "url": ""}


def idea_url(page: ProposalPage) -> str:
    """Give where the idea stands that a proposal was made of, to whoever may read that."""
    ideas = Idea.objects.visible_to(page.user, at=page.at).of_proposal(page.proposal.pk)
    pk = ideas.values_list("pk", flat=True).first()
    return reverse("proposals:idea", args=[pk]) if pk else ""


def waiting_ideas(user: User, *, at: datetime) -> dict[str, Any]:
    """Give the ideas that have waited longest for the person's DGOs, for their desk: one question."""
    found = Idea.objects.sent_to_dgos_of(user, at=at).with_row().waiting()
    ideas = list(found.longest_waiting_first()[: FEW + 1])
    return {
        "rows": [
            {
                "title": str(idea),
                "by": idea.organization or idea.owner,
                "sent_at": idea.sent_at,
                "url": reverse("proposals:idea", args=[idea.pk]),
            }
            for idea in ideas[:FEW]
        ],
        "has_more": len(ideas) > FEW,
    }

"""What the letters about ideas say, one function each: name = folder under templates/mail = function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from klimaspor import danish
from proposals.line.mails import put_plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import Dgo, User
    from proposals.ideas.models import Idea, IdeaReply

LETTERS = ("idea_sent", "idea_answered", "idea_replied", "idea_moved")


def idea_sent(
    idea: Idea,
    to: Iterable[User],
    *,
    by: User,
    is_moved: bool = False,
    note: str = "",
    at: datetime,
) -> None:
    """To those who are to answer it, when it comes to their DGO."""
    for person in to:
        put_plain(
            "idea_sent",
            f"{idea.pk}:{at.isoformat()}",
            person,
            at,
            path=_path(idea),
            idea=idea,
            by=by,
            is_moved=is_moved,
            note=note,
        )


def idea_answered(reply: IdeaReply, *, at: datetime) -> None:
    """To its owner."""
    put_plain(
        "idea_answered",
        str(reply.pk),
        reply.idea.owner,
        at,
        path=_path(reply.idea),
        idea=reply.idea,
        reply=reply,
    )


def idea_replied(reply: IdeaReply, to: Iterable[User], *, at: datetime) -> None:
    """To those who answered it, at most one a day for each idea: the page shows the rest."""
    for person in to:
        put_plain(
            "idea_replied",
            f"{reply.idea_id}:{danish.day_of(at)}",
            person,
            at,
            path=_path(reply.idea),
            idea=reply.idea,
            reply=reply,
        )


def idea_moved(
    idea: Idea,
    to: Iterable[User],
    *,
    before: Dgo | None,
    is_owner: bool,
    note: str = "",
    by: User,
    at: datetime,
) -> None:
    """To its owner, or to those who had it and read it no longer."""
    for person in to:
        put_plain(
            "idea_moved",
            f"{idea.pk}:{at.isoformat()}",
            person,
            at,
            path=_path(idea) if is_owner else "",
            idea=idea,
            before=before,
            is_owner=is_owner,
            note=note,
            by=by,
        )


def _path(idea: Idea) -> str:
    return reverse("proposals:idea", args=[idea.pk])

"""
Who else is writing right now: a hint that is forgotten in a minute, never a lock.

One read of the cache for a page, one read for each autosave, and one write now and then. Two at once may cost each other the hint,
and where the cache is away only the same process knows.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache

from klimaspor import danish
from proposals.answers.sections import BY_SLUG

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal

REMEMBERED = timedelta(seconds=60)
NEWS = timedelta(seconds=20)


def others(proposal: Proposal, user: User, *, at: datetime) -> str:
    """Say who else writes in the proposal now; empty when nobody does."""
    return _said(_writers(proposal, at), user)


def note(proposal: Proposal, user: User, slug: str, *, at: datetime) -> str:
    """Remember that the person writes in a section, and say who else does."""
    writers = _writers(proposal, at)
    if _is_known(writers.get(user.pk), slug, at):
        return _said(writers, user)
    writers[user.pk] = (user.name, slug, at)
    cache.set(_key(proposal), writers, REMEMBERED.total_seconds())
    return _said(writers, user)


def _is_known(seen: tuple[str, str, datetime] | None, slug: str, at: datetime) -> bool:
    """Say whether somebody was noted here a moment ago, which need not be said again."""
    return seen is not None and seen[1] == slug and abs(at - seen[2]) < NEWS


def _key(proposal: Proposal) -> str:
    return f"writing:{proposal.pk}"


def _writers(proposal: Proposal, at: datetime) -> dict[int, tuple[str, str, datetime]]:
    known: dict[int, Any] = cache.get(_key(proposal)) or {}
    return {pk: seen for pk, seen in known.items() if abs(at - seen[2]) < REMEMBERED}


def _said(writers: dict[int, tuple[str, str, datetime]], user: User) -> str:
    places: dict[str, list[str]] = {}
    for pk, (name, slug, _) in writers.items():
        if pk != user.pk:
            places.setdefault(slug, []).append(name or "En anden")
    return " ".join(
        f"{danish.join_text(names)} skriver i {BY_SLUG[slug].title} lige nu."
        for slug, names in places.items()
    )

"""
When staff are signed out: after a working day without a sign of them, so that a machine they left opens nobody's cases.

The page warns before, where scripts run (`static/scripts/idle.js`); what is posted afterwards is kept, see `klimaspor.unsent`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 - only its type

    from klimaspor.accounts.models import Duties, User

SEEN = "seen"
ENDED = "ended_idle"
"""What the session that comes after one that ended by itself knows of it, for the page to sign in on."""

# Sessions are rows, and not every request writes one: somebody is signed out that much later, never earlier.
COARSE = timedelta(minutes=5)
WARNED_BEFORE = timedelta(minutes=10)


def limit() -> timedelta:
    return timedelta(minutes=settings.STAFF_IDLE_MINUTES)


def note(request: HttpRequest) -> None:
    """Write that there was a sign of the person now."""
    request.session[SEEN] = request.received_at.timestamp()  # type: ignore[attr-defined]  # stamped by the first middleware


def silence(request: HttpRequest, person: User) -> timedelta:
    """Say how long it was since the last sign of the person that is written."""
    seen = request.session.get(SEEN)
    last = datetime.fromtimestamp(seen, tz=UTC) if seen else person.last_login
    at: datetime = request.received_at  # type: ignore[attr-defined]  # stamped by the first middleware
    return at - last if last else timedelta.max


def shown(duties: Duties) -> dict[str, Any] | None:
    """Give what the page needs to warn somebody; nothing where nobody is signed out."""
    if not settings.STAFF_IDLE_MINUTES or not duties.is_staff:
        return None
    before = min(WARNED_BEFORE, limit() / 2)
    return {
        "seconds": round(limit().total_seconds()),
        "warned_before": round(before.total_seconds()),
        "after_text": limit_text(),
        "before_text": f"{round(before.total_seconds() / 60)} minutter",
    }


def limit_text() -> str:
    hours, minutes = divmod(settings.STAFF_IDLE_MINUTES, 60)
    return (
        f"{hours} timer" if hours > 1 and not minutes else f"{settings.STAFF_IDLE_MINUTES} minutter"
    )

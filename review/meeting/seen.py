"""What the page of who was at the meeting shows, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import Shown
from review.meeting.models import Presence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review.agenda.models import Agenda


def shown_attendance(agenda: Agenda) -> Shown:
    """Show who was there; nobody, before anybody has said."""
    rows = agenda.attendance.order_by("pk")
    return shown_presences((row.name, row.presence) for row in rows)


def shown_presences(presences: Iterable[tuple[str, str]]) -> Shown:
    return Shown.of(*((name, str(Presence(presence).label)) for name, presence in presences))

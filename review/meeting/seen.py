"""What the page of who was at the meeting shows, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import Shown, digest
from review.meeting.models import presence_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review.agenda.models import Agenda


def shown_attendance(agenda: Agenda) -> Shown:
    """Show who was there; nobody, before anybody has said."""
    rows = agenda.attendance.order_by("pk")
    return shown_presences((row.name, row.presence) for row in rows)


def shown_presences(presences: Iterable[tuple[str, str]]) -> Shown:
    """Show such presences; each person's is guarded by itself."""
    return Shown.of_fields(
        *(
            (seat_name(name), name, presence and presence_text(presence))
            for name, presence in presences
        )
    )


def seat_name(name: str) -> str:
    """Name what is guarded of one person, whose name may be written in many ways."""
    return f"seat-{digest([name.casefold()])}"

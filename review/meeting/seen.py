"""
What a page showed of what several write on together, so that a save overwrites nothing its writer has not seen.

A page carries a base, a short mark of what stood when it was opened. What stands otherwise by now is shown beside what was
typed before it is written over, and a last look is read again before it is pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import digest_of

if TYPE_CHECKING:
    from klimaspor.seen import Told
    from review.agenda.models import Agenda


def of_attendance(agenda: Agenda) -> str:
    """Empty before anybody has said who was there."""
    rows = attended(agenda)
    return digest_of(rows) if rows else ""


def attended(agenda: Agenda) -> list[tuple[str, str]]:
    return [(row.name, str(row.presence)) for row in agenda.attendance.order_by("pk")]


def told_attendance(agenda: Agenda) -> Told:
    return [(row.name, row.get_presence_display()) for row in agenda.attendance.order_by("pk")]

"""
What a page showed of what several write on together, so that a save overwrites nothing its writer has not seen.

A page carries a base, a short mark of what stood when it was opened. What stands otherwise by now is shown beside what was
typed before it is written over, and a last look is read again before it is pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.seen import digest_of

if TYPE_CHECKING:
    from klimaspor.seen import Told
    from review.agenda.models import Agenda, AgendaItem

ITEM_FIELDS = ("title", "kind", "minutes", "is_closed", "resume", "proposed", "case_text")


def of_meeting(agenda: Agenda) -> str:
    return digest_of(agenda.meeting_date, agenda.meeting_time, agenda.place)


def told_meeting(agenda: Agenda) -> Told:
    at = agenda.meeting_time
    return [
        ("Mødedato", danish.short_date(agenda.meeting_date)),
        ("Klokkeslæt", danish.time_text(at) if at else ""),
        ("Sted", agenda.place),
    ]


def of_item(item: AgendaItem) -> str:
    return digest_of([str(getattr(item, name)) for name in ITEM_FIELDS])


def told_item(item: AgendaItem) -> Told:
    own = [
        ("Type", item.get_kind_display()),
        ("Minutter", str(item.minutes)),
        ("Lukket punkt", "Ja" if item.is_closed else "Nej"),
    ]
    if item.proposal_id:
        return own
    return [
        ("Titel", item.title),
        *own,
        ("Resumé", item.resume),
        ("Indstilling", item.proposed),
        ("Sagsfremstilling", item.case_text),
    ]


def of_agenda(agenda: Agenda) -> str:
    """Give the base of what an agenda holds, in its order; whether a proposal has left it is said otherwise."""
    items = agenda.items.listed()
    return digest_of(of_meeting(agenda), [(item.pk, of_item(item)) for item in items])

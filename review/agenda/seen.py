"""What the pages of an agenda show of what several write on, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.seen import Shown

if TYPE_CHECKING:
    from review.agenda.models import Agenda, AgendaItem


def shown_meeting(agenda: Agenda) -> Shown:
    """Show when and where the meeting is."""
    at = agenda.meeting_time
    return Shown.of_fields(
        ("meeting_date", "Mødedato", danish.short_date(agenda.meeting_date)),
        ("meeting_time", "Klokkeslæt", danish.time_text(at) if at else ""),
        ("place", "Sted", agenda.place),
    )


def shown_item(item: AgendaItem) -> Shown:
    """Show what is written of an item; the words of a proposal's come from the proposal."""
    own = (
        ("kind", "Type", item.get_kind_display()),
        ("minutes", "Minutter", str(item.minutes)),
        ("is_closed", "Lukket punkt", "Ja" if item.is_closed else "Nej"),
    )
    if item.proposal_id:
        return Shown.of_fields(*own)
    return Shown.of_fields(
        ("title", "Titel", item.title),
        *own,
        ("resume", "Resumé", item.resume),
        ("proposed", "Indstilling", item.proposed),
        ("case_text", "Sagsfremstilling", item.case_text),
    )


def shown_place(item: AgendaItem) -> Shown:
    """Show where an item stands among the others."""
    return Shown.of(("Plads", str(item.position)))


def shown_agenda(agenda: Agenda) -> Shown:
    """Show what an agenda holds, in its order; whether a proposal has left it is said otherwise."""
    items = agenda.items.listed()
    return Shown(
        (
            *shown_meeting(agenda).parts,
            *(
                part
                for item in items
                for part in (*shown_title(item).parts, *shown_item(item).parts)
            ),
        )
    ).whole


def shown_title(item: AgendaItem) -> Shown:
    return Shown.of((f"Punkt {item.position}", item.title))

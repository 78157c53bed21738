"""What the page of a note shows, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish
from klimaspor.seen import Shown

if TYPE_CHECKING:
    from proposals.notes.models import Note


def shown_note(note: Note) -> Shown:
    return Shown.of_fields(
        ("kind", "Art", note.get_kind_display()),
        ("held_date", "Dato", danish.short_date(note.held_date)),
        ("participants", "Deltagere", note.participants),
        ("text", "Notat", note.text),
        about=note.pk,
        by=note.edited_by or note.created_by,
    )

"""The notes, as the page of a proposal's history shows them to those who read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor import danish
from proposals.line.parts import capitalized
from proposals.sparring.models import Circle

if TYPE_CHECKING:
    from proposals.line.pages import ProposalPage
    from proposals.notes.models import Note, NoteWording


def notes_shown(page: ProposalPage) -> dict[str, Any] | None:
    """Give what templates/proposals/notes/_notes.html shows; nothing to whoever is not in the conversation."""
    if not page.standing.takes_part:
        return None
    number = page.proposal.number
    found = page.proposal.notes.readable_by(page.standing).with_wordings().newest_first()
    may_write = page.user.has_perm("proposals.note", page.proposal)
    return {
        "new_url": reverse("proposals:note", args=[number]) if may_write else "",
        "rows": [
            {
                **_said(note),
                "id": note.pk,
                "is_inner": note.circle == Circle.ADVISERS,
                "by": note.created_by.name,
                "role": note.author_role,
                "created_at": note.created_at,
                "edited_at": note.edited_at,
                "url": reverse("proposals:correct_note", args=[number, note.pk])
                if may_write and note.created_by_id == page.user.pk
                else "",
                "before": [{**_said(one), "at": one.at} for one in note.wordings.all()],
            }
            for note in found
        ],
    }


def _said(said: Note | NoteWording) -> dict[str, Any]:
    return {
        "title": f"{capitalized(said.get_kind_display())} {danish.date_text(said.held_date)}",
        "participants": said.participants,
        "text": said.text,
    }

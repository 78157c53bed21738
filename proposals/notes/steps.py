"""Writing a note on the case and correcting it; nobody is told, and what it said before is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish, seen
from klimaspor.refusals import Missing, Refused
from proposals.line import impartiality
from proposals.line.models import Proposal
from proposals.line.standing import standing
from proposals.notes.models import Note, NoteWording
from proposals.notes.seen import shown_note
from proposals.sparring.models import Circle
from proposals.sparring.steps import role_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from klimaspor.accounts.models import User
    from klimaspor.seen import Base
    from proposals.line.standing import Standing

SAID = ("kind", "held_date", "participants", "text")


class NotTheirs(Refused):
    """A note is its author's to correct, and an inner one the advisers' to write."""


@transaction.atomic
def write(
    *,
    proposal_pk: int,
    kind: str,
    circle: str,
    held_date: date,
    participants: str,
    text: str,
    by: User,
    at: datetime,
) -> Note:
    """
    Keep a note on the case.

    :raises Missing: held_date.
    :raises NotTheirs: an inner note by one of the proposal's people, who could not read it.
    :raises NotImpartial:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    its = standing(by, proposal, at=at)
    if not its.is_party:
        impartiality.require(by, proposal, at=at)
    _require_circle(its, circle)
    _require_past(held_date, at=at)
    note: Note = Note.objects.create(
        proposal=proposal,
        kind=kind,
        circle=circle,
        held_date=held_date,
        participants=participants,
        text=text,
        author_role=role_of(by, proposal, at=at),
        created_at=at,
        created_by=by,
    )
    return note


@transaction.atomic
def correct(
    *,
    note_pk: int,
    kind: str,
    held_date: date,
    participants: str,
    text: str,
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> Note:
    """
    Correct what a note says; what it said is kept, and who reads it stays.

    :raises Changed: it was corrected in another tab since `bases`.
    :raises Missing: held_date.
    :raises NotTheirs:
    :raises NotImpartial:
    """
    note: Note = Note.objects.select_related("created_by", "edited_by").get(pk=note_pk)
    note.proposal = Proposal.objects.locked(note.proposal_id)
    note.refresh_from_db(fields=[*SAID, "edited_at", "edited_by"])
    if note.created_by_id != by.pk:
        raise NotTheirs("Kun den, der har skrevet notatet, kan rette det.")
    its = standing(by, note.proposal, at=at)
    if not its.is_party:
        impartiality.require(by, note.proposal, at=at)
    _require_circle(its, note.circle)
    _require_past(held_date, at=at)
    stands = shown_note(note)
    before = {name: getattr(note, name) for name in SAID}
    came = {"kind": kind, "held_date": held_date, "participants": participants, "text": text}
    typed = Note(pk=note.pk, created_by=note.created_by, edited_by=note.edited_by, **came)
    for name in seen.touched(bases, stands, shown_note(typed), reader=by):
        setattr(note, name, came[name])
    if before != {name: getattr(note, name) for name in SAID}:
        NoteWording.objects.create(note=note, at=at, by=by, **before)
        note.edited_at, note.edited_by = at, by
        note.save(update_fields=[*SAID, "edited_at", "edited_by"])
    return note


def _require_circle(its: Standing, circle: str) -> None:
    if circle == Circle.ADVISERS and not its.is_among_advisers:
        raise NotTheirs("Kun DGO'en og sekretariatet kan skrive notater til sig selv.")


def _require_past(held_date: date, *, at: datetime) -> None:
    if held_date > danish.day_of(at):
        raise Missing({"held_date": "Vælg en dato, der ikke ligger efter i dag"})
